import { visible } from '../grid/text'
import { bytesPerRow, decode, hexRow } from './hex'
import { Kind, layout, tokenize, type Lines, type Tokens } from './json'
import type { ListRows } from './list'
import { LONGEST, rowStarts, rowText } from './wrap'

/** Beyond this a text is shown as sent: to lay it out would be felt. */
export const FOLD_MOST = 8_000_000
/** A short text opens unfolded. */
const OPEN_MOST = 400
const PREVIEW = 3

function span(className: string, text: string): HTMLElement {
  const el = document.createElement('span')
  el.className = className
  el.textContent = text
  return el
}

/** A text with what cannot be seen made visible. */
function shown(text: string, whole = true): (Node | string)[] {
  const pieces = visible(text, whole)
  if (typeof pieces === 'string') return [pieces]
  return pieces.map((p) => (p.mark ? span('vl-mark', p.text) : p.text))
}

export function textRows(text: string, columns: number, wrap: boolean): ListRows {
  const starts = rowStarts(text, wrap ? Math.max(20, columns) : LONGEST)
  // The blank at which a line was broken is not the end of anything.
  const ends = (row: number) => row + 1 === starts.length || text.charCodeAt(starts[row + 1]! - 1) === 10
  return { count: starts.length, render: (row) => shown(rowText(text, starts, row), ends(row)) }
}

export function hexRows(text: string, columns: number): ListRows {
  const bytes = decode(text)
  const per = bytesPerRow(columns, bytes.length)
  return {
    count: Math.ceil(bytes.length / per),
    render(row) {
      const { offset, hex, ascii } = hexRow(bytes, row, per)
      return [span('vl-offset', offset), span('vl-hex', hex), span('vl-ascii', ascii)]
    },
  }
}

const classes: Record<Kind, string> = {
  [Kind.Open]: 'syn-op',
  [Kind.Close]: 'syn-op',
  [Kind.Colon]: 'syn-op',
  [Kind.Comma]: 'syn-op',
  [Kind.Text]: 'syn-str',
  [Kind.Number]: 'syn-num',
  [Kind.Word]: 'syn-kw',
}

/** A laid out JSON text of which parts may be folded. */
export class JsonView implements ListRows {
  readonly #t: Tokens
  readonly #lines: Lines
  readonly #folded = new Set<number>()
  #shown: Uint32Array
  count = 0

  private constructor(
    tokens: Tokens,
    readonly changed: () => void,
  ) {
    this.#t = tokens
    this.#lines = layout(tokens)
    if (this.#lines.count > OPEN_MOST) {
      for (let i = 1; i < this.#lines.count; i++)
        if (this.#lines.close[i] && this.#lines.depth[i] === 1) this.#folded.add(i)
    }
    this.#shown = this.#pick()
  }

  /** Null if the text is not JSON. */
  static of(text: string, cut: boolean, changed: () => void): JsonView | null {
    if (text.length > FOLD_MOST) return null
    const tokens = tokenize(text, cut)
    return tokens && new JsonView(tokens, changed)
  }

  toggle(line: number): void {
    if (!this.#folded.delete(line)) this.#folded.add(line)
    this.#shown = this.#pick()
    this.changed()
  }

  render(row: number): (Node | string)[] {
    const line = this.#shown[row]!
    const { first, depth, close, count } = this.#lines
    const folded = this.#folded.has(line)
    const end = line + 1 < count ? first[line + 1]! : this.#t.count
    const out: (Node | string)[] = [' '.repeat(2 * depth[line]!)]
    if (close[line]) out.push(this.#button(line, folded))
    else out.push('  ')
    for (let i = first[line]!; i < end; i++) {
      if (folded && i === end - 1) out.push(this.#chip(line, i))
      else out.push(...this.#token(i))
    }
    if (folded) {
      const last = close[line]!
      const after = last + 1 < count ? first[last + 1]! : this.#t.count
      for (let i = (first[last] ?? this.#t.count) + 1; i < after; i++) out.push(...this.#token(i))
    }
    return out
  }

  #pick(): Uint32Array {
    const out = new Uint32Array(this.#lines.count)
    let n = 0
    for (let i = 0; i < this.#lines.count; i++) {
      out[n++] = i
      if (this.#folded.has(i)) i = Math.min(this.#lines.close[i]!, this.#lines.count)
    }
    this.count = n
    return out
  }

  #token(i: number): (Node | string)[] {
    const { text, kind, from, to } = this.#t
    const k = kind[i]! as Kind
    const isKey = k === Kind.Text && i + 1 < this.#t.count && kind[i + 1] === Kind.Colon
    // Long values wrap nowhere in a row: their beginning says what they are, "as sent" has the rest.
    const raw = text.slice(from[i]!, Math.min(to[i]!, from[i]! + LONGEST))
    const el = span(isKey ? 'syn-key' : classes[k], '')
    el.append(...shown(raw), to[i]! - from[i]! > LONGEST ? '…' : '')
    return k === Kind.Colon ? [el, ' '] : [el]
  }

  #button(line: number, folded: boolean): HTMLElement {
    const el = document.createElement('button')
    el.className = folded ? 'vl-fold vl-folded' : 'vl-fold'
    el.type = 'button'
    el.setAttribute('aria-expanded', String(!folded))
    el.setAttribute('aria-label', folded ? 'Unfold' : 'Fold')
    el.addEventListener('click', () => this.toggle(line))
    return el
  }

  /** What a folded container has inside: the first of its keys, or how many values. */
  #chip(line: number, open: number): HTMLElement {
    const { text, kind, from, to, partner, count } = this.#t
    const object = text[from[open]!] === '{'
    const names: string[] = []
    let items = 0
    const end = Math.min(partner[open]!, count)
    for (let i = open + 1; i < end; i++) {
      items++
      if (object && names.length < PREVIEW)
        names.push(text.slice(from[i]! + 1, Math.min(to[i]! - 1, from[i]! + 24)))
      // To the comma after this value.
      while (i < end && kind[i] !== Kind.Comma) i = kind[i] === Kind.Open ? partner[i]! + 1 : i + 1
    }
    const more = items > names.length ? ', …' : ''
    const label = object
      ? `{ ${names.join(', ')}${more} }`
      : `[ ${items} ${items === 1 ? 'value' : 'values'} ]`
    const el = document.createElement('button')
    el.className = 'vl-chip'
    el.type = 'button'
    el.textContent = label
    el.addEventListener('click', () => this.toggle(line))
    return el
  }
}
