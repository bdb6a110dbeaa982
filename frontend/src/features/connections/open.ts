// Opens a saved connection with what is kept for it, and asks when that is not enough.
import { decode } from '../../lib/api/client'
import type { StoredProfile } from '../../lib/api/types'
import type { Workspace } from '../../lib/state/workspace.svelte'

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
