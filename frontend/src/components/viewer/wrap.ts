import { sign } from '../grid/text'

/** Even an unwrapped line is broken here: engines lay out a text node of megabytes for seconds. */
export const LONGEST = 4000

const isWide = (c: number) =>
  (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xff60)

/**
 * Where the rows of a text start, none wider than so many columns, broken after a blank if there is one. A row that
 * starts after a line break, and not within a line, is told by the character before it.
 */
export function rowStarts(text: string, columns: number): Uint32Array {
  let out = new Uint32Array(1024)
  let n = 0
  const push = (at: number) => {
    if (n === out.length) {
      const more = new Uint32Array(n * 2)
      more.set(out)
      out = more
    }
    out[n++] = at
  }
  push(0)
  let used = 0
  let blank = -1
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 10) {
      push(i + 1)
      used = 0
      blank = -1
      continue
    }
    used += c >= 32 && c < 127 ? 1 : isWide(c) ? 2 : (sign(c)?.length ?? 1)
    if (used > columns) {
      const low = c >= 0xdc00 && c <= 0xdfff
      const at = blank > out[n - 1]! ? blank : low && i - 1 > out[n - 1]! ? i - 1 : i
      push(at)
      used = i - at + 1
      blank = -1
    }
    if (c === 32) blank = i + 1
  }
  return out.subarray(0, n)
}

/** A row without the line break that ends it. */
export function rowText(text: string, starts: Uint32Array, row: number): string {
  const from = starts[row]!
  const to = row + 1 < starts.length ? starts[row + 1]! : text.length
  return text.charCodeAt(to - 1) === 10 && to > from ? text.slice(from, to - 1) : text.slice(from, to)
}
