import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import CellViewer from './CellViewer.svelte'
import { fakeSource, type FakeOptions } from './viewer/fake'

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

function show(text: string | null, options: FakeOptions = {}, over: object = {}) {
  const source = Object.assign(fakeSource(text, options), over)
  const p = { source, onclose: vi.fn(), onmove: vi.fn() }
  return { ...p, ...render(CellViewer, p) }
}
const lines = (el: HTMLElement) => [...el.querySelectorAll('.vl-row')].map((r) => r.textContent)
const settle = async () => {
  for (let i = 0; i < 4; i++) await new Promise((done) => setTimeout(done))
  await tick()
}

it('tells NULL from the empty text and from the word', () => {
  const none = show(null)
  expect(none.container.querySelector('.word')?.textContent).toBe('NULL')
  expect(screen.getByText('The cell has no value.')).toBeTruthy()
  none.unmount()
  const empty = show('')
  expect(empty.container.querySelector('.word')?.textContent).toBe("''")
  empty.unmount()
  const word = show('NULL')
  expect(word.container.querySelector('.word')).toBeNull()
  expect(lines(word.container)).toEqual(['NULL'])
})

it('folds JSON and gives all of it back as sent', async () => {
  const text = '{"n": 1.500, "n": 1e400, "o": {"k": [1, 2]}}'
  const { container } = show(text, { class: 'json', type: 'json' })
  await settle()
  const folded = lines(container).map((l) => l?.trim())
  expect(folded).toEqual(['{', '"n": 1.500,', '"n": 1e400,', '"o": { k }', '}'])
  await fireEvent.click(container.querySelector('.vl-chip')!)
  await settle()
  expect(lines(container).map((l) => l?.trim())).toEqual([
    '{',
    '"n": 1.500,',
    '"n": 1e400,',
    '"o": {',
    '"k": [ 2 values ]',
    '}',
    '}',
  ])
  await fireEvent.click(container.querySelector('.vl-fold')!)
  await settle()
  expect(lines(container).map((l) => l?.trim())).toEqual(folded)
  await fireEvent.click(screen.getByRole('tab', { name: 'Text' }))
  expect(lines(container).join('')).toBe(text)
})

it('copies the path of the line the person is at', async () => {
  const { source, container } = show('{"a": [7, {"b c": 1}]}', { class: 'json', type: 'jsonb' })
  await settle()
  const value = container.querySelector('.vl')!
  for (const key of ['Home', 'ArrowDown', 'ArrowRight']) await fireEvent.keyDown(value, { key })
  await settle()
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight']) await fireEvent.keyDown(value, { key })
  await settle()
  await fireEvent.keyDown(value, { key: 'ArrowDown' })
  await fireEvent.click(screen.getByText('Copy path'))
  await fireEvent.click(screen.getByText('As SQL'))
  expect(source.copy.mock.calls).toEqual([['$.a[1]."b c"'], [`note -> 'a' -> 1 -> 'b c'`]])
})

it('shows what says to be JSON and is none as text', async () => {
  const { container } = show('oops', { class: 'json', type: 'json' })
  expect(lines(container)).toEqual(['oops'])
})

it('dumps bytes, and says what kind of file they are', async () => {
  const { container } = show('\\x255044462d00', { class: 'bytes', type: 'bytea' })
  await settle()
  expect([...container.querySelectorAll('.vl-hex')].map((e) => e.textContent?.trim())).toEqual([
    '25 50 44 46',
    '2d 00',
  ])
  expect([...container.querySelectorAll('.vl-ascii')].map((e) => e.textContent)).toEqual(['%PDF', '-·'])
  expect(screen.getByText(/PDF document, 6 bytes/)).toBeTruthy()
})

it('closes, copies, saves, moves and turns by keys', async () => {
  const { source, onclose, onmove, container } = show('{"a": 1}', { class: 'json', type: 'json' })
  await settle()
  await fireEvent.click(screen.getByLabelText('Copy value'))
  await fireEvent.click(screen.getByLabelText('Save value'))
  expect(source.save).toHaveBeenCalledWith('.json')
  const value = container.querySelector('.vl')!
  await fireEvent.keyDown(value, { key: 'ArrowDown', altKey: true })
  await fireEvent.keyDown(value, { key: 'ArrowLeft', altKey: true })
  expect(onmove.mock.calls).toEqual([
    [1, 0],
    [0, -1],
  ])
  await fireEvent.keyDown(value, { key: 'PageDown', altKey: true })
  expect(screen.getByRole('tab', { name: 'Text' }).getAttribute('aria-selected')).toBe('true')
  await fireEvent.keyDown(container.querySelector('.vl')!, { key: 'Escape' })
  expect([source.copy, onclose].map((f) => f.mock.calls.length)).toEqual([1, 1])
})

it('reads a long text a part at a time', async () => {
  const part = { from: 1_000_000, next: 2_048_576, length: 24_000_000 }
  const { source } = show('x'.repeat(1000), {}, part)
  expect(screen.getByText(/1 MB to 2 MB of 24 MB/)).toBeTruthy()
  await fireEvent.click(screen.getByText('Next part'))
  await fireEvent.click(screen.getByText('Part before'))
  expect(source.read.mock.calls).toEqual([[2_048_576], [0, true]])
})

it('opens an address only when asked to', async () => {
  const { source } = show('https://example.org/x')
  expect(source.follow).not.toHaveBeenCalled()
  await fireEvent.click(screen.getByText('Open'))
  expect(source.follow).toHaveBeenCalledWith('https://example.org/x')
  cleanup()
  show('javascript:alert(1)')
  expect(screen.queryByText('Open')).toBeNull()
})

it('finds, and brings the part in which it was found', async () => {
  const { source, container } = show('hay needle hay', {}, { next: 14, length: 5_000_000 })
  source.find.mockResolvedValue({ places: [4, 10, 3_000_000, 3_000_006], more: true })
  await fireEvent.keyDown(container.querySelector('.vl')!, { key: 'f', ctrlKey: true })
  await tick()
  const field = screen.getByRole('textbox')
  await fireEvent.input(field, { target: { value: 'needle' } })
  await vi.waitFor(() => expect(screen.getByText('1 of 2+')).toBeTruthy())
  expect(container.querySelector('.vl-hit-now')?.textContent).toBe('needle')
  await fireEvent.keyDown(field, { key: 'Enter' })
  await settle()
  expect(source.read).toHaveBeenCalledWith(3_000_000 - 16_384, true)
})

it('makes only the lines that are seen', () => {
  const { container } = show('line\n'.repeat(200_000))
  expect(lines(container).length).toBeLessThan(25)
})

it('tells every parameter of an address, those of one name too', async () => {
  const { container } = show('https://example.com/a?tag=x&tag=y')
  await settle()
  await fireEvent.click(screen.getByRole('tab', { name: 'Facts' }))
  expect([...container.querySelectorAll('dt, dd')].map((e) => e.textContent)).toEqual([
    ...['Host', 'example.com', 'Path', '/a', '?tag', 'x', '?tag', 'y'],
  ])
})

it('reads no more of an image once nobody looks at it', async () => {
  const png = `\\x89504e470d0a1a0a${'00'.repeat(2_000_000)}`
  const { source, unmount } = show(png, { class: 'bytes', type: 'bytea' })
  const bytes = vi.spyOn(source, 'bytes')
  unmount()
  await settle()
  expect(bytes.mock.calls.length).toBeLessThan(2)
})
