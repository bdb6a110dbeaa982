import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { GridCell, GridSelection, GridSource } from './types'
import { GridView } from './view'

class Table implements GridSource {
  version = 0
  rows: number
  asked: [number, number][] = []
  columns = [
    { name: 'id', type: 'int8', class: 'number' },
    { name: 'note', type: 'text', class: 'text' },
  ]
  constructor(
    rows: number,
    readonly value: (row: number, col: number) => GridCell = (row, col) => `${row}/${col}`,
  ) {
    this.rows = rows
  }
  cell(row: number, col: number): GridCell {
    return this.value(row, col)
  }
  cutLength(): number | undefined {
    return undefined
  }
  ensure(from: number, to: number): void {
    this.asked.push([from, to])
  }
}

let host: HTMLDivElement
let selected: GridSelection | undefined
let view: GridView
const events = {
  select: (s: GridSelection) => (selected = s),
  copy: vi.fn(),
  open: vi.fn(),
  escape: vi.fn(),
  head: vi.fn(),
  menu: vi.fn(),
}

function show(source: GridSource): GridView {
  view = new GridView(host, source, events)
  view.resize(600, 40 + 240)
  view.draw()
  return view
}
const shownRows = () =>
  [...host.querySelectorAll<HTMLElement>('.g-row')].filter((r) => r.style.display !== 'none')
const cellsOf = (rowIndex: number) =>
  [...host.querySelectorAll<HTMLElement>(`.g-row[aria-rowindex="${rowIndex}"] [role=gridcell]`)].filter(
    (c) => c.style.display !== 'none',
  )
const press = (key: string, held: KeyboardEventInit = {}) => {
  const e = new KeyboardEvent('keydown', { key, ...held, cancelable: true, bubbles: true })
  host.dispatchEvent(e)
  view.draw()
  return e
}

beforeEach(() => {
  const outer = document.createElement('div')
  host = document.createElement('div')
  host.tabIndex = 0
  outer.append(host)
  document.body.append(outer)
  selected = undefined
  vi.clearAllMocks()
})
afterEach(() => {
  view.destroy()
  document.body.replaceChildren()
})

