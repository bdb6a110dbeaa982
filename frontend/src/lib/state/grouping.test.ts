import { beforeEach, expect, it } from 'vitest'
import { deferred, FakeBackend, failure } from '../api/fake'
import type { Chart, ChartRequest, Column, GroupRequest, Groups, Result } from '../api/types'
import { firstChart } from './charting.svelte'
import { countRows } from './grouping.svelte'
import { arrangementOf } from './arrangement.svelte'
import { perspectiveOf, type Perspective } from './perspective.svelte'
import { ResultWindow } from './result.svelte'

const column = (name: string, type: string, typeOid: number, kind: string): Column => ({
  name,
  type,
  class: kind,
  tableOid: 0,
  attribute: 0,
  typeOid,
})
const id = column('id', 'int4', 23, 'number')
const mood = column('mood', 'mood', 16400, 'text')
const at = column('at', 'timestamptz', 1184, 'time')
const total = column('total', 'numeric', 1700, 'number')

const result = (resultId: string, columns: Column[], rows: number, complete = true): Result => ({
  id: resultId,
  columns,
  rows,
  bytes: 0,
  complete,
  partial: false,
  dateStyle: '',
  timeZone: 'Europe/Berlin',
})
const groups = (req: GroupRequest, part: Partial<Groups> = {}): Groups => ({
  result: result(req.groupId, [{ ...mood, type: 'oid 16400' }, id], 3),
  rows: 100,
  values: 0,
  shown: 0,
  complete: true,
  elapsedMs: 1,
  ...part,
})

let backend: FakeBackend
let look: Perspective
const asked = () => backend.called<GroupRequest>('queries.group')
const settled = () => new Promise((r) => setTimeout(r))

beforeEach(() => {
  backend = new FakeBackend()
  backend.when('queries.group', (req) => groups(req))
  backend.when('queries.unpin', () => undefined)
  backend.when('queries.stopWork', () => undefined)
  backend.when('queries.view', (req) => ({
    viewId: req.viewId,
    rows: 10,
    of: 100,
    complete: true,
    rules: [],
    elapsedMs: 1,
  }))
  backend.when('queries.page', (req) => ({
    resultId: req.resultId,
    from: 0,
    rows: [],
    cut: [],
    total: 3,
    complete: true,
  }))
  backend.when('queries.chart', () => ({
    at: [],
    labels: [],
    counts: [],
    series: [],
    rows: 0,
    left: 0,
    endless: 0,
    nulls: 0,
    more: 0,
    spans: false,
    elapsedMs: 1,
  }))
  const base = new ResultWindow(
    (req) => backend.queries.page(req),
    result('r/0.0', [id, mood, at, total], 100),
  )
  look = perspectiveOf(backend, base)
})

it('begins with the first column that has kinds, and keeps what it made until there is something else', async () => {
  const { grouping } = look
  expect(grouping.spec).toEqual({ keys: [{ column: 1, unit: '' }], across: null, aggregates: [countRows] })
  expect(grouping.fresh).toBe(false)
  await grouping.again()
  expect(grouping.window!.id).toBe(asked()[0]!.groupId)
  // The name that the type has now, not the one it had when the groups were made.
  expect(grouping.window!.columns.map((c) => c.type)).toEqual(['mood', 'int4'])
  expect(grouping.fresh).toBe(true)
  const first = grouping.window!.id
  await grouping.ask({ ...grouping.spec, across: { column: 2, unit: 'month' } })
  expect(grouping.window!.id).not.toBe(first)
  expect(backend.called('queries.unpin')).toEqual([{ resultId: first }])
  expect(arrangementOf(backend, grouping.window!).frozen).toBe(1)
})

it('is of other rows when they are filtered, and when more have come', async () => {
  const { grouping } = look
  await grouping.again()
  const work = arrangementOf(backend, look.base)
  await work.filterBy([{ column: 0, op: '>', values: ['90'], case: false }])
  expect(grouping.fresh).toBe(false)
  await grouping.again()
  expect(asked()[1]!.resultId).toBe(work.window.id)
  expect(grouping.fresh).toBe(true)
  backend.when('queries.group', (req) => groups(req, { complete: false }))
  await grouping.again()
  expect(grouping.fresh).toBe(false)
})

it('gives up what was asked before, and lets go of it when it comes all the same', async () => {
  const slow = deferred<Groups>()
  backend.when('queries.group', () => slow.promise)
  const before = look.grouping.again()
  const { groupId } = asked()[0]!
  backend.when('queries.group', (req) => groups(req))
  await look.grouping.again()
  const shown = look.grouping.window
  slow.resolve(groups({ groupId } as GroupRequest))
  await before
  expect(look.grouping.window).toBe(shown)
  expect(backend.called('queries.stopWork')).toEqual([{ id: groupId }])
  expect(backend.called('queries.unpin')).toEqual([{ resultId: groupId }])
})

