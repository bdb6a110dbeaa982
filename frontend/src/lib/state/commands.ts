// One list of everything that can be done. The keymap, the palette, menus and the help are made of it.
import { pressed, type KeyEvent } from '../text/keys'

export type Place = 'text' | 'grid' | 'tree'

export interface Command {
  id: string
  title: string
  /** heading in the help */
  group: 'Run' | 'Edit' | 'Transaction' | 'Results' | 'Objects' | 'Tabs' | 'Connections' | 'Window'
  /** the first is shown; see lib/text/keys.ts for the form */
  keys?: string[]
  /** further words the palette finds it by */
  words?: string
  /** not offered, and its key does nothing, while this says no */
  when?: () => boolean
  /** its keys mean something else where a person types, or among the cells of a result, so they stay there */
  notIn?: Place
  /** its keys mean this only there */
  onlyIn?: Place
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
    const here = (c: Command) => !(at && c.notIn === at) && (!c.onlyIn || c.onlyIn === at)
    return this.all.find((c) => c.keys?.includes(key) && here(c) && (c.when?.() ?? true))
  }

  /** All that may run now. */
  able(): Command[] {
    return this.all.filter((c) => c.when?.() ?? true)
  }
}
