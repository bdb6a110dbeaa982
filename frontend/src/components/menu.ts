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