it('says what is wrong, and does not begin again by itself when it was ended', async () => {
  const { job } = look.grouping
  backend.when('queries.group', () => {
    throw failure({ title: 'A sum of texts.' })
  })
  await look.grouping.again()
  expect(job.error?.title).toBe('A sum of texts.')
  expect(job.idle).toBe(false)
  const slow = deferred<Groups>()
  backend.when('queries.group', () => slow.promise)
  void look.grouping.again()
  expect(job.working?.what).toBe('Grouping')
  job.cancel()
  expect([job.working, job.stopped, job.idle]).toEqual([null, true, false])
  await settled()
  expect(look.grouping.window).toBeNull()
})

it('draws what was looked at', async () => {
  look.show('chart')
  expect(look.charting.spec).toEqual({ of: 'rows', kind: 'line', x: 2, y: [3] })
  await settled()
  expect(look.charting.fresh).toBe(true)
  expect(look.rows).toBe(look.base)
  await look.grouping.again()
  look.show('group')
  expect(look.rows).toBe(look.grouping.window)
  look.show('chart')
  await settled()
  expect(look.charting.spec).toEqual({ of: 'groups', kind: 'bar', x: 0, y: [1] })
  expect(backend.called<ChartRequest>('queries.chart').at(-1)!.resultId).toBe(look.grouping.window!.id)
  expect(look.charting.drawn!.zone).toBe('Europe/Berlin')
})

it('draws other groups by the columns that they have', async () => {
  const made = (...columns: Column[]) =>
    backend.when('queries.group', (req) => groups(req, { result: result(req.groupId, columns, 3) }))
  made(mood, id, total)
  await look.grouping.again()
  look.show('group')
  look.show('chart')
  await settled()
  expect(look.charting.spec).toMatchObject({ x: 0, y: [2] })
  look.show('group')
  made(at, id)
  await look.grouping.again()
  look.show('chart')
  await settled()
  expect(look.charting.spec).toMatchObject({ of: 'groups', kind: 'line', x: 0, y: [1] })
  // They come while the chart is looked at.
  made(total)
  await look.grouping.again()
  await look.charting.again()
  expect(look.charting.spec).toMatchObject({ of: 'groups', x: -1, y: [0] })
  made(mood)
  await look.grouping.again()
  look.charting.propose('groups')
  made(mood, total)
  await look.grouping.again()
  look.show('group')
  look.show('chart')
  expect(look.charting.spec).toMatchObject({ of: 'groups', x: 0, y: [1] })
})

it('draws nothing that comes after there is nothing to draw', async () => {
  const slow = deferred<Chart>()
  const none = await backend.queries.chart({} as ChartRequest)
  backend.when('queries.chart', () => slow.promise)
  look.charting.propose('rows')
  backend.when('queries.group', (req) => groups(req, { result: result(req.groupId, [mood], 3) }))
  await look.grouping.again()
  expect(look.charting.propose('groups')).toBe(false)
  expect(look.charting.job.working).toBeNull()
  slow.resolve(none)
  await settled()
  expect(look.charting.drawn).toBeNull()
})

it('begins with a name that says so when no type does', () => {
  const of = (...columns: Column[]) =>
    perspectiveOf(backend, new ResultWindow((req) => backend.queries.page(req), result('q/0.0', columns, 5)))
      .grouping.spec.keys
  const text = (name: string) => column(name, 'text', 25, 'text')
  expect(of(id, text('name'), text('status'))).toEqual([{ column: 2, unit: '' }])
  expect(of(id, text('name'), total)).toEqual([{ column: 1, unit: '' }])
  expect(of(text('order_id'), total, at)).toEqual([{ column: 2, unit: 'month' }])
  expect(of(total)).toEqual([{ column: 0, unit: '' }])
  expect(of()).toEqual([])
})

it('proposes a chart by the types', () => {
  expect(firstChart('groups', [mood, total], 5000)).toMatchObject({ kind: 'bar', x: 0, y: [1] })
  expect(firstChart('rows', [mood], 10)).toBeNull()
  expect(firstChart('rows', [mood, total], 10)).toMatchObject({ kind: 'bar', x: 0, y: [1] })
  expect(firstChart('rows', [mood, total], 5000)).toMatchObject({ kind: 'line', x: -1, y: [1] })
  expect(firstChart('rows', [id, total], 5000)).toMatchObject({ kind: 'line', x: 0, y: [1] })
  expect(firstChart('rows', [total, total], 5000)).toMatchObject({ kind: 'scatter', x: 0, y: [1] })
  expect(firstChart('rows', [id], 5)).toMatchObject({ kind: 'line', x: -1, y: [0] })
})
