import type { Measures } from './measure'
import type { GridSource } from './types'
import { visible } from './text'

const EDGES = 17

const FIRST_MIN = 64
const FIRST_MAX = 360
const FIRST_HEADER_MAX = 240
/** A first look at a very wide result must not cost seconds. */
const CELL_BUDGET = 40_000

const wide = (code: number) =>
  (code >= 0x1100 && code <= 0x115f) ||
  (code >= 0x2e80 && code <= 0xa4cf) ||
  (code >= 0xac00 && code <= 0xd7a3) ||
  (code >= 0xf900 && code <= 0xfaff) ||
  (code >= 0xfe30 && code <= 0xfe6f) ||
  (code >= 0xff00 && code <= 0xff60)

/** Columns of a terminal that a text takes. Both halves of an emoji count, so it takes two. */
export function columnsOf(text: string): number {
  let n = 0
  for (let i = 0; i < text.length; i++) n += wide(text.charCodeAt(i)) ? 2 : 1
  return n
}

function cellWidth(source: GridSource, row: number, col: number, cap: number, m: Measures): number {
  const value = source.cell(row, col)
  if (value === undefined) return 0
  if (value === null) return 36
  const shown = visible(value.slice(0, cap))
  const text = typeof shown === 'string' ? shown : shown.map((p) => p.text).join('')
  return Math.ceil(columnsOf(text) * m.cell) + EDGES + (source.cutLength(row, col) === undefined ? 0 : 60)
}

function widest(source: GridSource, col: number, from: number, to: number, max: number, m: Measures): number {
  const cap = Math.ceil(max / 6)
  let width = 0
  for (let row = from; row < to && width < max; row++)
    width = Math.max(width, cellWidth(source, row, col, cap, m))
  return Math.min(width, max)
}

function headerWidth(source: GridSource, col: number, m: Measures): number {
  const { name: text, type } = source.columns[col]!
  return Math.ceil(Math.max(m.name(text), columnsOf(type) * m.type)) + EDGES
}

/** The widths a result opens with. They stay when more rows arrive. */
export function firstWidths(source: GridSource, m: Measures): number[] {
  const rows = Math.min(
    source.rows,
    200,
    Math.max(20, Math.floor(CELL_BUDGET / (source.columns.length || 1))),
  )
  return source.columns.map((_, col) => {
    const header = Math.min(headerWidth(source, col, m), FIRST_HEADER_MAX)
    return Math.max(FIRST_MIN, header, widest(source, col, 0, rows, FIRST_MAX, m))
  })
}

/** The width that shows all of a column in these rows: what a double click on its edge asks. */
export function fitWidth(source: GridSource, col: number, from: number, to: number, m: Measures): number {
  return Math.max(headerWidth(source, col, m), widest(source, col, from, to, 1200, m))
}

/** Has any of the first rows arrived? */
export function hasData(source: GridSource): boolean {
  return source.rows > 0 && source.columns.some((_, col) => source.cell(0, col) !== undefined)
}
