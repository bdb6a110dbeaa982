// Connections.
import { exportProfiles, importFile, openSample } from '../../../lib/state/opening'
import type { Command } from '../../../lib/state/commands'
import type { Workspace } from '../../../lib/state/workspace.svelte'

export function connectionCommands(ws: Workspace): Command[] {
  return [
    {
      id: 'connections.connect',
      title: 'Connect to a server',
      group: 'Connections',
      keys: ['Mod-n'],
      words: 'new open url',
      run: () => (ws.dialog = { kind: 'connect' }),
    },
    {
      id: 'connections.sample',
      title: 'Open the sample database',
      group: 'Connections',
      keys: ['Mod-d'],
      words: 'roastery demo',
      notIn: 'text',
      run: () => void openSample(ws),
    },
    {
      id: 'connections.disconnect',
      title: 'Disconnect',
      group: 'Connections',
      keys: ['Mod-Shift-d'],
      when: () => ws.connection !== undefined,
      run: () => ws.connection && ws.requestDisconnect(ws.connection),
    },
    {
      id: 'connections.import',
      title: 'Import connections from a file',
      group: 'Connections',
      words: 'json profiles read load',
      run: () => void importFile(ws),
    },
    {
      id: 'connections.importUrls',
      title: 'Import connections from URLs',
      group: 'Connections',
      words: 'paste list many',
      run: () => (ws.dialog = { kind: 'import', source: { source: 'urls', path: '', text: '' } }),
    },
    {
      id: 'connections.export',
      title: 'Export the saved connections, without passwords',
      group: 'Connections',
      words: 'json profiles backup share',
      when: () => ws.profiles.list.length > 0,
      run: () => void exportProfiles(ws),
    },
    {
      id: 'connections.cancel',
      title: 'Stop connecting',
      group: 'Connections',
      when: () => ws.connections.attempt !== null,
      run: () => ws.connections.cancel(),
    },
  ]
}
