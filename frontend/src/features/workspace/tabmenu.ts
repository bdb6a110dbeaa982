import type { MenuItem } from '../../components/menu'
import type { View } from '../../lib/state/views.svelte'
import type { Workspace } from '../../lib/state/workspace.svelte'
import { keyLabel } from '../../lib/text/keys'

/** What can be done with a tab, which need not be the one in view. */
export function tabMenu(ws: Workspace, view: View): MenuItem[] {
  const close = (label: string, views: View[]): MenuItem => ({
    label,
    disabled: views.length === 0,
    run: () => ws.requestClose(...views),
  })
  const keys = (id: string) => keyLabel(ws.commands.keys(id), ws.mac) || undefined
  return [
    { label: 'Close', keys: keys('tabs.close'), run: () => ws.requestClose(view) },
    close('Close others', ws.beside(view, 'both')),
    close('Close to the right', ws.beside(view, 'right')),
    'line',
    {
      label: 'Reopen closed tab',
      keys: keys('tabs.reopen'),
      disabled: !ws.commands.enabled('tabs.reopen'),
      run: () => ws.commands.run('tabs.reopen'),
    },
  ]
}
