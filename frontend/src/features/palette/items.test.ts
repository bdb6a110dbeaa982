import { describe, expect, it } from 'vitest'
import { connection, tree } from '../../lib/api/fake'
import type { SearchHit } from '../../lib/api/types'
import type { Command } from '../../lib/state/commands'
import { SettingsPage } from '../../lib/state/views.svelte'
import {
  commandItems,
  connectionItems,
  firstObjects,
  inOrder,
  objectItems,
  readQuery,
  tabItems,
} from './items'

const run = () => undefined
const commands: Command[] = [
  { id: 'run', title: 'Run all', group: 'Run', keys: ['Mod-Shift-Enter'], words: 'execute script', run },
  { id: 'sample', title: 'Open the sample database', group: 'Connections', run },
  { id: 'keys', title: 'All keys', group: 'Window', words: 'help shortcuts', run },
  { id: 'commit', title: 'Commit', group: 'Transaction', run },
  { id: 'connections', title: 'Show all connections', group: 'Window', run },
]
const ids = (query: string) => commandItems(query, commands).map((i) => i.id)
const hit = (h: Partial<SearchHit> = {}): SearchHit => ({
  kind: 'relation',
  oid: 1,
  schema: 'public',
  name: 'orders',
  relation: '',
  detail: 'r',
  marks: [0, 1, 2],
  ...h,
})

describe('readQuery', () => {
  it.each([
    ['ord', false, { mode: 'all', query: 'ord' }],
    ['ord', true, { mode: 'objects', query: 'ord' }],
    ['> run ', false, { mode: 'commands', query: 'run' }],
    ['>run', true, { mode: 'commands', query: 'run' }],
    ['@', false, { mode: 'objects', query: '' }],
  ])('%j', (text, objects, read) => expect(readQuery(text, objects)).toEqual(read))
})

it('a group whose first begins with what was typed comes before those that have only its letters', () => {
  const group = (title: string, ...items: string[]) => ({
    title,
    items: items.map((t) => ({ id: t, title: t, marks: [], sub: '', run })),
  })
  const titles = (query: string, ...groups: ReturnType<typeof group>[]) =>
    inOrder(query, groups).map((g) => g.title)
  const [objects, all] = [group('Objects', 'attr_max_length'), group('Commands', 'Health', 'All that')]
  expect(titles('heal', objects, all)).toEqual(['Commands', 'Objects'])
  expect(titles('a', objects, all)).toEqual(['Objects', 'Commands'])
  expect(titles('h', group('Objects', 'height'), all)).toEqual(['Objects', 'Commands'])
  expect(titles('', objects, all)).toEqual(['Objects', 'Commands'])
})

describe('commands', () => {
  it('are all there in their order while nothing is typed', () => {
    expect(ids('')).toEqual(['run', 'sample', 'keys', 'commit', 'connections'])
  })
  it('are ranked by how their title answers, then found by other words', () => {
    expect(ids('all')).toEqual(['keys', 'run', 'connections'])
    expect(ids('connections')).toEqual(['connections', 'sample'])
    expect(ids('run a')).toEqual(['run'])
    expect(ids('sample open')).toEqual(['sample'])
    expect(ids('help')).toEqual(['keys'])
    expect(ids('nothing like it')).toEqual([])
  })
  it('carry their keys and marks', () => {
    expect(commandItems('run', commands)[0]).toMatchObject({
      keys: 'Mod-Shift-Enter',
      marks: [0, 1, 2],
      sub: 'Run',
    })
  })
})

describe('tabs and connections', () => {
  it('are found by their names', () => {
    const views = [new SettingsPage()]
    const gone: string[] = []
    const [item] = tabItems('sett', views, (v) => gone.push(v.id))
    item!.run()
    expect(gone).toEqual(['settings'])
    expect(connectionItems('stag', [connection()], run)[0]).toMatchObject({
      title: 'Roastery staging',
      sub: 'app_rw@roastery',
    })
  })
})

describe('objects', () => {
  const t = tree({ public: ['r orders', 'v open_orders', 'r part of 1'], pg_catalog: ['r pg_class'] })
  t.rows[0] = 2_100_000

  it('say where they are and what, with rows where these are known', () => {
    const found = objectItems(
      'c1',
      [
        hit(),
        hit({ oid: 2, name: 'open_orders', detail: 'v' }),
        hit({ kind: 'column', name: 'order_id', relation: 'order_items', detail: 'bigint' }),
        hit({ kind: 'function', oid: 9, name: 'order_total', detail: '(bigint) numeric' }),
        hit({ kind: 'schema', oid: 8, schema: '', name: 'orders', detail: '' }),
      ],
      t,
      run,
    )
    expect(found.map((i) => [i.icon, i.sub])).toEqual([
      ['table-2', 'public · 2.1 M rows'],
      ['eye', 'public · view'],
      ['columns-3', 'public.order_items · bigint'],
      ['square-function', 'public · (bigint) numeric'],
      ['box', 'schema'],
    ])
    expect(new Set(found.map((i) => i.id)).size).toBe(found.length)
    t.rows[0] = 1
    expect(objectItems('c1', [hit()], t, run)[0]?.sub).toBe('public · 1 row')
  })

  it('open the page of a column’s table, at the column', () => {
    const opened: unknown[] = []
    const column = hit({ kind: 'column', oid: 7, name: 'note', relation: 'orders', detail: 'text' })
    objectItems('c1', [column], null, (target, name) =>
      opened.push([target.kind, target.oid, target.name, name]),
    )[0]!.run()
    expect(opened).toEqual([['relation', 7, 'orders', 'note']])
  })

  it('are the first of the person’s own while nothing is typed', () => {
    expect(firstObjects(t, 10).map((h) => h.name)).toEqual(['orders', 'open_orders'])
    expect(firstObjects(null, 10)).toEqual([])
  })
})
