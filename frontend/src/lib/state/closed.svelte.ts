// Tabs that were closed, to be reopened: the last first.
import type { OpenTab } from '../api/types'

/** How many of them are kept. */
export const reopenable = 30

export class ClosedTabs {
  /** the last closed last */
  #list = $state.raw<OpenTab[]>([])

  get any(): boolean {
    return this.#list.length > 0
  }

  restore(list: OpenTab[]): void {
    this.#list = list.slice(-reopenable)
  }

  /** Adds one; gives those that are too many now. */
  add(tab: OpenTab): OpenTab[] {
    const all = [...this.#list, tab]
    this.#list = all.slice(-reopenable)
    return all.slice(0, -reopenable)
  }

  /** Takes the last away; nothing when there is none. */
  take(): OpenTab | undefined {
    const last = this.#list.at(-1)
    this.#list = this.#list.slice(0, -1)
    return last
  }
}
