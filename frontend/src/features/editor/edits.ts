// Changes of the text that are asked for: formatting, the case of keywords, a star into its columns.
import { getIndentUnit, syntaxTree } from '@codemirror/language'
import type { EditorView } from '@codemirror/view'
import { around } from './around'
import { hostOf } from './host'
import { splitWindow, statementAt, whole } from './statements'
import type { StatementRange } from './types'

/** The selection, or the statement at the cursor, which is asked for: what is known of it may be of an older text. */
async function scope(view: EditorView): Promise<StatementRange | null> {
  const { doc, selection } = view.state
  const { main } = selection
  if (!main.empty) return { from: main.from, to: main.to }
  const { from, to } = splitWindow(doc, main.head)
  const found = (await hostOf(view)?.split(doc.sliceString(from, to))) ?? []
  const ranges = found.map((r) => ({ from: r.from + from, to: r.to + from }))
  return statementAt(whole(ranges, from, to, doc), main.head, doc)
}

function replace(view: EditorView, from: number, to: number, insert: string): void {
  const at = Math.min(view.state.selection.main.head, from + insert.length)
  view.dispatch({ changes: { from, to, insert }, selection: { anchor: at }, userEvent: 'input.format' })
}

/** Why a text was left as it is; '' when it was formatted. */
export async function format(view: EditorView): Promise<string> {
  const { state } = view
  const range = await scope(view)
  if (!range) return 'There is no statement at the cursor'
  const before = state.sliceDoc(range.from, range.to)
  const { formatSQL } = await import('./format')
  const after = formatSQL(before, getIndentUnit(view.state))
  if (view.state.doc !== state.doc) return '' // it was typed on meanwhile
  if (after === null) return 'Left as it is: the formatter would have changed more than blanks'
  if (after !== before) replace(view, range.from, range.to, after)
  return ''
}

/** Writes the keywords and types of the selection, or of the statement at the cursor, in one case. */
export async function keywordCase(view: EditorView, upper: boolean): Promise<void> {
  const { state } = view
  const range = await scope(view)
  if (!range || view.state.doc !== state.doc) return
  const changes: { from: number; to: number; insert: string }[] = []
  syntaxTree(state).iterate({
    from: range.from,
    to: range.to,
    enter: ({ name, from, to }) => {
      if (!['Keyword', 'Type', 'Bool', 'Null'].includes(name) || from < range.from || to > range.to) return
      const text = state.sliceDoc(from, to)
      const insert = upper ? text.toUpperCase() : text.toLowerCase()
      if (insert !== text) changes.push({ from, to, insert })
    },
  })
  if (changes.length > 0) view.dispatch({ changes, userEvent: 'input.case' })
}

/** Writes the columns for the star at the cursor. False when there is none, or its columns are not known. */
export async function expand(view: EditorView): Promise<boolean> {
  const { state } = view
  const part = around(state, state.selection.main.head)
  const found = await hostOf(view)?.expand(part.text, part.cursor)
  if (!found?.text || view.state.doc !== state.doc) return false
  replace(view, found.from + part.offset, found.to + part.offset, found.text)
  return true
}
