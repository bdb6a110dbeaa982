import { beforeEach, expect, it, vi } from 'vitest'
import { deferred, failure, FakeBackend, tree } from '../../lib/api/fake'
import type { ImportCheck, ImportLook, ImportPlan } from '../../lib/api/types'
import { Workspace } from '../../lib/state/workspace.svelte'
import { Wizard } from './wizard.svelte'

const options = {
  format: 'csv',
  encoding: 'UTF-8',
  delimiter: ',',
  quote: '"',
  header: 'yes',
  null: '',
  decimal: '.',
  dates: 'server',
  sheet: '',
}
const column = (name: string, more: Partial<ImportLook['columns'][0]> = {}) => ({
  name,
  type: 'integer',
  first: '1',
  proposed: name.toLowerCase(),
  match: '',
  ...more,
})
const look = (l: Partial<ImportLook> = {}): ImportLook => ({
  path: '/tmp/a.csv',
  name: 'a.csv',
  bytes: 10,
  packing: '',
  options,
  columns: [column('ID', { match: 'id' }), column('Extra')],
  rows: [],
  whole: true,
  notes: [],
  formats: [],
  encodings: [],
  sheets: [],
  proposedTable: 'a',
  rejects: '/tmp/a.rejected.csv',
  table: null,
  ...l,
})
const table = {
  schema: 'public',
  name: 't',
  columns: [{ name: 'id', type: 'integer', required: true }],
  key: ['id'],
}
const check = (c: Partial<ImportCheck> = {}): ImportCheck => ({
  lines: 3,
  whole: true,
  rejected: 0,
  problems: [],
  preview: [],
  ...c,
})

let backend: FakeBackend
let ws: Workspace
beforeEach(() => {
  vi.useFakeTimers()
  backend = new FakeBackend()
  backend.when('schema.tree', () => tree())
  backend.when('imports.look', (req) => look({ table: req.table ? table : null }))
  backend.when('imports.check', () => check())
  ws = new Workspace(backend, false)
})
const settle = () => vi.advanceTimersByTimeAsync(500)
const wizard = async (name = '') => {
  const w = new Wizard(ws, { connectionId: 'c1', path: '/tmp/a.csv', schema: name && 'public', table: name })
  await settle()
  return w
}

it("offers no table of the server's own", async () => {
  backend.when('schema.tree', () =>
    tree({ pg_catalog: ['r pg_class'], public: ['r orders', 'v sums', 'p parts'] }),
  )
  const w = await wizard()
  expect(w.tables.map((t) => `${t.schema}.${t.name}`)).toEqual(['public.orders', 'public.parts'])
})

it('proposes a new table with all columns of the file', async () => {
  const w = await wizard()
  expect(w.step).toBe('format')
  w.toColumns()
  await settle()
  expect(w.plan).toMatchObject({
    table: 'a',
    create: true,
    columns: [
      { name: 'id', type: 'integer' },
      { name: 'extra', type: 'integer' },
    ],
    conflict: '',
  })
  w.place(1, { use: false })
  expect(w.plan.columns[1]).toEqual({ name: '', type: '' })
  w.place(0, { type: ' ' })
  expect(w.ready).toBe(false)
})

it('says that columns fit once a line was read to its end', async () => {
  const w = await wizard()
  expect(w.fits).toBe(false)
  for (const [lines, rejected, fits] of [
    [3, 3, false],
    [0, 0, false],
    [3, 2, true],
  ] as const) {
    backend.when('imports.check', () => check({ lines, rejected }))
    w.toColumns()
    await settle()
    expect(w.fits).toBe(fits)
  }
})

it('leaves out what the table has no column for', async () => {
  const w = await wizard('t')
  w.toColumns()
  await settle()
  w.conflict = 'update'
  expect(w.plan).toMatchObject({
    table: 't',
    create: false,
    conflict: 'update',
    columns: [{ name: 'id' }, { name: '' }],
  })
  await w.choose('', '')
  expect(w.plan).toMatchObject({ table: 'a', create: true, conflict: '' })
})

it('asks the server once nobody changes anything, and takes the latest answer alone', async () => {
  const w = await wizard('t')
  const slow = deferred<ImportCheck>()
  backend.when('imports.check', () => slow.promise)
  w.toColumns()
  await settle()
  expect(w.checking).toBe(true)
  backend.when('imports.check', () => check({ lines: 7 }))
  w.place(1, { use: true, name: 'x' })
  w.place(1, { use: true, name: 'xy' })
  await settle()
  expect(backend.called<ImportPlan>('imports.check').map((p) => p.columns[1]!.name)).toEqual(['', 'xy'])
  expect(w.check?.lines).toBe(7)
  slow.resolve(check({ lines: 1 }))
  await settle()
  expect([w.check?.lines, w.checking]).toEqual([7, false])
})

it('reads the file again in another way, and a format brings its own options', async () => {
  const w = await wizard()
  await w.read({ delimiter: ';' })
  await w.read({ format: 'json' })
  const asked = backend.called<{ options: typeof options }>('imports.look').map((r) => r.options)
  expect(asked[1]).toEqual({ ...options, delimiter: ';' })
  expect(asked[2]).toEqual({
    format: 'json',
    encoding: 'UTF-8',
    delimiter: '',
    quote: '',
    header: '',
    null: '',
    decimal: '',
    dates: '',
    sheet: '',
  })
})

