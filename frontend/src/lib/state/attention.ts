// A long run that ends while the person is elsewhere is told of by the desktop.
import type { SystemPort } from '../api/backend'
import type { Snapshot } from '../api/types'
import { failedStatement, stoppedAfter } from './panels'
import { count, duration, plural } from '../text/format'

/** One line that says how a run ended. */
export function endOf(s: Snapshot): string {
  if (s.outcome === 'stopped' || s.outcome === 'killed') return `Stopped after ${stoppedAfter(s)}`
  const took = duration(s.elapsedUs)
  const failed = failedStatement(s)?.error
  if (failed) return `${failed.title} After ${took}`
  const last = s.statements.at(-1)
  const rows = last && last.rows >= 0 ? `${count(last.rows)} ${last.rows === 1 ? 'row' : 'rows'} · ` : ''
  return s.statementCount > 1 ? `${plural(s.statementCount, 'statement')} · ${took}` : `${rows}${took}`
}

/** Tells of runs that took at least `after` seconds (0 for none), once each, while `away()`. */
export class Attention {
  #system: Pick<SystemPort, 'notify'>
  #away: () => boolean
  #told = ''
  after = 0

  constructor(system: Pick<SystemPort, 'notify'>, away = () => globalThis.document?.hasFocus() === false) {
    this.#system = system
    this.#away = away
  }

  ended(title: string, s: Snapshot): void {
    if (s.state !== 'done' || s.runId === this.#told) return
    if (this.after <= 0 || s.elapsedUs < this.after * 1e6 || !this.#away()) return
    this.#told = s.runId
    // Who is elsewhere is not helped by an error here; Go logs it.
    void this.#system.notify({ title, text: endOf(s) }).catch(() => undefined)
  }
}
