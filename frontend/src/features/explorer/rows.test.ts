import { describe, expect, it } from 'vitest'
import { column, description, failure, tree } from '../../lib/api/fake'
import type { Description, Member, SearchHit, Tree } from '../../lib/api/types'
import type { Part } from '../../lib/state/catalog.svelte'
import { rowsOf, type Held } from './rows'
import { closeNames, index, openAtFirst, systemKey } from './treeindex'

const roastery = () =>
  tree({
    billing: ['r invoices', 'v open_invoices'],
    public: [
      'r customers',
      'r orders',
      'p events',
      'r events_1 of 5',
      'S orders_id_seq',
      'm totals',
      'f abroad',
    ],
    pg_catalog: ['r pg_class', 'r pg_order'],
  })

function held(
  h: Partial<Held> & { descriptions?: Record<number, Part<Description>>; lists?: Part<Member[]> } = {},
) {
  const made: Held = {
    connectionId: 'c1',
    opened: new Map(),
    filter: '',
    turned: new Map(),
    hits: {},
    description: (oid) => h.descriptions?.[oid],
    members: () => h.lists,
    ...h,
  }
  return made
}

/** Rows as text: indented, [+] closed, [-] open, marks in brackets. */
function drawn(t: Tree, h: Partial<Parameters<typeof held>[0]> = {}) {
  return rowsOf(index(t), held(h)).rows.map((r) => {
    const marked = [...r.name].map((c, i) => (r.marks?.includes(i) ? c.toUpperCase() : c)).join('')
    const sign = r.open === undefined ? '' : r.open ? '- ' : '+ '
    return (
      '  '.repeat(r.level) +
      sign +
      marked +
      (r.args ?? '') +
      (r.type ? ` : ${r.type}` : '') +
      (r.meta ? ` (${r.meta})` : '')
    )
  })
}
const open = (...keys: string[]) => new Map(keys.map((k) => [k, undefined]))
const hit = (h: Partial<SearchHit>): SearchHit => ({
  kind: 'column',
  oid: 4,
  schema: 'public',
  name: 'note',
  relation: 'orders',
  detail: 'text',
  marks: [],
  ...h,
})

describe('the tree', () => {
  it('is closed below what is open, empty folders are not drawn, system schemas stand last', () => {
    expect(drawn(roastery(), { opened: open('database', 'schema:1001') })).toEqual([
      '- roastery',
      '  + billing',
      '  - public',
      '    + Tables (3)',
      '    + Foreign tables (1)',
      '    + Materialized views (1)',
      '    + Sequences (1)',
      '  + System schemas (1)',
      '+ Roles',
      '+ Extensions',
    ])
  })

  it('folds partitions under their table', () => {
    const t = roastery()
    t.rows[2] = 41_499
    const opened = open(
      'database',
      'schema:1001',
      'schema:1001/tables',
      'relation:5',
      'relation:5/partitions',
    )
    const descriptions = { 5: { value: description() } }
    expect(drawn(t, { opened, descriptions }).slice(3, 9)).toEqual([
      '    - Tables (3)',
      '      + customers (41 k)',
      '      + orders',
      '      - events (1 part)',
      '        - Partitions (1)',
      '          + events_1',
    ])
  })

  it('keeps a partition whose table is not there', () => {
    const t = tree({ public: ['r events_1 of 99'] })
    expect(drawn(t, { opened: open('database', 'schema:1000') })).toContain('    + Tables (1)')
  })

  it('shows columns, then what has something in it', () => {
    const d = description({
      columns: [
        column({ name: 'id', key: true }),
        column({ name: 'customer', foreign: true }),
        column({ name: 'note', type: 'text' }),
      ],
      indexes: [
        {
          oid: 1,
          name: 'pk',
          definition: '',
          unique: true,
          primary: true,
          valid: true,
          method: 'btree',
          size: 1,
          scans: 1,
          comment: '',
        },
        {
          oid: 2,
          name: 'bad',
          definition: '',
          unique: false,
          primary: false,
          valid: false,
          method: 'btree',
          size: 1,
          scans: 1,
          comment: '',
        },
      ],
      problems: { policies: failure({ title: 'Policies may not be read.' }).info },
    })
    const opened = open(
      'database',
      'schema:1001',
      'schema:1001/tables',
      'relation:4',
      'relation:4/indexes',
      'relation:4/policies',
    )
    const t = roastery()
    const rows = drawn(t, { opened, descriptions: { 4: { value: d } } })
    expect(rows.slice(6, 13)).toEqual([
      '        id : bigint',
      '        customer : bigint',
      '        note : text',
      '        - Indexes (2)',
      '          pk (unique)',
      '          bad (invalid)',
      '        - Policies',
    ])
    expect(rows[13]).toBe('          Policies may not be read.')
    const icons = rowsOf(index(t), held({ opened, descriptions: { 4: { value: d } } })).rows.slice(6, 9)
    expect(icons.map((r) => r.icon)).toEqual(['key-round', 'link-2', undefined])
  })

  it('says what is being read, and what cannot be', () => {
    const opened = open('database', 'schema:1001', 'schema:1001/tables', 'relation:4')
    const row = (part: Part<Description>) =>
      rowsOf(index(roastery()), held({ opened, descriptions: { 4: part } })).rows[6]
    expect(row({})!.name).toBe('events')
    expect(row({ slow: true })).toMatchObject({ name: 'Reading', look: 'reading', level: 4 })
    const error = failure({ title: 'No permission.' }).info
    expect(row({ error })).toMatchObject({ name: 'No permission.', look: 'problem', icon: 'triangle-alert' })
    expect(drawn({ ...roastery(), problems: ['Views were not read.'] }, { opened }).at(-3)).toBe(
      '  Views were not read.',
    )
  })

  it('numbers siblings', () => {
    const { rows } = rowsOf(
      index(roastery()),
      held({ opened: open('database', 'schema:1001', 'schema:1001/tables') }),
    )
    const places = (level: number) => rows.filter((r) => r.level === level).map((r) => `${r.pos}/${r.size}`)
    expect(places(0)).toEqual(['1/3', '2/3', '3/3'])
    expect(places(1)).toEqual(['1/3', '2/3', '3/3'])
    expect(places(3)).toEqual(['1/3', '2/3', '3/3'])
  })

  it('has functions with their arguments, and what is no plain function', () => {
    const t = roastery()
    t.schemas[0]!.functions = 2
    const lists = {
      value: [
        { oid: 90, name: 'due', detail: '(date) numeric', variant: 'function', comment: '' },
        { oid: 91, name: 'post', detail: '()', variant: 'procedure', comment: '' },
      ],
    }
    const opened = open('database', 'schema:1000', 'schema:1000/functions')
    expect(drawn(t, { opened, lists }).slice(4, 7)).toEqual([
      '    - Functions (2)',
      '      due(date) numeric',
      '      post() (procedure)',
    ])
  })

  it('opens at first what is plain', () => {
    expect(openAtFirst(index(roastery()))).toEqual(['database', 'schema:1001', 'schema:1001/tables'])
    expect(openAtFirst(index(tree({ a: ['r x'], b: ['r y'] })))).toEqual(['database'])
    expect(openAtFirst(index(tree({ a: ['v x'] })))).toEqual(['database', 'schema:1000'])
  })
})

