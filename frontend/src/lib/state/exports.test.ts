import { expect, it, vi } from 'vitest'
import { FakeBackend, failure, result, tree } from '../api/fake'
import type { ExportState } from '../api/types'
import { Exports, tableOf } from './exports.svelte'
import { Notices } from './notices.svelte'

const state = (s: Partial<ExportState> = {}): ExportState => ({
  jobId: 'j1',
  path: '/tmp/a.csv',
  state: 'running',
  rows: 10,
  total: -1,
  bytes: 2000,
  elapsedMs: 1200,
  rowsPerSecond: 8,
  partial: false,
  ...s,
})

function begin() {
  const backend = new FakeBackend()
  const notices = new Notices()
  return { backend, notices, exports: new Exports(backend, notices) }
}

it('follows each export until it is over', () => {
  const { backend, notices, exports } = begin()
  backend.emit('export', state())
  backend.emit('export', state({ jobId: 'j2' }))
  backend.emit('export', state({ rows: 20 }))
  expect(exports.running.map((s) => [s.jobId, s.rows])).toEqual([
    ['j1', 20],
    ['j2', 10],
  ])
  backend.emit('export', state({ state: 'done', rows: 30 }))
  expect(exports.running.map((s) => s.jobId)).toEqual(['j2'])
  expect(notices.toasts).toMatchObject([
    { tone: 'ok', title: 'Exported 30 rows', detail: '/tmp/a.csv · 2 kB · 1.2 s' },
  ])
})

it('tells what went wrong, what is missing, and that nothing was lost', () => {
  const { backend, notices, exports } = begin()
  const error = {
    ...failure({ kind: 'file_full', title: 'There is no room left.', hint: 'Free some.' }).info,
  }
  backend.emit('export', state({ state: 'failed', error }))
  backend.emit('export', state({ state: 'done', partial: true }))
  expect(notices.toasts).toMatchObject([
    { tone: 'error', title: 'There is no room left.', detail: 'Free some.' },
    { tone: 'warn', title: 'Exported 10 rows; the end is missing' },
  ])
  backend.emit('export', state({ state: 'cancelled' }))
  expect(notices.said).toBe('Export cancelled; a.csv is as it was')
  expect(exports.running).toEqual([])
})

it('finds the one table the rows are of', () => {
  const objects = tree({ public: ['r orders'], Sales: ['r Lines', 'r user'] })
  const of = (...oids: number[]) =>
    tableOf(
      oids.map((tableOid) => ({ ...result().columns[0]!, tableOid })),
      objects,
    )
  expect(of(1, 1)).toBe('orders')
  expect(of(2)).toBe('"Sales"."Lines"')
  expect(of(1, 2)).toBe('')
  expect(of(0)).toBe('')
  expect(of(99)).toBe('')
  expect(of()).toBe('')
  expect(tableOf(result().columns, null)).toBe('')
})

it('is told once however often it is said, and stays while it is read', () => {
  vi.useFakeTimers()
  const notices = new Notices()
  for (const title of ['Exported', 'Imported', 'Exported']) notices.toast({ tone: 'ok', title })
  expect(notices.toasts.map((t) => t.title)).toEqual(['Imported', 'Exported'])
  notices.keep(notices.toasts[1]!.id)
  vi.advanceTimersByTime(60_000)
  expect(notices.toasts.map((t) => t.title)).toEqual(['Exported'])
  vi.useRealTimers()
})

it('what is told while a dialog lies over it is there until it was seen', () => {
  vi.useFakeTimers()
  const notices = new Notices()
  let covered = true
  notices.covered = () => covered
  notices.toast({ tone: 'ok', title: 'Exported' })
  vi.advanceTimersByTime(60_000)
  expect(notices.toasts).toHaveLength(1)
  covered = false
  vi.advanceTimersByTime(6000)
  expect(notices.toasts).toEqual([])
  vi.useRealTimers()
})
