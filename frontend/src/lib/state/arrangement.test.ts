import { beforeEach, expect, it } from 'vitest'
import { deferred, FakeBackend, failure } from '../api/fake'
import type { Result, View, ViewRequest } from '../api/types'
import { Arrangement, down, ruleWords, up } from './arrangement.svelte'
import { ResultWindow } from './result.svelte'

const columns = ['id', 'status', 'total'].map((name) => ({
  name,
  type: 'int4',
  class: 'number',
  tableOid: 0,
  attribute: 0,
  typeOid: 23,
}))
const result = (rows: number, complete = true): Result => ({
  id: 'r/0.0',
  columns,
  rows,
  bytes: 0,
  complete,
  partial: false,
  dateStyle: '',
  timeZone: '',
})
const view = (req: ViewRequest, part: Partial<View> = {}): View => ({
  viewId: req.viewId,
  rows: 10,
  of: 100,
  complete: true,
  rules: [],
  elapsedMs: 1,
  ...part,
})

let backend: FakeBackend
let base: ResultWindow
let work: Arrangement
const sorts = () => backend.called<ViewRequest>('queries.view').map((r) => r.sort)
const settled = () => new Promise((r) => setTimeout(r))

beforeEach(() => {
  backend = new FakeBackend()
  backend.when('queries.view', (req) => view(req))
  backend.when('queries.page', (req) => ({
    resultId: req.resultId,
    from: 0,
    rows: [],
    cut: [],
    total: 10,
    complete: true,
  }))
  backend.when('queries.stopWork', () => undefined)
  base = new ResultWindow((req) => backend.queries.page(req), result(100))
  work = new Arrangement(backend, base)
})

it('keeps its columns frozen while others are hidden and moved', () => {
  work.freeze(2)
  work.show([0, 2, 1])
  expect(work.frozen).toBe(2)
  work.show([2, 1])
  expect(work.frozen).toBe(1)
  work.show(null)
  expect([work.frozen, work.columns]).toEqual([1, [0, 1, 2]])
})

it('turns the order of a column: up, down, away; with Shift beside the others', async () => {
  work.turnSort(2, false)
  await settled()
  expect(work.asked.sort).toEqual([up(2)])
  expect(work.window).not.toBe(base)
  work.turnSort(0, true)
  await settled()
  work.turnSort(2, true)
  await settled()
  expect(work.asked.sort).toEqual([down(2), up(0)])
  work.turnSort(2, true)
  await settled()
  expect(work.asked.sort).toEqual([up(0)])
  work.turnSort(0, false)
  await settled()
  work.turnSort(0, false)
  expect(work.asked.sort).toEqual([])
  expect(work.window).toBe(base)
  // Alone, a column that was one of several begins anew.
  work.sortBy([down(0), up(1)])
  await settled()
  work.turnSort(0, false)
  await settled()
  expect(sorts().at(-1)).toEqual([up(0)])
})

it('takes back what was asked, and removes the views nobody sees', async () => {
  work.turnSort(0, false)
  await settled()
  await work.filterBy([{ column: 1, op: '=', values: ['5'], case: false }])
  const first = backend.called<ViewRequest>('queries.view')[0]!.viewId
  expect(backend.called<{ id: string }>('queries.stopWork')).toEqual([{ id: first }])
  await work.undo()
  expect(work.asked).toMatchObject({ sort: [up(0)], filter: [] })
  await work.undo()
  expect(work.window).toBe(base)
  expect(work.canUndo).toBe(false)
})

it('keeps what is shown when something cannot be asked, or is stopped', async () => {
  work.turnSort(0, false)
  await settled()
  const shown = work.window
  backend.when('queries.view', () => {
    throw failure({ kind: 'usage', title: '“x” is nothing that id could be compared with.' })
  })
  expect(await work.filterBy([{ column: 0, op: '<', values: ['x'], case: false }])).toBe(false)
  expect(work.job.error?.title).toContain('“x”')
  expect(work.window).toBe(shown)
  const slow = deferred<View>()
  backend.when('queries.view', () => slow.promise)
  const asked = work.filterBy([{ column: 0, op: '=', values: ['1'], case: false }])
  expect(work.job.working?.what).toBe('Sorting')
  const { viewId } = backend.called<ViewRequest>('queries.view').at(-1)!
  backend.emit('work', { id: viewId, done: 3, total: 12 })
  expect(work.job.working).toMatchObject({ done: 3, total: 12 })
  work.stop()
  slow.resolve(view(backend.called<ViewRequest>('queries.view').at(-1)!))
  expect(await asked).toBe(false)
  expect(work.window).toBe(shown)
  expect(work.job.working).toBeNull()
})

it('looks at the rows that came later once all are there, and once only', async () => {
  base.update(result(50, false))
  backend.when('queries.view', (req) => view(req, { complete: false, of: 50 }))
  work.turnSort(0, false)
  await settled()
  backend.when('queries.view', (req) => view(req))
  await work.settle()
  expect(work.view?.complete).toBe(true)
  await work.settle()
  expect(sorts()).toHaveLength(2)
  expect(work.canUndo).toBe(true) // of the order, not of the second look
})

it('says by what rule a column is ordered', () => {
  const rule = (kind: string, language = '', asText = false) => ruleWords({ kind, language, asText })
  expect(rule('number')).toBe('as numbers, NaN last')
  expect(rule('unicode', 'de')).toBe('as text, by Unicode’s rules for de')
  expect(rule('bytes')).toContain('as the server does')
  expect(rule('bytes', '', true)).toContain('another order')
  expect(ruleWords(undefined)).toBe('')
})
