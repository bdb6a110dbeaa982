import type { ColumnLayout } from './geometry'
import type { Ice } from './viewport'
import { contains, touchesRow, type Selection } from './selection'
import { bytes } from '../../lib/text/format'
import { head, utf8Length, visible } from './text'
import type { GridSource } from './types'

/** Everything a row needs to draw itself. The three counters say what changed since it was last drawn. */
export interface Frame {
  uid: string
  source: GridSource
  columns: ColumnLayout
  from: number
  to: number
  slots: number
  /** so many columns, the first ones, are drawn apart and do not scroll */
  ice: Ice
  gutter: number
  selection: Selection
  data: number
  layout: number
  select: number
}

export function part(className: string, role?: string): HTMLDivElement {
  const el = document.createElement('div')
  el.className = className
  if (role) el.setAttribute('role', role)
  return el
}

/** A text this long shows its length, for what is visible of it says little. */
const LONG = 200

/** One pooled cell: the element stays, the text node is rewritten. */
class CellView {
  readonly el = part('g-cell', 'gridcell')
  readonly #node = document.createTextNode('')
  #length: HTMLElement | null = null
  #rich = false
  #class = 'g-cell'
  #base = ''
  #kind = ''
  #found = ''
  #long = false
  #selected: boolean | null = null
  #active = false
  col = -1

