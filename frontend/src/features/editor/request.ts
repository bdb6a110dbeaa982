import type { EditorState } from '@codemirror/state'
import { known, statementAt, WHOLE } from './statements'
import type { RunText } from './types'

/** The whole document. */
export function requestAll(state: EditorState): RunText {
  return { text: state.doc.toString(), offset: 0, line: 1, cursor: -1 }
}

/** The selection if there is one, else what is needed to find the statement at the cursor. */
export function request(state: EditorState): RunText {
  const { main } = state.selection
  if (!main.empty) return { ...part(state, main.from, main.to), cursor: -1 }
  const k = state.field(known, false)
  const inside = k && main.head >= k.from && main.head <= k.to
  const at = inside ? statementAt(k.ranges, main.head, state.doc) : null
  // Between statements the one that is marked runs: the cursor says so.
  const cursor = at && !k?.stale ? Math.max(at.from, Math.min(at.to, main.head)) : main.head
  const end = k?.ranges.at(-1)?.to ?? 0
  const start = k?.ranges[0]?.from ?? 0
  const known1 = at !== null && !k?.stale && at.from >= start && at.to <= end
  // A statement longer than the window is worth sending all of the text: then it cannot be cut.
  if (state.doc.length <= WHOLE || !known1) return { ...requestAll(state), cursor }
  const text = part(state, start, end)
  return { ...text, cursor: cursor - text.offset }
}

function part(state: EditorState, from: number, to: number): RunText {
  const { doc } = state
  return { text: doc.sliceString(from, to), offset: from, line: doc.lineAt(from).number, cursor: -1 }
}
