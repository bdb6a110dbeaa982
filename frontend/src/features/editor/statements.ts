import { StateEffect, StateField, type ChangeDesc, type EditorState, type Text } from '@codemirror/state'
import type { StatementRange } from './types'

/** Up to here the whole text is split; beyond it, and asked of the server's side, only what is around the cursor. */
export const WHOLE = 1_000_000
const AROUND = 200_000

/** The statements of a part of the text, as the splitter saw them and edits moved them since. */
export interface Known {
  from: number
  to: number
  ranges: readonly StatementRange[]
  /** Edited since it was split. */
  stale: boolean
}

export const setKnown = StateEffect.define<Known>()

export const known = StateField.define<Known | null>({
  create: () => null,
  update(value, tr) {
    if (value && tr.docChanged) value = moved(value, tr.changes)
    for (const e of tr.effects) if (e.is(setKnown)) value = e.value
    return value
  },
})

function moved(k: Known, changes: ChangeDesc): Known {
  const ranges = k.ranges
    .map((r) => ({ from: changes.mapPos(r.from, 1), to: changes.mapPos(r.to, -1) }))
    .filter((r) => r.from < r.to)
  return { from: changes.mapPos(k.from, -1), to: changes.mapPos(k.to, 1), ranges, stale: true }
}

/** A line that ends a statement, as far as one can see without reading all that is before it. */
const ends = (doc: Text, n: number) => doc.line(n).text.trimEnd().endsWith(';')

/** What to split: everything, or in a long text a window that starts and ends between statements if it can. */
export function splitWindow(doc: Text, cursor: number): { from: number; to: number } {
  if (doc.length <= WHOLE) return { from: 0, to: doc.length }
  const first = doc.lineAt(Math.max(0, cursor - AROUND)).number
  const last = doc.lineAt(Math.min(doc.length, cursor + AROUND)).number
  let n = first
  while (n > 1 && first - n < 5000 && !ends(doc, n - 1)) n--
  let m = last
  while (m < doc.lines && m - last < 5000 && !ends(doc, m)) m++
  return { from: n === 1 ? 0 : doc.line(n).from, to: m === doc.lines ? doc.length : doc.line(m).to }
}

/** Drops the statements that the edge of a window may have cut. */
export function whole(
  ranges: readonly StatementRange[],
  from: number,
  to: number,
  doc: Text,
): StatementRange[] {
  return ranges.filter((r, i) => {
    if (i === 0 && from > 0 && !ends(doc, Math.max(1, doc.lineAt(from).number - 1))) return false
    return (
      i < ranges.length - 1 || to === doc.length || ends(doc, doc.lineAt(Math.min(r.to, doc.length)).number)
    )
  })
}

/**
 * The statement of a place: the one that holds it, or that ends before it on its line, or the next one, or the last. One
 * just ended wins over one that starts at the same place.
 */
export function statementAt(
  ranges: readonly StatementRange[],
  pos: number,
  doc: Text,
): StatementRange | null {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const mid = (low + high) >> 1
    if (ranges[mid]!.to < pos) low = mid + 1
    else high = mid
  }
  const next = ranges[low]
  if (next && next.from <= pos) return next
  const before = ranges[low - 1]
  if (before && doc.lineAt(before.to).number === doc.lineAt(pos).number) return before
  return next ?? before ?? null
}

export function current(state: EditorState): StatementRange | null {
  const k = state.field(known, false)
  if (!k || !state.selection.main.empty) return null
  const { head } = state.selection.main
  return head < k.from || head > k.to ? null : statementAt(k.ranges, head, state.doc)
}