it('stays where it is when the file cannot be read, and when the import cannot begin', async () => {
  backend.when('imports.look', () => {
    throw failure({ title: 'There is no file.' })
  })
  const w = await wizard()
  expect([w.step, w.error?.title, w.path]).toEqual(['file', 'There is no file.', '/tmp/a.csv'])
  backend.when('imports.look', () => look())
  await w.open()
  backend.when('imports.begin', () => {
    throw failure({ title: 'It is closed.' })
  })
  w.toColumns()
  await w.load()
  expect([w.step, w.checkError?.title]).toEqual(['columns', 'It is closed.'])
})

it('keeps every change of the options, however fast they come, and takes back those that fail', async () => {
  const w = await wizard()
  const slow = deferred<ImportLook>()
  backend.when('imports.look', () => slow.promise)
  void w.read({ delimiter: ';' })
  expect(w.options.delimiter).toBe(';')
  backend.when('imports.look', (req) => look({ options: req.options }))
  void w.read({ quote: "'" })
  await settle()
  expect(w.look?.options).toMatchObject({ delimiter: ';', quote: "'" })
  slow.resolve(look())
  await settle()
  expect(w.options).toMatchObject({ delimiter: ';', quote: "'" })
  backend.when('imports.look', () => {
    throw failure({ title: 'This is no workbook.' })
  })
  void w.read({ format: 'xlsx' })
  expect(w.options.format).toBe('xlsx')
  await settle()
  expect([w.options.format, w.error?.title]).toEqual(['csv', 'This is no workbook.'])
})

it('reads the same file again as it was, and another one anew', async () => {
  const w = await wizard()
  backend.when('imports.look', (req) =>
    look({ path: req.path, options: { ...options, ...req.options }, proposedTable: req.path.slice(5, 6) }),
  )
  await w.read({ delimiter: ';' })
  w.place(0, { name: 'number', type: 'bigint' })
  w.place(1, { use: false })
  w.back()
  await w.open()
  expect(w.look?.options.delimiter).toBe(';')
  await w.read({ null: 'NULL' })
  expect(w.places).toEqual([
    { use: true, name: 'number', type: 'bigint' },
    { use: false, name: 'extra', type: 'integer' },
  ])
  w.back()
  w.path = '/tmp/b.csv'
  await w.open()
  expect(backend.called<{ options: typeof options }>('imports.look').at(-1)!.options.delimiter).toBe('')
  expect([w.table, w.places[1]!.use]).toEqual(['b', true])
  w.table = 'mine'
  w.path = '/tmp/c.csv'
  await w.open()
  expect(w.table).toBe('mine')
})

it('goes back to the table that was, when another one cannot be read', async () => {
  const w = await wizard('t')
  w.toColumns()
  await settle()
  w.conflict = 'skip'
  const [first, second] = [deferred<ImportLook>(), deferred<ImportLook>()]
  backend.when('imports.look', () => first.promise)
  void w.choose('public', 'gone')
  backend.when('imports.look', () => second.promise)
  void w.choose('public', 'gone too')
  expect([w.table, w.check]).toEqual(['gone too', null])
  second.reject(failure({ title: 'There is no such table.' }))
  first.resolve(look({ table }))
  await settle()
  expect(w.error?.title).toBe('There is no such table.')
  expect(w.plan).toMatchObject({ schema: 'public', table: 't', create: false, conflict: 'skip' })
  expect(w.check?.lines).toBe(3)
})

it('says that an import could not begin when its dialog is closed already', async () => {
  const w = await wizard()
  const begins = deferred<undefined>()
  backend.when('imports.begin', () => begins.promise)
  w.toColumns()
  void w.load()
  w.leave()
  begins.reject(failure({ title: 'The server is gone.' }))
  await settle()
  expect(JSON.stringify(ws.notices.toasts) + JSON.stringify(ws.notices.bars)).toContain('The server is gone.')
})

it('keeps what was said of each column while the first row is data for a moment', async () => {
  for (const name of ['', 't']) {
    const w = await wizard(name)
    w.toColumns()
    w.place(0, { use: false })
    w.place(1, { use: true, name: 'mine' })
    backend.when('imports.look', (req) =>
      look({
        options: req.options,
        table: req.table ? table : null,
        columns: req.options.header === 'no' ? [column('column1'), column('column2')] : look().columns,
      }),
    )
    w.back()
    await w.read({ header: 'no' })
    expect(w.places).toMatchObject([{ use: false }, { use: true, name: 'mine' }])
    await w.read({ header: 'yes' })
    expect(w.places).toMatchObject([
      { use: false, name: 'id' },
      { use: true, name: 'mine' },
    ])
    w.leave()
  }
})

it('takes what is proposed anew for columns that nobody has touched, and forgets a file that has changed', async () => {
  const w = await wizard()
  const columns = look().columns
  w.place(1, { name: 'mine' })
  backend.when('imports.look', (req) => look({ options: req.options, columns: [column('A'), column('B')] }))
  await w.read({ header: 'no' })
  expect(w.places).toMatchObject([{ name: 'a' }, { name: 'mine' }])
  backend.when('imports.look', (req) => look({ options: req.options, columns: columns.toReversed() }))
  await w.open()
  expect(w.places).toMatchObject([{ name: 'extra' }, { name: 'id' }])
})

it('knows whether a person has said anything that would be lost', async () => {
  const w = await wizard('t')
  w.toColumns()
  await settle()
  expect(w.changed).toBe(false)
  w.conflict = 'skip'
  expect(w.changed).toBe(true)
  w.conflict = ''
  w.place(0, { use: false })
  expect(w.changed).toBe(true)
  const other = await wizard()
  other.call({ table: 'mine' })
  expect([other.changed, other.table]).toEqual([true, 'mine'])
})
