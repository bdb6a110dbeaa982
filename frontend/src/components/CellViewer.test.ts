import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import CellViewer from './CellViewer.svelte'

const size = Object.getOwnPropertyDescriptor(HTMLElement.prototype, 'clientHeight')
beforeAll(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  )
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 400 })
})
afterAll(() => {
  vi.unstubAllGlobals()
  if (size) Object.defineProperty(HTMLElement.prototype, 'clientHeight', size)
  else Reflect.deleteProperty(HTMLElement.prototype, 'clientHeight')
})

afterEach(cleanup)

const props = <T extends object>(over: T) => ({
  name: 'note',
  type: 'text',
  class: 'text',
  text: 'a text' as string | null,
  length: 6,
  onclose: vi.fn(),
  oncopy: vi.fn(),
  ...over,
})
const lines = (el: HTMLElement) => [...el.querySelectorAll('.vl-row')].map((r) => r.textContent)

it('tells NULL from the empty text and from the word', () => {
  const { container, unmount } = render(CellViewer, props({ text: null, length: 0 }))
  expect(container.querySelector('.vl .word')?.textContent).toBe('NULL')
  expect(screen.getByText('The cell has no value.')).toBeTruthy()
  unmount()
  const empty = render(CellViewer, props({ text: '', length: 0 }))
  expect(empty.container.querySelector('.vl .word')?.textContent).toBe("''")
  empty.unmount()
  const word = render(CellViewer, props({ text: 'NULL', length: 4 }))
  expect(word.container.querySelector('.vl .word')).toBeNull()
  expect(lines(word.container)).toEqual(['NULL'])
})

it('folds JSON and gives all of it back as sent', async () => {
  const text = '{"n": 1.500, "n": 1e400, "o": {"k": [1, 2]}}'
  const { container } = render(CellViewer, props({ class: 'json', type: 'json', text, length: text.length }))
  const open = lines(container)
  expect(open.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
  await fireEvent.click(container.querySelectorAll('.vl-fold')[1]!)
  expect(lines(container).map((l) => l?.trim())).toEqual([
    '{',
    '"n": 1.500,',
    '"n": 1e400,',
    '"o": { k }',
    '}',
  ])
  await fireEvent.click(container.querySelector('.vl-chip')!)
  expect(lines(container)).toEqual(open)
  await fireEvent.click(screen.getByText('As sent'))
  expect(lines(container).join('')).toBe(text)
})

it('says that it is no JSON', () => {
  const { container } = render(CellViewer, props({ class: 'json', text: '{oops}', length: 6 }))
  expect(lines(container)).toEqual(['{oops}'])
  expect(screen.getByText(/not valid JSON/)).toBeTruthy()
})

it('dumps bytes', () => {
  const { container } = render(CellViewer, props({ class: 'bytes', text: '\\x414200', length: 3 }))
  expect(container.querySelector('.vl-hex')?.textContent?.trim()).toBe('41 42 00')
  expect(container.querySelector('.vl-ascii')?.textContent).toBe('AB·')
})

it('closes, copies and loads more', async () => {
  const p = props({ more: vi.fn(), length: 24_000_000 })
  const { container } = render(CellViewer, p)
  expect(screen.getByText('The first part of 24 MB.')).toBeTruthy()
  await fireEvent.click(screen.getByText('Load more'))
  await fireEvent.click(screen.getByLabelText('Copy value'))
  await fireEvent.keyDown(container.querySelector('.vl')!, { key: 'Escape' })
  expect([p.more, p.oncopy, p.onclose].map((f) => f.mock.calls.length)).toEqual([1, 1, 1])
})

it('makes only the lines that are seen', () => {
  const text = 'line\n'.repeat(500_000)
  const { container } = render(CellViewer, props({ text, length: text.length }))
  expect(lines(container).length).toBeLessThan(25)
})
