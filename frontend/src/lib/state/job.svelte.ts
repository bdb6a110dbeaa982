// One piece of work on a result at a time: how far it is, and what went wrong. A new one ends the one before.
import type { Backend } from '../api/backend'
import { decode } from '../api/client'
import type { ErrorInfo } from '../api/types'
import { newId } from './id'

/** Work that is under way. */
export interface Working {
  id: string
  what: string
  since: number
  done: number
  total: number
}

export class Job {
  readonly #backend: Backend
  #working = $state.raw<Working | null>(null)
  #error = $state.raw<ErrorInfo | null>(null)
  #stopped = $state(false)

  constructor(backend: Backend) {
    this.#backend = backend
  }

  get working(): Working | null {
    return this.#working
  }
  get error(): ErrorInfo | null {
    return this.#error
  }
  /** The person has ended the last one. */
  get stopped(): boolean {
    return this.#stopped
  }
  /** Nothing is under way, and nothing keeps from beginning by itself. */
  get idle(): boolean {
    return !this.#working && !this.#error && !this.#stopped
  }

  /** Gives what the work gives; null when it failed, was stopped, or something else was begun meanwhile. */
  async run<T>(
    what: string,
    work: (id: string) => Promise<T>,
    late: (id: string) => void = () => undefined,
  ): Promise<T | null> {
    this.stop()
    this.#error = null
    this.#stopped = false
    const id = newId()
    this.#working = { id, what, since: Date.now(), done: 0, total: 0 }
    const listening = this.#backend.on('work', (w) => {
      if (w.id === id && this.#working?.id === id)
        this.#working = { ...this.#working, done: w.done, total: w.total }
    })
    try {
      const got = await work(id)
      if (this.#working?.id === id) return got
      late(id)
      return null
    } catch (thrown) {
      const { info } = decode(thrown)
      if (this.#working?.id === id && info.kind !== 'cancelled') this.#error = info
      return null
    } finally {
      listening()
      if (this.#working?.id === id) this.#working = null
    }
  }

  /** What went wrong has been seen. */
  dismiss(): void {
    this.#error = null
  }

  /** Ends it for the person, who is told so; it does not begin again by itself. */
  cancel(): void {
    this.#stopped = this.#working !== null
    this.stop()
  }
  /** Ends it because it is of no use any more. */
  stop(): void {
    const work = this.#working
    if (!work) return
    this.#working = null
    void this.#backend.queries.stopWork({ id: work.id }).catch(() => undefined) // it goes with the result at the latest
  }
}
