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

it('takes room for row numbers only when asked', () => {
  const p = port()
  p.setRows(10_000_000)
  expect(p.gutter).toBe(48)
  expect(p.fitGutter()).toBe(true)
  expect(p.gutter).toBeGreaterThan(60)
  expect(p.fitGutter()).toBe(false)
})
