import type { Measures } from './measure'
import type { GridSource } from './types'
import { visible } from './text'

const EDGES = 17
/** Room beside a name for the arrow of a sorted column. */
const ARROW = 22

const FIRST_MIN = 64
const FIRST_MAX = 360
const FIRST_HEADER_MAX = 240
/**
 * How many characters the values of a type come to. The first rows of a sequence are short, and its later ones must not
 * end in dots; a type that is not here tells nothing of its length.
 */
const TYPICAL: Record<string, number> = {
  bool: 5,
  int2: 6,
  int4: 10,
  int8: 13,
  oid: 10,
  float4: 10,
  float8: 12,
  numeric: 10,
  money: 12,
  date: 10,
  time: 15,
  timetz: 18,
  timestamp: 26,
  timestamptz: 29,
  interval: 15,
  uuid: 36,
  inet: 13,
  macaddr: 17,
}
const TYPICAL_MAX = 20

/** The characters to keep for a column of a type; 0 when only its values can tell. */
export function typicalLength(type: string): number {
  const [, name = '', size, scale] = /^([^()]*)(?:\((\d+)(?:,(-?\d+))?\))?$/.exec(type) ?? []
  if (size === undefined) return TYPICAL[name] ?? 0
  const n = Number(size)
  // The sign and the point of a number; fewer digits of a second than six.
  if (name === 'numeric') return Math.min(n + (Number(scale) > 0 ? 2 : 1), TYPICAL_MAX)
  if (name.startsWith('time')) return TYPICAL[name]! - (6 - n) - (n === 0 ? 1 : 0)
  return Math.min(n, TYPICAL_MAX)
}

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
  return Math.ceil(Math.max(m.name(text) + ARROW, columnsOf(type) * m.type)) + EDGES
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
    const length = typicalLength(source.columns[col]!.type)
    const typical = length === 0 ? 0 : Math.ceil(length * m.cell) + EDGES
    return Math.max(FIRST_MIN, header, typical, widest(source, col, 0, rows, FIRST_MAX, m))
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