describe('what is drawn', () => {
  it('is what is seen, of ten million rows', () => {
    show(new Table(10_000_000))
    expect(shownRows()).toHaveLength(10)
    expect(host.getAttribute('aria-rowcount')).toBe('10000001')
    expect(host.getAttribute('aria-colcount')).toBe('3')
    view.scrollToRow(9_000_000)
    view.draw()
    const rows = shownRows()
    expect(rows).toHaveLength(10)
    expect(rows.map((r) => Number(r.getAttribute('aria-rowindex'))).sort()[0]).toBe(9_000_002)
    expect(cellsOf(9_000_002).map((c) => c.textContent)).toEqual(['9000000/0', '9000000/1'])
  })

  it('moves by single pixels far down', () => {
    show(new Table(10_000_000))
    view.scrollToRow(9_000_000)
    view.scrollBy(0, 1)
    view.draw()
    const row = host.querySelector<HTMLElement>('.g-row[aria-rowindex="9000003"]')!
    expect(row.style.transform).toBe('translateY(23px)')
  })

  it('has its roles', () => {
    show(new Table(3))
    expect(shownRows().map((r) => r.getAttribute('role'))).toEqual(['row', 'row', 'row'])
    expect(host.querySelectorAll('[role=columnheader]')).toHaveLength(3)
    const row = shownRows()[0]!
    expect(row.querySelector('[role=rowheader]')!.textContent).toBe('1')
    expect(cellsOf(2).map((c) => c.getAttribute('aria-colindex'))).toEqual(['2', '3'])
  })

  it('has frozen columns apart, that do not scroll, and moves between them and the others', () => {
    const wide = new Table(20)
    const source = Object.assign(wide, {
      columns: Array.from({ length: 40 }, (_, i) => ({ name: `c${i}`, type: 'text', class: 'text' })),
      frozen: 2,
    })
    show(source)
    view.scrollTo(2000, 0)
    view.draw()
    const ice = host.querySelector<HTMLElement>('.g-row[aria-rowindex="2"] > .g-ice')!
    expect([...ice.children].map((c) => c.textContent)).toEqual(['0/0', '0/1'])
    expect(ice.style.left).toBe('48px')
    expect(ice.style.width).toBe(`${view.port.columns.left(2)}px`)
    expect(cellsOf(2).length).toBeGreaterThan(4)
    expect([...host.querySelectorAll('.g-head > .g-ice > .g-hc')].map((c) => c.textContent)).toEqual([
      'c0text',
      'c1text',
    ])
    // Each column once: none of the frozen ones is among those that scroll.
    const drawn = cellsOf(2).map((c) => c.getAttribute('aria-colindex'))
    expect(new Set(drawn).size).toBe(drawn.length)
    view.goTo(0, 1)
    view.draw()
    expect(view.port.x).toBe(2000)
    expect(host.querySelector('.g-ice > .g-active')!.id).toBe(host.getAttribute('aria-activedescendant'))
    press('ArrowRight')
    expect(view.port.x).toBe(0)
    press('ArrowLeft', { shiftKey: true })
    const boxes = [...host.querySelectorAll<HTMLElement>('.g-rng')].filter((b) => b.style.display !== 'none')
    expect(boxes.map((b) => [b.style.borderLeftWidth, b.style.borderRightWidth])).toEqual([
      ['0px', ''],
      ['', '0px'],
    ])
    source.frozen = 0
    view.refresh()
    view.draw()
    expect(host.querySelectorAll('.g-ice')).toHaveLength(0)
    expect(cellsOf(2)[0]!.textContent).toBe('0/0')
  })

  it('tells NULL, the empty text, the text NULL and a missing cell apart', () => {
    const values = [null, '', 'NULL', undefined]
    show(new Table(4, (row) => values[row]))
    const looks = [2, 3, 4, 5].map((i) => {
      const c = cellsOf(i)[1]!
      return [c.textContent, c.className, c.getAttribute('aria-label')]
    })
    expect(looks[0]).toEqual(['NULL', 'g-cell g-null', 'NULL, no value'])
    expect(looks[1]).toEqual(["''", 'g-cell g-null g-empty', 'empty text'])
    expect(looks[2]).toEqual(['NULL', 'g-cell', null])
    expect(looks[3]![0]).toBe('')
    expect(looks[3]![1]).toContain('g-wait')
  })

  it('says the true length of a cut cell', () => {
    const source = new Table(1, () => 'beginning')
    source.cutLength = () => 2400
    show(source)
    expect(cellsOf(2)[1]!.textContent).toBe('beginning…2.4 kB')
    source.cutLength = () => undefined
    view.refresh()
    view.draw()
    expect(cellsOf(2)[1]!.querySelector<HTMLElement>('.g-len')!.hidden).toBe(true)
  })

  it('never reads data as markup', () => {
    show(new Table(1, () => '<img src=x onerror=alert(1)>\n<b>'))
    expect(host.querySelector('img, b')).toBeNull()
    expect(cellsOf(2)[1]!.textContent).toBe('<img src=x onerror=alert(1)>↵<b>')
  })

  it('copes with nothing', () => {
    show(new Table(0))
    expect(shownRows()).toHaveLength(0)
    press('ArrowDown')
    const none = new Table(5)
    none.columns = []
    view.setSource(none)
    view.draw()
    expect(shownRows()).toHaveLength(5)
    press('End', { ctrlKey: true })
    expect(selected).toBeUndefined()
  })

  it('draws 1,664 columns by the few that are seen', () => {
    const source = new Table(1000)
    source.columns = Array.from({ length: 1664 }, (_, i) => ({ name: `c${i}`, type: 'text', class: 'text' }))
    show(source)
    expect(host.querySelectorAll('[role=gridcell]').length).toBeLessThan(10 * 30)
    host.focus()
    press('End', { ctrlKey: true })
    expect(selected?.active).toEqual({ row: 999, col: 1663 })
    expect(cellsOf(1001).map((c) => c.textContent)).toContain('999/1663')
  })
})

