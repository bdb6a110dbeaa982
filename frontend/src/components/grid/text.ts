/** How a value looks in one line: what cannot be seen is made visible, and marked as not being in the text itself. */

export interface Piece {
  text: string
  /** A sign of ours for a character that has no shape. */
  mark: boolean
}

/** The sign for a character that cannot be seen, or undefined. */
export function sign(code: number): string | undefined {
  if (code < 0x20) {
    if (code === 10) return '↵'
    return code === 9 ? '⇥' : String.fromCharCode(0x2400 + code)
  }
  if (code < 0x7f) return undefined
  if (code === 0x7f) return '␡'
  if (code === 0xa0) return '⍽' // a blank to look at, and to nobody else
  const hidden =
    code <= 0x9f ||
    code === 0xad ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x61c ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0xfeff
  return hidden ? `U+${code.toString(16).toUpperCase().padStart(4, '0')}` : undefined
}

/** The first part of a text, never ending in half a character. */
export function head(text: string, limit: number): string {
  if (text.length <= limit) return text
  const code = text.charCodeAt(limit - 1)
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? limit - 1 : limit)
}

/** The text itself when all of it can be seen, which is nearly always; else its pieces. */
export function visible(text: string, whole = true): string | Piece[] {
  let end = text.length
  if (whole) while (end > 0 && text.charCodeAt(end - 1) === 32) end--
  const pieces: Piece[] = []
  let from = 0
  for (let i = 0; i < end; i++) {
    const s = sign(text.charCodeAt(i))
    if (s === undefined) continue
    if (i > from) pieces.push({ text: text.slice(from, i), mark: false })
    pieces.push({ text: s, mark: true })
    from = i + 1
  }
  if (end === text.length && from === 0) return text
  if (end > from) pieces.push({ text: text.slice(from, end), mark: false })
  // Blanks at the end are part of the value and decide comparisons: dots, as editors draw them.
  if (end < text.length) pieces.push({ text: '·'.repeat(text.length - end), mark: true })
  return pieces
}

/** A text of more than one line as it is, but for what would hide in it or turn it round. */
export function readable(text: string): string {
  return text.replace(/[^\n\t\x20-\x7e]/g, (c) => sign(c.charCodeAt(0)) ?? c)
}

export function utf8Length(text: string): number {
  let n = text.length
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 0x80) n += code >= 0x800 && (code < 0xd800 || code > 0xdfff) ? 2 : 1
  }
  return n
}