  constructor() {
    this.el.append(this.#node)
    this.el.style.display = 'none'
  }

  hide(): void {
    if (this.col < 0) return
    this.col = -1
    this.el.style.display = 'none'
  }

  place(f: Frame, col: number): void {
    if (this.col < 0) this.el.style.display = ''
    this.col = col
    this.el.style.left = `${(col < f.ice.count ? 0 : f.gutter) + f.columns.left(col)}px`
    this.el.style.width = `${f.columns.width(col)}px`
    this.el.setAttribute('aria-colindex', String(col + 2))
    this.#base = f.source.columns[col]?.class === 'number' ? 'g-cell g-r' : 'g-cell'
  }

  show(f: Frame, row: number): void {
    const value = f.source.cell(row, this.col)
    const found = f.source.found?.(row, this.col)
    const tint = f.source.tint?.(row, this.col)
    this.#found = found === 'now' ? ' g-hit g-now' : found ? ' g-hit' : tint ? ` g-${tint}` : ''
    if (value === undefined) {
      this.#set('', `g-wait g-wait${(row * 7 + this.col * 3) % 4}`, 'not loaded yet')
    } else if (value === null) {
      this.#set('NULL', 'g-null', 'NULL, no value')
    } else if (value === '') {
      this.#set("''", 'g-null g-empty', 'empty text')
    } else {
      const cut = f.source.cutLength(row, this.col)
      const limit = Math.ceil(f.columns.width(this.col) / 5) + 8
      const text = head(value, limit)
      const whole = text.length === value.length && cut === undefined
      this.#set(visible(text, whole), '', null, whole ? '' : '…')
      this.#badge(cut ?? (value.length > LONG ? utf8Length(value) : undefined))
      return
    }
    this.#badge(undefined)
  }

  mark(f: Frame, row: number): void {
    const { active } = f.selection
    const isActive = active !== null && active.row === row && active.col === this.col
    const selected = contains(f.selection, row, this.col)
    if (selected !== this.#selected) {
      this.#selected = selected
      this.el.setAttribute('aria-selected', String(selected))
    }
    // The id belongs to the place, not to the pooled element, or a screen reader would miss a page down.
    if (isActive) this.el.id = `${f.uid}-${row}-${this.col}`
    else if (this.#active) this.el.removeAttribute('id')
    this.#active = isActive
    const name =
      this.#base +
      (this.#kind && ' ' + this.#kind) +
      this.#found +
      (this.#long ? ' g-long' : '') +
      (isActive ? ' g-active' : selected ? ' g-in' : '')
    if (name !== this.#class) this.el.className = this.#class = name
  }

  #set(text: ReturnType<typeof visible>, kind: string, label: string | null, tail = ''): void {
    if (kind !== this.#kind) {
      this.#kind = kind
      if (label) this.el.setAttribute('aria-label', label)
      else this.el.removeAttribute('aria-label')
    }
    if (typeof text === 'string') {
      if (this.#rich) this.el.replaceChildren(this.#node, ...(this.#length ? [this.#length] : []))
      this.#rich = false
      this.#node.data = text + tail
      return
    }
    this.#rich = true
    const nodes = text.map((p) => {
      if (!p.mark) return document.createTextNode(p.text)
      const span = document.createElement('span')
      span.className = 'g-mark'
      span.textContent = p.text
      return span
    })
    this.el.replaceChildren(...nodes, tail, ...(this.#length ? [this.#length] : []))
  }

  #badge(length: number | undefined): void {
    this.#long = length !== undefined
    if (length === undefined) {
      if (this.#length && !this.#length.hidden) {
        this.#length.hidden = true
        this.el.style.paddingRight = ''
      }
      return
    }
    this.#length ??= this.el.appendChild(part('g-len'))
    this.#length.hidden = false
    const text = bytes(length)
    this.#length.textContent = text
    this.el.style.paddingRight = `${text.length * 6.6 + 14}px`
  }
}

/** What holds the frozen cells of a row: it sticks beside the row number, above the cells that scroll. */
export class IceView<T extends { readonly el: HTMLElement; hide(): void }> {
  readonly cells: T[] = []
  #el: HTMLElement | null = null
  #width = -1
  #gutter = -1

  constructor(
    readonly row: HTMLElement,
    readonly make: () => T,
  ) {}

  /** As many cells as there are frozen columns; an element only when there are any. */
  fit({ ice, gutter }: Frame): void {
    while (this.cells.length > ice.count) {
      const cell = this.cells.pop()!
      cell.el.remove()
    }
    if (ice.count === 0) {
      this.#el?.remove()
      this.#el = null
      this.#width = this.#gutter = -1
      return
    }
    this.#el ??= this.row.insertBefore(part('g-ice', 'none'), this.row.children[1] ?? null)
    if (this.#width !== ice.width) this.#el.style.width = `${(this.#width = ice.width)}px`
    if (this.#gutter !== gutter) this.#el.style.left = `${(this.#gutter = gutter)}px`
    while (this.cells.length < ice.count) {
      const cell = this.make()
      this.cells.push(cell)
      this.#el.append(cell.el)
    }
  }
}

/** One pooled row, moved by transform and filled again when it stands for another row. */
export class RowView {
  readonly el = part('g-row', 'row')
  readonly #number = part('g-rn', 'rowheader')
  readonly #node = document.createTextNode('')
  readonly #cells: CellView[] = []
  readonly #ice: IceView<CellView>
  #row = -1
  #y = NaN
  #gutter = -1
  #stamp = { data: -1, layout: -1, select: -1, from: -1, to: -1 }

  constructor() {
    this.#number.append(this.#node)
    this.el.style.display = 'none'
    this.#number.setAttribute('aria-colindex', '1')
    this.el.append(this.#number)
    this.#ice = new IceView(this.el, () => new CellView())
  }

  hide(): void {
    if (this.#row < 0) return
    this.#row = -1
    this.el.style.display = 'none'
  }

  draw(f: Frame, row: number, y: number): void {
    if (y !== this.#y) this.el.style.transform = `translateY(${y}px)`
    this.#y = y
    const moved = row !== this.#row
    if (moved) {
      if (this.#row < 0) this.el.style.display = ''
      this.#row = row
      this.#node.data = String(row + 1)
      this.el.setAttribute('aria-rowindex', String(row + 2))
    }
    const was = this.#stamp
    const fresh = moved || was.data !== f.data || was.layout !== f.layout
    const select = fresh || was.select !== f.select
    if (!select && was.from === f.from && was.to === f.to) return
    if (this.#gutter !== f.gutter) this.#number.style.width = `${(this.#gutter = f.gutter)}px`
    if (select) this.#number.className = touchesRow(f.selection, row) ? 'g-rn g-in' : 'g-rn'
    while (this.#cells.length < f.slots) this.#cells.push(this.#add())
    for (const cell of this.#cells) if (cell.col < f.from || cell.col > f.to) cell.hide()
    const draw = (cell: CellView, col: number) => {
      const here = cell.col === col
      if (!here || was.layout !== f.layout) cell.place(f, col)
      if (!here || fresh) cell.show(f, row)
      if (!here || select) cell.mark(f, row)
    }
    if (was.layout !== f.layout) this.#ice.fit(f)
    for (let col = 0; col < f.ice.count; col++) draw(this.#ice.cells[col]!, col)
    for (let col = f.from; col <= f.to; col++) draw(this.#cells[col % f.slots]!, col)
    this.#stamp = { data: f.data, layout: f.layout, select: f.select, from: f.from, to: f.to }
  }

  #add(): CellView {
    const cell = new CellView()
    this.el.append(cell.el)
    return cell
  }
}
