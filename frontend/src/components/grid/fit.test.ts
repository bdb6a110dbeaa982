import { expect, it } from 'vitest'
import { columnsOf, firstWidths, fitWidth, hasData, typicalLength } from './fit'
import { rough as m } from './measure'
import type { GridCell, GridSource } from './types'

const table = (rows: number, value: (row: number, col: number) => GridCell, columns = 2): GridSource => ({
  rows,
  version: 0,
  columns: Array.from({ length: columns }, () => ({ name: 'name', type: 'text', class: 'text' })),
  cell: value,
  cutLength: () => undefined,
  ensure: () => undefined,
})

it('opens as wide as the first rows need, within reason', () => {
  const widths = firstWidths(
    table(10, (row, col) => (col === 0 ? 'x' : 'y'.repeat(row * 2 + 2))),
    m,
  )
  expect(widths).toEqual([67, Math.ceil(20 * 7.21) + 17])
  expect(
    firstWidths(
      table(1, () => 'z'.repeat(5000)),
      m,
    ),
  ).toEqual([360, 360])
})

it('leaves room for the values of a type that have not come yet', () => {
  const columns = [
    { name: 'id', type: 'int4', class: 'number' },
    { name: 'at', type: 'timestamptz', class: 'time' },
    { name: 'b', type: 'text', class: 'text' },
  ]
  expect(firstWidths({ ...table(3, () => '1'), columns }, m)).toEqual([
    Math.ceil(72.1) + 17,
    Math.ceil(29 * 7.21) + 17,
    64,
  ])
})

it.each([
  ['int8', 13],
  ['numeric(12,2)', 14],
  ['numeric(5,0)', 6],
  ['numeric(5,-2)', 6],
  ['numeric(1000,500)', 20],
  ['timestamp(3)', 23],
  ['timestamptz(0)', 22],
  ['varchar(8)', 8],
  ['varchar(4000)', 20],
  ['text', 0],
  ['int4[]', 0],
  ['order_status', 0],
  ['an "odd(" name', 0],
])('keeps room for %s', (type, length) => {
  expect(typicalLength(type)).toBe(length)
})

it('looks at no more than it must', () => {
  let seen = 0
  firstWidths(
    table(1_000_000, () => (seen++, 'abc'), 1664),
    m,
  )
  expect(seen).toBeLessThan(50_000)
})

it('fits to what is shown when asked', () => {
  const source = table(100, (row) => (row === 50 ? 'x'.repeat(90) : 'x'))
  expect(fitWidth(source, 0, 0, 10, m)).toBeLessThan(70)
  expect(fitWidth(source, 0, 45, 55, m)).toBe(Math.ceil(90 * 7.21) + 17)
})

it('counts a Han character twice', () => {
  expect(columnsOf('ab漢字')).toBe(6)
})

it('knows whether anything is there', () => {
  expect(hasData(table(0, () => 'x'))).toBe(false)
  expect(hasData(table(5, () => undefined))).toBe(false)
  expect(hasData(table(5, () => null))).toBe(true)
})
