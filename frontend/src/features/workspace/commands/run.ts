// Runs and transactions.
import type { Command } from '../../../lib/state/commands'
import { run } from '../../../lib/state/running'
import type { Workspace } from '../../../lib/state/workspace.svelte'
import { asked } from './asked'

export function runCommands(ws: Workspace): Command[] {
  const { tab, connected, idle, report } = asked(ws)
  return [
    {
      id: 'run.statement',
      title: 'Run the statement at the cursor, or the selection',
      group: 'Run',
      keys: ['Mod-Enter'],
      words: 'execute',
      notIn: 'tree', // which opens rows
      when: idle,
      run: () => ws.editor && void run(ws, tab()!, ws.editor.request()),
    },
    {
      id: 'run.all',
      title: 'Run all',
      group: 'Run',
      keys: ['Mod-Shift-Enter'],
      words: 'execute script',
      when: idle,
      run: () => ws.editor && void run(ws, tab()!, ws.editor.requestAll()),
    },
    {
      id: 'run.transaction',
      title: 'Run all as one transaction',
      group: 'Run',
      words: 'execute script begin',
      when: idle,
      run: () => ws.editor && void run(ws, tab()!, ws.editor.requestAll(), { oneTransaction: true }),
    },
    {
      id: 'run.cancel',
      title: 'Cancel what is running',
      group: 'Run',
      keys: ['Mod-.'],
      words: 'stop',
      when: () => tab()?.busy ?? false,
      run: () => void tab()?.cancel().catch(report),
    },
    {
      id: 'run.continue',
      title: 'Continue after an error, on or off',
      group: 'Run',
      keys: ['Mod-Shift-e'],
      when: () => tab() !== undefined,
      run: () => {
        const t = tab()!
        t.continueOnError = !t.continueOnError
        ws.notices.say(t.continueOnError ? 'Goes on after an error' : 'Stops at the first error')
      },
    },
    {
      id: 'run.goToError',
      title: 'Go to the error',
      group: 'Run',
      keys: ['F8'],
      when: () => tab()?.errorPlace != null,
      run: () => ws.editor?.goTo(tab()!.errorPlace!),
    },
    {
      id: 'tx.begin',
      title: 'Begin a transaction',
      group: 'Transaction',
      keys: ['Mod-Shift-b'],
      when: () => idle() && tab()!.tx.status === 'I',
      run: () => void tab()?.transaction('begin'),
    },
    {
      id: 'tx.commit',
      title: 'Commit',
      group: 'Transaction',
      keys: ['Mod-Shift-c'],
      notIn: 'grid', // which copies with the names of the columns
      when: () => idle() && tab()!.tx.status === 'T',
      run: () => void tab()?.transaction('commit'),
    },
    {
      id: 'tx.rollback',
      title: 'Roll back',
      group: 'Transaction',
      keys: ['Mod-Shift-r'],
      when: () => idle() && tab()!.tx.status !== 'I',
      run: () => void tab()?.transaction('rollback'),
    },
    {
      id: 'tx.manual',
      title: 'Auto-commit or manual commit',
      group: 'Transaction',
      keys: ['Mod-Shift-m'],
      when: () => tab()?.tx.status === 'I',
      run: () => {
        const t = tab()!
        t.manualCommit = !t.manualCommit
        ws.notices.say(t.manualCommit ? 'Manual commit' : 'Auto-commit')
      },
    },
    {
      id: 'session.lock',
      title: 'Read-only: have the server refuse writes in this tab, or allow them',
      group: 'Run',
      words: 'lock unlock protect safety write',
      when: () => connected() && !ws.connections.byId(tab()!.connectionId)?.report.pooler,
      run: () => ws.toggleLock(tab()!),
    },
  ]
}
