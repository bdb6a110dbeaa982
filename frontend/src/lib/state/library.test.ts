import { beforeEach, describe, expect, it, vi } from 'vitest'
import { connection, deferred, failure, FakeBackend } from '../api/fake'
import type { HistoryEntry, HistoryPage, HistoryRequest, SavedQuery } from '../api/types'
import { checkFiles, openFile, reloadFile, saveFile } from './files'
import { Workspace } from './workspace.svelte'

const entry = (n: number): HistoryEntry => ({
  id: `e${n}`,
  at: n,
  connection: 'Roastery staging',
  color: 'amber',
  database: 'roastery',
  user: 'app',
  text: `select ${n}`,
  cut: false,
  elapsedUs: 10,
  statements: 1,
  rows: 1,
  outcome: 'finished',
  code: '',
  error: '',
})
const entries = (from: number, n: number) => Array.from({ length: n }, (_, i) => entry(from - i))

let backend: FakeBackend
let ws: Workspace
beforeEach(() => {
  backend = new FakeBackend()
  ws = new Workspace(backend)
})

describe('history', () => {
  const asked = () => backend.called<HistoryRequest>('library.history')

  it('reads more from where it ended, and drops answers to older questions', async () => {
    backend.when('library.history', (req) => ({
      entries: req.before ? entries(300, 50) : entries(500, 200),
      more: !req.before,
    }))
    backend.when('library.historyConnections', () => ({ names: ['Roastery staging'] }))
    await ws.past.open()
    expect(ws.past.entries).toHaveLength(200)
    expect(ws.past.names).toEqual(['Roastery staging'])
    await ws.past.loadMore()
    expect(asked().at(-1)).toMatchObject({ before: 'e301', limit: 200 })
    expect(ws.past.entries).toHaveLength(250)
    await ws.past.loadMore() // there is no more
    expect(asked()).toHaveLength(2)

    const slow = deferred<HistoryPage>()
    backend.when('library.history', () => slow.promise)
    ws.past.outcome = 'failed'
    backend.when('library.history', () => ({ entries: entries(9, 1), more: false }))
    ws.past.connection = 'Roastery staging'
    await vi.waitFor(() => expect(ws.past.entries).toHaveLength(1))
    slow.resolve({ entries: entries(8, 8), more: true })
    await Promise.resolve()
    expect(ws.past.entries).toHaveLength(1)
    expect(asked().at(-1)).toMatchObject({ outcome: 'failed', connection: 'Roastery staging' })
  })

  it('asks once for words that are typed quickly', async () => {
    vi.useFakeTimers()
    for (const words of ['s', 'se', 'sel']) ws.past.words = words
    await vi.advanceTimersByTimeAsync(200)
    vi.useRealTimers()
    expect(asked().map((r) => r.words)).toEqual(['sel'])
  })

  it('shows the neighbour of what was deleted, and keeps what could not be', async () => {
    backend.when('library.history', () => ({ entries: entries(3, 3), more: false }))
    await ws.past.open()
    ws.past.choose('e2')
    await ws.past.remove(ws.past.chosen!)
    expect(ws.past.chosen!.id).toBe('e1')
    backend.when('library.deleteHistory', () => {
      throw failure({ kind: 'storage', title: 'The history cannot be changed.' })
    })
    await ws.past.remove(ws.past.chosen!)
    expect(ws.past.entries).toHaveLength(2)
    expect(ws.notices.bars[0]!.title).toBe('The history cannot be changed.')
  })

  it('opens a run on its connection when that is open', async () => {
    const c = connection({ id: 'other' })
    const made = (await ws.connections.connect(c.profile, {}))!
    expect(ws.openText('select 1', 'Roastery staging').connectionId).toBe(made.id)
  })
})

