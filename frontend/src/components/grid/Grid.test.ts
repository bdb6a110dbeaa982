import { cleanup, render } from '@testing-library/svelte'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { tick } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'
import Grid from './Grid.svelte'
import type { GridCell, GridSource } from './types'

/** A source that tells of its changes as one with runes would. */
class Rows implements GridSource {
  columns = [{ name: 'n', type: 'int4', class: 'number' }]
  #rows: number
  #tell: () => void = () => undefined
  readonly #subscribe = createSubscriber((update) => {
    this.#tell = update
  })
  constructor(
    rows: number,
    readonly value: (row: number) => GridCell,
  ) {
    this.#rows = rows
  }
  get rows(): number {
    this.#subscribe()
    return this.#rows
  }
  set rows(n: number) {
    this.#rows = n
    this.#tell()
  }
  get version(): number {
    return this.rows
  }
  cell(row: number): GridCell {
    return this.value(row)
  }
  cutLength(): undefined {}
  ensure(): void {}
}

const frame = () => new Promise((done) => requestAnimationFrame(done))
const shown = (el: HTMLElement) =>
  [...el.querySelectorAll<HTMLElement>('.g-row')].filter((r) => r.style.display !== 'none').length

beforeAll(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  )
  for (const [name, value] of [
    ['clientWidth', 600],
    ['clientHeight', 280],
  ] as const)
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => value })
})
afterAll(() => {
  vi.unstubAllGlobals()
  Reflect.deleteProperty(HTMLElement.prototype, 'clientWidth')
  Reflect.deleteProperty(HTMLElement.prototype, 'clientHeight')
})
afterEach(cleanup)

it('draws rows as they arrive and starts anew with another source', async () => {
  const source = new Rows(3, (row) => `a${row}`)
  const onselect = vi.fn()
  const { container, component, rerender } = render(Grid, { source, label: 'Result', onselect })
  const host = container.querySelector<HTMLElement>('[role=grid]')!
  await frame()
  expect(host.getAttribute('aria-label')).toBe('Result')
  expect(shown(container)).toBe(3)
  source.rows = 500
  await tick()
  await frame()
  expect(host.getAttribute('aria-rowcount')).toBe('501')
  expect(shown(container)).toBe(10)
  component.scrollToRow(200)
  await frame()
  expect(container.textContent).toContain('a200')
  component.focus()
  expect(onselect).toHaveBeenLastCalledWith(
    expect.objectContaining({ active: { row: 200, col: 0 }, cells: 1 }),
  )
  await rerender({ source: new Rows(2, (row) => `b${row}`), label: 'Result', onselect })
  await frame()
  expect(shown(container)).toBe(2)
  expect(container.textContent).toContain('b0')
  expect(onselect).toHaveBeenLastCalledWith({ ranges: [], active: null, cells: 0 })
})
