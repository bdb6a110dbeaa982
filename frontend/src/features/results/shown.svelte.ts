// What the grid shows of a result: the rows of the view, the columns that are not hidden, the cells that were found.
import type { GridCell, GridColumn, GridSource } from '../../components/grid/types'
import { ruleWords, type Arrangement } from '../../lib/state/arrangement.svelte'
import type { Finder } from '../../lib/state/finder.svelte'

export class Shown implements GridSource {
  readonly #work: Arrangement
  readonly #find: Finder
  /** apart, so that the heads are not made again with each step of the work */
  readonly #working = $derived.by(() => this.#work.job.working !== null)
  readonly #columns = $derived.by((): GridColumn[] => this.#heads())

  /** the rows are the differences of two results; the first column says what became of them */
  readonly #differences: boolean

  constructor(work: Arrangement, find: Finder, differences = false) {
    this.#work = work
    this.#find = find
    this.#differences = differences
  }

  get rows(): number {
    return this.#work.window.rows
  }
  get columns(): GridColumn[] {
    return this.#columns
  }
  get frozen(): number {
    return this.#work.frozen
  }
  get version(): number {
    return this.#work.turns * 1e9 + this.#find.version * 1e4 + this.#work.window.version
  }
  /** The number in the result of a column that is shown. */
  column(col: number): number {
    return this.#work.columns[col] ?? -1
  }
  cell(row: number, col: number): GridCell {
    return this.#work.window.cell(row, this.column(col))
  }
  cutLength(row: number, col: number): number | undefined {
    return this.#work.window.cutLength(row, this.column(col))
  }
  /** Rows that were added or removed, and the cells that changed: in rows that stand one after the other. */
  tint(row: number, col: number): 'ins' | 'del' | 'upd' | '' {
    if (!this.#differences) return ''
    const { window } = this.#work
    const change = window.cell(row, 0)
    if (change === 'added') return 'ins'
    if (change === 'removed') return 'del'
    const n = this.column(col)
    const other = row + (change === 'before' ? 1 : -1)
    if (!change || n === 0) return change ? 'upd' : ''
    if (window.cell(other, 0) !== (change === 'before' ? 'after' : 'before')) return ''
    return window.cell(row, n) === window.cell(other, n) ? '' : 'upd'
  }
  found(row: number, col: number): 'hit' | 'now' | undefined {
    return this.#find.open ? this.#find.found(row, this.column(col)) : undefined
  }
  ensure(from: number, to: number): void {
    this.#work.window.ensure(from, to)
    if (this.#find.open) this.#find.look(from, to)
  }

  #heads(): GridColumn[] {
    const { base, coming, columns } = this.#work
    return columns.map((n): GridColumn => {
      const { name, type, class: kind } = base.columns[n]!
      const at = coming.sort.findIndex((s) => s.column === n)
      const sort =
        at < 0 ? undefined : { down: coming.sort[at]!.descending, place: coming.sort.length > 1 ? at + 1 : 0 }
      return {
        name,
        type,
        class: kind,
        sort,
        filtered: coming.filter.some((f) => f.column === n),
        hint: hint(name, sort, this.#working ? '' : ruleWords(this.#work.rule(n))),
      }
    })
  }
}

function hint(name: string, sort: GridColumn['sort'], rule: string): string {
  const next = !sort ? 'Click to sort' : sort.down ? 'Click to take the order away' : 'Click to turn it round'
  const now = sort ? `Sorted ${sort.down ? 'downwards' : 'upwards'}${rule ? `, ${rule}` : ''}` : ''
  return [name, now, `${next}; with Shift besides the others`].filter(Boolean).join('\n')
}
