import { EditorState } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import { request, requestAll } from './request'
import { current, known, setKnown, splitWindow, statementAt, whole, WHOLE } from './statements'

/** A splitter that is good enough for these texts. */
function ranges(text: string): { from: number; to: number }[] {
  const out: { from: number; to: number }[] = []
  let from = 0
  for (const part of text.replace(/--.*/g, (c) => ' '.repeat(c.length)).split(/(?<=;)/)) {
    const blank = part.length - part.trimStart().length
    if (part.trim()) out.push({ from: from + blank, to: from + part.trimEnd().length })
    from += part.length
  }
  return out
}

function at(text: string, anchor: number, head = anchor, split = true): EditorState {
  const state = EditorState.create({ doc: text, selection: { anchor, head }, extensions: known })
  if (!split) return state
  const { from, to } = splitWindow(state.doc, head)
  const found = ranges(state.doc.sliceString(from, to)).map((r) => ({ from: r.from + from, to: r.to + from }))
  const effects = setKnown.of({ from, to, ranges: whole(found, from, to, state.doc), stale: false })
  return state.update({ effects }).state
}

const SQL = 'select 1;\n\n-- two\nselect 2;  \nselect 3;'

describe('request', () => {
  it('sends a selection alone, from where it starts', () => {
    expect(request(at(SQL, 27, 18))).toEqual({ text: 'select 2;', offset: 18, line: 4, cursor: -1 })
  })

  it('sends the text and the cursor when nothing is selected', () => {
    expect(request(at(SQL, 20))).toEqual({ text: SQL, offset: 0, line: 1, cursor: 20 })
  })

  it('names the marked statement when the cursor is between two', () => {
    expect(request(at(SQL, 13)).cursor).toBe(18)
    expect(request(at(SQL, 29)).cursor).toBe(27)
  })

  it('does without an answer of the splitter, and with an old one', () => {
    expect(request(at(SQL, 13, 13, false))).toEqual({ text: SQL, offset: 0, line: 1, cursor: 13 })
    const edited = at(SQL, 13).update({ changes: { from: 0, insert: 'x' } }).state
    expect(request(edited).cursor).toBe(14)
  })

  it('counts as the text it sends: line ends are one character', () => {
    const state = at('select 1;\r\nselect 😀;\r\n', 14)
    expect(request(state)).toEqual({ text: 'select 1;\nselect 😀;\n', offset: 0, line: 1, cursor: 14 })
    expect(requestAll(state)).toEqual({ text: 'select 1;\nselect 😀;\n', offset: 0, line: 1, cursor: -1 })
  })

  it('sends what is around the cursor of a long text, in whole statements', () => {
    const text = "insert into t values (1, 'some text');\n".repeat(60_000)
    const cursor = 39 * 30_000 + 5
    const r = request(at(text, cursor))
    expect(r.text.length).toBeLessThan(WHOLE)
    expect(r.text.startsWith('insert') && r.text.endsWith(';')).toBe(true)
    expect(text.slice(r.offset, r.offset + r.text.length)).toBe(r.text)
    expect(r.offset + r.cursor).toBe(cursor)
    expect(r.line).toBe(r.offset / 39 + 1)
  })

  it('sends all of a long text when the statement is longer than the window', () => {
    const text = 'select 0;\nselect ' + '1 +\n'.repeat(400_000) + '1;\n'
    const r = request(at(text, 800_000))
    expect(r.text).toHaveLength(text.length)
    expect(r.cursor).toBe(800_000)
  })
})

describe('the statement of a place', () => {
  const doc = at(SQL, 0).doc
  const all = ranges(SQL)
  const text = (pos: number) => {
    const s = statementAt(all, pos, doc)
    return s && SQL.slice(s.from, s.to)
  }
  it('holds it, its end included', () => {
    expect([0, 5, 9].map(text)).toEqual(['select 1;', 'select 1;', 'select 1;'])
  })
  it('is the one before on the same line, else the next', () => {
    expect([10, 13, 29, 31].map(text)).toEqual(['select 2;', 'select 2;', 'select 2;', 'select 3;'])
  })
  it('is the last one at the end, and none of none', () => {
    expect(text(SQL.length)).toBe('select 3;')
    expect(statementAt([], 3, doc)).toBeNull()
  })
  it('moves with edits until the splitter has looked again', () => {
    const state = at('select 1;\nselect 2;', 15).update({ changes: { from: 0, insert: '--\n' } }).state
    const s = current(state)!
    expect(state.doc.sliceString(s.from, s.to)).toBe('select 2;')
  })
  it('is not shown while something is selected', () => {
    expect(current(at(SQL, 0, 5))).toBeNull()
  })
})
