import { expect, it } from 'vitest'
import { columnsOf, firstWidths, fitWidth, hasData } from './fit'
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
  expect(widths).toEqual([64, Math.ceil(20 * 7.21) + 17])
  expect(
    firstWidths(
      table(1, () => 'z'.repeat(5000)),
      m,
    ),
  ).toEqual([360, 360])
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
  expect(fitWidth(source, 0, 0, 10, m)).toBeLessThan(60)
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
