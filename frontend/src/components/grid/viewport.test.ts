import { expect, it } from 'vitest'
import { Viewport } from './viewport'

function port(): Viewport {
  const p = new Viewport()
  p.columns.set([100, 100, 100])
  p.setRows(50)
  p.resize(250, 280, 24, 40)
  return p
}

it('knows what is under a point', () => {
  const p = port()
  expect(p.hit(10, 10)).toMatchObject({ zone: 'all' })
  expect(p.hit(10, 70)).toMatchObject({ zone: 'rows', row: 1 })
  expect(p.hit(60, 10)).toMatchObject({ zone: 'columns', col: 0 })
  expect(p.hit(48 + 95, 10)).toMatchObject({ zone: 'grip', col: 0 })
  expect(p.hit(48 + 95, 50)).toMatchObject({ zone: 'cells', row: 0, col: 0 })
  p.scrollTo(80, 30)
  expect(p.hit(60, 45)).toEqual({ zone: 'cells', row: 1, col: 0 })
  expect(p.hit(48 + 21, 45)).toEqual({ zone: 'cells', row: 1, col: 1 })
})

it('finds nothing beside the cells, and the nearest cell all the same', () => {
  const p = port()
  p.setRows(2)
  expect(p.hit(60, 200)).toBeNull()
  expect(p.hit(10, 200)).toBeNull()
  expect(p.nearest(60, 200)).toEqual({ row: 1, col: 0 })
  expect(p.nearest(-500, -500)).toEqual({ row: 0, col: 0 })
  p.resize(900, 280, 24, 40)
  expect(p.hit(600, 50)).toBeNull()
  expect(p.outside(10, 300)).toEqual({ x: -38, y: 21 })
  expect(p.outside(60, 50)).toEqual({ x: 0, y: 0 })
})

it('keeps frozen columns at the left, whatever is scrolled', () => {
  const p = port()
  p.columns.set([60, 100, 100, 100])
  p.resize(298, 280, 24, 40)
  p.frozen = 1
  p.scrollTo(70, 0)
  expect(p.ice).toEqual({ count: 1, width: 60 })
  expect(p.hit(48 + 10, 50)).toMatchObject({ zone: 'cells', col: 0 })
  expect(p.hit(48 + 57, 10)).toMatchObject({ zone: 'grip', col: 0 })
  // Under the frozen column are the first 70 px of the second; beside it the rest.
  expect(p.hit(48 + 65, 50)).toMatchObject({ zone: 'cells', col: 1 })
  expect(p.hit(48 + 87, 10)).toMatchObject({ zone: 'grip', col: 1 })
  expect(p.hit(48 + 95, 50)).toMatchObject({ zone: 'cells', col: 2 })
  expect(p.drawnColumns()).toEqual({ from: 1, to: 3 })
  expect(p.sees({ row: 0, col: 0 })).toBe(true)
  p.reveal({ row: 0, col: 0 })
  expect(p.x).toBe(70)
  p.reveal({ row: 0, col: 1 })
  expect(p.x).toBe(0)
  p.scrollTo(110, 0)
  expect(p.sees({ row: 0, col: 1 })).toBe(false)
})

it('leaves room beside frozen columns', () => {
  const p = port()
  p.frozen = 3
  expect(p.ice).toEqual({ count: 3, width: 300 })
  p.columns.set([100, 100, 100, 100])
  expect(p.ice).toEqual({ count: 0, width: 0 })
  p.resize(300, 280, 24, 40)
  expect(p.ice).toEqual({ count: 1, width: 100 })
})

it('takes room for row numbers only when asked', () => {
  const p = port()
  p.setRows(10_000_000)
  expect(p.gutter).toBe(48)
  expect(p.fitGutter()).toBe(true)
  expect(p.gutter).toBeGreaterThan(60)
  expect(p.fitGutter()).toBe(false)
})
