import { part, type Frame } from './cells'
import { touchesColumn } from './selection'
import { readable } from './text'

/** One pooled column header: the name over the type, and the edge that resizes. */
class HeadCell {
  readonly el = part('g-hc', 'columnheader')
  readonly #name = part('g-hn')
  readonly #type = part('g-ht')
  col = -1

  constructor() {
    this.el.append(this.#name, this.#type, part('g-grip'))
  }

  hide(): void {
    this.col = -1
    this.el.style.display = 'none'
  }

  place(f: Frame, col: number): void {
    const column = f.source.columns[col]!
    this.el.style.display = ''
    this.el.style.left = `${f.gutter + f.columns.left(col)}px`
    this.el.style.width = `${f.columns.width(col)}px`
    this.el.setAttribute('aria-colindex', String(col + 2))
    const name = readable(column.name)
    if (this.#name.textContent !== name) this.#name.textContent = name
    if (this.#type.textContent !== column.type) this.#type.textContent = column.type
    this.col = col
  }

  mark(f: Frame, resizing: number): void {
    const name =
      'g-hc' +
      (f.source.columns[this.col]?.class === 'number' ? ' g-r' : '') +
      (touchesColumn(f.selection, this.col) ? ' g-in' : '') +
      (resizing === this.col ? ' g-sizing' : '')
    if (this.el.className !== name) this.el.className = name
  }
}

export class HeaderView {
  readonly el = part('g-head', 'row')
  readonly #corner = part('g-corner', 'columnheader')
  #cells: HeadCell[] = []
  #seen = ''

  constructor() {
    this.el.setAttribute('aria-rowindex', '1')
    this.#corner.setAttribute('aria-colindex', '1')
    this.#corner.setAttribute('aria-label', 'Row number')
    this.#corner.textContent = '#'
    this.el.append(this.#corner)
  }

  draw(f: Frame, resizing: number): void {
    const seen = [f.from, f.to, f.slots, f.gutter, f.layout, f.select, f.data, resizing].join()
    if (seen === this.#seen) return
    this.#seen = seen
    this.#corner.style.width = `${f.gutter}px`
    while (this.#cells.length < f.slots) {
      const cell = new HeadCell()
      this.#cells.push(cell)
      this.el.append(cell.el)
    }
    for (const cell of this.#cells) if (cell.col < f.from || cell.col > f.to) cell.hide()
    for (let col = f.from; col <= f.to; col++) {
      const cell = this.#cells[col % f.slots]!
      cell.place(f, col)
      cell.mark(f, resizing)
    }
  }
}
