import type { EditorState } from '@codemirror/state'
import { known, statementAt } from './statements'

/** Up to here the whole text is sent to be understood; of a longer one, what is around the cursor. */
const NEAR = 20_000

/** The part of the text that is needed to understand a place in it, and where that part starts. */
export function around(state: EditorState, pos: number): { text: string; offset: number; cursor: number } {
  const { doc } = state
  if (doc.length <= NEAR) return { text: doc.toString(), offset: 0, cursor: pos }
  const at = statementAt(state.field(known, false)?.ranges ?? [], pos, doc)
  const inside = at !== null && at.from <= pos && pos - at.from <= 10 * NEAR
  const offset = inside ? at.from : doc.lineAt(Math.max(0, pos - NEAR)).from
  const end = Math.min(doc.length, pos + NEAR)
  return { text: doc.sliceString(offset, end), offset, cursor: pos - offset }
}
