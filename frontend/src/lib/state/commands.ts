// One list of everything that can be done. The keymap, the palette, menus and the help are made of it.
import { pressed, type KeyEvent } from '../text/keys'

export type Place = 'text' | 'grid'

export interface Command {
  id: string
  title: string
  /** heading in the help */
  group: 'Run' | 'Edit' | 'Transaction' | 'Results' | 'Tabs' | 'Connections' | 'Window'
  /** the first is shown; see lib/text/keys.ts for the form */
  keys?: string[]
  /** further words the palette finds it by */
  words?: string
  /** not offered, and its key does nothing, while this says no */
  when?: () => boolean
  /** its keys mean something else where a person types, or among the cells of a result, so they stay there */
  notIn?: Place
  run: () => void
}

export class Commands {
  readonly #all = new Map<string, Command>()

  register(...commands: Command[]): void {
    for (const c of commands) {
      if (this.#all.has(c.id)) throw new Error(`command ${c.id} is there twice`)
      this.#all.set(c.id, c)
    }
  }

  get all(): Command[] {
    return [...this.#all.values()]
  }

  get(id: string): Command {
    const c = this.#all.get(id)
    if (!c) throw new Error(`no command ${id}`)
    return c
  }

  enabled(id: string): boolean {
    return this.get(id).when?.() ?? true
  }

  run(id: string): void {
    if (this.enabled(id)) this.get(id).run()
  }

  keys(id: string): string {
    return this.get(id).keys?.[0] ?? ''
  }

  /** The command of a key that may run now. */
  forKey(e: KeyEvent, mac: boolean, at?: Place): Command | undefined {
    const key = pressed(e, mac)
    return this.all.find((c) => c.keys?.includes(key) && !(at && c.notIn === at) && (c.when?.() ?? true))
  }

  /** What the palette shows for a query: all that may run now, those whose title starts with it first. */
  find(query: string): Command[] {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean)
    const able = this.all.filter((c) => c.when?.() ?? true)
    const hits = able.filter((c) => {
      const text = `${c.title} ${c.group} ${c.words ?? ''}`.toLowerCase()
      return words.every((w) => text.includes(w))
    })
    const first = words[0]
    if (!first) return hits
    const rank = (c: Command) => (c.title.toLowerCase().startsWith(first) ? 0 : 1)
    return hits.sort((a, b) => rank(a) - rank(b))
  }
}
