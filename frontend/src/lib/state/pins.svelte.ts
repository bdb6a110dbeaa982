// Results that stay while their tab runs something else, and the differences between two of them.
import type { Backend } from '../api/backend'
import type { Comparison, Result } from '../api/types'
import { newId } from './id'
import type { Notices } from './notices.svelte'
import { ResultWindow } from './result.svelte'

export interface Kept {
  /** the result's */
  id: string
  tabId: string
  label: string
  window: ResultWindow
  /** of a comparison */
  differences?: Comparison & { key: string }
}

export class Pins {
  readonly #backend: Backend
  readonly #notices: Notices
  #list = $state.raw<readonly Kept[]>([])
  #comparing = $state('')

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend
    this.#notices = notices
  }

  /** Those of a tab, oldest first. */
  of(tabId: string): readonly Kept[] {
    return this.#list.filter((k) => k.tabId === tabId)
  }
  byId(id: string): Kept | undefined {
    return this.#list.find((k) => k.id === id)
  }
  /** The tab whose results are being compared; '' for none. */
  get comparing(): string {
    return this.#comparing
  }

  /** Pins a result as it is now, or with the rows that are still to come. */
  async pin(tabId: string, label: string, result: Result): Promise<void> {
    if (this.byId(result.id)) return
    try {
      await this.#backend.queries.pin({ resultId: result.id })
      this.#add({ id: result.id, tabId, label, window: this.#window(result) })
    } catch (thrown) {
      this.#notices.report(thrown)
    }
  }

  unpin(id: string): void {
    const kept = this.byId(id)
    if (!kept) return
    this.#list = this.#list.filter((k) => k !== kept)
    kept.window.dispose()
    this.#backend.queries.unpin({ resultId: id }).catch((thrown: unknown) => this.#notices.report(thrown))
  }

  /** The tab is closed. */
  drop(tabId: string): void {
    for (const k of this.of(tabId)) this.unpin(k.id)
  }

  /** Gives the id of the differences, under which they are kept; '' when there are none to show. */
  async compare(
    tabId: string,
    left: string,
    right: string,
    key: { column: number; name: string } | null,
  ): Promise<string> {
    const id = newId()
    this.#comparing = tabId
    try {
      const found = await this.#backend.queries.compare({
        compareId: id,
        left,
        right,
        key: key ? [key.column] : [],
      })
      const differences = { ...found, key: key?.name ?? '' }
      this.#add({ id, tabId, label: 'Differences', window: this.#window(found.result), differences })
      return id
    } catch (thrown) {
      this.#notices.report(thrown)
      return ''
    } finally {
      this.#comparing = ''
    }
  }

  #window(result: Result): ResultWindow {
    const window = new ResultWindow((req) => this.#backend.queries.page(req), result)
    window.ensure(0, 200)
    return window
  }

  #add(kept: Kept): void {
    this.#list = [...this.#list, kept]
  }
}
