import { currentCompletions, startCompletion } from '@codemirror/autocomplete'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { around } from './around'
import { extensions } from './extensions'
import { fakeHost } from './fake'
import { setHost } from './host'
import { setError } from './marks'
import type { Completion, Suggestion } from './types'

const item = (label: string, more: Partial<Suggestion> = {}): Suggestion => ({
  label,
  apply: label,
  kind: 'column',
  detail: '',
  info: '',
  ...more,
})

let view: EditorView | undefined
afterEach(() => view?.destroy())

function open(text: string, answer: (text: string, cursor: number) => Completion) {
  const complete = vi.fn((t: string, c: number) => Promise.resolve(answer(t, c)))
  view = new EditorView({
    parent: document.body,
    state: EditorState.create({ doc: text, selection: { anchor: text.length }, extensions: extensions() }),
  })
  setHost(view, fakeHost({ complete }))
  return { view, complete }
}
function type(v: EditorView, text: string) {
  const at = v.state.selection.main.head
  v.dispatch({
    changes: { from: at, insert: text },
    selection: { anchor: at + text.length },
    userEvent: 'input.type',
  })
}
const press = (v: EditorView, key: string) =>
  v.contentDOM.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
const listed = (v: EditorView) => currentCompletions(v.state).map((o) => o.label)

describe('the list of what can be written', () => {
  it('opens while a name is typed, in the order it was told, and writes what is chosen', async () => {
    const { view, complete } = open('select na', () => ({
      from: 7,
      to: 10,
      items: [item('zname'), item('name', { apply: 'name(${})' })],
    }))
    type(view, 'm')
    await vi.waitFor(() => expect(listed(view)).toEqual(['zname', 'name']))
    expect(complete).toHaveBeenLastCalledWith('select nam', 10)
    await new Promise((done) => setTimeout(done, 100)) // keys count a moment after it opened
    press(view, 'ArrowDown')
    press(view, 'Tab')
    expect(view.state.doc.toString()).toBe('select name()')
    expect(view.state.selection.main.head).toBe('select name('.length)
  })

  it('does not open for a number, a blank, or a word that stands there whole', async () => {
    const { view, complete } = open('select 1', () => ({ from: 0, to: 0, items: [item('x')] }))
    type(view, '2')
    type(view, ' ')
    await new Promise((done) => setTimeout(done, 120))
    expect(complete).not.toHaveBeenCalled()
    view.destroy()
    const again = open('select 1 fro', () => ({ from: 9, to: 13, items: [item('from'), item('front')] }))
    type(again.view, 'm')
    await vi.waitFor(() => expect(again.complete).toHaveBeenCalled())
    await new Promise((done) => setTimeout(done, 120))
    expect(listed(again.view)).toEqual([])
    startCompletion(again.view) // asked for, it opens
    await vi.waitFor(() => expect(listed(again.view)).toEqual(['from', 'front']))
  })

  it('opens behind join, and says below what is known of the choice', async () => {
    const join = item('customers c on c.id = o.customer_id', { kind: 'join', info: 'keeps every order' })
    const { view } = open('select 1 from orders o join', (t) => ({
      from: t.length,
      to: t.length,
      items: [join],
    }))
    type(view, ' ')
    await vi.waitFor(() => expect(listed(view)).toEqual([join.label]))
    await vi.waitFor(() =>
      expect(document.querySelector('.cm-completionInfo')?.textContent).toBe('keeps every order'),
    )
  })
})

describe('a part of a long text', () => {
  it('is sent instead of all of it, with the cursor where it stands in it', () => {
    const long = `${'select 1;\n'.repeat(9000)}select two`
    const { view } = open(long, () => ({ from: 0, to: 0, items: [] }))
    const part = around(view.state, long.length)
    expect(part.text.length).toBeLessThan(50_000)
    expect(part.text.endsWith('select two')).toBe(true)
    expect(part.offset + part.cursor).toBe(long.length)
    expect(around(view.state, 5).offset).toBe(0)
  })
})

describe('what was meant', () => {
  const error = {
    position: 7,
    from: 0,
    to: 15,
    text: 'There is no column nmae.',
    fix: { from: 7, to: 11, text: 'name' },
    fixKeys: 'Alt+Enter',
  }
  const text = 'select nmae from x'
  const note = (v: EditorView) => v.dom.querySelector('.cm-ghost-error')?.textContent

  it('stands behind the error, moves with the text, and goes when the name changes', () => {
    const { view } = open(text, () => ({ from: 0, to: 0, items: [] }))
    view.dispatch({ effects: setError.of(error) })
    expect(note(view)).toBe('There is no column nmae. Did you mean name?Alt+Enter')
    view.dispatch({ changes: { from: 0, insert: '\n' } })
    expect(note(view)).toContain('Did you mean')
    view.dispatch({ changes: { from: 9, to: 10, insert: 'x' } })
    expect(note(view) ?? '').not.toContain('Did you mean')
  })
})

describe('answers that come late', () => {
  it('do not keep the list away that the next character asks for', async () => {
    let give: ((c: Completion) => void) | undefined
    const none: Completion = { from: 0, to: 0, items: [] }
    const { view, complete } = open('select 1 from o joi', () => none)
    complete.mockImplementationOnce(() => new Promise((done) => (give = done)))
    complete.mockImplementation((t) =>
      Promise.resolve({ from: t.length, to: t.length, items: [item('c on 1')] }),
    )
    type(view, 'n')
    await vi.waitFor(() => expect(give).toBeDefined())
    type(view, ' ')
    await new Promise((done) => setTimeout(done, 80))
    give!(none)
    await vi.waitFor(() => expect(listed(view)).toEqual(['c on 1']))
  })
})
