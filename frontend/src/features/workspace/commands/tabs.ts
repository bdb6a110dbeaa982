// Tabs, and the files and saved queries that they are of.
import { openFile, saveFile } from '../../../lib/state/files'
import type { Command } from '../../../lib/state/commands'
import type { Workspace } from '../../../lib/state/workspace.svelte'
import { asked } from './asked'

export function tabCommands(ws: Workspace): Command[] {
  const { tab, writing } = asked(ws)
  return [
    {
      id: 'file.open',
      title: 'Open a file…',
      group: 'Tabs',
      keys: ['Mod-o'],
      words: 'sql load read',
      run: () => void openFile(ws),
    },
    {
      id: 'file.save',
      title: 'Save the tab to a file',
      group: 'Tabs',
      keys: ['Mod-s'],
      words: 'write sql',
      when: writing,
      run: () => void saveFile(ws, tab()!),
    },
    {
      id: 'file.saveAs',
      title: 'Save the tab to another file…',
      group: 'Tabs',
      words: 'write sql save as',
      when: writing,
      run: () => void saveFile(ws, tab()!, true),
    },
    {
      id: 'saved.add',
      title: 'Save the query under a name…',
      group: 'Tabs',
      keys: ['Mod-Alt-s'],
      words: 'favourite bookmark snippet',
      when: writing,
      run: () => ws.requestSaveQuery(tab()!),
    },
    {
      id: 'tabs.new',
      title: 'New query tab',
      group: 'Tabs',
      keys: ['Mod-t'],
      when: () => !ws.start,
      run: () => void ws.newTab(),
    },
    {
      id: 'tabs.close',
      title: 'Close the tab',
      group: 'Tabs',
      keys: ['Mod-w'],
      when: () => ws.view !== undefined,
      run: () => ws.requestClose(ws.view!),
    },
    {
      id: 'tabs.closeOthers',
      title: 'Close the other tabs',
      group: 'Tabs',
      words: 'all',
      when: () => ws.view !== undefined && ws.beside(ws.view, 'both').length > 0,
      run: () => ws.requestClose(...ws.beside(ws.view!, 'both')),
    },
    {
      id: 'tabs.closeRight',
      title: 'Close the tabs to the right',
      group: 'Tabs',
      words: 'all following',
      when: () => ws.view !== undefined && ws.beside(ws.view, 'right').length > 0,
      run: () => ws.requestClose(...ws.beside(ws.view!, 'right')),
    },
    {
      id: 'tabs.reopen',
      title: 'Reopen the tab closed last',
      group: 'Tabs',
      keys: ['Mod-Shift-t'],
      when: () => ws.canReopen && !ws.start,
      run: () => ws.reopen(),
    },
    {
      id: 'tabs.next',
      title: 'Next tab',
      group: 'Tabs',
      keys: ['Ctrl-Tab', 'Mod-Tab'],
      run: () => ws.cycle(1),
    },
    {
      id: 'tabs.previous',
      title: 'Previous tab',
      group: 'Tabs',
      keys: ['Ctrl-Shift-Tab', 'Mod-Shift-Tab'],
      run: () => ws.cycle(-1),
    },
  ]
}
