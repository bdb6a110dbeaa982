// Keys are written 'Mod-Shift-Enter': Mod is ⌘ on macOS and Ctrl elsewhere, Ctrl is Ctrl everywhere.

const macSigns: Record<string, string> = {
  Mod: '⌘',
  Ctrl: '⌃',
  Shift: '⇧',
  Alt: '⌥',
  Enter: '↵',
  Tab: '⇥',
  Escape: 'Esc',
}
const otherSigns: Record<string, string> = { Mod: 'Ctrl', Escape: 'Esc' }

/** The parts of a key as they are printed on caps: ['Ctrl', 'Enter'], ['⌘', '↵']. */
export function keyCaps(keys: string, mac: boolean): string[] {
  const signs = mac ? macSigns : otherSigns
  return keys.split('-').map((part) => signs[part] ?? (part.length === 1 ? part.toUpperCase() : part))
}

/** One short text: Ctrl+Enter, ⌘↵. */
export function keyLabel(keys: string, mac: boolean): string {
  return keyCaps(keys, mac).join(mac ? '' : '+')
}

/** The form of aria-keyshortcuts: Control+Enter, Meta+Enter. */
export function keyAria(keys: string, mac: boolean): string {
  return keys
    .split('-')
    .map((part) => (part === 'Mod' ? (mac ? 'Meta' : 'Control') : part === 'Ctrl' ? 'Control' : part))
    .join('+')
}

export interface KeyEvent {
  key: string
  code?: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  altKey: boolean
}

/** The key's name. GTK calls Shift and Tab together a key of its own, which its web view has no name for. */
export const keyName = (e: { key: string; code?: string }): string =>
  e.key === 'Unidentified' && e.code ? e.code : e.key

/** Writes what was pressed in the same form, so that a map can be asked for it. */
export function pressed(e: KeyEvent, mac: boolean): string {
  let key = e.key === ' ' ? 'Space' : keyName(e)
  if (key.length === 1)
    key = e.shiftKey && /^Digit\d$/.test(e.code ?? '') ? e.code!.slice(5) : key.toLowerCase()
  const mods: string[] = []
  if (mac ? e.metaKey : e.ctrlKey) mods.push('Mod')
  if (mac && e.ctrlKey) mods.push('Ctrl')
  if (e.shiftKey) mods.push('Shift')
  if (e.altKey) mods.push('Alt')
  return [...mods, key].join('-')
}
