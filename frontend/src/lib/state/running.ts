// Runs what the editor gives, with the values that a person gives to its parameters.
import type { RunOptions, RunText, Tab } from './tab.svelte'
import type { Workspace } from './workspace.svelte'

/** Go knows what is a parameter; this spares it texts that have none. */
export const mayHaveParameters = (text: string) => /(^|[^:\w]):[\p{L}_]|\$\d/u.test(text)

/** Asks for the values first, if there are any to be given. */
export async function run(ws: Workspace, tab: Tab, text: RunText, options: RunOptions = {}): Promise<void> {
  if (tab.busy) return
  try {
    const { parameters } = mayHaveParameters(text.text)
      ? await ws.backend.queries.parameters({
          connectionId: tab.connectionId,
          sessionId: tab.id,
          text: text.text,
          offset: text.offset,
          cursor: text.cursor,
        })
      : { parameters: [] }
    if (parameters.length === 0) return await tab.run(text, options)
    if (ws.dialog?.kind === 'parameters') return // asked for twice
    ws.dialog = {
      kind: 'parameters',
      parameters,
      run: (params) => {
        ws.dialog = null
        for (const p of params) ws.remembered.set(p.name, p)
        void tab.run(text, { ...options, params })
      },
    }
  } catch (thrown) {
    ws.notices.report(thrown)
  }
}
