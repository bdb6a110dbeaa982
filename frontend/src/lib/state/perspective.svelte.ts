// How a result is looked at: as its rows, in groups, or as a chart.
import type { Backend } from '../api/backend'
import { arrangementOf } from './arrangement.svelte'
import { Charting } from './charting.svelte'
import { Grouping } from './grouping.svelte'
import type { ResultWindow } from './result.svelte'

export type Look = 'grid' | 'group' | 'chart'

const perspectives = new WeakMap<ResultWindow, Perspective>()

/** The one of a result, for as long as the result is there. */
export function perspectiveOf(backend: Backend, window: ResultWindow): Perspective {
  let p = perspectives.get(window)
  if (!p) perspectives.set(window, (p = new Perspective(backend, window)))
  return p
}

export class Perspective {
  readonly base: ResultWindow
  readonly grouping: Grouping
  readonly charting: Charting
  #look = $state<Look>('grid')

  constructor(backend: Backend, base: ResultWindow) {
    this.base = base
    const work = arrangementOf(backend, base)
    this.grouping = new Grouping(backend, work)
    this.charting = new Charting(backend, work, this.grouping)
  }

  get look(): Look {
    return this.#look
  }
  /** The rows that copying, finding and exporting work on. */
  get rows(): ResultWindow {
    return (this.#look === 'group' && this.grouping.window) || this.base
  }

  show(look: Look): void {
    if (look === this.#look) return
    // What was looked at is what is drawn.
    if (look === 'chart' && (this.#look === 'group' || !this.charting.spec)) {
      const of = this.#look === 'group' && this.grouping.window ? 'groups' : 'rows'
      if (this.charting.spec?.of !== of || !this.charting.fits) this.charting.propose(of)
    }
    this.#look = look
  }
}