describe('rows that arrive', () => {
  it('move nothing and change no width', () => {
    const source = new Table(50, (row) => (row < 50 ? 'short' : 'a very much longer text than before'))
    show(source)
    view.scrollBy(0, 300)
    view.draw()
    const place = () =>
      ['14', '15'].map(
        (i) => host.querySelector<HTMLElement>(`.g-row[aria-rowindex="${i}"]`)!.style.transform,
      )
    const width = cellsOf(14)[1]!.style.width
    const before = place()
    source.rows = 5_000_000
    view.refresh()
    view.draw()
    expect(place()).toEqual(before)
    expect(cellsOf(14)[1]!.style.width).toBe(width)
  })

  it('are no reason to take the echo of a scroll for a drag', () => {
    const source = new Table(1_000_000)
    show(source)
    view.scrollToRow(500_000)
    view.draw()
    const told = host.scrollTop
    expect(told).toBeGreaterThan(1_000_000)
    source.rows = 2_000_000
    view.refresh()
    host.dispatchEvent(new Event('scroll'))
    view.draw()
    expect(host.scrollTop).toBeLessThan(told - 1_000_000)
    expect(cellsOf(500_002)[0]!.textContent).toBe('500000/0')
    host.scrollTop = 0
    host.dispatchEvent(new Event('scroll'))
    view.draw()
    expect(cellsOf(2)[0]!.textContent).toBe('0/0')
  })

  it('are asked for at once at first', () => {
    const source = new Table(100)
    show(source)
    expect(source.asked).toEqual([[0, 10]])
  })

  it('are not asked for while they fly by', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const source = new Table(1_000_000)
    show(source)
    for (let i = 1; i <= 6; i++) {
      view.scrollBy(0, 5000)
      view.draw()
    }
    expect(source.asked).toHaveLength(1)
    vi.advanceTimersByTime(100)
    expect(source.asked).toHaveLength(2)
    expect(source.asked[1]![0]).toBe(1250)
    vi.useRealTimers()
  })
})

describe('selection', () => {
  it('starts with the focus and follows the keys', () => {
    show(new Table(100))
    host.focus()
    view.draw()
    expect(selected).toMatchObject({ active: { row: 0, col: 0 }, cells: 1 })
    press('ArrowDown', { shiftKey: true })
    press('ArrowRight', { shiftKey: true })
    expect(selected?.cells).toBe(4)
    expect(cellsOf(3).map((c) => c.getAttribute('aria-selected'))).toEqual(['true', 'true'])
    expect(host.querySelectorAll('.g-rng')).toHaveLength(1)
    press('ArrowDown')
    expect(selected).toMatchObject({ active: { row: 1, col: 0 }, cells: 1 })
    const id = host.getAttribute('aria-activedescendant')!
    expect(document.getElementById(id)).toBe(cellsOf(3)[0])
  })

  it('names no active cell that is out of view', () => {
    show(new Table(1000))
    host.focus()
    view.scrollToRow(500)
    view.draw()
    expect(host.hasAttribute('aria-activedescendant')).toBe(false)
    press('ArrowDown')
    expect(host.getAttribute('aria-activedescendant')).toMatch(/-1-0$/)
  })

  it('copies, opens and escapes; leaves the window its keys', () => {
    show(new Table(100))
    host.focus()
    press('c', { ctrlKey: true })
    press('C', { ctrlKey: true, shiftKey: true })
    expect(events.copy.mock.calls.map((c) => [c[1], c[2]])).toEqual([
      ['tsv', false],
      ['tsv', true],
    ])
    press('Enter')
    expect(events.open).toHaveBeenCalledWith(0, 0)
    press('Escape')
    expect(events.escape).toHaveBeenCalledOnce()
    expect(press('Enter', { ctrlKey: true }).defaultPrevented).toBe(false)
    expect(press('k', { ctrlKey: true }).defaultPrevented).toBe(false)
  })

  it('goes when another result comes', () => {
    show(new Table(100))
    host.focus()
    press('a', { ctrlKey: true })
    expect(selected?.cells).toBe(200)
    view.setSource(new Table(7))
    expect(selected).toEqual({ ranges: [], active: null, cells: 0 })
  })
})
