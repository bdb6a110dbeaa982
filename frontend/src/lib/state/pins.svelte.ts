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
  /** when it was pinned, such as 09:41:03; '' for a comparison */
  at: string
  window: ResultWindow
  /** of a comparison */
  differences?: Comparison & { key: string }
}

export class Pins {
  readonly #backend: Backend
  readonly #notices: Notices
  #list = $state.raw<readonly Kept[]>([])
  #comparing = $state('')
  /** the tabs of what is being pinned or made, by the ids it will have */
  #coming = new Map<string, string>()

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
  async pin(tabId: string, at: string, result: Result): Promise<void> {
    if (this.byId(result.id) || this.#coming.has(result.id)) return
    await this.#bring(tabId, result.id, async () => {
      await this.#backend.queries.pin({ resultId: result.id })
      return { label: `Pinned ${at}`, at, result }
    })
  }

  unpin(id: string): void {
    const kept = this.byId(id)
    if (!kept) return
    this.#list = this.#list.filter((k) => k !== kept)
    kept.window.dispose()
    this.#letGo(id)
  }

  /** The tab is closed. */
  drop(tabId: string): void {
    for (const k of this.of(tabId)) this.unpin(k.id)
    for (const [id, of] of this.#coming) if (of === tabId) this.#coming.delete(id)
  }

  /** Gives the id of the differences, under which they are kept; '' when there are none to show. */
  async compare(
    tabId: string,
    left: string,
    right: string,
    key: { column: number; name: string } | null,
  ): Promise<string> {
    const compareId = newId()
    this.#comparing = tabId
    const there = await this.#bring(tabId, compareId, async () => {
      const { queries } = this.#backend
      const found = await queries.compare({ compareId, left, right, key: key ? [key.column] : [] })
      const differences = { ...found, key: key?.name ?? '' }
      return { label: 'Differences', at: '', result: found.result, differences }
    })
    this.#comparing = ''
    return there ? compareId : ''
  }

  /** Keeps what the work gives; what comes after the tab was closed is let go of. */
  async #bring(
    tabId: string,
    id: string,
    work: () => Promise<Pick<Kept, 'label' | 'at' | 'differences'> & { result: Result }>,
  ): Promise<boolean> {
    this.#coming.set(id, tabId)
    try {
      const { result, ...more } = await work()
      const wanted = this.#coming.has(id)
      if (wanted) this.#list = [...this.#list, { ...more, id, tabId, window: this.#window(result) }]
      else this.#letGo(id)
      return wanted
    } catch (thrown) {
      this.#notices.report(thrown)
      return false
    } finally {
      this.#coming.delete(id)
    }
  }

  #letGo(id: string): void {
    this.#backend.queries.unpin({ resultId: id }).catch((thrown: unknown) => this.#notices.report(thrown))
  }

  #window(result: Result): ResultWindow {
    const window = new ResultWindow((req) => this.#backend.queries.page(req), result)
    window.ensure(0, 200)
    return window
  }
}
