import { EditorState, Text } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import { marksField, runStarted, setError, setMarks, tokenAt } from './marks'
import type { StatementMark } from './types'

const SQL = 'select 1;\nselect nmae from t;\nselect 3'
const done = (from: number, to: number): StatementMark => ({ from, to, state: 'done', text: '1 row' })
const three = [done(0, 9), done(10, 29), done(30, 38)]
const oops = { position: 17, text: 'no such column', from: 10, to: 29 }

function start(): EditorState {
  const state = EditorState.create({ doc: SQL, extensions: marksField })
  return state.update({ effects: [setMarks.of(three), setError.of(oops)] }).state
}
const edit = (state: EditorState, from: number, to: number, insert: string) =>
  state.update({ changes: { from, to, insert } }).state
const places = (state: EditorState) =>
  state.field(marksField).marks.map((m) => state.doc.sliceString(m.from, m.to))
const token = (state: EditorState) => {
  const { error } = state.field(marksField)
  return error && state.doc.sliceString(error.token.from, error.token.to)
}

describe('notes and the error', () => {
  it('stay with their statements when text comes before, between and after', () => {
    let state = edit(start(), 0, 0, '-- first\n')
    state = edit(
      state,
      state.doc.toString().indexOf('\nselect nmae'),
      state.doc.toString().indexOf('\nselect nmae'),
      '\n\n',
    )
    expect(places(state)).toEqual(['select 1;', 'select nmae from t;', 'select 3'])
    expect(token(state)).toBe('nmae')
  })

  it('go when their statement is edited, and only theirs', () => {
    const state = edit(start(), 19, 20, 'x')
    expect(places(state)).toEqual(['select 1;', 'select 3'])
    expect(token(state)).toBeNull()
    expect(token(edit(start(), 7, 8, '2'))).toBe('nmae')
  })

  it('go when a statement grows at its end, and stay when a new line begins there', () => {
    expect(places(edit(start(), 38, 38, '0'))).toEqual(['select 1;', 'select nmae from t;'])
    expect(places(edit(start(), 38, 38, '\nselect 4'))).toHaveLength(3)
    expect(places(edit(start(), 9, 9, 'select 2;'))).toHaveLength(3)
    expect(places(edit(start(), 0, 0, 'x'))).toHaveLength(2)
  })

  it('go when all is replaced', () => {
    expect(places(edit(start(), 0, SQL.length, 'select 9'))).toEqual([])
  })

  it('find their place in a text that was edited since the run began', () => {
    let state = EditorState.create({ doc: SQL, extensions: marksField })
    state = state.update({ effects: runStarted.of(null) }).state
    state = edit(state, 0, 0, 'begin;\n')
    state = edit(state, 15 + 7 - 1, 15 + 7, 'q')
    state = state.update({ effects: [setMarks.of(three), setError.of(oops)] }).state
    expect(places(state)).toEqual(['select 1;', 'select 3'])
    expect(token(state)).toBeNull()
    state = state.update({ effects: runStarted.of(null) }).state
    state = state.update({ effects: setMarks.of([done(0, 6)]) }).state
    expect(places(state)).toEqual(['begin;'])
  })
})

describe('the token of an error', () => {
  it.each([
    ['select c.nmae, d', 7, 'c.nmae'],
    ['select "a ""b" from t', 7, '"a ""b"'],
    ['select s."T x".y', 7, 's."T x"'],
    ['select 1 +* 2', 9, '+*'],
    ["select 'text' x", 7, "'text'"],
    ["select 'open", 7, "'open"],
    ['select größe', 7, 'größe'],
    ['select 😀 from', 7, '😀'],
    ['select (', 8, '('],
    ['select 1 +', 10, '+'],
    ['select 1 +\n\n', 12, '+'],
    ['select f(  )', 9, '('],
    ['select a, ,b', 10, ','],
    ['a', 99, 'a'],
  ])('%j at %i', (text, position, wanted) => {
    const doc = Text.of(text.split('\n'))
    const { from, to } = tokenAt(doc, position)
    expect(doc.sliceString(from, to)).toBe(wanted)
  })

  it('is empty in an empty text', () => {
    expect(tokenAt(Text.empty, 0)).toEqual({ from: 0, to: 0 })
  })
})
