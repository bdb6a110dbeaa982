import type { CellRange, GridSelection } from './types'

export interface Place {
  row: number
  col: number
}
export interface Size {
  rows: number
  cols: number
}
/** What a span was made as: whole columns grow with the rows, cells do not. */
export type Kind = 'cells' | 'rows' | 'columns' | 'all'
interface Span extends CellRange {
  readonly kind: Kind
}

/** The last span reaches from `active` to `head`. A value, never changed in place. */
export interface Selection {
  readonly spans: readonly Span[]
  readonly active: Place | null
  readonly head: Place | null
}

export const nothing: Selection = { spans: [], active: null, head: null }

function between(a: Place, b: Place, kind: Kind, size: Size): Span {
  const wide = kind === 'rows' || kind === 'all'
  const tall = kind === 'columns' || kind === 'all'
  return {
    kind,
    top: tall ? 0 : Math.min(a.row, b.row),
    bottom: tall ? size.rows - 1 : Math.max(a.row, b.row),
    left: wide ? 0 : Math.min(a.col, b.col),
    right: wide ? size.cols - 1 : Math.max(a.col, b.col),
  }
}

const empty = (size: Size) => size.rows <= 0 || size.cols <= 0

/** Only this. */
export function pick(size: Size, at: Place, kind: Kind = 'cells'): Selection {
  if (empty(size)) return nothing
  return { spans: [between(at, at, kind, size)], active: at, head: at }
}

/** This too. */
export function add(sel: Selection, size: Size, at: Place, kind: Kind = 'cells'): Selection {
  const one = pick(size, at, kind)
  return { ...one, spans: [...sel.spans, ...one.spans] }
}

/** The last span now reaches to here; `active` stays. */
export function extend(sel: Selection, size: Size, to: Place, kind?: Kind): Selection {
  const last = sel.spans.at(-1)
  if (!sel.active || !last) return pick(size, to, kind)
  const was = kind ?? (last.kind === 'all' ? 'cells' : last.kind)
  return { ...sel, spans: [...sel.spans.slice(0, -1), between(sel.active, to, was, size)], head: to }
}

/** The rows or the columns of the last span, whole. */
export function widen(sel: Selection, size: Size, kind: 'rows' | 'columns'): Selection {
  const last = sel.spans.at(-1)
  if (!last) return sel
  const other = last.kind === 'all' || (last.kind !== 'cells' && last.kind !== kind)
  const from = { row: last.top, col: last.left }
  const to = { row: last.bottom, col: last.right }
  return { ...sel, spans: [...sel.spans.slice(0, -1), between(from, to, other ? 'all' : kind, size)] }
}

export const all = (size: Size, active: Place | null): Selection =>
  pick(size, active ?? { row: 0, col: 0 }, 'all')

/** Rows arrived, or went: whole columns follow, nothing reaches outside. */
export function fit(sel: Selection, size: Size): Selection {
  if (sel.spans.length === 0) return sel
  if (empty(size)) return nothing
  const spans = sel.spans
    .map((s) => {
      const tall = s.kind === 'columns' || s.kind === 'all'
      const wide = s.kind === 'rows' || s.kind === 'all'
      const bottom = tall ? size.rows - 1 : Math.min(s.bottom, size.rows - 1)
      return { ...s, bottom, right: wide ? size.cols - 1 : Math.min(s.right, size.cols - 1) }
    })
    .filter((s) => s.top <= s.bottom && s.left <= s.right)
  if (spans.length === 0) return nothing
  const inside = (p: Place | null) =>
    p && { row: Math.min(p.row, size.rows - 1), col: Math.min(p.col, size.cols - 1) }
  return { spans, active: inside(sel.active), head: inside(sel.head) }
}

export function contains(sel: Selection, row: number, col: number): boolean {
  for (const s of sel.spans) {
    if (row >= s.top && row <= s.bottom && col >= s.left && col <= s.right) return true
  }
  return false
}
export const touchesRow = (sel: Selection, row: number) =>
  sel.spans.some((s) => row >= s.top && row <= s.bottom)
export const touchesColumn = (sel: Selection, col: number) =>
  sel.spans.some((s) => col >= s.left && col <= s.right)

/** How many cells the ranges cover together; a cell in two of them counts once. Never looks at a cell. */
export function countCells(ranges: readonly CellRange[]): number {
  const edges = [...new Set(ranges.flatMap((r) => [r.top, r.bottom + 1]))].sort((a, b) => a - b)
  let cells = 0
  for (let i = 0; i + 1 < edges.length; i++) {
    const top = edges[i]!
    const across = ranges.filter((r) => r.top <= top && r.bottom >= top).sort((a, b) => a.left - b.left)
    let width = 0
    let reached = -1
    for (const r of across) {
      width += Math.max(0, r.right - Math.max(r.left, reached + 1) + 1)
      reached = Math.max(reached, r.right)
    }
    cells += width * (edges[i + 1]! - top)
  }
  return cells
}

export function report(sel: Selection): GridSelection {
  const ranges = sel.spans.map(({ top, left, bottom, right }) => ({ top, left, bottom, right }))
  return { ranges, active: sel.active && { ...sel.active }, cells: countCells(ranges) }
}

const samePlace = (a: Place | null, b: Place | null) =>
  a === b || (a !== null && b !== null && a.row === b.row && a.col === b.col)

export function same(a: Selection, b: Selection): boolean {
  if (a === b) return true
  const spans =
    a.spans.length === b.spans.length &&
    a.spans.every((s, i) => {
      const t = b.spans[i]!
      return s.top === t.top && s.left === t.left && s.bottom === t.bottom && s.right === t.right
    })
  return spans && samePlace(a.active, b.active) && samePlace(a.head, b.head)
}

/** The ranges that get a line around them: one cell has its ring. */
export function outlined(sel: Selection): readonly CellRange[] {
  const { spans, active } = sel
  const s = spans[0]
  const only = spans.length === 1 && s && active && s.top === s.bottom && s.left === s.right
  return only ? [] : spans
}
