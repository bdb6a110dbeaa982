import { part, type Frame } from './cells'
import { Cursor } from './cursor'
import { Asking } from './asking'
import { firstWidths, fitWidth, hasData } from './fit'
import { TAIL } from './geometry'
import { HeaderView } from './header'
import { attachInput, type InputTarget } from './input'
import { type Action } from './keyboard'
import { measures } from './measure'
import { OutlineLayer } from './outline'
import { attachPointer, type PointerTarget } from './pointer'
import { RowPool } from './pool'
import * as S from './selection'
import { Thumb } from './thumbs'
import type { CopyFormat, GridSelection, GridSource, MenuPlace } from './types'
import { Viewport } from './viewport'

export interface GridEvents {
  select(s: GridSelection): void
  copy(s: GridSelection, format: CopyFormat, header: boolean): void
  open(row: number, col: number): void
  escape(): void
  head(col: number, more: boolean): void
  menu(at: MenuPlace): void
}

let grids = 0

/** The DOM of a grid: pooled rows under one scrolled element. Nothing here reads layout while drawing. */
export class GridView implements PointerTarget, InputTarget {
  readonly port = new Viewport()
  readonly cursor = new Cursor(this.port, () => this.#chosen())
  readonly #space = part('g-space', 'none')
  readonly #stage = part('g-stage', 'none')
  readonly #header = new HeaderView()
  readonly #lines = new OutlineLayer()
  readonly #pool = new RowPool()
  readonly #down = new Thumb(true, (y) => this.scrollTo(this.port.x, y))
  readonly #across = new Thumb(false, (x) => this.scrollTo(x, this.port.v.real))
  readonly #asking = new Asking((from, to) => this.#source.ensure(from, to))
  readonly #uid = `grid${++grids}`
  readonly #release: (() => void)[]
  #source: GridSource
  #shown = { top: 0, x: 0 }
  #slots = 0
  #stamp = { data: 0, layout: 0, select: 0 }
  #signature = ''
  #fitted = false
  #resizing = -1
  #pointerInside = false
  #raf = 0

  constructor(
    readonly host: HTMLElement,
    source: GridSource,
    readonly events: GridEvents,
  ) {
    this.#source = source
    this.#stage.append(this.#header.el, this.#lines.el)
    this.#space.append(this.#stage)
    host.append(this.#space)
    host.after(this.#down.el, this.#across.el)
    this.#release = [attachPointer(host, this), attachInput(host, this)]
    host.addEventListener('pointerenter', () => (this.#pointerInside = true))
    host.addEventListener('pointerleave', () => (this.#pointerInside = false))
    this.setSource(source)
  }

  setSource(source: GridSource): void {
    this.#source = source
    this.#signature = ''
    this.#asking.forget()
    this.port.setRows(source.rows)
    this.port.scrollTo(0, 0)
    this.cursor.choose(S.nothing)
    this.refresh()
  }

  /** Something visible may have changed: rows arrived, cells were loaded. */
  refresh(): void {
    const { rows, columns } = this.#source
    const signature = JSON.stringify(columns.map((c) => [c.name, c.type, c.class]))
    if (signature !== this.#signature || (!this.#fitted && hasData(this.#source))) {
      this.#signature = signature
      this.#fitted = hasData(this.#source)
      const { active } = this.cursor.sel
      const inView = active !== null && this.port.sees(active)
      this.port.columns.set(firstWidths(this.#source, measures(this.host)))
      if (inView) this.port.reveal(active) // the first rows came late, and widths with them
      this.#stamp.layout++
    }
    this.port.setRows(rows)
    this.#freeze(this.#source.frozen ?? 0)
    this.host.classList.toggle('g-void', rows === 0 || columns.length === 0)
    this.host.setAttribute('aria-rowcount', String(rows + 1))
    this.host.setAttribute('aria-colcount', String(columns.length + 1))
    this.#stamp.data++
    this.cursor.fit()
    if (!this.#pointerInside) this.#growGutter()
    this.#fitSpace()
  }

  #freeze(columns: number): void {
    if (columns === this.port.frozen) return
    this.port.frozen = columns
    this.#stamp.layout++
  }

  /** The container or the density changed. */
  resize(width: number, height: number): void {
    if (width === 0 || height === 0) return
    const style = getComputedStyle(this.host)
    const px = (name: string, or: number) => parseFloat(style.getPropertyValue(name)) || or
    const { active } = this.cursor.sel
    const inView = active !== null && this.port.sees(active)
    this.port.resize(width, height, px('--row', 24), px('--h-head', 40))
    if (inView) this.port.reveal(active) // a pane that opens beside must not cover the cell it shows
    // An element that was hidden has forgotten where it was scrolled to.
    this.#shown = { top: -1, x: -1 }
    this.#stamp.layout++
    this.#fitSpace()
  }

  scrollTo(x: number, y: number): void {
    this.#growGutter()
    this.port.scrollTo(x, y)
    this.#invalidate()
  }
  scrollBy(x: number, y: number): void {
    this.scrollTo(this.port.x + x, this.port.v.real + y)
  }
  scrollToRow(row: number): void {
    this.scrollTo(this.port.x, row * this.port.v.rowHeight)
  }
  goTo(row: number, col: number): void {
    this.#growGutter()
    this.cursor.go({ row, col })
    this.#invalidate()
  }
  get selection(): GridSelection {
    return S.report(this.cursor.sel)
  }

  destroy(): void {
    cancelAnimationFrame(this.#raf)
    this.#asking.forget()
    for (const release of this.#release) release()
    for (const el of [this.#space, this.#down.el, this.#across.el]) el.remove()
  }

  draw(): void {
    this.#raf = 0
    const { v, columns, x } = this.port
    // Before any change of ours, while the layout is clean: to set an offset makes engines look at it.
    if (this.#shown.top !== v.top) this.host.scrollTop = this.#shown.top = v.top
    if (this.#shown.x !== x) this.host.scrollLeft = this.#shown.x = x
    const { ice } = this.port
    const { from, to } = this.port.drawnColumns(ice)
    this.#slots = Math.max(this.#slots, to - from + 1)
    const frame: Frame = {
      ...this.#stamp,
      uid: this.#uid,
      source: this.#source,
      columns,
      from,
      to,
      slots: this.#slots,
      ice,
      gutter: this.port.gutter,
      selection: this.cursor.sel,
    }
    this.#pool.draw(frame, v, (el) => this.#stage.insertBefore(el, this.#lines.el))
    this.#header.draw(frame, this.#resizing)
    this.#lines.draw(S.outlined(this.cursor.sel), this.port)
    this.#down.draw(v.view, v.total, v.real, v.view)
    this.#across.draw(this.port.width, this.port.total, x, this.port.width - TAIL)
    const rows = v.visible()
    this.#follow(rows, frame)
    this.#asking.look(rows.from, rows.to, this.#stamp.data)
  }

  /** Tells a screen reader where the active cell is, while it is drawn. */
  #follow(rows: { from: number; to: number }, { from, to, ice }: Frame): void {
    const a = this.cursor.sel.active
    const drawn = (col: number) => col < ice.count || (col >= from && col <= to)
    const here = a && a.row >= rows.from && a.row < rows.to && drawn(a.col)
    if (here) this.host.setAttribute('aria-activedescendant', `${this.#uid}-${a.row}-${a.col}`)
    else this.host.removeAttribute('aria-activedescendant')
  }

  sizeColumn(col: number, width: number, done: boolean): void {
    this.#fitted = true
    this.#resizing = done ? -1 : col
    this.port.columns.resize(col, width)
    this.#stamp.layout++
    this.#fitSpace()
  }
  fitColumn(col: number): void {
    const { from, to } = this.port.v.visible()
    const width = fitWidth(this.#source, col, from, to, measures(this.host))
    this.sizeColumn(col, width, true)
  }

  /** What a key asks. The window's own keys are left alone. */
  act(a: Action): void {
    const cursor = this.cursor
    const { active } = cursor.sel
    switch (a.do) {
      case 'move':
        this.#growGutter()
        cursor.move(a.move, a.extend)
        return this.#invalidate()
      case 'copy':
        if (active) this.events.copy(this.selection, 'tsv', a.header)
        return
      case 'resize':
        if (active) this.sizeColumn(active.col, this.port.columns.width(active.col) + a.by, true)
        return
      case 'open':
        if (active) this.events.open(active.row, active.col)
        return
      case 'all':
        return cursor.all()
      case 'escape':
        return this.events.escape()
      case 'menu':
        if (active) this.events.menu({ zone: 'cell', ...active, ...this.#below(active) })
        return
      default:
        return cursor.widen(a.do)
    }
  }

  /** The point of the window at the lower left of a cell. */
  #below(at: S.Place): { x: number; y: number } {
    const box = this.host.getBoundingClientRect()
    const { port } = this
    const x = port.gutter + port.across(at.col)
    return {
      x: box.left + Math.max(port.gutter, Math.min(x, port.width - 40)),
      y: box.top + port.head + port.v.y(at.row) + port.v.rowHeight,
    }
  }

  get page(): number {
    return this.port.v.view
  }
  enter(): void {
    this.cursor.enter()
  }
  scrolled(top: number, left: number): void {
    const port = this.port
    const told = this.#shown
    // Not told anything since it was resized: what it says is old.
    if (told.top < 0) return
    const across = Math.abs(left - told.x) > 1
    if (across) told.x = port.x = left
    if (port.v.dragged(top, told.top)) told.top = port.v.top
    else if (!across) return
    this.#invalidate()
  }

  #chosen(): void {
    this.#stamp.select++
    this.#invalidate()
    this.events.select(this.selection)
  }

  #growGutter(): void {
    if (!this.port.fitGutter()) return
    this.#stamp.layout++
    this.#fitSpace()
  }

  #fitSpace(): void {
    const { v, total, head, height, width } = this.port
    this.port.scrollTo(this.port.x, v.real)
    this.#space.style.height = `${Math.max(v.space + head, height)}px`
    this.#space.style.width = `${Math.max(total, width)}px`
    this.#stage.style.height = `${height}px`
    this.#invalidate()
  }

  #invalidate(): void {
    this.#raf ||= requestAnimationFrame(() => this.draw())
  }
}
