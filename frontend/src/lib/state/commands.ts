// One list of everything that can be done. The keymap, the palette, menus and the help are made of it.
import { SvelteMap } from 'svelte/reactivity'
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
  /** keys a person has chosen; '' for none */
  readonly #chosen = new SvelteMap<string, string>()

  register(...commands: Command[]): void {
    for (const c of commands) {
      if (this.#all.has(c.id)) throw new Error(`command ${c.id} is there twice`)
      this.#all.set(c.id, c)
    }
  }

  /** All of them, with the keys that count now. */
  get all(): Command[] {
    return [...this.#all.values()].map((c) => this.#keyed(c))
  }

  get(id: string): Command {
    const c = this.#all.get(id)
    if (!c) throw new Error(`no command ${id}`)
    return this.#keyed(c)
  }

  #keyed(c: Command): Command {
    const key = this.#chosen.get(c.id)
    return key === undefined ? c : { ...c, keys: key ? [key] : undefined }
  }

  /** The keys that a person has chosen, by command. */
  get chosen(): Record<string, string> {
    return Object.fromEntries(this.#chosen)
  }

  /** Gives a command another key, '' for none; null gives back its own. Who had the key loses it. */
  choose(id: string, key: string | null): void {
    const taken = key ? this.clash(id, key) : undefined
    if (taken) this.#chosen.set(taken.id, '')
    if (key === null) this.#chosen.delete(id)
    else this.#chosen.set(id, key)
  }

  /** What was chosen before; commands that are no more are left out. */
  restore(chosen: Record<string, string>): void {
    this.#chosen.clear()
    for (const [id, key] of Object.entries(chosen)) if (this.#all.has(id)) this.#chosen.set(id, key)
  }

  /** The command that has a key already, where both could be meant. */
  clash(id: string, key: string): Command | undefined {
    const mine = this.get(id)
    const apart = (c: Command) =>
      (mine.onlyIn && c.notIn === mine.onlyIn) || (c.onlyIn && mine.notIn === c.onlyIn)
    return this.all.find((c) => c.id !== id && c.keys?.includes(key) && !apart(c))
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
