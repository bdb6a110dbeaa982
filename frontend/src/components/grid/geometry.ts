/** Where things are, in pixels. No DOM: the view asks, the tests ask the same questions at ten million rows. */

/** Engines cut an element at 2^25 px; below this height one scrolled pixel is one real pixel. */
export const SPACE_MAX = 8_000_000

/** Room after the last row and column, so that the floating thumbs never hide them for good. */
export const TAIL = 12

const clamp = (n: number, low: number, high: number) => Math.max(low, Math.min(high, n))

/**
 * The vertical offset. `real` is the true one, in whole pixels; `top` is what the scrolled element is told, which above
 * SPACE_MAX is a scaled-down picture of it and must never be turned back into `real`, except when the user drags it.
 */
export class VerticalScroll {
  real = 0
  top = 0
  rows = 0
  rowHeight = 24
  view = 0

  get total(): number {
    return this.rows === 0 ? 0 : this.rows * this.rowHeight + TAIL
  }
  /** The height of the scrolled element. */
  get space(): number {
    return Math.min(this.total, SPACE_MAX)
  }
  get maxReal(): number {
    return Math.max(0, this.total - this.view)
  }
  get maxTop(): number {
    return Math.max(0, this.space - this.view)
  }
  get ratio(): number {
    return this.maxTop === 0 ? 1 : this.maxReal / this.maxTop
  }

  /** New sizes keep the real offset: rows that arrive move nothing. */
  resize(rows: number, rowHeight: number, view: number): void {
    const first = this.real / this.rowHeight
    const changed = rowHeight !== this.rowHeight
    Object.assign(this, { rows, rowHeight, view })
    this.moveTo(changed ? first * rowHeight : this.real)
  }

  moveTo(real: number): void {
    this.real = clamp(Math.round(real), 0, this.maxReal)
    this.top = Math.round(this.real / this.ratio)
  }

  /**
   * A scroll event came. True if it was a drag and not the echo of what the element was told last, which is not `top`
   * when rows have arrived since.
   */
  dragged(top: number, told = this.top): boolean {
    if (Math.abs(top - told) <= 1) return false
    this.top = top
    this.real = top >= this.maxTop - 1 ? this.maxReal : clamp(Math.round(top * this.ratio), 0, this.maxReal)
    return true
  }

  /** The rows of which at least a pixel is in view, [from, to). */
  visible(): { from: number; to: number } {
    const from = Math.min(Math.floor(this.real / this.rowHeight), this.rows)
    const to = Math.min(Math.ceil((this.real + this.view) / this.rowHeight), this.rows)
    return { from, to: Math.max(from, to) }
  }

  /** The top edge of a row, from the top of the view. */
  y(row: number): number {
    return row * this.rowHeight - this.real
  }

  rowAt(y: number): number {
    return clamp(Math.floor((this.real + y) / this.rowHeight), 0, Math.max(0, this.rows - 1))
  }

  /** Moves as little as needed to show the whole row. */
  reveal(row: number): void {
    const y = this.y(row)
    if (y < 0) this.moveTo(row * this.rowHeight)
    else if (y + this.rowHeight > this.view) this.moveTo((row + 1) * this.rowHeight - this.view)
  }
}

export const WIDTH_MIN = 40
export const WIDTH_MAX = 2400

/** Column widths and the sums of them. */
export class ColumnLayout {
  #left: number[] = [0]
  #widths: number[] = []

  constructor(widths: number[] = []) {
    this.set(widths)
  }

  get count(): number {
    return this.#widths.length
  }
  get total(): number {
    return this.#left[this.count]!
  }
  set(widths: number[]): void {
    this.#widths = widths.slice()
    this.#sum(0)
  }
  resize(col: number, width: number): void {
    this.#widths[col] = clamp(Math.round(width), WIDTH_MIN, WIDTH_MAX)
    this.#sum(col)
  }
  left(col: number): number {
    return this.#left[col] ?? this.total
  }
  width(col: number): number {
    return this.#widths[col] ?? 0
  }

  /** The column that has the pixel; the nearest one outside. */
  at(x: number): number {
    let low = 0
    let high = this.count - 1
    while (low < high) {
      const mid = (low + high + 1) >> 1
      if (this.#left[mid]! <= x) low = mid
      else high = mid - 1
    }
    return Math.max(0, low)
  }

  /** The columns that touch [x, x + width), inclusive; to < from when there are none. */
  visible(x: number, width: number): { from: number; to: number } {
    if (this.count === 0) return { from: 0, to: -1 }
    return { from: this.at(Math.max(0, x)), to: this.at(Math.max(0, x + width - 1)) }
  }

  /** The horizontal offset that shows a column with the smallest move. */
  reveal(col: number, x: number, width: number): number {
    const left = this.left(col)
    const right = left + this.width(col)
    if (left < x || this.width(col) > width) return left
    return right > x + width ? right - width : x
  }

  #sum(from: number): void {
    this.#left.length = this.count + 1
    for (let i = from; i < this.count; i++) this.#left[i + 1] = this.#left[i]! + this.#widths[i]!
  }
}

/** Row numbers are 11-px digits, 7 px where advances are whole pixels; small results all look the same. */
const DIGIT = 7
const GUTTER_EDGES = 12

export function gutterWidth(rows: number): number {
  const digits = String(Math.max(rows, 1)).length
  return Math.max(48, digits * DIGIT + GUTTER_EDGES)
}

/** A notch is 86 px in WebKit; engines that count lines say 3 a notch. */
const LINE = 86 / 3

/** The pixels of a wheel event along one axis. */
export function wheelPixels(delta: number, mode: number, page: number): number {
  if (mode === 1) return delta * LINE
  return mode === 2 ? delta * page : delta
}
