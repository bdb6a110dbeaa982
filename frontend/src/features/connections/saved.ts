// What can be done with a saved connection.
import type { MenuItem } from '../../components/menu'
import type { Profile, StoredProfile } from '../../lib/api/types'
import { nameOf } from '../../lib/state/connections.svelte'
import type { Workspace } from '../../lib/state/workspace.svelte'
import { edit, openSaved } from '../../lib/state/opening'

/** Where a connection goes, as people write it. */
export function address({ settings: s }: Profile): string {
  const at = [s.user, s.host || 'localhost'].filter(Boolean).join('@')
  return at + (s.port ? `:${s.port}` : '') + (s.dbname ? `/${s.dbname}` : '')
}

/** Those it stands among: of its group, or the favourites. */
const siblings = (list: StoredProfile[], p: StoredProfile) =>
  list.filter((x) => x.favourite === p.favourite && (p.favourite || x.group === p.group))

export function savedMenu(ws: Workspace, p: StoredProfile): MenuItem[] {
  const told = (work: Promise<unknown>) => void work.catch((thrown) => ws.notices.report(thrown))
  const among = siblings(ws.profiles.list, p)
  const at = among.findIndex((x) => x.id === p.id)
  const list: MenuItem[] = [
    { label: 'Open', icon: 'plug', run: () => void openSaved(ws, p) },
    { label: 'Edit…', icon: 'pencil', run: () => edit(ws, p) },
    { label: 'Duplicate…', icon: 'copy', run: () => told(duplicate(ws, p)) },
    'line',
    {
      label: 'Favourite',
      kind: 'check',
      checked: p.favourite,
      run: () => told(ws.profiles.save({ ...p, favourite: !p.favourite })),
    },
    { label: 'Move up', icon: 'arrow-up', disabled: at <= 0, run: () => told(move(ws, among, at, at - 1)) },
    {
      label: 'Move down',
      icon: 'arrow-down',
      disabled: at < 0 || at === among.length - 1,
      run: () => told(move(ws, among, at, at + 1)),
    },
    'line',
  ]
  if (p.hasPassword)
    list.push({
      label: 'Forget its password',
      icon: 'key-round',
      run: () => told(ws.profiles.forgetPassword(p)),
    })
  list.push({ label: 'Delete', icon: 'trash-2', danger: true, run: () => told(remove(ws, p)) })
  return list
}

/** A copy in the form. It shares no password. */
async function duplicate(ws: Workspace, p: StoredProfile): Promise<void> {
  const profile = { ...p.profile, name: `${nameOf(p.profile)} copy` }
  edit(ws, await ws.profiles.save({ ...p, id: '', profile, favourite: false, hasPassword: false }))
}

/** Deletes it and its password; the connection itself can be had back. */
export async function remove(ws: Workspace, p: StoredProfile): Promise<void> {
  await ws.profiles.remove(p)
  ws.notices.toast({
    tone: 'info',
    title: `${nameOf(p.profile)} was deleted`,
    detail: p.hasPassword ? 'Its password was deleted too.' : undefined,
    actions: [
      {
        label: 'Bring it back',
        run: () =>
          void ws.profiles.save({ ...p, hasPassword: false }).catch((thrown) => ws.notices.report(thrown)),
      },
    ],
  })
}

/** Numbers them anew, with one of them elsewhere. */
async function move(ws: Workspace, among: StoredProfile[], from: number, to: number): Promise<void> {
  const list = among.slice()
  list.splice(to, 0, ...list.splice(from, 1))
  for (const [order, p] of list.entries()) if (p.order !== order) await ws.profiles.save({ ...p, order })
}
