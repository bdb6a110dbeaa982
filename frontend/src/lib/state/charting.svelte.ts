// What is drawn of a result, or of its groups.
import type { Backend } from '../api/backend'
import type { Chart, Column } from '../api/types'
import type { Arrangement } from './arrangement.svelte'
import { hasDate, isNumber, type Grouping } from './grouping.svelte'
import { Job } from './job.svelte'
import type { ResultWindow } from './result.svelte'

export type ChartKind = 'line' | 'bar' | 'scatter'

/** What is asked for. A value, never changed in place. */
export interface ChartSpec {
  readonly of: 'rows' | 'groups'
  readonly kind: ChartKind
  /** a column, or -1 for the number of the row */
  readonly x: number
  readonly y: readonly number[]
}

/** A chart with what it was asked as, and what it is of. */
export interface Drawn {
  readonly chart: Chart
  readonly spec: ChartSpec
  readonly columns: readonly Column[]
  readonly zone: string
}

export const seriesMost = 12
/** Bars beyond this many rows are not the first choice. */
const fewRows = 60

export class Charting {
  readonly #backend: Backend
  readonly #work: Arrangement
  readonly #grouping: Grouping
  readonly job: Job
  #spec = $state.raw<ChartSpec | null>(null)
  /** of which columns the spec is: groups that are made anew have others */
  #of = $state('')
  #drawn = $state.raw<Drawn | null>(null)
  #id = $state('')
  #complete = $state(false)
  /** in how many parts X is taken: about as many as there are pixels */
  parts = 1000

  constructor(backend: Backend, work: Arrangement, grouping: Grouping) {
    this.#backend = backend
    this.#work = work
    this.#grouping = grouping
    this.job = new Job(backend)
  }

  get spec(): ChartSpec | null {
    return this.#spec
  }
  get drawn(): Drawn | null {
    return this.#drawn
  }
  /** The rows that are drawn, of which the columns are chosen. */
  rowsOf(of: ChartSpec['of']): ResultWindow {
    return (of === 'groups' && this.#grouping.window) || this.#work.window
  }
  get fresh(): boolean {
    if (!this.#spec) return false
    const rows = this.rowsOf(this.#spec.of)
    return this.#id === rows.id && (this.#complete || !rows.info.complete)
  }

  /** Are the columns those that were chosen among? */
  get fits(): boolean {
    return this.#spec !== null && this.#of === kindsOf(this.rowsOf(this.#spec.of).columns)
  }

  /** Draws the rows or the groups in the way that their types propose. False when none of the columns has numbers. */
  propose(of: ChartSpec['of']): boolean {
    const rows = this.rowsOf(of)
    const spec = firstChart(of, rows.columns, rows.rows)
    if (!spec) {
      void this.ask({ of, kind: 'bar', x: -1, y: [] })
      return false
    }
    void this.ask(spec)
    return true
  }

  ask(spec: ChartSpec): Promise<void> {
    this.#spec = spec
    this.#of = kindsOf(this.rowsOf(spec.of).columns)
    return this.again()
  }

  async again(): Promise<void> {
    const spec = this.#spec
    if (!spec) return
    if (!this.fits) return void this.propose(spec.of)
    if (spec.y.length === 0) {
      this.job.stop()
      this.#drawn = null
      return
    }
    const rows = this.rowsOf(spec.of)
    const complete = rows.info.complete
    const chart = await this.job.run('Drawing', (workId) =>
      this.#backend.queries.chart({
        workId,
        resultId: rows.id,
        kind: spec.kind,
        x: spec.x,
        y: [...spec.y],
        parts: this.parts,
      }),
    )
    if (!chart) return
    this.#id = rows.id
    this.#complete = complete
    const zone = this.#work.base.info.timeZone
    this.#drawn = { chart, spec, columns: rows.columns, zone }
  }
}

const kindsOf = (columns: readonly Column[]) => JSON.stringify(columns.map((c) => [c.name, c.typeOid]))

const named = /(^|_)(id|key|no|code|zip|year|month)$/i

/** Along time if there is one, else under what the first text says, else along the first number. */
export function firstChart(of: ChartSpec['of'], columns: readonly Column[], rows: number): ChartSpec | null {
  const all = columns.flatMap((c, i) => (isNumber(c) ? [i] : []))
  if (all.length === 0) return null
  const time = columns.findIndex(hasDate)
  const measured = all.filter((i) => !named.test(columns[i]!.name))
  const y = (measured.length > 0 ? measured : all).slice(0, of === 'groups' ? 8 : 2)
  if (time >= 0) return { of, kind: 'line', x: time, y }
  const word = columns.findIndex((c) => !isNumber(c) && c.class !== 'json' && c.class !== 'bytes')
  if (word >= 0 && (of === 'groups' || rows <= fewRows)) return { of, kind: 'bar', x: word, y }
  const x = all.find((i) => !y.includes(i))
  if (x !== undefined) return { of, kind: rows <= fewRows && of === 'groups' ? 'bar' : 'line', x, y }
  return y.length > 1 && of === 'rows'
    ? { of, kind: 'scatter', x: y[0]!, y: y.slice(1) }
    : { of, kind: 'line', x: -1, y }
}
