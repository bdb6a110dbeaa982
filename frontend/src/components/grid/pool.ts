import { RowView, type Frame } from './cells'
import type { VerticalScroll } from './geometry'

/** The rows that exist: as many as fit the view, each standing for one of the rows that are equal modulo their number. */
export class RowPool {
  readonly #rows: RowView[] = []

  draw(frame: Frame, v: VerticalScroll, add: (el: HTMLElement) => void): void {
    const { from, to } = v.visible()
    const need = Math.ceil(v.view / v.rowHeight) + 1
    while (this.#rows.length < need) {
      const row = new RowView()
      this.#rows.push(row)
      add(row.el)
    }
    const pool = this.#rows.length
    for (let row = from; row < from + pool; row++) {
      const view = this.#rows[row % pool]!
      if (row < to) view.draw(frame, row, v.y(row))
      else view.hide()
    }
  }
}
