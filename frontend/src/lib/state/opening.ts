// Opens a saved connection with what is kept for it, and asks when that is not enough.
import { decode } from '../api/client'
import type { StoredProfile } from '../api/types'
import type { Workspace } from './workspace.svelte'

/** The form with a saved connection in it. */
export function edit(ws: Workspace, stored: StoredProfile): void {
  ws.dialog = { kind: 'connect', seed: { profile: stored.profile, password: '', notes: [], stored } }
}

export async function openSaved(ws: Workspace, stored: StoredProfile): Promise<void> {
  const there = ws.connections.list.find((c) => c.profileId === stored.id)
  if (there) return ws.show(there)
  try {
    const made = await ws.connections.connect(stored.profile, { profileId: stored.id })
    if (made) ws.connected(made)
  } catch (thrown) {
    const error = decode(thrown).info
    ws.dialog = { kind: 'connect', seed: { profile: stored.profile, password: '', notes: [], stored, error } }
  }
}

/** Asks for a file of connections, and shows what is in it. */
export async function importFile(ws: Workspace): Promise<void> {
  try {
    const { path } = await ws.backend.system.chooseFile({ title: 'Import connections' })
    if (path) ws.dialog = { kind: 'import', source: { source: 'json', path, text: '' } }
  } catch (thrown) {
    ws.notices.report(thrown)
  }
}

/** Asks for a file, and writes the saved connections there. */
export async function exportProfiles(ws: Workspace): Promise<void> {
  try {
    const { path } = await ws.backend.system.chooseSave({
      title: 'Export connections',
      folder: '',
      name: 'tusk-connections.json',
      kind: 'JSON',
      pattern: '*.json',
    })
    if (!path) return
    const { count } = await ws.backend.connections.exportProfiles({ path, ids: [] })
    const title = `${count} ${count === 1 ? 'connection' : 'connections'} exported`
    ws.notices.toast({ tone: 'ok', title, detail: `To ${path}, without passwords.` })
  } catch (thrown) {
    ws.notices.report(thrown)
  }
}
