import { expect, it } from 'vitest'
import * as S from './selection'

const size = { rows: 10_000_000, cols: 100 }
const at = (row: number, col: number) => ({ row, col })
const cells = (sel: S.Selection) => S.report(sel).cells

it('counts a billion cells without looking at one', () => {
  const started = performance.now()
  expect(cells(S.all(size, null))).toBe(1_000_000_000)
  expect(cells(S.pick(size, at(5, 3), 'columns'))).toBe(10_000_000)
  expect(cells(S.pick(size, at(5, 3), 'rows'))).toBe(100)
  expect(performance.now() - started).toBeLessThan(50)
})

it('counts what two ranges share once', () => {
  let sel = S.extend(S.pick(size, at(0, 0)), size, at(9, 9))
  sel = S.extend(S.add(sel, size, at(5, 5)), size, at(14, 14))
  expect(cells(sel)).toBe(100 + 100 - 25)
})

it('agrees with counting one by one, for any ranges', () => {
  let seed = 11
  const next = (n: number) => (seed = (seed * 16807) % 2147483647) % n
  for (let round = 0; round < 300; round++) {
    const ranges = Array.from({ length: 1 + next(5) }, () => {
      const top = next(12)
      const left = next(12)
      return { top, left, bottom: top + next(6), right: left + next(6) }
    })
    const seen = new Set<string>()
    for (const r of ranges)
      for (let row = r.top; row <= r.bottom; row++)
        for (let col = r.left; col <= r.right; col++) seen.add(`${row} ${col}`)
    expect(S.countCells(ranges)).toBe(seen.size)
  }
})

it('extends from the active cell in every direction', () => {
  const start = S.pick(size, at(10, 10))
  const sel = S.extend(S.extend(start, size, at(20, 15)), size, at(5, 2))
  expect(S.report(sel)).toEqual({
    ranges: [{ top: 5, left: 2, bottom: 10, right: 10 }],
    active: at(10, 10),
    cells: 6 * 9,
  })
})

it('extends rows as rows and columns as columns', () => {
  expect(S.extend(S.pick(size, at(3, 7), 'rows'), size, at(5, 0)).spans).toMatchObject([
    { top: 3, bottom: 5, left: 0, right: 99 },
  ])
  expect(S.extend(S.pick(size, at(3, 7), 'columns'), size, at(5, 4)).spans).toMatchObject([
    { top: 0, bottom: 9_999_999, left: 4, right: 7 },
  ])
})

it('widens a range to its rows, its columns, and both', () => {
  const range = S.extend(S.pick(size, at(1, 1)), size, at(3, 4))
  expect(S.widen(range, size, 'rows').spans).toMatchObject([{ top: 1, bottom: 3, left: 0, right: 99 }])
  const columns = S.widen(range, size, 'columns')
  expect(columns.spans).toMatchObject([{ top: 0, bottom: 9_999_999, left: 1, right: 4 }])
  expect(cells(S.widen(columns, size, 'rows'))).toBe(1_000_000_000)
})

it('lets whole columns follow the rows that arrive, and cells stay', () => {
  const few = { rows: 10, cols: 3 }
  const more = { rows: 500, cols: 3 }
  expect(cells(S.fit(S.pick(few, at(0, 1), 'columns'), more))).toBe(500)
  expect(cells(S.fit(S.all(few, null), more))).toBe(1500)
  expect(cells(S.fit(S.extend(S.pick(few, at(0, 0)), few, at(9, 0)), more))).toBe(10)
})

it('lets go of what is no more', () => {
  const few = { rows: 2, cols: 2 }
  expect(S.fit(S.pick(size, at(50, 50)), few)).toEqual(S.nothing)
  const both = S.fit(S.add(S.pick(size, at(1, 1)), size, at(50, 50)), few)
  expect(S.report(both)).toEqual({
    ranges: [{ top: 1, left: 1, bottom: 1, right: 1 }],
    active: at(1, 1),
    cells: 1,
  })
  expect(S.fit(S.pick(size, at(0, 0)), { rows: 0, cols: 2 })).toEqual(S.nothing)
})

it('selects nothing of nothing', () => {
  expect(S.pick({ rows: 0, cols: 5 }, at(0, 0))).toEqual(S.nothing)
  expect(S.all({ rows: 5, cols: 0 }, null)).toEqual(S.nothing)
})

it('draws a line around ranges and not around one cell', () => {
  expect(S.outlined(S.pick(size, at(1, 1)))).toEqual([])
  expect(S.outlined(S.pick(size, at(1, 1), 'rows'))).toHaveLength(1)
  expect(S.outlined(S.add(S.pick(size, at(1, 1)), size, at(3, 3)))).toHaveLength(2)
})
