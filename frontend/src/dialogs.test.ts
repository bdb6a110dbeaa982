import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, it } from 'vitest'
import App from './App.svelte'
import { connection, deferred, failure, FakeBackend, result, startup, tree } from './lib/api/fake'
import type { SavedQuery } from './lib/api/types'
import { ResultWindow } from './lib/state/result.svelte'
import { Workspace } from './lib/state/workspace.svelte'

let backend: FakeBackend
let ws: Workspace
const user = userEvent.setup()

beforeEach(async () => {
  Element.prototype.getClientRects = () => [{}] as unknown as DOMRectList
  backend = new FakeBackend()
  backend.when('system.bootstrap', () => startup())
  backend.when('connections.list', () => [connection()])
  backend.when('schema.tree', () => tree())
  ws = new Workspace(backend, false)
  render(App, { workspace: ws })
  await waitFor(() => expect(ws.editor).not.toBeNull(), { timeout: 60_000 })
})
afterEach(cleanup)

function askExport(cells = 0) {
  const column = result().columns[0]!
  const source = new ResultWindow(
    (req) => backend.queries.page(req),
    result({ id: 'r1', rows: 5, columns: [column, { ...column, name: 'name' }] }),
  )
  const ranges = cells ? [{ top: 0, left: 0, bottom: 1, right: 1 }] : []
  ws.dialog = {
    kind: 'export',
    subject: { source, columns: [0, 1], title: 'Query 1', table: '', ranges, cells },
  }
  return screen.findByLabelText('Export the result', {}, { timeout: 60_000 }) // its code is read first
}

it('an export that begins late closes no other dialog, and one that cannot begin is told', async () => {
  const slow = deferred<undefined>()
  backend.when('queries.export', () => slow.promise)
  await user.click(within(await askExport()).getByRole('button', { name: /^Export/ }))
  ws.dialog = null
  ws.dialog = { kind: 'help' }
  slow.resolve(undefined)
  await waitFor(() => expect(document.querySelectorAll('.dialog')).toHaveLength(1), { timeout: 60_000 })
  await new Promise((r) => setTimeout(r))
  expect(ws.dialog?.kind).toBe('help')
  ws.dialog = null

  const failing = deferred<undefined>()
  backend.when('queries.export', () => failing.promise)
  await user.click(within(await askExport()).getByRole('button', { name: /^Export/ }))
  await user.keyboard('{Escape}')
  await waitFor(() => expect(document.querySelector('.dialog')).toBeNull())
  failing.reject(failure({ title: 'There is no such folder.' }))
  expect(await screen.findByText('There is no such folder.')).toBeTruthy()
})

it('the columns that are left out are those of all rows, not of a selection', async () => {
  backend.when('queries.export', () => undefined)
  const dialog = within(await askExport(4))
  await user.selectOptions(dialog.getByLabelText('Rows', { selector: 'select' }), 'all')
  await user.click(dialog.getByRole('button', { name: 'All 2' }))
  for (const box of within(dialog.getByRole('group', { name: 'Columns' })).getAllByRole('checkbox'))
    await user.click(box)
  const button = dialog.getByRole<HTMLButtonElement>('button', { name: /^Export/ })
  expect(button.disabled).toBe(true)
  await user.selectOptions(dialog.getByLabelText('Rows', { selector: 'select' }), 'selection')
  expect(button.disabled).toBe(false)
})

it('a query is saved once, however often it is asked to, and its end closes no other dialog', async () => {
  const slow = deferred<SavedQuery>()
  backend.when('library.saveQuery', () => slow.promise)
  const query: SavedQuery = { id: '', name: 'Board', folder: '', text: 'select 1', prefix: '' }
  backend.when('library.saved', () => ({ queries: [] }))
  ws.dialog = { kind: 'saveQuery', query }
  const dialog = await screen.findByLabelText('Save the query', {}, { timeout: 60_000 })
  await user.dblClick(within(dialog).getByRole('button', { name: /^Save/ }))
  expect(backend.called('library.saveQuery')).toHaveLength(1)
  ws.dialog = null
  await waitFor(() => expect(document.querySelector('.dialog')).toBeNull())
  ws.dialog = { kind: 'help' }
  slow.resolve({ ...query, id: 'q1' })
  await screen.findByText('Saved as “Board”', {}, { timeout: 60_000 })
  expect(ws.dialog?.kind).toBe('help')
})

it('an import that is made up is put away by nothing: other dialogs wait, and closing asks over it', async () => {
  backend.when('system.quit', () => undefined)
  ws.dialog = { kind: 'importRows', from: { connectionId: 'c1', path: '', schema: '', table: '' } }
  const wizard = await screen.findByRole('dialog', { name: /^Import/ }, { timeout: 60_000 })
  const file = within(wizard).getByLabelText<HTMLInputElement>('File')
  await user.type(file, '/tmp/a.csv')
  // The form of a connection that could not be made meanwhile.
  ws.dialog = { kind: 'connect' }
  backend.emit('closing', { running: 1, transactions: 0, exports: 0, imports: 0 })
  const question = await screen.findByRole('alertdialog', { name: 'Close Tusk?' })
  await user.keyboard('{Control>}k{/Control}')
  expect(document.activeElement).toBe(within(question).getByRole('button', { name: 'Keep open' }))
  await user.keyboard('{Escape}')
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
  expect(wizard.isConnected).toBe(true)
  expect(file.value).toBe('/tmp/a.csv')
  expect(document.activeElement).toBe(file)
  await user.keyboard('{Escape}')
  await waitFor(() => expect(wizard.isConnected).toBe(false))
  expect(await screen.findByRole('dialog', { name: 'Connection' })).toBeTruthy()
  await user.keyboard('{Escape}')
  await waitFor(() => expect(document.querySelector('.dialog')).toBeNull())
})

it('files of a later start wait for the dialog that is open, and then for each other', async () => {
  const looked = () => backend.called<{ path: string }>('imports.look').map((r) => r.path)
  const hand = (...paths: string[]) => {
    backend.when('system.handedOver', () => ({
      prefills: paths.map((path) => ({ ...startup().prefill, path })),
    }))
    backend.emit('handedOver', null)
  }
  backend.when('imports.look', () => {
    throw failure({ title: 'There is no file.' })
  })
  backend.when('work.openFile', (req) => ({
    file: { path: req.path, lineEnds: '', mark: false, stamp: '' },
    name: 'a.sql',
    text: 'select 1',
    note: '',
  }))
  ws.newTab('c1', '')
  const box = await askExport()
  hand('/tmp/a.csv', '/tmp/a.sql', '/tmp/b.csv')
  await waitFor(() => expect(ws.active?.title).toBe('a.sql'))
  expect(ws.dialog?.kind).toBe('export')
  expect(box.isConnected).toBe(true)
  for (const path of ['/tmp/a.csv', '/tmp/b.csv']) {
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.getByLabelText('File')).toHaveProperty('value', path))
    expect(looked().at(-1)).toBe(path)
  }
  await user.keyboard('{Escape}')
  expect(ws.dialog).toBeNull()
})
