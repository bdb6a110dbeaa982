import type { IconName } from './icons'

export interface MenuAction {
  label: string
  run: () => void
  icon?: IconName
  /** the variable of a connection's colour */
  color?: string
  /** as printed */
  keys?: string
  /** grey text at the right, such as why it is off */
  note?: string
  disabled?: boolean
  danger?: boolean
  /** a tick: one that is switched on and off, or one of several */
  checked?: boolean
  kind?: 'check' | 'radio'
}

export type MenuItem = MenuAction | { heading: string } | 'line'

export const isAction = (item: MenuItem): item is MenuAction => item !== 'line' && 'run' in item

/** Moves the focus among the entries: arrows, Home, End, or the first letters of a label. */
export function walk(e: KeyboardEvent, entries: HTMLElement[]): boolean {
  const at = entries.indexOf(document.activeElement as HTMLElement)
  const n = entries.length
  const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1 + n, Home: 0, End: n - 1 }
  const to = steps[e.key]
  if (to !== undefined) {
    entries[to % n]?.focus()
    return true
  }
  if (e.key.length !== 1 || e.key === ' ' || e.ctrlKey || e.metaKey || e.altKey) return false
  const after = [...entries.slice(at + 1), ...entries.slice(0, at + 1)]
  after.find((x) => x.textContent?.trim().toLowerCase().startsWith(e.key.toLowerCase()))?.focus()
  return true
}
