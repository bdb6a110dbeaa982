// A window on one result: the pages of it that were looked at lately. The grid reads it as its source.
import type { Cell, Column, Page, PageRequest, Result } from '../api/types'

export const pageRows = 200
const maxPages = 60
const maxInFlight = 4
const jumpDelay = 60

interface Held {
  rows: Cell[][]
  cut: Map<number, number>
}

const cutKey = (row: number, col: number) => row * 2048 + col

export class ResultWindow {
  readonly id: string
  #columns = $state.raw<Column[]>([])
  #fetch: (req: PageRequest) => Promise<Page>
  #rows = $state(0)
  #version = $state(0)
  #info = $state.raw<Result>() as Result
  #trouble = $state.raw<unknown>(null)
  #pages = new Map<number, Held>() // oldest use first
  #inFlight = new Set<number>()
  #wanted: number[] = []
  #from = 0 // the row looked at last, to tell the direction
  #timer: ReturnType<typeof setTimeout> | undefined
  #gone = false

  constructor(fetch: (req: PageRequest) => Promise<Page>, result: Result) {
    this.#fetch = fetch
    this.id = result.id
    this.#columns = result.columns
    this.#info = result
    this.#rows = result.rows
  }

  get columns(): Column[] {
    return this.#columns
  }
  get rows(): number {
    return this.#rows
  }
  get version(): number {
    return this.#version
  }
  /** What the last snapshot said of it. */
  get info(): Result {
    return this.#info
  }
  /** Why the last page could not be read; null when it could. */
  get trouble(): unknown {
    return this.#trouble
  }

  /** Takes what a snapshot says: more rows, or the end. */
  update(result: Result): void {
    const grown = result.rows !== this.#rows
    const named = result.columns.some((c, i) => c.type !== this.#columns[i]?.type)
    this.#info = result
    if (named) this.#columns = result.columns // the server has told what a type is called
    if (!grown && !named) return
    this.#rows = Math.max(result.rows, this.#rows)
    this.#version++
  }

  /** Puts a page in that came without being asked for: the first one, with the answer of Execute. */
  give(page: Page): void {
    const first = page.from - (page.from % pageRows)
    if (this.#gone || first !== page.from) return
    for (let at = 0; at < page.rows.length; at += pageRows) {
      this.#hold((page.from + at) / pageRows, page, at)
    }
    this.#rows = Math.max(this.#rows, page.total, page.from + page.rows.length)
    this.#version++
  }

  cell(row: number, col: number): Cell | undefined {
    return this.#pages.get(Math.floor(row / pageRows))?.rows[row % pageRows]?.[col]
  }

  cutLength(row: number, col: number): number | undefined {
    return this.#pages.get(Math.floor(row / pageRows))?.cut.get(cutKey(row % pageRows, col))
  }

  /** These rows, the last one excluded, are looked at. */
  ensure(from: number, to: number): void {
    if (this.#gone || this.#rows === 0) return
    from = Math.max(0, Math.min(from, this.#rows - 1))
    const last = Math.max(from, Math.min(to, this.#rows) - 1)
    const down = from >= this.#from
    const far = Math.abs(from - this.#from) > 3 * pageRows
    this.#from = from
    const a = Math.floor(from / pageRows)
    const b = Math.floor(last / pageRows)
    const pages: number[] = []
    for (let p = a; p <= b; p++) {
      this.#touch(p)
      if (!this.#whole(p)) pages.push(p)
    }
    const next = down ? b + 1 : a - 1
    if (next >= 0 && next * pageRows < this.#rows && !this.#whole(next)) pages.push(next)
    this.#wanted = pages
    clearTimeout(this.#timer)
    if (far) this.#timer = setTimeout(() => this.#pump(), jumpDelay)
    else this.#pump()
  }

  /** Forgets everything; answers that are still on their way are dropped. */
  dispose(): void {
    this.#gone = true
    clearTimeout(this.#timer)
    this.#pages.clear()
    this.#wanted = []
  }

  /** How many pages are held, for tests. */
  get held(): number {
    return this.#pages.size
  }

  #whole(page: number): boolean {
    const held = this.#pages.get(page)
    if (!held) return false
    return held.rows.length >= Math.min(pageRows, this.#rows - page * pageRows)
  }

  #touch(page: number): void {
    const held = this.#pages.get(page)
    if (!held) return
    this.#pages.delete(page)
    this.#pages.set(page, held)
  }

  #hold(page: number, from: Page, at: number): void {
    const cut = new Map<number, number>()
    for (const c of from.cut) {
      const row = c.row - from.from - at
      if (row >= 0 && row < pageRows) cut.set(cutKey(row, c.column), c.length)
    }
    this.#pages.delete(page)
    this.#pages.set(page, { rows: from.rows.slice(at, at + pageRows), cut })
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= maxPages) break
      this.#pages.delete(oldest)
    }
  }

  #pump(): void {
    while (!this.#gone && this.#inFlight.size < maxInFlight) {
      const page = this.#wanted.shift()
      if (page === undefined) return
      if (!this.#inFlight.has(page)) void this.#load(page)
    }
  }

  async #load(page: number): Promise<void> {
    this.#inFlight.add(page)
    try {
      const answer = await this.#fetch({ resultId: this.id, from: page * pageRows, count: pageRows })
      if (this.#gone) return
      this.#hold(page, answer, 0)
      this.#rows = Math.max(this.#rows, answer.total)
      this.#trouble = null
    } catch (thrown) {
      this.#trouble = thrown
    } finally {
      this.#inFlight.delete(page)
      if (!this.#gone) this.#version++
    }
    this.#pump()
  }
}
