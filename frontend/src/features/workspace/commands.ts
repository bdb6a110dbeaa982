// Everything that can be done in the window, with its keys.
import { isDrawn } from '../../components/Dialog.svelte'
import type { Workspace } from '../../lib/state/workspace.svelte'
import { connectionCommands } from './commands/connections'
import { editCommands } from './commands/edit'
import { objectCommands } from './commands/objects'
import { resultCommands } from './commands/results'
import { runCommands } from './commands/run'
import { tabCommands } from './commands/tabs'
import { windowCommands } from './commands/window'

/** The areas, in the order in which the palette has them. */
const areas = [
  runCommands,
  resultCommands,
  editCommands,
  objectCommands,
  tabCommands,
  connectionCommands,
  windowCommands,
]

export function registerCommands(ws: Workspace): void {
  for (const area of areas) ws.commands.register(...area(ws))
}

/** Runs the command of a key before anything in the page sees it. */
export function onKey(ws: Workspace, e: KeyboardEvent): void {
  if (e.isComposing) return
  if (ws.dialogs.any) return isDrawn() ? undefined : hold(ws, e)
  const inside = (selector: string) => e.target instanceof Element && e.target.closest(selector) !== null
  if (inside('[role=menu]')) return
  const at = inside('input, textarea, select, .cm-editor')
    ? 'text'
    : inside('[role=grid]')
      ? 'grid'
      : inside('[role=tree]')
        ? 'tree'
        : undefined
  const command = ws.commands.forKey(e, ws.mac, at)
  if (!command) return
  e.preventDefault()
  e.stopPropagation()
  command.run()
}

/** A dialog that is not drawn yet, for its code is still read, has the keys already: they are not for what is behind it. */
function hold(ws: Workspace, e: KeyboardEvent): void {
  e.preventDefault()
  e.stopPropagation()
  const { dialog } = ws
  if (e.key === 'Escape') ws.dialog = null
  if (dialog?.kind !== 'palette' || e.ctrlKey || e.metaKey || e.altKey) return
  const { text = '' } = dialog
  if (e.key === 'Backspace') ws.dialog = { ...dialog, text: text.slice(0, -1) }
  else if ([...e.key].length === 1) ws.dialog = { ...dialog, text: text + e.key }
}
