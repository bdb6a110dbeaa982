// What was run before: a part of the history, newest first, that grows while one scrolls.
import type { Backend } from '../api/backend'
import type { HistoryEntry } from '../api/types'

/** Outcomes one can look for; '' are all. */
export type Outcome = '' | 'ok' | 'failed' | 'stopped'

/** Entries asked for at once, and ms after the last key before they are. */
const step = 200
const pause = 120

export class Past {
  readonly kind = 'history'
  readonly id = 'history'
  readonly title = 'History'
  readonly connectionId = ''
  #backend: Backend
  #report: (thrown: unknown) => void
  #entries = $state.raw<HistoryEntry[]>([])
  #more = $state(false)
  #read = $state(false)
  #names = $state.raw<string[]>([])
  #words = $state('')
  #connection = $state('')
  #outcome = $state<Outcome>('')
  #chosen = $state('')
  #asked = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(backend: Backend, report: (thrown: unknown) => void) {
    this.#backend = backend
    this.#report = report
  }

  get entries(): HistoryEntry[] {
    return this.#entries
  }
  get more(): boolean {
    return this.#more
  }
  /** Something was read: that there are no entries means something. */
  get read(): boolean {
    return this.#read
  }
  get names(): string[] {
    return this.#names
  }
  get words(): string {
    return this.#words
  }
  set words(to: string) {
    this.#words = to
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.load(), pause)
  }
  get connection(): string {
    return this.#connection
  }
  set connection(to: string) {
    this.#connection = to
    void this.load()
  }
  get outcome(): Outcome {
    return this.#outcome
  }
  set outcome(to: Outcome) {
    this.#outcome = to
    void this.load()
  }
  get filtered(): boolean {
    return Boolean(this.#words.trim() || this.#connection || this.#outcome)
  }
  /** the entry that is shown whole: the one picked, or the newest */
  get chosen(): HistoryEntry | undefined {
    return this.#entries.find((e) => e.id === this.#chosen) ?? this.#entries[0]
  }
  choose(id: string): void {
    this.#chosen = id
  }

  /** Reads the newest entries, and which connections there are. */
  async open(): Promise<void> {
    await this.load()
    try {
      this.#names = (await this.#backend.library.historyConnections()).names
    } catch (thrown) {
      this.#report(thrown)
    }
  }

  load(): Promise<void> {
    return this.#ask('', Math.max(step, Math.min(this.#entries.length, 1000)))
  }

  async loadMore(): Promise<void> {
    const last = this.#entries.at(-1)
    if (this.#more && last) await this.#ask(last.id, step)
  }

  async #ask(before: string, limit: number): Promise<void> {
    clearTimeout(this.#timer)
    const asked = ++this.#asked
    try {
      const words = this.#words
      const page = await this.#backend.library.history({
        words,
        connection: this.#connection,
        outcome: this.#outcome,
        before,
        limit,
      })
      if (asked !== this.#asked) return
      this.#entries = before ? [...this.#entries, ...page.entries] : page.entries
      this.#more = page.more
      this.#read = true
    } catch (thrown) {
      if (asked === this.#asked) this.#report(thrown)
    }
  }

  /** Removes an entry; the one in its place is shown then. */
  async remove(entry: HistoryEntry): Promise<void> {
    try {
      await this.#backend.library.deleteHistory({ ids: [entry.id] })
      const at = this.#entries.indexOf(entry)
      this.#entries = this.#entries.filter((e) => e !== entry)
      this.#chosen = (this.#entries[at] ?? this.#entries[at - 1])?.id ?? ''
    } catch (thrown) {
      this.#report(thrown)
    }
  }

  async clear(): Promise<void> {
    try {
      await this.#backend.library.clearHistory()
      this.#names = []
      this.#connection = ''
      await this.load()
    } catch (thrown) {
      this.#report(thrown)
    }
  }
}
