// What the keys do in the tree. Pure: the rows and where one is tell all.
import type { Row } from './rows'

export type Move = { to: number } | { turn: number; open: boolean } | { act: 'open' | 'menu' }

interface Key {
  key: string
  shiftKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
}

/** page: how many rows are seen at once. */
export function treeKey(e: Key, rows: Row[], at: number, page: number): Move | undefined {
  const row = rows[at]
  if (!row) return undefined
  if (e.key === 'ContextMenu' || (e.key === 'F10' && e.shiftKey)) return { act: 'menu' }
  if (e.ctrlKey || e.metaKey || e.altKey || e.shiftKey) return undefined
  const last = rows.length - 1
  const to = (n: number): Move => ({ to: Math.max(0, Math.min(last, n)) })
  switch (e.key) {
    case 'ArrowDown':
      return to(at + 1)
    case 'ArrowUp':
      return to(at - 1)
    case 'Home':
      return to(0)
    case 'End':
      return to(last)
    case 'PageDown':
      return to(at + Math.max(1, page - 1))
    case 'PageUp':
      return to(at - Math.max(1, page - 1))
    case 'ArrowRight':
      if (row.open === false) return { turn: at, open: true }
      return to(row.open && (rows[at + 1]?.level ?? 0) > row.level ? at + 1 : at)
    case 'ArrowLeft':
      return row.open ? { turn: at, open: false } : to(parentOf(rows, at))
    case 'Enter':
      return { act: 'open' }
    case ' ':
      return row.open === undefined ? undefined : { turn: at, open: !row.open }
    default:
      return undefined
  }
}

export function parentOf(rows: Row[], at: number): number {
  let i = at
  if (rows[at]!.level === 0) return at
  while (i > 0 && rows[i]!.level >= rows[at]!.level) i--
  return i
}

/** The next row, round the end, whose name begins with what was typed; the row itself only while it is typed on. */
export function typeAhead(rows: Row[], at: number, typed: string): number {
  const from = typed.length > 1 ? at : at + 1
  const wanted = typed.toLowerCase()
  for (let i = 0; i < rows.length; i++) {
    const n = (from + i) % rows.length
    if (rows[n]!.name.toLowerCase().startsWith(wanted)) return n
  }
  return at
}

/**
 * Where the keyboard is after the rows changed: at the same row; at its neighbour when it is gone; at the node that was
 * closed over it.
 */
export function follow(rows: Row[], key: string, was: number, before: Row[]): number {
  const same = rows.findIndex((r) => r.key === key)
  if (same >= 0) return same
  if (before[was]?.key === key) {
    const held = new Map(rows.map((r, i) => [r.key, i]))
    for (let i = parentOf(before, was); ; i = parentOf(before, i)) {
      const parent = held.get(before[i]!.key)
      if (parent !== undefined && rows[parent]!.open === false) return parent
      if (before[i]!.level === 0) break
    }
  }
  return Math.max(0, Math.min(was, rows.length - 1))
}
