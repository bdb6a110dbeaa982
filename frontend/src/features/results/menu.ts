// The menu of a cell and of a column's header.
import type { MenuPlace } from '../../components/grid/types'
import type { MenuItem } from '../../components/menu'
import type { FilterBy } from '../../lib/api/types'
import type { Arrangement } from '../../lib/state/arrangement.svelte'
import { keyLabel } from '../../lib/text/keys'
import { keepValue, leaveOut } from './filters'
import type { Shown } from './shown.svelte'

interface Actions {
  open(): void
  copy(header: boolean): void
  row(): void
  add(f: FilterBy): void
  filter(column: number): void
  sort(descending: boolean, column: number): void
  summary(column: number, whole: boolean): void
  hide(column: number): void
  move(column: number, by: number): void
  copyName(column: number): void
  freeze(columns: number): void
  allColumns(): void
}

interface Asked {
  at: MenuPlace
  work: Arrangement
  shown: Shown
  actions: Actions
  mac: boolean
}

/** A filter by a value holds all of it, so one of which only the beginning is here is not offered. */
export function resultMenu({ at, work, shown, actions, mac }: Asked): MenuItem[] {
  const column = shown.column(at.col)
  const name = work.base.columns[column]?.name ?? ''
  const place = work.columns.indexOf(column)
  const value = shown.cell(at.row, at.col)
  const whole = value !== undefined && shown.cutLength(at.row, at.col) === undefined
  const keys = (k: string) => keyLabel(k, mac)
  const cell: MenuItem[] = [
    { label: 'View cell', icon: 'maximize-2', keys: keys('Space'), run: actions.open },
    { label: 'View row', icon: 'columns-3', keys: keys('Mod-Shift-i'), run: actions.row },
    { label: 'Copy', icon: 'copy', keys: keys('Mod-c'), run: () => actions.copy(false) },
    { label: 'Copy with names', keys: keys('Mod-Shift-c'), run: () => actions.copy(true) },
    'line',
    {
      label: 'Keep rows with this value',
      icon: 'list-filter',
      disabled: !whole,
      note: whole ? undefined : 'too long',
      run: () => actions.add(keepValue(column, value ?? null)),
    },
    {
      label: 'Leave out rows with this value',
      disabled: !whole,
      run: () => actions.add(leaveOut(column, value ?? null)),
    },
    'line',
  ]
  const head: MenuItem[] = [
    { heading: name },
    { label: 'Sort upwards', icon: 'arrow-up', run: () => actions.sort(false, column) },
    { label: 'Sort downwards', icon: 'arrow-down', run: () => actions.sort(true, column) },
    { label: 'Filter…', icon: 'list-filter', run: () => actions.filter(column) },
    { label: 'Summary', icon: 'sigma', run: () => actions.summary(column, at.zone === 'column') },
    'line',
    { label: 'Copy the name', run: () => actions.copyName(column) },
    { label: 'Move left', disabled: place <= 0, run: () => actions.move(column, -1) },
    { label: 'Move right', disabled: place >= work.columns.length - 1, run: () => actions.move(column, 1) },
    {
      label: 'Hide',
      icon: 'eye-off',
      disabled: work.columns.length < 2,
      run: () => actions.hide(column),
    },
    {
      label: 'Freeze up to here',
      icon: 'pin',
      disabled: place + 1 === work.frozen,
      run: () => actions.freeze(place + 1),
    },
    ...(work.frozen > 0 ? [{ label: 'Unfreeze', run: () => actions.freeze(0) } as const] : []),
    ...(work.chosenColumns
      ? [{ label: 'All columns as they came', icon: 'eye', run: actions.allColumns } as const]
      : []),
  ]
  return at.zone === 'cell' ? [...cell, ...head] : head
}
