import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { deferred, page, result } from '../api/fake'
import type { Page, PageRequest } from '../api/types'
import { pageRows, ResultWindow } from './result.svelte'

const total = 10_000_000

function make(rows = total) {
  const asked: number[] = []
  const fetch = vi.fn((req: PageRequest): Promise<Page> => {
    asked.push(req.from / pageRows)
    return Promise.resolve(page(req.resultId, req.from, req.count, rows))
  })
  return { window: new ResultWindow(fetch, result({ rows })), asked, fetch }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())
const settle = () => vi.advanceTimersByTimeAsync(200)

describe('ResultWindow', () => {
  it('has the first page for free and asks for nothing else than the next one', async () => {
    const { window, asked } = make()
    window.give(page('x1', 0, 200, total))
    expect(window.cell(199, 0)).toBe('199')
    expect(window.cell(200, 0)).toBeUndefined()
    window.ensure(0, 30)
    await settle()
    expect(asked).toEqual([1])
    expect(window.cell(200, 0)).toBe('200')
  })

  it('tells NULL from a cell that is not here', () => {
    const { window } = make()
    window.give({ ...page('x1', 0, 2, 2), rows: [[null], ['']] })
    expect(window.cell(0, 0)).toBeNull()
    expect(window.cell(1, 0)).toBe('')
    expect(window.cell(0, 7)).toBeUndefined()
  })

  it('takes the name of a type that the server tells later', () => {
    const { window } = make()
    const before = window.version
    const columns = window.columns.map((c) => ({ ...c, type: 'order_status' }))
    window.update({ ...result({ rows: total }), columns })
    expect(window.columns[0]!.type).toBe('order_status')
    expect(window.version).toBeGreaterThan(before)
  })

  it('asks for a page once, and its version grows when it comes', async () => {
    const { window, asked } = make()
    const before = window.version
    window.ensure(0, 30)
    window.ensure(2, 32)
    await settle()
    window.ensure(4, 34)
    await settle()
    expect(asked).toEqual([0, 1])
    expect(window.version).toBeGreaterThan(before)
  })

  it('waits at a far jump, so that only where it stops is read', async () => {
    const { window, asked } = make()
    window.ensure(0, 30)
    await settle()
    asked.length = 0
    for (let row = 1_000_000; row <= 9_000_000; row += 1_000_000) window.ensure(row, row + 30)
    expect(asked).toEqual([])
    await settle()
    expect(asked).toEqual([45_000, 45_001])
    expect(window.cell(9_000_000, 0)).toBe('9000000')
  })

  it('prefetches in the direction of scrolling', async () => {
    const { window, asked } = make()
    window.ensure(2_000, 2_030)
    await settle()
    asked.length = 0
    window.ensure(1_990, 2_020)
    await settle()
    expect(asked).toEqual([9, 8])
  })

  it('keeps a bounded number of pages, the ones used last', async () => {
    const { window } = make()
    for (let p = 0; p < 100; p++) {
      window.ensure(p * pageRows, p * pageRows + 30)
      await settle()
    }
    expect(window.held).toBe(60)
    expect(window.cell(99 * pageRows, 0)).toBe(String(99 * pageRows))
    expect(window.cell(0, 0)).toBeUndefined()
    window.ensure(0, 30)
    await settle()
    expect(window.cell(0, 0)).toBe('0')
  })

  it('reads a page again that was short because rows were still coming', async () => {
    let rows = 250
    const asked: number[] = []
    const window = new ResultWindow(
      (req) => {
        asked.push(req.from / pageRows)
        return Promise.resolve(page(req.resultId, req.from, req.count, rows))
      },
      result({ rows: 250, complete: false }),
    )
    window.ensure(200, 250)
    await settle()
    expect(window.cell(249, 0)).toBe('249')
    rows = 900
    window.update(result({ rows: 900 }))
    expect(window.rows).toBe(900)
    asked.length = 0
    window.ensure(200, 260)
    await settle()
    expect(asked).toContain(1)
    expect(window.cell(259, 0)).toBe('259')
  })

  it('drops answers that come after its end', async () => {
    const late = deferred<Page>()
    const window = new ResultWindow(() => late.promise, result({ rows: 10 }))
    window.ensure(0, 10)
    window.dispose()
    const version = window.version
    late.resolve(page('x1', 0, 10, 10))
    await settle()
    expect(window.cell(0, 0)).toBeUndefined()
    expect(window.version).toBe(version)
  })

  it('has at most four requests on the way', () => {
    const fetch = vi.fn(() => new Promise<Page>(() => undefined))
    const window = new ResultWindow(fetch, result({ rows: total }))
    for (let p = 0; p < 20; p++) window.ensure(p * pageRows, p * pageRows + 30)
    expect(fetch).toHaveBeenCalledTimes(4)
  })

  it('says that rows cannot be read, and goes on when they can', async () => {
    let broken = true
    const window = new ResultWindow(
      (req) =>
        broken ? Promise.reject(new Error('gone')) : Promise.resolve(page('x1', req.from, req.count, 10)),
      result({ rows: 10 }),
    )
    window.ensure(0, 10)
    await settle()
    expect(window.trouble).toBeTruthy()
    broken = false
    window.ensure(0, 10)
    await settle()
    expect(window.trouble).toBeNull()
    expect(window.cell(9, 0)).toBe('9')
  })

  it('knows the length of cells of which only a part is here', () => {
    const { window } = make()
    window.give({ ...page('x1', 0, 400, 400), cut: [{ row: 201, column: 0, length: 4096 }] })
    expect(window.cutLength(201, 0)).toBe(4096)
    expect(window.cutLength(1, 0)).toBeUndefined()
  })
})
