import type { MenuItem } from '../../components/menu'
import type { Catalog } from '../../lib/state/catalog.svelte'
import { importRows, takesRows } from '../../lib/state/imports.svelte'
import { exportTable, hasDefinition, hasPage, hasRows } from '../../lib/state/objects'
import type { Workspace } from '../../lib/state/workspace.svelte'
import { keyLabel } from '../../lib/text/keys'
import type { Row } from './rows'

/** What can be done with a row. */
export function objectMenu(ws: Workspace, row: Row, catalog: Catalog, open: () => void): MenuItem[] {
  const t = row.target
  const command = (
    id: string,
    label: string,
    more: Partial<Extract<MenuItem, { run: unknown }>> = {},
  ): MenuItem => ({
    label,
    keys: keyLabel(ws.commands.keys(id), ws.mac) || undefined,
    run: () => ws.commands.run(id),
    ...more,
  })
  const groups: MenuItem[][] = [[], [], [], []]
  if (t && (hasPage(t) || t.kind === 'column'))
    groups[0]!.push({ label: 'Open its page', icon: 'list-tree', keys: keyLabel('Enter', ws.mac), run: open })
  if (t && hasRows(t)) {
    groups[0]!.push(command('objects.rows', 'Open rows', { icon: 'run' }))
    groups[0]!.push(command('objects.count', 'Count rows'))
  }
  if (t && hasRows(t))
    groups[0]!.push({ label: 'Export rows…', icon: 'download', run: () => exportTable(ws, t) })
  if (t && (takesRows(t) || t.kind === 'schema'))
    groups[0]!.push({ label: 'Import rows…', icon: 'text-cursor-input', run: () => importRows(ws, t) })
  if (t) {
    groups[1]!.push(command('objects.insert', 'Insert name'))
    groups[1]!.push(command('objects.copyName', 'Copy name', { icon: 'copy' }))
  }
  if (t && hasDefinition(t)) {
    groups[2]!.push(command('objects.definition', 'Show definition', { icon: 'file-code' }))
    groups[2]!.push(command('objects.copyDefinition', 'Copy definition'))
  }
  groups[3]!.push(
    command('objects.refresh', 'Refresh', { icon: 'refresh-cw', run: () => void catalog.read(true) }),
  )
  if (t && hasDefinition(t))
    groups[3]!.push(command('objects.drop', 'Drop…', { icon: 'trash-2', danger: true }))
  return groups.filter((g) => g.length > 0).flatMap((g, i): MenuItem[] => (i ? ['line', ...g] : g))
}