describe('saved queries', () => {
  const query = (q: Partial<SavedQuery>): SavedQuery => ({
    id: 'a',
    name: 'Orders',
    folder: '',
    text: 'select 1',
    prefix: '',
    ...q,
  })

  it('brings a deleted one back', async () => {
    let list = [query({}), query({ id: 'b', name: 'B' })]
    backend.when('library.saved', () => ({ queries: list }))
    backend.when('library.deleteQuery', ({ id }) => void (list = list.filter((q) => q.id !== id)))
    backend.when('library.saveQuery', (q) => {
      list = [...list, q]
      return q
    })
    await ws.saved.load()
    await ws.saved.remove(list[0]!)
    expect(ws.saved.list.map((q) => q.id)).toEqual(['b'])
    ws.notices.toasts[0]!.actions![0]!.run()
    await vi.waitFor(() => expect(ws.saved.list.map((q) => q.id)).toEqual(['b', 'a']))
  })

  it('offers snippets for the word before the cursor', async () => {
    backend.when('library.saved', () => ({ queries: [query({ prefix: 'Sel20' }), query({ id: 'b' })] }))
    await ws.saved.load()
    expect(ws.saved.snippets('x; sel', 6)).toMatchObject({ from: 3, to: 6, items: [{ label: 'Sel20' }] })
    expect(ws.saved.snippets('x; sel ', 7).items).toEqual([])
    expect(ws.saved.snippets('other', 5).items).toEqual([])
  })
})

describe('files', () => {
  const file = { path: '/a/q.sql', lineEnds: '\r\n', mark: true, stamp: '1' }
  beforeEach(() => {
    backend.when('system.chooseFile', () => ({ path: file.path }))
    backend.when('work.openFile', () => ({ file, name: 'q.sql', text: 'select 1', note: '' }))
    backend.when('work.saveFile', (req) => ({ ...req.file, stamp: '2' }))
  })

  it('opens a file once', async () => {
    await openFile(ws)
    ws.newTab()
    await openFile(ws)
    expect(ws.tabs).toHaveLength(2)
    expect(ws.active!.title).toBe('q.sql')
  })

  it('saves with the marks of the file, and asks before it replaces what changed', async () => {
    await openFile(ws)
    const tab = ws.active!
    tab.edited = true
    expect(tab.dirty).toBe(true)
    await saveFile(ws, tab)
    expect(backend.called('work.saveFile').at(-1)).toMatchObject({ file, text: 'select 1', replace: false })
    expect([tab.dirty, tab.file!.stamp]).toEqual([false, '2'])
    backend.when('work.saveFile', (req) => {
      if (!req.replace) throw failure({ kind: 'file_exists', title: 'q.sql was changed on disk.' })
      return { ...req.file, stamp: '3' }
    })
    await saveFile(ws, tab)
    expect(ws.dialog?.kind).toBe('ask')
    if (ws.dialog?.kind === 'ask') ws.dialog.run()
    await vi.waitFor(() => expect(tab.file!.stamp).toBe('3'))
  })

  it('notices changes on disk and takes them when asked', async () => {
    await openFile(ws)
    const tab = ws.active!
    backend.when('work.fileState', () => ({ missing: false, stamp: 'other' }))
    await checkFiles(ws)
    expect(tab.fileNote).toBe('changed')
    backend.when('work.openFile', () => ({
      file: { ...file, stamp: 'other' },
      name: 'q.sql',
      text: 'theirs',
      note: '',
    }))
    await reloadFile(ws, tab)
    expect([tab.fileNote, tab.file!.stamp, tab.dirty]).toEqual(['', 'other', false])
    backend.when('work.fileState', () => ({ missing: true, stamp: '' }))
    await checkFiles(ws)
    expect(tab.fileNote).toBe('gone')
  })

  it('does nothing when the person chooses no file', async () => {
    backend.when('system.chooseFile', () => ({ path: '' }))
    backend.when('system.chooseSave', () => ({ path: '' }))
    await openFile(ws)
    expect(ws.tabs).toHaveLength(0)
    await saveFile(ws, ws.newTab('', 'x'))
    expect(backend.called('work.saveFile')).toEqual([])
  })
})
