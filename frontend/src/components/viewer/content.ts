import { visible } from '../grid/text'
import { bytesPerRow, hexRow } from './hex'
import type { ListRows } from './list'
import { LONGEST, rowStarts, rowText } from './wrap'

export function span(className: string, text: string): HTMLElement {
  const el = document.createElement('span')
  el.className = className
  el.textContent = text
  return el
}

/** A text with what cannot be seen made visible. */
export function shown(text: string, whole = true): (Node | string)[] {
  const pieces = visible(text, whole)
  if (typeof pieces === 'string') return [pieces]
  return pieces.map((p) => (p.mark ? span('vl-mark', p.text) : p.text))
}

/** Places in a text, in order: from and behind, by turns. */
export interface Marked {
  places: number[]
  /** which of them, counted in pairs, the person is at; -1 for none */
  at: number
}
export const unmarked: Marked = { places: [], at: -1 }

/** The first pair that ends behind a place. */
function firstBehind(places: number[], at: number): number {
  let low = 0
  let high = places.length / 2
  while (low < high) {
    const mid = (low + high) >> 1
    if (places[2 * mid + 1]! <= at) low = mid + 1
    else high = mid
  }
  return low
}

/** Part of a text in which places are marked. */
export function markedText(text: string, from: number, whole: boolean, m: Marked): (Node | string)[] {
  const out: (Node | string)[] = []
  const to = from + text.length
  let at = from
  for (let i = firstBehind(m.places, from); i < m.places.length / 2 && m.places[2 * i]! < to; i++) {
    const start = Math.max(from, m.places[2 * i]!)
    const end = Math.min(to, m.places[2 * i + 1]!)
    if (start > at) out.push(...shown(text.slice(at - from, start - from), false))
    const el = span(i === m.at ? 'vl-hit vl-hit-now' : 'vl-hit', '')
    el.append(...shown(text.slice(start - from, end - from), whole && end === to))
    out.push(el)
    at = end
  }
  if (at < to || out.length === 0) out.push(...shown(text.slice(at - from), whole))
  return out
}

export interface TextRows extends ListRows {
  /** the row that a place in the text is in */
  rowOf(at: number): number
}

export function textRows(text: string, columns: number, wrap: boolean, marked = unmarked): TextRows {
  const starts = rowStarts(text, wrap ? Math.max(20, columns) : LONGEST)
  // The blank at which a line was broken is not the end of anything.
  const ends = (row: number) => row + 1 === starts.length || text.charCodeAt(starts[row + 1]! - 1) === 10
  return {
    count: starts.length,
    render: (row) => markedText(rowText(text, starts, row), starts[row]!, ends(row), marked),
    rowOf(at) {
      let low = 0
      let high = starts.length
      while (high - low > 1) {
        const mid = (low + high) >> 1
        if (starts[mid]! <= at) low = mid
        else high = mid
      }
      return low
    },
  }
}

/** Where places of a value stand in a part of it that begins at a byte. Those before were skipped, so many pairs. */
export function placesIn(
  text: string,
  base: number,
  places: number[],
): { places: number[]; skipped: number } {
  const skipped = firstBehind(places, base)
  const out: number[] = []
  let byte = base
  let i = 2 * skipped
  for (let at = 0; at <= text.length && i < places.length; at++) {
    while (i < places.length && places[i]! <= byte) {
      out.push(at)
      i++
    }
    const c = text.charCodeAt(at)
    byte += c < 0x80 ? 1 : c < 0x800 || (c >= 0xd800 && c <= 0xdfff) ? 2 : 3
  }
  if (out.length % 2 === 1) out.push(text.length)
  return { places: out, skipped }
}

export const hexPage = 1 << 16

/** A dump of bytes that come in pages. */
export class HexRows implements ListRows {
  #pages = new Map<number, Uint8Array | null>()
  readonly #per: number
  readonly count: number

  constructor(
    readonly length: number,
    columns: number,
    readonly fetch: (from: number) => Promise<Uint8Array | null>,
    readonly changed: () => void,
  ) {
    this.#per = bytesPerRow(columns, length)
    this.count = Math.ceil(length / this.#per)
  }

  render(row: number): (Node | string)[] {
    const at = row * this.#per
    const number = Math.floor(at / hexPage)
    const bytes = this.#pages.get(number)
    if (bytes === undefined) void this.#read(number)
    const rows = hexRow(bytes ?? new Uint8Array(), at, number * hexPage, this.#per, this.length)
    return [span('vl-offset', rows.offset), span('vl-hex', rows.hex), span('vl-ascii', rows.ascii)]
  }

  async #read(number: number): Promise<void> {
    this.#pages.set(number, null)
    // Few are kept: the next ones come as fast.
    if (this.#pages.size > 32) this.#pages.delete(this.#pages.keys().next().value!)
    const bytes = await this.fetch(number * hexPage)
    if (!bytes) return
    this.#pages.set(number, bytes)
    this.changed()
  }
}

export function fromBase64(data: string): Uint8Array {
  return Uint8Array.from(atob(data), (c) => c.charCodeAt(0))
}
