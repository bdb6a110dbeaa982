import { ChangeSet, StateEffect, StateField, type ChangeDesc, type Text } from '@codemirror/state'
import type { Fix, RunError, StatementMark } from './types'

/** A run begins: what it will say counts places in the text as it is now. */
export const runStarted = StateEffect.define()
export const setMarks = StateEffect.define<readonly StatementMark[]>()
export const setError = StateEffect.define<RunError | null>()

export interface Marks {
  /** What was typed since the run began, for answers that come late. */
  since: ChangeDesc
  marks: readonly StatementMark[]
  error: (RunError & { token: { from: number; to: number } }) | null
}

/** Is the text of a range another one now? Text put before or after it does not count, unless it grows onto it. */
export function touched(changes: ChangeDesc, from: number, to: number, before?: Text, after?: Text): boolean {
  let hit = false
  changes.iterChangedRanges((fromA, toA, fromB, toB) => {
    if (fromA === toA && (fromA === to || fromA === from)) {
      if (!after) return
      const text = after.sliceString(fromB, toB)
      const ended = before?.sliceString(to - 1, to) === ';'
      if (fromA === to && !ended && /^[^\s;]/.test(text)) hit = true
      if (fromA === from && /[^\s;]$/.test(text)) hit = true
    } else if (fromA < to && toA > from) hit = true
  })
  return hit
}

function moveMarks<T extends { from: number; to: number }>(
  list: readonly T[],
  c: ChangeDesc,
  a?: Text,
  b?: Text,
): T[] {
  return list
    .filter((m) => !touched(c, m.from, m.to, a, b))
    .map((m) => ({ ...m, from: c.mapPos(m.from, 1), to: c.mapPos(m.to, -1) }))
}

const WORD = /[\p{L}\p{N}_$]/u
const OPERATOR = /[-+*/<>=~!@#%^&|`?:]/

/** What to underline for an error at a place: the name with its dots, the quoted thing, the operator, or one character. */
export function tokenAt(doc: Text, position: number): { from: number; to: number } {
  let pos = Math.max(0, Math.min(position, doc.length))
  // The server points behind the text when something is missing at its end.
  const skipped = /\s*$/.exec(doc.sliceString(Math.max(0, pos - 200), pos))![0].length
  if (pos >= doc.length || /\s/.test(doc.sliceString(pos, pos + 1)))
    pos = Math.max(0, pos - skipped - (pos > skipped ? 1 : 0))
  const line = doc.lineAt(pos)
  const text = line.text
  let end = pos - line.from
  const first = text[end] ?? ''
  if (first === '"' || first === "'") end = quoted(text, end)
  else if (WORD.test(first)) end = name(text, end)
  else if (OPERATOR.test(first)) while (OPERATOR.test(text[end] ?? '')) end++
  else end += first ? String.fromCodePoint(text.codePointAt(end)!).length : 0
  return { from: pos, to: Math.min(line.to, Math.max(line.from + end, Math.min(pos + 1, line.to))) }
}

function quoted(text: string, at: number): number {
  const q = text[at]
  let end = at + 1
  while (end < text.length && (text[end] !== q || text[end + 1] === q)) end += text[end] === q ? 2 : 1
  return Math.min(text.length, end + 1)
}

function name(text: string, at: number): number {
  let end = at
  for (;;) {
    while (WORD.test(text[end] ?? '')) end++
    if (text[end] !== '.') return end
    const next = text[end + 1] ?? ''
    if (next === '"') return quoted(text, end + 1)
    if (!WORD.test(next)) return end
    end++
  }
}

/** A proposal holds as long as nobody changes what it replaces. */
function moveFix(fix: Fix | undefined, c: ChangeDesc): Fix | undefined {
  if (!fix || touched(c, fix.from, fix.to)) return undefined
  return { ...fix, from: c.mapPos(fix.from, 1), to: c.mapPos(fix.to, -1) }
}

function place(error: RunError | null, since: ChangeDesc, doc: Text): Marks['error'] {
  if (!error || touched(since, error.from, error.to)) return null
  const position = since.mapPos(error.position, 1)
  const from = since.mapPos(error.from, 1)
  return {
    ...error,
    position,
    from,
    to: since.mapPos(error.to, -1),
    token: tokenAt(doc, position),
    fix: moveFix(error.fix, since),
  }
}

export const marksField = StateField.define<Marks>({
  create: (state) => ({ since: ChangeSet.empty(state.doc.length).desc, marks: [], error: null }),
  update(value, tr) {
    if (tr.docChanged) {
      const { error } = value
      const kept = error && moveMarks([error], tr.changes, tr.startState.doc, tr.newDoc)[0]
      value = {
        since: value.since.composeDesc(tr.changes.desc),
        marks: moveMarks(value.marks, tr.changes, tr.startState.doc, tr.newDoc),
        error: kept
          ? {
              ...kept,
              position: tr.changes.mapPos(kept.position, 1),
              fix: moveFix(kept.fix, tr.changes),
              token: {
                from: tr.changes.mapPos(kept.token.from, 1),
                to: tr.changes.mapPos(kept.token.to, -1),
              },
            }
          : null,
      }
    }
    for (const e of tr.effects) {
      if (e.is(runStarted)) value = { ...value, since: ChangeSet.empty(tr.newDoc.length).desc }
      if (e.is(setMarks)) value = { ...value, marks: moveMarks(e.value, value.since) }
      if (e.is(setError)) value = { ...value, error: place(e.value, value.since, tr.newDoc) }
    }
    return value
  },
})
