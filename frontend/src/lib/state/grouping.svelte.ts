// The groups of a result: by which columns, what is computed of each, and the rows that came of it.
import type { Backend } from '../api/backend'
import type { Aggregate, Column, GroupBy, Groups } from '../api/types'
import { arrangementOf, type Arrangement } from './arrangement.svelte'
import { Job } from './job.svelte'
import { ResultWindow } from './result.svelte'

/** What is asked for. A value, never changed in place. */
export interface GroupSpec {
  readonly keys: readonly GroupBy[]
  /** its values are columns */
  readonly across: GroupBy | null
  readonly aggregates: readonly Aggregate[]
}

export const countRows: Aggregate = { func: 'count', column: -1 }

/** Types by their OID, as the server has them everywhere. */
const numbers = [20, 21, 23, 700, 701, 1700]
const dates = [1082, 1114, 1184]
export const isNumber = (c: Column | undefined) => c !== undefined && numbers.includes(c.typeOid)
export const hasDate = (c: Column | undefined) => c !== undefined && dates.includes(c.typeOid)

export class Grouping {
  readonly #backend: Backend
  readonly #work: Arrangement
  readonly job: Job
  #spec = $state.raw<GroupSpec>() as GroupSpec
  #groups = $state.raw<Groups | null>(null)
  #window = $state.raw<ResultWindow | null>(null)
  /** of which rows the groups are: those of a view are others */
  #of = $state('')

  constructor(backend: Backend, work: Arrangement) {
    this.#backend = backend
    this.#work = work
    this.job = new Job(backend)
    this.#spec = firstSpec(work.base.columns)
  }

  /** What is wanted; what is shown is of it as soon as it is there. */
  get spec(): GroupSpec {
    return this.#spec
  }
  get groups(): Groups | null {
    return this.#groups
  }
  /** The rows of the groups; null until there were some. */
  get window(): ResultWindow | null {
    return this.#window
  }
  /** Are the groups of the rows that are shown now, and of all of them? */
  get fresh(): boolean {
    const { window } = this.#work
    return this.#of === window.id && (this.#groups?.complete === true || !window.info.complete)
  }

  ask(spec: GroupSpec): Promise<void> {
    this.#spec = spec
    return this.again()
  }

  async again(): Promise<void> {
    const spec = this.#spec
    const of = this.#work.window.id
    const { queries } = this.#backend
    const made = await this.job.run(
      'Grouping',
      async (groupId) => {
        const groups = await queries.group({
          groupId,
          resultId: of,
          keys: [...spec.keys],
          across: spec.across ?? undefined,
          aggregates: [...spec.aggregates],
        })
        return { groups, page: await queries.page({ resultId: groupId, from: 0, count: 200 }) }
      },
      (id) => this.#drop(id),
    )
    if (!made) return
    const { result } = made.groups
    // The server's names of types came to the result after its rows did; the groups were made with what was known then.
    const columns = result.columns.map((c, i) => {
      const from = spec.keys[i]?.unit ? undefined : spec.keys[i]?.column
      return from === undefined ? c : { ...c, type: this.#work.base.columns[from]?.type ?? c.type }
    })
    const window = new ResultWindow((req) => queries.page(req), { ...result, columns })
    window.give(made.page)
    if (spec.across) arrangementOf(this.#backend, window).freeze(spec.keys.length)
    const old = this.#window
    this.#groups = made.groups
    this.#of = of
    this.#window = window
    if (old) {
      old.dispose()
      this.#drop(old.id)
    }
  }

  #drop(id: string): void {
    void this.#backend.queries.unpin({ resultId: id }).catch(() => undefined) // it goes with the result at the latest
  }
}

/** The first column that tells rows apart in few kinds, as its type has it, and how many rows there are. */
function firstSpec(columns: readonly Column[]): GroupSpec {
  const kinds = ['bool', 'text']
  let column = columns.findIndex((c) => kinds.includes(c.class) && !/(^|_)(id|uuid|key)$/i.test(c.name))
  if (column < 0) column = columns.findIndex(hasDate)
  if (column < 0) column = 0
  const unit = hasDate(columns[column]) ? 'month' : ''
  return { keys: columns.length > 0 ? [{ column, unit }] : [], across: null, aggregates: [countRows] }
}
