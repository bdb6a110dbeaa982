// The window: where the focus goes, its pages, its theme.
import type { Command } from '../../../lib/state/commands'
import type { Workspace } from '../../../lib/state/workspace.svelte'
import { asked } from './asked'

export function windowCommands(ws: Workspace): Command[] {
  const { tab } = asked(ws)
  return [
    {
      id: 'saved.open',
      title: 'Saved queries',
      group: 'Window',
      keys: ['Mod-Shift-k'],
      words: 'favourites bookmarks snippets library',
      run: () => ws.openSaved(),
    },
    {
      id: 'history.open',
      title: 'History',
      group: 'Window',
      keys: ['Mod-Shift-y'],
      words: 'past runs log recent',
      run: () => ws.openHistory(),
    },
    {
      id: 'history.clear',
      title: 'Clear the history…',
      group: 'Window',
      words: 'delete past runs',
      run: () => ws.askClearHistory(),
    },
    {
      id: 'window.explorer',
      title: 'Go to the explorer',
      group: 'Window',
      keys: ['Mod-0'],
      words: 'objects tree sidebar',
      when: () => !ws.start,
      run: () => ws.goToExplorer(),
    },
    {
      id: 'window.sidebar',
      title: 'Hide or show the explorer',
      group: 'Window',
      keys: ['Mod-b'],
      words: 'sidebar',
      when: () => !ws.start,
      run: () => (ws.sidebar.shown ? ws.hideExplorer() : ws.goToExplorer()),
    },
    {
      id: 'window.editor',
      title: 'Go to the editor',
      group: 'Window',
      keys: ['Mod-1'],
      when: () => tab() !== undefined,
      run: () => ws.editor?.focus(),
    },
    {
      id: 'window.results',
      title: 'Go to the results',
      group: 'Window',
      keys: ['Mod-2'],
      when: () => tab() !== undefined,
      run: () => ws.focusResults(),
    },
    {
      id: 'window.palette',
      title: 'Find an object or a command',
      group: 'Window',
      keys: ['Mod-k'],
      run: () => (ws.dialog = { kind: 'palette' }),
    },
    {
      id: 'window.object',
      title: 'Go to an object or a column',
      group: 'Window',
      keys: ['Mod-p'],
      words: 'find table',
      when: () => ws.connection !== undefined,
      run: () => (ws.dialog = { kind: 'palette', objects: true }),
    },
    {
      id: 'window.help',
      title: 'Manual',
      group: 'Window',
      keys: ['F1'],
      words: 'help documentation guide',
      run: () => (ws.dialog = { kind: 'help' }),
    },
    {
      id: 'window.keys',
      title: 'All keys, and change them',
      group: 'Window',
      words: 'help shortcuts keyboard bindings',
      run: () => (ws.dialog = { kind: 'help', page: 'keys' }),
    },
    {
      id: 'window.health',
      title: 'Health',
      group: 'Window',
      keys: ['Mod-Shift-h'],
      words: 'log memory version',
      run: () => ws.openSettings('health'),
    },
    {
      id: 'window.settings',
      title: 'Settings',
      group: 'Window',
      keys: ['Mod-,'],
      words: 'preferences options configure font',
      run: () => ws.openSettings(),
    },
    {
      id: 'theme.system',
      title: 'Theme: as the system',
      group: 'Window',
      run: () => ws.prefer({ theme: 'system' }),
    },
    { id: 'theme.light', title: 'Theme: light', group: 'Window', run: () => ws.prefer({ theme: 'light' }) },
    { id: 'theme.dark', title: 'Theme: dark', group: 'Window', run: () => ws.prefer({ theme: 'dark' }) },
  ]
}
