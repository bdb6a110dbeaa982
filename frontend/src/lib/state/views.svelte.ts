// The tabs of the window: their order, the one in view, and where to go when one is closed.
import type { ObjectPage } from './object.svelte'
import type { Past } from './past.svelte'
import type { Saved } from './saved.svelte'
import type { Tab } from './tab.svelte'

/** A tab of the window. */
export type View = Tab | ObjectPage | OwnPage

/** A page of Tusk itself, of no connection. */
export type OwnPage = SettingsPage | Past | Saved
export const isOwn = (v: View): v is OwnPage => v.kind !== 'query' && v.kind !== 'object'
export const ownIcons = { settings: 'settings', history: 'history', saved: 'bookmark' } as const

export type SettingsSection = 'general' | 'editor' | 'results' | 'keys' | 'transactions' | 'health'

/** The one page of settings. */
export class SettingsPage {
  readonly kind = 'settings'
  readonly id = 'settings'
  readonly title = 'Settings'
  readonly connectionId = ''
  section = $state<SettingsSection>('general')
  /** what is looked for; all sections have it then */
  words = $state('')

  show(section: SettingsSection): void {
    this.section = section
    this.words = ''
  }
}

export class Views {
  activeId = $state('')
  #list = $state.raw<View[]>([])

  get list(): View[] {
    return this.#list
  }
  get active(): View | undefined {
    return this.#list.find((v) => v.id === this.activeId)
  }

  add(view: View): void {
    this.#list = [...this.#list, view]
  }

  /** Takes a tab away; its neighbour comes into view when it was in view itself. */
  remove(view: View): void {
    const at = this.#list.indexOf(view)
    this.#list = this.#list.filter((v) => v !== view)
    if (this.activeId === view.id) this.activeId = (this.#list[at] ?? this.#list[at - 1])?.id ?? ''
  }

  /** The id of the next or previous tab, round the ends; '' when there is none. */
  beside(step: 1 | -1): string {
    const n = this.#list.length
    const at = this.#list.findIndex((v) => v.id === this.activeId)
    return this.#list[(at + step + n) % n]?.id ?? ''
  }
}