describe('the filter', () => {
  it('keeps the parents of what answers, and marks it', () => {
    expect(drawn(roastery(), { filter: 'ord' })).toEqual([
      '- roastery',
      '  - public',
      '    - Tables (1)',
      '      + ORDers',
      '    - Sequences (1)',
      '      ORDers_id_seq',
    ])
  })

  it('finds partitions under their table, and more than one word', () => {
    expect(drawn(roastery(), { filter: 'EVE 1' })).toEqual([
      '- roastery',
      '  - public',
      '    - Tables (1)',
      '      - events (1 part)',
      '        - Partitions (1)',
      '          + EVEnts_1',
    ])
  })

  it('takes a schema and a dot', () => {
    expect(drawn(roastery(), { filter: 'bill.inv' })).toEqual([
      '- roastery',
      '  - BILLing',
      '    - Tables (1)',
      '      + INVoices',
      '    - Views (1)',
      '      + open_INVoices',
    ])
    expect(drawn(roastery(), { filter: 'bill.' })).toEqual(['- roastery', '  + BILLing'])
  })

  it('shows all of a schema whose name alone answers, once it is opened', () => {
    const turned = new Map([['schema:1000', true]])
    expect(drawn(roastery(), { filter: 'billing', turned })).toEqual([
      '- roastery',
      '  - BILLING',
      '    + Tables (1)',
      '    + Views (1)',
    ])
  })

  it('shows the columns, functions and types that Go found', () => {
    const hits = {
      value: [
        hit({ marks: [0, 1, 2, 3] }),
        hit({ kind: 'function', oid: 90, name: 'note_of', relation: '', detail: '(bigint)' }),
        hit({ kind: 'column', oid: 12345, name: 'note' }),
      ],
    }
    const t = roastery()
    const found = rowsOf(index(t), held({ filter: 'note', hits }))
    expect(found.found).toBe(2)
    expect(drawn(t, { filter: 'note', hits })).toEqual([
      '- roastery',
      '  - public',
      '    - Tables (1)',
      '      - orders',
      '        NOTE : text',
      '    - Functions (1)',
      '      note_of(bigint)',
    ])
  })

  it('takes names by their letters only where nothing has the words as they are', () => {
    const fuzzy = {
      value: [
        hit({ name: 'o_r_d', marks: [0, 2, 4] }),
        hit({ kind: 'relation', oid: 3, name: 'customers', detail: 'r', marks: [0, 3] }),
      ],
    }
    expect(rowsOf(index(roastery()), held({ filter: 'ord', hits: fuzzy })).found).toBe(2)
    expect(drawn(roastery(), { filter: 'ctr', hits: fuzzy })).toEqual([
      '- roastery',
      '  - public',
      '    - Tables (2)',
      '      + CusTomers',
      '      - orders',
      '        O_R_D : text',
    ])
  })

  it('leaves system schemas out until they are opened', () => {
    expect(rowsOf(index(roastery()), held({ filter: 'pg_' })).found).toBe(0)
    expect(drawn(roastery(), { filter: 'pg_o', opened: open(systemKey) })).toEqual([
      '- roastery',
      '  - System schemas (1)',
      '    - pg_catalog',
      '      - Tables (1)',
      '        + PG_Order',
    ])
  })

  it('counts, and names what is close', () => {
    expect(rowsOf(index(roastery()), held({ filter: 'inv' })).found).toBe(2)
    expect(rowsOf(index(roastery()), held({ filter: 'xyz' })).found).toBe(0)
    expect(closeNames(index(roastery()), 'custmers')).toEqual(['customers'])
  })

  it('closes and opens among the matches without touching what is open else', () => {
    const turned = new Map([['schema:1001/tables', false]])
    expect(drawn(roastery(), { filter: 'ord', turned })).toEqual([
      '- roastery',
      '  - public',
      '    + Tables (1)',
      '    - Sequences (1)',
      '      ORDers_id_seq',
    ])
  })
})
