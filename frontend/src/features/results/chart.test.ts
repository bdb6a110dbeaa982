import { expect, it } from 'vitest'
import type { Chart, Column } from '../../lib/api/types'
import type { Drawn } from '../../lib/state/charting.svelte'
import {
  ages,
  alongFor,
  caption,
  drawable,
  edgeNumber,
  edgeYear,
  numbersOf,
  scaleOf,
  tell,
  yearMarks,
} from './chart'
import { aggregateOf, columnsFor, functionOf, nextAggregate, nextKey, said } from './groups'

const column = (name: string, typeOid: number): Column => ({
  name,
  type: '',
  class: 'number',
  tableOid: 0,
  attribute: 0,
  typeOid,
})
const columns = [column('at', 1114), column('total', 1700), column('note', 25)]
const drawn = (kind: 'line' | 'bar' | 'scatter', part: Partial<Chart>): Drawn => ({
  chart: {
    at: ['0', '1'],
    labels: ['a', 'b'],
    counts: [1, 1],
    series: [{ values: ['1', ''], texts: ['1.00', 'NULL'] }],
    rows: 2,
    left: 0,
    endless: 0,
    nulls: 0,
    more: 0,
    spans: false,
    elapsedMs: 0,
    ...part,
  },
  spec: { of: 'rows', kind, x: 0, y: [1] },
  columns,
  zone: '',
})

it('says what is drawn, and what is not', () => {
  expect(caption(drawn('line', { rows: 5, left: 2, nulls: 1, endless: 3 }))).toBe(
    'Each of 3 rows is drawn. 2 rows left out: no finite at. 1 value NULL: a gap. 3 values NaN or infinite, not drawn.',
  )
  expect(caption(drawn('line', { rows: 5000, spans: true }))).toBe(
    '5,000 rows in 1 part: of each part the smallest and the greatest value are drawn.',
  )
  expect(caption(drawn('scatter', { rows: 5000, spans: true }))).toBe(
    '2 dots for 5,000 rows: those that lie on each other are one.',
  )
  expect(caption(drawn('scatter', { at: ['0'], rows: 5000, spans: true }))).toMatch(/^1 dot for 5,000 rows/)
  expect(caption(drawn('bar', { more: 7 }))).toBe('The first 2 of 9 rows are drawn.')
})

it('tells the values as the server sent them', () => {
  expect(tell(drawn('line', {}), 0)).toEqual({
    head: 'at a',
    note: '',
    values: [{ series: 0, text: '1.00' }],
  })
  expect(tell(drawn('line', {}), 1).values).toEqual([{ series: 0, text: 'NULL' }])
  const many = drawn('line', {
    spans: true,
    counts: [40, 40],
    series: [
      { values: ['9', '-1'], texts: ['9.00', '-1.00'] },
      { values: ['', ''], texts: ['', ''] },
    ],
  })
  // Either place of a part tells of the whole of it.
  for (const i of [0, 1])
    expect(tell(many, i)).toEqual({
      head: 'at a',
      note: 'from here on 40 rows',
      values: [{ series: 0, text: '-1.00 to 9.00' }],
    })
  expect(tell(drawn('scatter', { spans: true, counts: [3, 1] }), 0).note).toBe(
    'and 2 more rows at the same place',
  )
})

it('names a place as it stands along the foot, or by the number of its row', () => {
  const alone = (d: Drawn): Drawn => ({ ...d, spec: { ...d.spec, x: -1 } })
  expect(tell(drawn('bar', { labels: ["'NULL'", 'NULL'] }), 0).head).toBe("at 'NULL'")
  expect(tell(alone(drawn('bar', { labels: ['1', '2'] })), 1).head).toBe('row 2')
  expect(tell(alone(drawn('line', { at: ['1', '1250.5'], labels: ['', ''] })), 1).head).toBe('row 1,250')
})

it('brings numbers of any size to one that can be drawn', () => {
  expect(scaleOf([1, null, -5000])).toBe(1)
  expect(scaleOf([3e99, null, -2e100])).toBe(1e100)
  expect(scaleOf([2e-12])).toBe(10 ** -12)
  expect(scaleOf([])).toBe(1)
  expect(numbersOf(['1.5', '', '1e+300'])).toEqual([1.5, null, 1e300])
  expect([12500, 0.25, 3e99, 2e-12, 0].map(edgeNumber)).toEqual(['12,500', '0.25', '3e99', '2e-12', '0'])
})

it('marks ages by their years', () => {
  const year = 31_556_952
  expect(ages(0, 100 * year)).toBe(false)
  expect(ages(-2014 * year, 0)).toBe(true)
  expect(yearMarks(-6682 * year, -50 * year).map(edgeYear)).toEqual([
    '4000 BC',
    '3000 BC',
    '2000 BC',
    '1000 BC',
    '1',
    '1000',
  ])
  expect([edgeYear(0), edgeYear(-2013 * year)]).toEqual(['1970', '44 BC'])
})

it('offers along the foot what can stand there', () => {
  expect(alongFor('line', columns)).toEqual([-1, 0, 1])
  expect(alongFor('bar', columns)).toEqual([-1, 0, 1, 2])
  expect(drawable(drawn('line', {}).chart)).toBe(true)
  expect(drawable(drawn('line', { series: [{ values: [''], texts: ['NaN'] }] }).chart)).toBe(false)
})

it('computes what a column can be asked for', () => {
  expect(columnsFor('sum', columns)).toEqual([1])
  expect(aggregateOf('avg', 2, columns)).toEqual({ func: 'avg', column: 1 })
  expect(aggregateOf('max', 2, columns)).toEqual({ func: 'max', column: 2 })
  expect(aggregateOf('rows', 2, columns)).toEqual({ func: 'count', column: -1 })
  expect(aggregateOf('sum', 0, [columns[2]!])).toBeNull()
  expect([functionOf({ func: 'count', column: -1 }), functionOf({ func: 'count', column: 1 })]).toEqual([
    'rows',
    'count',
  ])
  expect(nextAggregate([], columns)).toEqual({ func: 'sum', column: 1 })
  expect(nextAggregate([{ func: 'sum', column: 1 }], columns)).toEqual({ func: 'distinct', column: 0 })
  expect(nextKey([{ column: 0, unit: '' }], columns)).toEqual({ column: 1, unit: '' })
  expect(
    nextKey(
      [0, 1, 2].map((c) => ({ column: c, unit: '' })),
      columns,
    ),
  ).toBeNull()
})

it('says how many groups there are, and what a pivot leaves out', () => {
  const g = { result: { rows: 4 } as never, rows: 1500, values: 0, shown: 0, complete: true, elapsedMs: 1 }
  expect(said(g, '')).toBe('4 groups of 1,500 rows')
  expect(said({ ...g, complete: false }, '')).toBe('4 groups of 1,500 rows so far')
  expect(said({ ...g, values: 150, shown: 100 }, 'note')).toBe(
    '4 rows of 1,500 rows · the first 100 of 150 values of note are columns',
  )
})
