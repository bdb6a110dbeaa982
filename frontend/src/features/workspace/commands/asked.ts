import type { Target } from '../../../lib/state/objects'
import type { Workspace } from '../../../lib/state/workspace.svelte'

/** What commands ask of the window, to know whether they can run. */
export function asked(ws: Workspace) {
  const tab = () => ws.active
  const connected = () => ws.connections.byId(tab()?.connectionId ?? '') !== undefined
  return {
    tab,
    connected,
    /** the tab takes a run */
    idle: () => connected() && !tab()!.busy,
    writing: () => tab() !== undefined,
    inResult: () => tab()?.window !== undefined && ws.results !== null,
    target: (is: (t: Target) => boolean) => ws.target !== null && is(ws.target),
    report: (thrown: unknown) => ws.notices.report(thrown),
  }
}
