// Light, dark, or as the system says.
export type ThemeChoice = 'system' | 'light' | 'dark'

/** What is saved may be of a newer Tusk. */
export const asThemeChoice = (text: string): ThemeChoice =>
  text === 'light' || text === 'dark' ? text : 'system'

export class Theme {
  choice = $state<ThemeChoice>('system')
  #systemDark = $state(false)

  constructor() {
    const query = globalThis.matchMedia?.('(prefers-color-scheme: dark)')
    if (!query) return
    this.#systemDark = query.matches
    query.addEventListener('change', (e) => (this.#systemDark = e.matches))
  }

  get current(): 'light' | 'dark' {
    if (this.choice !== 'system') return this.choice
    return this.#systemDark ? 'dark' : 'light'
  }
}
