import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import App from '../../App.svelte'
import { connection, deferred, failure, FakeBackend, snapshot, startup, statement } from '../../lib/api/fake'
import type { ExecuteRequest, Snapshot } from '../../lib/api/types'
import { Workspace } from '../../lib/state/workspace.svelte'

let backend: FakeBackend
let ws: Workspace
const user = userEvent.setup()
const text = 'select 1'
const executed = () => backend.called<ExecuteRequest>('queries.execute')
const answer = (s: Partial<Snapshot>) => {
  const { runId, sessionId } = executed().at(-1)!
  return snapshot({ runId, sessionId, ...s })
}

beforeEach(async () => {
  Element.prototype.getClientRects = () => [{}] as unknown as DOMRectList
  backend = new FakeBackend()
  const prefill = { ...startup().prefill, text, name: 'a.sql' }
  backend.when('system.bootstrap', () => startup({ prefill }))
  backend.when('connections.list', () => [connection()])
  ws = new Workspace(backend, false)
  render(App, { workspace: ws })
  await screen.findByRole('button', { name: /^Run/ })
  await waitFor(() => expect(ws.editor).not.toBeNull(), { timeout: 10_000 })
})
afterEach(cleanup)

describe('a run', () => {
  it('can be cancelled from the moment it is asked for', async () => {
    const late = deferred<Snapshot>()
    backend.when('queries.execute', () => late.promise)
    await user.keyboard('{Control>}{Enter}{/Control}')
    expect(executed()).toHaveLength(1)
    expect(executed()[0]).toMatchObject({ text, connectionId: 'c1', onError: 'stop', oneTransaction: false })
    const cancel = await screen.findByRole('button', { name: /^Cancel/ })
    await user.keyboard('{Control>}{Enter}{/Control}')
    expect(executed()).toHaveLength(1)
    await user.click(cancel)
    expect(backend.called('queries.cancel')).toEqual([{ runId: executed()[0]!.runId }])
    late.resolve(
      answer({
        outcome: 'stopped',
        elapsedUs: 14_000_000,
        statements: [statement({ state: 'stopped', tag: '', elapsedUs: 13_900_000 })],
      }),
    )
    await screen.findByText('Stopped after 13.9 s')
    expect(screen.getByRole('button', { name: /^Run/ })).toBeTruthy()
  })

  it('is started from the menu by keys alone', async () => {
    screen.getByRole('button', { name: 'More ways to run' }).focus()
    await user.keyboard('{ArrowDown}')
    const menu = await screen.findByRole('menu', { name: 'Ways to run' })
    expect(document.activeElement).toBe(within(menu).getAllByRole('menuitem')[0])
    const tabs = ws.tabs.length
    await user.keyboard('{Control>}t{/Control}')
    expect(ws.tabs).toHaveLength(tabs) // what is open has the keys
    await user.keyboard('{ArrowDown}{ArrowDown}{Enter}')
    expect(executed()[0]).toMatchObject({ text, cursor: -1, oneTransaction: true })
    expect(screen.queryByRole('menu')).toBeNull()
    await user.click(screen.getByRole('button', { name: 'More ways to run' }))
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('menu')).toBeNull()
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'More ways to run' }))
  })

  it('that fails in a transaction says so and offers only to roll back', async () => {
    const error = failure({
      kind: 'missing',
      title: 'There is no such column.',
      message: 'column "x" <b>',
      code: '42703',
      position: 7,
    }).info
    backend.when('queries.execute', (req) =>
      req.text === 'rollback'
        ? snapshot({ runId: req.runId, statements: [statement({ tag: 'ROLLBACK' })] })
        : snapshot({
            runId: req.runId,
            outcome: 'failed',
            txStatus: 'E',
            txSince: Date.now(),
            txStatements: 1,
            statements: [statement({ state: 'failed', tag: '', error })],
          }),
    )
    await user.keyboard('{Control>}{Enter}{/Control}')
    const alert = await screen.findByRole('alert')
    expect(within(alert).getByText('There is no such column.')).toBeTruthy()
    expect(within(alert).getByText('column "x" <b>')).toBeTruthy()
    expect(within(alert).getByText(/line 1, column 8/)).toBeTruthy()
    const group = screen.getByRole('group', { name: 'Transaction' })
    expect(within(group).queryByRole('button', { name: 'Commit' })).toBeNull()
    await user.click(within(group).getByRole('button', { name: 'Roll back' }))
    await waitFor(() => expect(screen.queryByRole('group', { name: 'Transaction' })).toBeNull())
    expect(screen.getByRole('alert')).toBeTruthy()
  })
})

describe('closing', () => {
  it('asks when the window closes over something open, and the safe answer has the focus', async () => {
    backend.emit('closing', { running: 2, transactions: 1, exports: 0, imports: 0 })
    const dialog = await screen.findByRole('alertdialog', { name: 'Close Tusk?' })
    expect(within(dialog).getByText(/2 statements are running .* 1 transaction is open/)).toBeTruthy()
    expect(document.activeElement).toBe(within(dialog).getByRole('button', { name: 'Keep open' }))
    await user.click(within(dialog).getByRole('button', { name: 'Cancel and close' }))
    expect(backend.called('system.quit')).toHaveLength(1)
  })

  it('gives a closed tab back with its text', async () => {
    const before = ws.tabs.length
    await user.keyboard('{Control>}w{/Control}')
    await waitFor(() => expect(ws.tabs).toHaveLength(before - 1))
    await user.keyboard('{Control>}{Shift>}t{/Shift}{/Control}')
    expect(ws.active).toMatchObject({ title: 'a.sql', doc: { initial: text } })
  })
})
