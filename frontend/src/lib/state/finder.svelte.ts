// Looking for a text in the rows that are shown. Go finds; here is where the person is, and what is marked on the screen.
import type { Backend } from '../api/backend'
import { decode } from '../api/client'
import type { ErrorInfo, Hit, SearchFor } from '../api/types'
import type { Arrangement } from './arrangement.svelte'
import { newId } from './id'

const pause = 200
/** rows beyond those in view whose hits are asked for too */
const around = 100

export class Finder {
  #backend: Backend
  #work: Arrangement
  open = $state(false)
  #search = $state.raw<SearchFor>({ text: '', regexp: false, case: false, whole: false, columns: [] })
  #id = ''
  #rows = $state<number | null>(null)
  #at = $state.raw<Hit | null>(null)
  #progress = $state<number | null>(null)
  #error = $state.raw<ErrorInfo | null>(null)
  #version = $state(0)
  #marks = new Map<number, ReadonlySet<number>>()
  #marked = { from: 0, to: 0 }
  #timer: ReturnType<typeof setTimeout> | undefined
  #steps: Promise<void> = Promise.resolve()
  /** where the next search begins */
  #start: { row: number; column: number } | null = null
  /** the person waits to be taken to the first hit */
  #going = false
  #goTo: (hit: Hit) => void

  constructor(backend: Backend, work: Arrangement, goTo: (hit: Hit) => void) {
    this.#backend = backend
    this.#work = work
    this.#goTo = goTo
  }

  get search(): SearchFor {
    return this.#search
  }
  /** in how many rows the text is; null while that is not known */
  get rows(): number | null {
    return this.#rows
  }
  get at(): Hit | null {
    return this.#at
  }
  /** 0 to 1 while it is looked for */
  get progress(): number | null {
    return this.#progress
  }
  get error(): ErrorInfo | null {
    return this.#error
  }
  get version(): number {
    return this.#version
  }

  /** Looks from a cell on. */
  begin(from: { row: number; column: number } | null): void {
    this.open = true
    this.#start = from
    if (this.#search.text && !this.#id) this.#now()
  }

  change(part: Partial<SearchFor>): void {
    this.#search = { ...this.#search, ...part }
    this.#forget()
    clearTimeout(this.#timer)
    this.#going = true
    if (this.#search.text) this.#timer = setTimeout(() => this.#now(), pause)
  }

  /** Other rows are shown: what was found counts no more. Who was at a hit stays where they are. */
  again(): void {
    this.#start = null
    if (!this.open || !this.#search.text) return
    this.#forget()
    this.#now(this.#going)
  }

  close(): void {
    this.open = false
    clearTimeout(this.#timer)
    this.#forget()
  }

  #now(go = true): void {
    clearTimeout(this.#timer)
    this.#going = go
    void this.#find()
  }

  async #find(): Promise<void> {
    const id = newId()
    this.#id = id
    this.#progress = 0
    this.#error = null
    const resultId = this.#work.window.id
    const stop = this.#backend.on('work', (w) => {
      if (w.id === id && this.#id === id && w.total > 0) this.#progress = w.done / w.total
    })
    try {
      const search = { ...this.#search, columns: [...this.#columns()] }
      const found = await this.#backend.queries.find({ findId: id, resultId, search })
      if (this.#id !== id) return this.#drop(id)
      this.#rows = found.rows
      this.#progress = null
      this.#version++
      if (!this.#going) return
      await this.#step(false)
      if (this.#id === id) this.#going = false
    } catch (thrown) {
      if (this.#id === id) this.#fail(thrown)
    } finally {
      stop()
      if (this.#id === id || !this.#id) this.#progress = null
    }
  }

  /** What is asked next looks anew. */
  #fail(thrown: unknown): void {
    this.#forget()
    const { info } = decode(thrown)
    if (info.kind !== 'cancelled') this.#error = info
  }

  /** Hidden columns are not looked at. */
  #columns(): readonly number[] {
    return this.#search.columns.length > 0 ? this.#search.columns : (this.#work.chosenColumns ?? [])
  }

  /** Goes to the next hit, or the one before; one step after the other, however fast the keys come. */
  next(back: boolean): Promise<void> {
    this.#steps = this.#steps.then(async () => {
      const id = this.#id
      try {
        await this.#step(back)
      } catch (thrown) {
        if (this.#id === id) this.#fail(thrown)
      }
    })
    return this.#steps
  }

  async #step(back: boolean): Promise<void> {
    if (this.#rows === null) {
      if (this.#search.text && this.#progress === null) this.#now()
      return
    }
    if (this.#rows === 0) return
    const id = this.#id
    const from = this.#at ?? this.#start
    const order = [...this.#work.columns]
    const hit = await this.#backend.queries.findNext({
      findId: id,
      row: from?.row ?? -1,
      // The cell a person is at may be the first hit.
      column: this.#at ? this.#at.column : this.#beside(back),
      order,
      back,
    })
    if (this.#id !== id || hit.row < 0) return
    this.#at = hit
    this.#version++
    this.#goTo(hit)
  }

  /** The column before the one a search begins in, or behind it; -1 when there is none. */
  #beside(back: boolean): number {
    const { columns } = this.#work
    return columns[columns.indexOf(this.#start?.column ?? -1) + (back ? 1 : -1)] ?? -1
  }

  /** How a cell is to be marked. */
  found(row: number, column: number): 'hit' | 'now' | undefined {
    if (this.#at?.row === row && this.#at.column === column) return 'now'
    return this.#marks.get(row)?.has(column) ? 'hit' : undefined
  }

  /** These rows are looked at. */
  look(from: number, to: number): void {
    if (!this.#rows || (from >= this.#marked.from && to <= this.#marked.to)) return
    const id = this.#id
    const first = Math.max(0, from - around)
    this.#marked = { from: first, to: to + around }
    void this.#backend.queries
      .findWindow({ findId: id, from: first, count: to + around - first })
      .then(({ hits }) => {
        if (this.#id !== id) return
        const marks = new Map<number, Set<number>>()
        for (const h of hits) marks.set(h.row, (marks.get(h.row) ?? new Set()).add(h.column))
        this.#marks = marks
        this.#version++
      })
      .catch(() => undefined) // the marks are for the eye; the next search says what is wrong
  }

  #forget(): void {
    if (this.#id) this.#drop(this.#id)
    this.#id = ''
    this.#rows = null
    this.#progress = null
    this.#error = null
    this.#at = null
    this.#marks = new Map()
    this.#marked = { from: 0, to: 0 }
    this.#version++
  }

  #drop(id: string): void {
    void this.#backend.queries.stopWork({ id }).catch(() => undefined)
  }
}
