// What a person has done with a result: sorted, filtered, searched, columns hidden. Go makes a view of it; here is what is
// asked for, what is shown, and what was asked before. The rows themselves are never here.
import type { Backend } from '../api/backend'
import type { FilterBy, OrderRule, SearchFor, SortBy, View } from '../api/types'
import { Job } from './job.svelte'
import { ResultWindow } from './result.svelte'

export const noSearch: SearchFor = { text: '', regexp: false, case: false, whole: false, columns: [] }

/** What the rows are asked for. A value, never changed in place. */
export interface Asked {
  readonly sort: readonly SortBy[]
  readonly filter: readonly FilterBy[]
  readonly search: SearchFor
}
const asIs: Asked = { sort: [], filter: [], search: noSearch }

export const isAsIs = (a: Asked) => a.sort.length + a.filter.length === 0 && a.search.text === ''

const arrangements = new WeakMap<ResultWindow, Arrangement>()

/** The one of a result, for as long as the result is there. */
export function arrangementOf(backend: Backend, window: ResultWindow): Arrangement {
  let a = arrangements.get(window)
  if (!a) arrangements.set(window, (a = new Arrangement(backend, window)))
  return a
}

export class Arrangement {
  readonly base: ResultWindow
  readonly job: Job
  #backend: Backend
  #asked = $state.raw<Asked>(asIs)
  #wanted = $state.raw<Asked | null>(null)
  #before = $state.raw<readonly Asked[]>([])
  #view = $state.raw<View | null>(null)
  #window = $state.raw<ResultWindow>() as ResultWindow
  #columns = $state.raw<readonly number[] | null>(null)
  #frozen = $state(0)
  #settled = false
  /** grows when other rows are shown */
  #turns = $state(0)

  constructor(backend: Backend, base: ResultWindow) {
    this.#backend = backend
    this.base = base
    this.job = new Job(backend)
    this.#window = base
  }

  /** What is shown now. */
  get asked(): Asked {
    return this.#asked
  }
  /** What will be shown when the work is done, or is shown. */
  get coming(): Asked {
    return this.#wanted ?? this.#asked
  }
  get view(): View | null {
    return this.#view
  }
  /** The rows that are shown: the view's, or all as they came. */
  get window(): ResultWindow {
    return this.#window
  }
  get turns(): number {
    return this.#turns
  }
  get canUndo(): boolean {
    return this.#before.length > 0
  }
  /** The columns that are shown, by their numbers in the result, in their order. */
  get columns(): readonly number[] {
    return this.#columns ?? this.base.columns.map((_, i) => i)
  }
  /** null when all are shown as they came */
  get chosenColumns(): readonly number[] | null {
    return this.#columns
  }
  show(columns: readonly number[] | null): void {
    const ice = this.columns.slice(0, this.#frozen)
    this.#frozen -= columns ? ice.filter((c) => !columns.includes(c)).length : 0
    this.#columns =
      columns && columns.every((c, i) => c === i) && columns.length === this.base.columns.length
        ? null
        : columns
    this.#turns++
  }

  /** So many of the columns that are shown stay at the left. */
  get frozen(): number {
    return this.#frozen
  }
  freeze(columns: number): void {
    this.#frozen = columns
    this.#turns++
  }

  rule(column: number): OrderRule | undefined {
    return this.#view?.rules?.[column]
  }

  /** Sorts by a column alone, or by it too: up, down, not at all, in turn. */
  turnSort(column: number, more: boolean): void {
    const { sort } = this.coming
    const had = sort.find((s) => s.column === column)
    const turned = !had ? [up(column)] : had.descending ? [] : [down(column)]
    if (!more) this.sortBy(had && sort.length > 1 ? [up(column)] : turned)
    else if (had) this.sortBy(sort.flatMap((s) => (s === had ? turned : [s])))
    else this.sortBy([...sort, ...turned])
  }

  sortBy(sort: readonly SortBy[]): void {
    void this.ask({ ...this.coming, sort })
  }
  filterBy(filter: readonly FilterBy[]): Promise<boolean> {
    return this.ask({ ...this.coming, filter })
  }
  keep(search: SearchFor): Promise<boolean> {
    return this.ask({ ...this.coming, search })
  }
  reset(): void {
    void this.ask(asIs)
  }

  async undo(): Promise<void> {
    const last = this.#before.at(-1)
    if (!last) return
    const rest = this.#before.slice(0, -1)
    if (await this.ask(last)) this.#before = rest
  }

  /** All rows are there: those that came since the view was made are looked at too, once. */
  async settle(): Promise<void> {
    if (this.#settled || !this.#view || this.#view.complete || this.job.working) return
    this.#settled = true
    await this.#work(this.#asked)
  }

  /** True when what was asked for is shown. */
  async ask(asked: Asked): Promise<boolean> {
    const before = this.#asked
    const done = await this.#work(asked)
    if (done && before !== asked) this.#before = [...this.#before, before].slice(-50)
    return done
  }

  async #work(asked: Asked): Promise<boolean> {
    this.stop()
    this.job.dismiss()
    if (isAsIs(asked)) {
      this.#show(asked, null, this.base)
      return true
    }
    this.#wanted = asked
    const { queries } = this.#backend
    const made = await this.job.run(
      asked.sort.length > 0 ? 'Sorting' : 'Filtering',
      async (viewId) => {
        const view = await queries.view({
          viewId,
          resultId: this.base.id,
          sort: [...asked.sort],
          filter: [...asked.filter],
          search: asked.search,
        })
        return { view, page: await queries.page({ resultId: viewId, from: 0, count: 200 }) }
      },
      (viewId) => this.#drop(viewId),
    )
    if (made) {
      const { view, page } = made
      const window = new ResultWindow((req) => queries.page(req), {
        ...this.base.info,
        id: view.viewId,
        columns: this.base.columns,
        rows: view.rows,
        complete: true,
      })
      window.give(page)
      this.#show(asked, view, window)
    }
    if (this.#wanted === asked) this.#wanted = null
    return made !== null
  }

  #show(asked: Asked, view: View | null, window: ResultWindow): void {
    const old = this.#view
    const was = this.#window
    this.#asked = asked
    this.#wanted = null
    this.#view = view
    this.#window = window
    this.#turns++
    if (old && old.viewId !== view?.viewId) this.#drop(old.viewId)
    if (was !== this.base && was !== window) was.dispose()
  }

  /** Ends what is under way; what is shown stays. */
  stop(): void {
    this.#wanted = null
    this.job.stop()
  }

  #drop(id: string): void {
    void this.#backend.queries.stopWork({ id }).catch(() => undefined) // it goes with the result at the latest
  }
}

export const up = (column: number): SortBy => ({ column, descending: false, nullsFirst: false })
/** NULL comes first downwards, as the server has it. */
export const down = (column: number): SortBy => ({ column, descending: true, nullsFirst: true })

const languages: Record<string, string> = { und: 'of no language in particular' }

/** How a column is ordered, in words. */
export function ruleWords(rule: OrderRule | undefined): string {
  switch (rule?.kind) {
    case 'number':
      return 'as numbers, NaN last'
    case 'time':
      return 'by time'
    case 'bool':
      return 'false before true'
    case 'enum':
      return 'in the order of the enum'
    case 'address':
      return 'by address'
    case 'unicode':
      return `as text, by Unicode’s rules ${languages[rule.language] ?? `for ${rule.language}`}`
    case 'bytes':
      return rule.asText
        ? 'as text, byte by byte; the server has another order, or none'
        : 'byte by byte, as the server does'
  }
  return ''
}
