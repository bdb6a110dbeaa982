import { describe, expect, it } from 'vitest'
import { ColumnLayout, gutterWidth, SPACE_MAX, TAIL, VerticalScroll, wheelPixels } from './geometry'

function scroll(rows: number, view = 700, rowHeight = 24): VerticalScroll {
  const v = new VerticalScroll()
  v.resize(rows, rowHeight, view)
  return v
}
/** Repeatable numbers in [0, 1). */
function numbers(seed: number): () => number {
  let s = seed
  return () => (s = (s * 16807) % 2147483647) / 2147483647
}

describe('vertical scroll', () => {
  it('is the identity below the limit', () => {
    const v = scroll(1000)
    v.moveTo(12_345)
    expect(v.top).toBe(12_345)
    expect(v.ratio).toBe(1)
  })

  it('keeps every pixel at row 9,000,000 of 10,000,000', () => {
    const v = scroll(10_000_000)
    expect(v.space).toBe(SPACE_MAX)
    v.moveTo(9_000_000 * 24)
    for (let i = 0; i < 500; i++) {
      const before = v.real
      v.moveTo(v.real + 1)
      expect(v.real - before).toBe(1)
      expect(v.dragged(v.top)).toBe(false)
    }
    expect(v.visible().from).toBe(9_000_020)
    expect(v.y(9_000_021)).toBe(4)
  })

  it('takes the echo of its own scroll for nothing, also when the engine rounds', () => {
    const v = scroll(10_000_000)
    v.moveTo(123_456_789)
    expect(v.dragged(v.top + 0.6)).toBe(false)
    expect(v.real).toBe(123_456_789)
    expect(v.dragged(v.top + 2)).toBe(true)
    expect(v.real).not.toBe(123_456_789)
  })

  it('reaches the last row by dragging to the end', () => {
    const v = scroll(10_000_000)
    expect(v.dragged(v.maxTop)).toBe(true)
    expect(v.visible().to).toBe(10_000_000)
    expect(v.y(10_000_000)).toBe(v.view - TAIL)
    v.dragged(0)
    expect(v.real).toBe(0)
  })

  it('never leaves the rows, wherever it is sent', () => {
    const next = numbers(7)
    for (let i = 0; i < 2000; i++) {
      const rows = Math.floor(10 ** (next() * 7.3))
      const v = scroll(rows, 100 + Math.floor(next() * 2000), 20 + 4 * Math.floor(next() * 3))
      v.moveTo((next() * 1.4 - 0.2) * v.total)
      const { from, to } = v.visible()
      expect(v.real).toBeGreaterThanOrEqual(0)
      expect(v.real).toBeLessThanOrEqual(v.maxReal)
      expect(v.top).toBeLessThanOrEqual(Math.ceil(v.maxTop))
      expect(from).toBeLessThan(to)
      expect(v.y(from)).toBeLessThanOrEqual(0)
      expect(v.y(to) >= v.view || to === rows).toBe(true)
      expect(v.rowAt(0)).toBe(from)
    }
  })

  it('does not move when rows arrive', () => {
    const v = scroll(500_000)
    v.moveTo(3_000_001)
    for (const rows of [500_001, 700_000, 9_999_999]) {
      v.resize(rows, 24, 700)
      expect(v.real).toBe(3_000_001)
      expect(v.dragged(v.top)).toBe(false)
    }
  })

  it('keeps the first row when the row height changes', () => {
    const v = scroll(1_000_000)
    v.moveTo(500_000 * 24)
    v.resize(1_000_000, 20, 700)
    expect(v.visible().from).toBe(500_000)
  })

  it('reveals with the smallest move', () => {
    const v = scroll(1000, 240)
    v.reveal(20)
    expect(v.real).toBe(21 * 24 - 240)
    const before = v.real
    v.reveal(15)
    expect(v.real).toBe(before)
    v.reveal(2)
    expect(v.real).toBe(48)
  })

  it('has nothing to show without rows', () => {
    const v = scroll(0)
    v.moveTo(500)
    expect(v.real).toBe(0)
    expect(v.visible()).toEqual({ from: 0, to: 0 })
  })
})

describe('columns', () => {
  it('finds 1,664 columns by pixel', () => {
    const widths = Array.from({ length: 1664 }, (_, i) => 50 + (i % 37))
    const c = new ColumnLayout(widths)
    for (const col of [0, 1, 831, 1662, 1663]) {
      expect(c.at(c.left(col))).toBe(col)
      expect(c.at(c.left(col) + c.width(col) - 1)).toBe(col)
    }
    expect(c.at(1e9)).toBe(1663)
    expect(c.total).toBe(widths.reduce((a, b) => a + b))
  })

  it('moves what is right of a resized column and nothing else', () => {
    const c = new ColumnLayout([100, 100, 100])
    c.resize(1, 160)
    expect([c.left(0), c.left(1), c.left(2), c.total]).toEqual([0, 100, 260, 360])
    c.resize(1, 1)
    expect(c.width(1)).toBe(40)
  })

  it('lists the visible ones, and none of none', () => {
    const c = new ColumnLayout([100, 100, 100, 100])
    expect(c.visible(150, 100)).toEqual({ from: 1, to: 2 })
    expect(c.visible(100, 100)).toEqual({ from: 1, to: 1 })
    expect(new ColumnLayout().visible(0, 500)).toEqual({ from: 0, to: -1 })
  })

  it('reveals a column wider than the view at its left', () => {
    const c = new ColumnLayout([100, 900, 100])
    expect(c.reveal(1, 0, 400)).toBe(100)
    expect(c.reveal(2, 0, 400)).toBe(700)
    expect(c.reveal(0, 60, 400)).toBe(0)
  })
})

it('gives row numbers room by their digits, all small results the same', () => {
  expect(gutterWidth(0)).toBe(gutterWidth(9_999))
  expect(gutterWidth(10_000_000)).toBeGreaterThan(gutterWidth(1_000_000))
})

it('reads all three units of a wheel', () => {
  expect(wheelPixels(86, 0, 700)).toBe(86)
  expect(wheelPixels(3, 1, 700)).toBeCloseTo(86)
  expect(wheelPixels(-1, 2, 700)).toBe(-700)
})
