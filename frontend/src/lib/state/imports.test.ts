import { expect, it } from 'vitest'
import { FakeBackend, failure } from '../api/fake'
import type { ImportPlan, ImportState } from '../api/types'
import { Imports, leftOut } from './imports.svelte'
import { Notices } from './notices.svelte'

const state = (s: Partial<ImportState> = {}): ImportState => ({
  jobId: 'j1',
  connectionId: 'c1',
  path: '/tmp/a.csv',
  schema: 'public',
  table: 'beans',
  state: 'running',
  rows: 10,
  rejected: 0,
  skipped: 0,
  read: 100,
  bytes: 1000,
  elapsedMs: 1200,
  rejects: '',
  ...s,
})

function begin() {
  const backend = new FakeBackend()
  const notices = new Notices()
  return { backend, notices, imports: new Imports(backend, notices) }
}

it('follows each import, and tells of its end what is not in view', () => {
  const { backend, notices, imports } = begin()
  backend.emit('import', state())
  backend.emit('import', state({ jobId: 'j2' }))
  backend.emit('import', state({ rows: 20 }))
  expect(imports.running.map((s) => [s.jobId, s.rows])).toEqual([
    ['j1', 20],
    ['j2', 10],
  ])
  backend.emit('import', state({ state: 'done', rows: 1234, rejected: 2, rejects: '/tmp/r.csv' }))
  expect(imports.running.map((s) => s.jobId)).toEqual(['j2'])
  expect(imports.of('j1')).toBeUndefined()
  expect(notices.toasts).toMatchObject([
    {
      tone: 'warn',
      title: 'Imported 1,234 rows into beans',
      detail: '2 rows rejected, now in /tmp/r.csv · 1.2 s',
    },
  ])
  backend.emit('import', state({ jobId: 'j2', state: 'cancelled' }))
  expect(notices.said).toBe('Import of a.csv cancelled; beans is as it was')
  backend.emit(
    'import',
    state({ state: 'failed', error: failure({ title: 'Line 3: no', message: 'bad', hint: 'Do.' }).info }),
  )
  expect(notices.toasts.at(-1)).toMatchObject({ tone: 'error', title: 'Line 3: no', detail: 'Do.\nbad' })
})

it('keeps the end of the import in view, and says nothing else of it', async () => {
  const { backend, notices, imports } = begin()
  const id = await imports.begin({} as ImportPlan)
  expect(backend.called('imports.begin')).toEqual([{ jobId: id, plan: {} }])
  backend.emit('import', state({ jobId: id }))
  backend.emit('import', state({ jobId: id, state: 'done', rows: 5 }))
  expect(imports.of(id)).toMatchObject({ state: 'done', rows: 5 })
  expect(imports.running).toEqual([])
  expect(notices.toasts).toEqual([])
  imports.leave()
  expect(imports.of(id)).toBeUndefined()
  imports.cancel(id)
  expect(backend.called('imports.cancel')).toEqual([{ jobId: id }])
})

it('says what is left out', () => {
  expect(leftOut(state({ skipped: 1, rejected: 3, rejects: '/r' }))).toEqual([
    '1 row skipped, whose key was there',
    '3 rows rejected, now in /r',
  ])
})
