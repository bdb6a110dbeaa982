/** The bytes of a bytea as PostgreSQL prints it: `\x` and hex digits, or the older escape format. */
export function decode(text: string): Uint8Array {
  return text.startsWith('\\x') ? fromHex(text) : fromEscape(text)
}

const digit = (code: number) => (code <= 57 ? code - 48 : (code | 32) - 87)

function fromHex(text: string): Uint8Array {
  const out = new Uint8Array((text.length - 2) >> 1)
  for (let i = 0; i < out.length; i++) {
    out[i] = (digit(text.charCodeAt(2 + 2 * i)) << 4) | digit(text.charCodeAt(3 + 2 * i))
  }
  return out
}

function fromEscape(text: string): Uint8Array {
  const out = new Uint8Array(text.length)
  let n = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code !== 92) out[n++] = code
    else if (text.charCodeAt(i + 1) === 92) {
      out[n++] = 92
      i++
    } else {
      out[n++] = parseInt(text.slice(i + 1, i + 4), 8)
      i += 3
    }
  }
  return out.subarray(0, n)
}

export interface HexRow {
  offset: string
  hex: string
  ascii: string
}

/**
 * One line of a dump: where it starts, the bytes in groups of four, and what of them is ASCII. The bytes that are here
 * begin at base, of length in all; those that are not here are left out.
 */
export function hexRow(
  bytes: Uint8Array,
  from: number,
  base: number,
  perRow: number,
  length: number,
): HexRow {
  const digits = Math.max(4, (length - 1).toString(16).length)
  let hex = ''
  let ascii = ''
  for (let i = from; i < from + perRow; i++) {
    if (i > from) hex += (i - from) % 4 === 0 ? '  ' : ' '
    const b = bytes[i - base]
    if (b === undefined) {
      hex += '  '
      continue
    }
    hex += b.toString(16).padStart(2, '0')
    ascii += b >= 32 && b < 127 ? String.fromCharCode(b) : '·'
  }
  return { offset: from.toString(16).padStart(digits, '0'), hex, ascii }
}

/** As many bytes in a row as the width allows: 16, 8 or 4. */
export function bytesPerRow(columns: number, length: number): number {
  const digits = Math.max(4, Math.max(0, length - 1).toString(16).length)
  const need = (n: number) => digits + 2 + n * 3 + (n / 4 - 1) + 2 + n
  return need(16) <= columns ? 16 : need(8) <= columns ? 8 : 4
}
