import { ColumnLayout, gutterWidth, TAIL, VerticalScroll } from './geometry'
import type { Kind, Place, Size } from './selection'

export interface Hit extends Place {
  zone: Kind | 'grip'
}

/** The columns that stay at the left, and how wide they are together. */
export interface Ice {
  count: number
  width: number
}

/** What the frozen columns leave to the others, in pixels. */
const BESIDE_ICE = 120
/** Drawn beside the visible columns, for a horizontal scroll that the engine shows before it tells. */
const BESIDE = 160
const GRIP = 6
const beyond = (n: number, low: number, high: number) => (n < low ? n - low : n >= high ? n - high + 1 : 0)

/** What part of the cells is seen, and which cell is under a point. Points count from the grid's top left corner. */
export class Viewport {
  readonly v = new VerticalScroll()
  readonly columns = new ColumnLayout()
  x = 0
  /** how many of the first columns are asked to stay */
  frozen = 0
  width = 0
  height = 0
  head = 40
  gutter = 48

  get size(): Size {
    return { rows: this.v.rows, cols: this.columns.count }
  }
  /** Those of the frozen columns for which there is room. */
  get ice(): Ice {
    let count = Math.min(this.frozen, this.columns.count)
    while (count > 0 && count < this.columns.count && this.columns.left(count) > this.body - BESIDE_ICE)
      count--
    return { count, width: this.columns.left(count) }
  }
  /** Where a column is drawn, from the left edge of the cells. */
  across(col: number, ice = this.ice): number {
    return this.columns.left(col) - (col < ice.count ? 0 : this.x)
  }
  get body(): number {
    return Math.max(0, this.width - this.gutter)
  }
  /** The width of everything. */
  get total(): number {
    return this.gutter + this.columns.total + TAIL
  }
  get maxX(): number {
    return Math.max(0, this.total - this.width)
  }

  resize(width: number, height: number, rowHeight: number, head: number): void {
    Object.assign(this, { width, height, head })
    this.v.resize(this.v.rows, rowHeight, Math.max(0, height - head))
    this.x = Math.min(this.x, this.maxX)
  }

  setRows(rows: number): void {
    this.v.resize(rows, this.v.rowHeight, this.v.view)
  }

  /** True if the row numbers need more room now. Asked when it may move the cells, never because rows arrived. */
  fitGutter(): boolean {
    const gutter = gutterWidth(this.v.rows)
    if (gutter === this.gutter) return false
    this.gutter = gutter
    return true
  }

  scrollTo(x: number, y: number): void {
    this.x = Math.max(0, Math.min(Math.round(x), this.maxX))
    this.v.moveTo(y)
  }

  /** Is some of the cell in view? */
  sees({ row, col }: Place): boolean {
    const rows = this.v.visible()
    const { ice } = this
    const left = this.across(col, ice)
    const edge = col < ice.count ? 0 : ice.width
    return row >= rows.from && row < rows.to && left < this.body && left + this.columns.width(col) > edge
  }

  reveal(place: Place): void {
    this.v.reveal(place.row)
    const { count, width } = this.ice
    const seen = this.columns.reveal(place.col, this.x + width, this.body - width) - width
    this.scrollTo(place.col < count ? this.x : seen, this.v.real)
  }

  /** The columns that are drawn where they were scrolled to. */
  drawnColumns({ count, width } = this.ice): { from: number; to: number } {
    const { from, to } = this.columns.visible(this.x + width - BESIDE, this.body - width + 2 * BESIDE)
    return { from: Math.max(from, count), to }
  }

  /** The cell at a point, or the nearest one. */
  nearest(x: number, y: number): Place {
    const inside = Math.max(0, Math.min(x - this.gutter, this.body - 1))
    const down = Math.max(0, Math.min(y - this.head, this.v.view - 1))
    return { row: this.v.rowAt(down), col: this.columns.at(inside + (inside < this.ice.width ? 0 : this.x)) }
  }

  hit(x: number, y: number): Hit | null {
    const at = this.nearest(x, y)
    if (this.columns.count === 0 || x < 0 || y < 0 || x >= this.width || y >= this.height) return null
    const belowRows = y - this.head >= this.v.y(this.v.rows)
    if (x < this.gutter) {
      if (y < this.head) return { ...at, zone: 'all' }
      return belowRows ? null : { ...at, zone: 'rows' }
    }
    const right = this.gutter + this.across(at.col) + this.columns.width(at.col)
    if (y < this.head) {
      if (x >= right - GRIP && x < right) return { ...at, zone: 'grip' }
      return x < right ? { ...at, zone: 'columns' } : null
    }
    return x < right && !belowRows ? { ...at, zone: 'cells' } : null
  }

  /** By how many pixels a point is outside the cells. */
  outside(x: number, y: number): { x: number; y: number } {
    return { x: beyond(x, this.gutter, this.width), y: beyond(y, this.head, this.height) }
  }
}
