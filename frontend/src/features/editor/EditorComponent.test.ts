import { cleanup, render } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, expect, it, vi } from 'vitest'
import * as documents from './documents'
import Editor from './Editor.svelte'
import { fakeHost } from './fake'
import { usual } from './options'
import type { RunError, StatementMark } from './types'

const docs = [
  { id: 'one', initial: 'select 1;\n' },
  { id: 'two', initial: 'select 2;\n' },
]
const props = () => ({
  doc: docs[0]!,
  running: false,
  statements: [] as StatementMark[],
  error: null as RunError | null,
  host: fakeHost({
    split: (text) => Promise.resolve([{ from: 0, to: text.trimEnd().length }]),
  }),
  options: usual,
  onchange: vi.fn(),
  oncursor: vi.fn(),
})
const text = (el: HTMLElement) => el.querySelector('.cm-content')!.textContent

afterEach(() => {
  cleanup()
  for (const d of docs) documents.forget(d.id)
})

it('shows a document, tells of changes and of the cursor', () => {
  const p = props()
  const { container, component } = render(Editor, p)
  expect(text(container)).toBe('select 1;')
  expect(p.onchange).not.toHaveBeenCalled()
  component.replaceAll('select 1 + 1;')
  expect(p.onchange).toHaveBeenLastCalledWith(true)
  component.replaceAll('select 1;\n')
  expect(p.onchange).toHaveBeenLastCalledWith(false)
  component.goTo(10)
  expect(p.oncursor).toHaveBeenLastCalledWith({ line: 2, col: 1, selected: 0 })
})

it('keeps each document while the other is shown, and forgets it when told', async () => {
  const p = props()
  const { container, component, rerender } = render(Editor, p)
  component.replaceAll('edited')
  component.goTo(3)
  await rerender({ ...p, doc: docs[1]! })
  expect(text(container)).toBe('select 2;')
  expect(documents.textOf('one')).toBe('edited')
  await rerender({ ...p, doc: docs[0]! })
  expect(text(container)).toBe('edited')
  expect(component.request().cursor).toBe(3)
  documents.forget('one')
  await rerender({ ...p, statements: [{ from: 0, to: 6, state: 'done', text: 'x' }] })
  expect(documents.textOf('one')).toBe('')
})

it('keeps the notes of a run with their document', async () => {
  const p = props()
  const { container, rerender } = render(Editor, p)
  const done: StatementMark[] = [{ from: 0, to: 9, state: 'done', text: '1 row · 2 ms' }]
  await rerender({ ...p, statements: done })
  await tick()
  expect(container.querySelector('.cm-ghost')?.textContent).toBe('1 row · 2 ms')
  await rerender({ ...p, doc: docs[1]!, statements: [] })
  expect(container.querySelector('.cm-ghost')).toBeNull()
})

it('maps what a run says to the text as it is when it says it', async () => {
  const p = props()
  const { container, component, rerender } = render(Editor, p)
  expect(component.request().text).toBe('select 1;\n')
  await rerender({ ...p, running: true })
  component.replaceAll('-- a comment came\nselect 1;\n')
  await rerender({ ...p, running: true, statements: [{ from: 0, to: 9, state: 'done', text: 'late' }] })
  // All of the text was replaced, so nothing is left that the note is about.
  expect(container.querySelector('.cm-ghost')).toBeNull()
})

it('takes what is chosen about it, in every document', async () => {
  const p = props()
  const { container, rerender } = render(Editor, p)
  const numbers = () => container.querySelector('.cm-numberless') === null
  const wraps = () => container.querySelector('.cm-lineWrapping') !== null
  expect([numbers(), wraps()]).toEqual([true, false])
  const other = { ...usual, lineNumbers: false, wrap: true }
  await rerender({ ...p, options: other })
  expect([numbers(), wraps()]).toEqual([false, true])
  await rerender({ ...p, doc: docs[1]!, options: other })
  expect([numbers(), wraps()]).toEqual([false, true])
  await rerender({ ...p, doc: docs[1]! })
  await rerender({ ...p, doc: docs[0]! })
  expect([numbers(), wraps()]).toEqual([true, false])
})
