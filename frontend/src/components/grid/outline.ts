import { part } from './cells'
import type { CellRange } from './types'
import type { Viewport } from './viewport'

/** Outlines beyond this many are not drawn: the tint still is. */
const MOST = 64
const OUT = 4

/** One line around each range, cut off at the edges of what is visible, for engines dislike elements of 10^8 px. */
export class OutlineLayer {
  readonly el = part('g-lines')
  readonly #boxes: HTMLElement[] = []

  constructor() {
    this.el.setAttribute('role', 'none')
  }

  draw(ranges: readonly CellRange[], port: Viewport): void {
    const { v, columns, x, body, gutter, head, ice } = port
    let used = 0
    const line = (from: number, to: number, top: number, bottom: number, open: 'Left' | 'Right' | '') => {
      if (bottom <= top || to <= from) return
      const box = (this.#boxes[used] ??= this.el.appendChild(part('g-rng')))
      used++
      const s = box.style
      s.display = ''
      s.transform = `translate(${gutter + from - 1}px, ${head + top - 1}px)`
      s.width = `${to - from + 1}px`
      s.height = `${bottom - top + 1}px`
      s.borderLeftWidth = open === 'Left' ? '0' : ''
      s.borderRightWidth = open === 'Right' ? '0' : ''
    }
    for (const r of ranges.slice(-MOST)) {
      const top = Math.max(-OUT, v.y(r.top))
      const bottom = Math.min(v.view + OUT, v.y(r.bottom + 1))
      // The row numbers and the frozen columns stand above the cells, so a line behind them ends at their edge.
      const edge = x + ice.width
      const left = columns.left(Math.max(r.left, ice.count))
      if (r.right >= ice.count)
        line(
          Math.max(left, edge),
          Math.min(columns.left(r.right + 1), x + body + OUT),
          top,
          bottom,
          left < edge || r.left < ice.count ? 'Left' : '',
        )
      if (r.left < ice.count) {
        const right = columns.left(Math.min(r.right + 1, ice.count))
        line(x + columns.left(r.left), x + right, top, bottom, r.right >= ice.count ? 'Right' : '')
      }
    }
    for (let i = used; i < this.#boxes.length; i++) this.#boxes[i]!.style.display = 'none'
  }
}
