// Opens connections: saved ones with what is kept for them, the sample, those of tabs, and what a start was asked for.
import { decode } from '../api/client'
import type { Prefill, StoredProfile } from '../api/types'
import { openFile } from './files'
import type { Tab } from './tab.svelte'
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

/** Goes to the sample database, which is started first; a query for the tab that opens on it. */
export async function openSample(
  ws: Workspace,
  query = ws.startup?.prefill.sampleQuery ?? '',
): Promise<void> {
  const there = ws.connections.list.find((c) => c.sample)
  if (there) return ws.show(there)
  try {
    const made = await ws.connections.openSample()
    if (made) ws.connected(made, query)
  } catch (thrown) {
    ws.notices.report(thrown)
  }
}

/** Makes the connection again that a tab was on. */
export function reconnect(ws: Workspace, { origin }: Tab): void {
  if (!origin || origin.sample) return void openSample(ws, '')
  const stored = ws.profiles.byId(origin.profileId)
  if (stored?.hasPassword) return void openSaved(ws, stored)
  const profile = stored?.profile ?? origin.profile
  ws.dialog = { kind: 'connect', seed: { profile, password: '', notes: [], stored } }
}

/** Opens what Tusk was started with. */
export function prefill(ws: Workspace, p: Prefill): void {
  if (p.note) ws.notices.bar({ tone: 'warn', title: p.note })
  if (p.path) void openFile(ws, p.path)
  else if (p.text || p.name) ws.newTab(ws.connection?.id ?? '', p.text, p.name)
  if (p.url) void openPasted(ws, p.url)
  else if (p.openSample) void openSample(ws, p.sampleQuery)
}

/** Opens what a later start of Tusk was asked to open. */
export async function openHandedOver(ws: Workspace): Promise<void> {
  try {
    for (const p of (await ws.backend.system.handedOver()).prefills) prefill(ws, p)
  } catch (thrown) {
    ws.notices.report(thrown)
  }
}

/** The form of a connection with what a pasted text says. */
async function openPasted(ws: Workspace, text: string): Promise<void> {
  try {
    ws.dialog = { kind: 'connect', seed: await ws.backend.connections.parse({ text }) }
  } catch (thrown) {
    ws.notices.report(thrown)
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
