import { IceView, part, type Frame } from './cells'
import { touchesColumn } from './selection'
import type { GridColumn } from './types'
import { readable } from './text'
import { icons } from '../icons'

const svg = 'http://www.w3.org/2000/svg'

/** An icon beside a name, drawn once and shown when it is needed. */
function mark(name: keyof typeof icons): SVGSVGElement {
  const el = document.createElementNS(svg, 'svg')
  el.setAttribute('viewBox', '0 0 24 24')
  el.setAttribute('class', 'i i-xs')
  el.setAttribute('aria-hidden', 'true')
  el.appendChild(document.createElementNS(svg, 'path')).setAttribute('d', icons[name])
  return el
}

/** One pooled column header: the name over the type, and the edge that resizes. */
class HeadCell {
  readonly el = part('g-hc', 'columnheader')
  readonly #name = part('g-hn')
  readonly #type = part('g-ht')
  readonly #text = document.createElement('span')
  readonly #kind = document.createElement('span')
  readonly #order = document.createElement('small')
  #marks = ''
  col = -1

  constructor() {
    this.#name.append(this.#text)
    this.#type.append(this.#kind)
    this.el.append(this.#name, this.#type, part('g-grip'))
  }

  hide(): void {
    this.col = -1
    this.el.style.display = 'none'
  }

  place(f: Frame, col: number): void {
    const column = f.source.columns[col]!
    this.el.style.display = ''
    this.el.style.left = `${(col < f.ice.count ? 0 : f.gutter) + f.columns.left(col)}px`
    this.el.style.width = `${f.columns.width(col)}px`
    this.el.setAttribute('aria-colindex', String(col + 2))
    const name = readable(column.name)
    if (this.#text.textContent !== name) this.#text.textContent = name
    this.#decorate(column)
    if (this.#kind.textContent !== column.type) this.#kind.textContent = column.type
    this.col = col
  }

  /** The arrow of a sorted column with its number, and the sign of a filter. */
  #decorate({ sort, filtered, hint }: GridColumn): void {
    const marks = `${sort ? `${sort.down}${sort.place}` : ''}|${filtered ?? false}`
    if (marks !== this.#marks) {
      this.#marks = marks
      this.#order.textContent = sort?.place ? String(sort.place) : ''
      this.#name.replaceChildren(
        this.#text,
        ...(sort ? [mark(sort.down ? 'arrow-down' : 'arrow-up'), this.#order] : []),
      )
      this.#type.replaceChildren(this.#kind, ...(filtered ? [mark('list-filter')] : []))
      if (sort) this.el.setAttribute('aria-sort', sort.down ? 'descending' : 'ascending')
      else this.el.removeAttribute('aria-sort')
    }
    if (this.el.title !== (hint ?? '')) this.el.title = hint ?? ''
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
  readonly #ice = new IceView(this.el, () => new HeadCell())
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
    this.#ice.fit(f)
    const draw = (cell: HeadCell, col: number) => {
      cell.place(f, col)
      cell.mark(f, resizing)
    }
    this.#ice.cells.forEach(draw)
    for (let col = f.from; col <= f.to; col++) draw(this.#cells[col % f.slots]!, col)
  }
}
