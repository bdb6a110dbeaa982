// The server's notices of one run, the newest 1,000 of them.
import type { Backend } from '../api/backend'
import type { Notice } from '../api/types'

export const maxMessages = 1000

export class MessageLog {
  #backend: Backend
  #runId = ''
  #list = $state.raw<Notice[]>([])
  #total = $state(0)

  constructor(backend: Backend) {
    this.#backend = backend
  }

  get list(): Notice[] {
    return this.#list
  }
  /** how many there were, kept or not */
  get total(): number {
    return this.#total
  }
  /** how many came before the first that is here */
  get earlier(): number {
    return this.#list[0]?.index ?? this.#total
  }

  begin(runId: string): void {
    this.#runId = runId
    this.#list = []
    this.#total = 0
  }

  /** Takes the newest ones; those that did not fit between two snapshots are fetched. */
  take(newest: Notice[], total: number): void {
    this.#total = Math.max(total, this.#total)
    const last = this.#list.at(-1)?.index ?? -1
    const fresh = newest.filter((n) => n.index > last)
    if (fresh.length === 0) return
    this.#list = [...this.#list, ...fresh].slice(-maxMessages)
    if (fresh[0]!.index > last + 1) void this.fill()
  }

  /** Fetches what Go still keeps of the run. */
  async fill(): Promise<void> {
    const run = this.#runId
    const from = Math.max(0, this.#total - maxMessages)
    const answer = await this.#backend.queries.notices({ runId: run, from }).catch(() => null)
    if (!answer || run !== this.#runId) return
    const kept = answer.notices ?? []
    const last = kept.at(-1)?.index ?? -1
    this.#list = [...kept, ...this.#list.filter((n) => n.index > last)].slice(-maxMessages)
  }
}
