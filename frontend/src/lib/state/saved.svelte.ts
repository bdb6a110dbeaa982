// Queries that were given a name.
import type { Backend } from '../api/backend'
import type { SavedQuery, Suggestion } from '../api/types'
import type { Notices } from './notices.svelte'

export class Saved {
  readonly kind = 'saved'
  readonly id = 'saved'
  readonly title = 'Saved queries'
  readonly connectionId = ''
  #backend: Backend
  #notices: Notices
  #list = $state.raw<SavedQuery[]>([])
  #chosen = $state('')
  words = $state('')
  #shown = $derived.by(() => {
    const words = this.words.toLowerCase().split(/\s+/).filter(Boolean)
    return this.#list.filter((q) => {
      const all = `${q.name} ${q.folder} ${q.text}`.toLowerCase()
      return words.every((w) => all.includes(w))
    })
  })

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend
    this.#notices = notices
  }

  /** all, by folder and name */
  get list(): SavedQuery[] {
    return this.#list
  }
  /** those that have the words */
  get shown(): SavedQuery[] {
    return this.#shown
  }
  get folders(): string[] {
    return [...new Set(this.#list.map((q) => q.folder).filter(Boolean))]
  }
  get chosen(): SavedQuery | undefined {
    return this.#shown.find((q) => q.id === this.#chosen) ?? this.#shown[0]
  }
  choose(id: string): void {
    this.#chosen = id
  }

  /** What is offered for the word before the cursor, beside what the server's names are. */
  snippets(text: string, cursor: number): { from: number; to: number; items: Suggestion[] } {
    const word = /[\p{L}_][\p{L}\p{N}_]*$/u.exec(text.slice(0, cursor))?.[0] ?? ''
    const hits = word
      ? this.#list.filter((q) => q.prefix && q.prefix.toLowerCase().startsWith(word.toLowerCase()))
      : []
    return {
      from: cursor - word.length,
      to: cursor,
      items: hits.map((q) => ({
        label: q.prefix,
        apply: q.text,
        kind: 'snippet',
        detail: q.name,
        info: q.text,
      })),
    }
  }

  async load(): Promise<void> {
    try {
      this.#list = (await this.#backend.library.saved()).queries
    } catch (thrown) {
      this.#notices.report(thrown)
    }
  }

  /** Saves one, anew or in place of what it was. Throws when it cannot be. */
  async save(q: SavedQuery): Promise<SavedQuery> {
    const saved = await this.#backend.library.saveQuery(q)
    await this.load()
    this.#chosen = saved.id
    return saved
  }

  /** Removes one, which can be undone for a while. */
  async remove(q: SavedQuery): Promise<void> {
    try {
      const at = this.#shown.indexOf(q)
      await this.#backend.library.deleteQuery({ id: q.id })
      await this.load()
      this.#chosen = (this.#shown[at] ?? this.#shown[at - 1])?.id ?? ''
      const undo = () => void this.save(q).catch((thrown: unknown) => this.#notices.report(thrown))
      this.#notices.toast({
        tone: 'ok',
        title: `“${q.name}” was deleted.`,
        actions: [{ label: 'Undo', run: undo }],
      })
    } catch (thrown) {
      this.#notices.report(thrown)
    }
  }
}
