import { EditorState } from '@codemirror/state'
import { EditorView, runScopeHandlers } from '@codemirror/view'
import { redoDepth, undo, undoDepth } from '@codemirror/commands'
import { SearchQuery } from '@codemirror/search'
import { afterEach, describe, expect, it, vi } from 'vitest'
import * as documents from './documents'
import { extensions } from './extensions'
import { countHits } from './find'
import { fakeHost } from './fake'
import { setHost } from './host'
import { setError, setMarks } from './marks'
import { current } from './statements'

let view: EditorView
function open(doc: string): EditorView {
  view = new EditorView({
    parent: document.body,
    state: EditorState.create({ doc, extensions: extensions() }),
  })
  return view
}
afterEach(() => {
  view.destroy()
  document.body.replaceChildren()
  vi.useRealTimers()
})

describe('keys', () => {
  it.each([
    ['Enter', { ctrlKey: true }],
    ['Enter', { ctrlKey: true, shiftKey: true }],
    ['k', { ctrlKey: true }],
    ['t', { ctrlKey: true }],
    ['w', { ctrlKey: true }],
    ['.', { ctrlKey: true }],
    ['p', { ctrlKey: true }],
    ['F1', {}],
    ['F8', {}],
  ])('%s %j is left to the window', (key, held) => {
    open('select 1;')
    const codes: Record<string, number> = { Enter: 13, F1: 112, F8: 119, '.': 190 }
    const keyCode = codes[key] ?? key.toUpperCase().charCodeAt(0)
    const e = new KeyboardEvent('keydown', { key, keyCode, ...held })
    expect(runScopeHandlers(view, e, 'editor')).toBe(false)
    expect(view.state.doc.toString()).toBe('select 1;')
  })

  it('comments, indents and opens the find bar', () => {
    open('select 1;')
    const key = (k: string, code: number, held = {}) =>
      runScopeHandlers(view, new KeyboardEvent('keydown', { key: k, keyCode: code, ...held }), 'editor')
    expect(key('/', 191, { ctrlKey: true })).toBe(true)
    expect(view.state.doc.toString()).toBe('-- select 1;')
    expect(key('Tab', 9)).toBe(true)
    expect(view.state.doc.toString()).toMatch(/^ +-- select|^-+ +/)
    expect(key('f', 70, { ctrlKey: true })).toBe(true)
    expect(view.dom.querySelector('.cm-find')).not.toBeNull()
    expect(view.dom.querySelector('.cm-find')!.hasAttribute('data-replace')).toBe(false)
    expect(key('h', 72, { ctrlKey: true })).toBe(true)
    expect(view.dom.querySelector('.cm-find')!.hasAttribute('data-replace')).toBe(true)
  })
})

it('asks for the statements once, when the typing rests', async () => {
  vi.useFakeTimers()
  const split = vi.fn((text: string) => Promise.resolve([{ from: 0, to: text.length }]))
  open('select 1')
  setHost(view, fakeHost({ split }))
  await vi.advanceTimersByTimeAsync(0)
  expect(split).toHaveBeenCalledTimes(1)
  for (const c of 'abc') {
    view.dispatch({ changes: { from: view.state.doc.length, insert: c } })
    await vi.advanceTimersByTimeAsync(50)
  }
  expect(split).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(200)
  expect(split).toHaveBeenCalledTimes(2)
  expect(split).toHaveBeenLastCalledWith('select 1abc')
  expect(current(view.state)).toEqual({ from: 0, to: 11 })
})

it('throws away an answer about a text that is no more', async () => {
  vi.useFakeTimers()
  let answer: (r: { from: number; to: number }[]) => void = () => undefined
  open('select 1')
  setHost(view, fakeHost({ split: () => new Promise((done) => (answer = done)) }))
  await vi.advanceTimersByTimeAsync(0)
  view.dispatch({ changes: { from: 0, to: 8, insert: 'x' } })
  answer([{ from: 0, to: 8 }])
  await vi.advanceTimersByTimeAsync(10)
  expect(current(view.state)).toBeNull()
})

it('draws notes and the error, as text', () => {
  open('select 1;\nselect nmae;')
  view.dispatch({
    effects: [
      setMarks.of([
        { from: 0, to: 9, state: 'done', text: '1 row · <b>' },
        { from: 10, to: 22, state: 'failed', text: 'failed' },
      ]),
      setError.of({ position: 17, text: 'no such column', from: 10, to: 22 }),
    ],
  })
  const ghosts = [...view.dom.querySelectorAll('.cm-ghost')].map((g) => [g.className, g.textContent])
  expect(ghosts).toEqual([
    ['cm-ghost cm-ghost-done', '1 row · <b>'],
    ['cm-ghost cm-ghost-error', 'no such column'],
  ])
  expect(view.dom.querySelector('.cm-squiggle')!.textContent).toBe('nmae')
  expect(view.dom.querySelectorAll('.cm-line.cm-bad')).toHaveLength(1)
})

it('keeps the spinner while its text ticks', () => {
  open('select 1;')
  const tick = (text: string) =>
    view.dispatch({ effects: setMarks.of([{ from: 0, to: 9, state: 'running', text }]) })
  tick('0.1 s')
  const spin = view.dom.querySelector('.spin')
  tick('0.2 s')
  expect(spin).not.toBeNull()
  expect(view.dom.querySelector('.spin')).toBe(spin)
  expect(view.dom.querySelector('.cm-ghost')!.textContent).toBe('0.2 s')
})

it('keeps documents with their history while others are shown', () => {
  open('one')
  documents.keep('a', view.state)
  view.dispatch({ changes: { from: 3, insert: ' more' }, userEvent: 'input.type' })
  documents.keep('a', view.state)
  expect(documents.changed('a')).toBe(true)
  view.setState(EditorState.create({ doc: 'two', extensions: extensions() }))
  documents.keep('b', view.state)
  expect(documents.textOf('a')).toBe('one more')
  view.setState(documents.stateOf('a')!.state)
  expect(undoDepth(view.state)).toBe(1)
  undo(view)
  documents.keep('a', view.state)
  expect(redoDepth(view.state)).toBe(1)
  expect(documents.changed('a')).toBe(false)
  documents.forget('a')
  documents.forget('b')
  expect(documents.textOf('a')).toBe('')
})

it('counts hits, and stops counting', () => {
  open('ab '.repeat(5000))
  expect(countHits(new SearchQuery({ search: 'zz' }), view)).toEqual({ at: 0, total: 0 })
  expect(countHits(new SearchQuery({ search: '(', regexp: true }), view)).toEqual({ at: 0, total: 0 })
  expect(countHits(new SearchQuery({ search: 'ab' }), view).total).toBe(1001)
  view.dispatch({ selection: { anchor: 3, head: 5 } })
  expect(countHits(new SearchQuery({ search: 'ab' }), view).at).toBe(2)
})
