/** What kind of file bytes are the beginning of. */

export interface Kind {
  name: string
  /** of the name of a file of it */
  ending: string
  /** for the kinds that can be shown */
  image?: string
}

const ascii = (b: Uint8Array, from: number, to: number) => String.fromCharCode(...b.subarray(from, to))

const marks: [string, Kind][] = [
  ['\x89PNG\r\n\x1a\n', { name: 'PNG image', ending: '.png', image: 'image/png' }],
  ['\xff\xd8\xff', { name: 'JPEG image', ending: '.jpg', image: 'image/jpeg' }],
  ['GIF87a', { name: 'GIF image', ending: '.gif', image: 'image/gif' }],
  ['GIF89a', { name: 'GIF image', ending: '.gif', image: 'image/gif' }],
  ['%PDF-', { name: 'PDF document', ending: '.pdf' }],
  ['\x1f\x8b', { name: 'gzip archive', ending: '.gz' }],
  ['PK\x03\x04', { name: 'zip archive, or a document made as one', ending: '.zip' }],
  ['PK\x05\x06', { name: 'empty zip archive', ending: '.zip' }],
  ['\x28\xb5\x2f\xfd', { name: 'Zstandard data', ending: '.zst' }],
  ['BZh', { name: 'bzip2 archive', ending: '.bz2' }],
  ['\xfd7zXZ\0', { name: 'xz archive', ending: '.xz' }],
  ['7z\xbc\xaf\x27\x1c', { name: '7-Zip archive', ending: '.7z' }],
  ['Rar!\x1a\x07', { name: 'RAR archive', ending: '.rar' }],
  ['II*\0', { name: 'TIFF image', ending: '.tif' }],
  ['MM\0*', { name: 'TIFF image', ending: '.tif' }],
  ['\0\0\x01\0', { name: 'Windows icon', ending: '.ico' }],
  ['OggS', { name: 'Ogg sound or film', ending: '.ogg' }],
  ['ID3', { name: 'MP3 sound', ending: '.mp3' }],
  ['fLaC', { name: 'FLAC sound', ending: '.flac' }],
  ['PAR1', { name: 'Parquet file', ending: '.parquet' }],
  ['SQLite format 3\0', { name: 'SQLite database', ending: '.sqlite' }],
  ['\x7fELF', { name: 'Linux program', ending: '' }],
  ['\0asm', { name: 'WebAssembly program', ending: '.wasm' }],
  ['PGDMP', { name: 'PostgreSQL dump', ending: '.dump' }],
  ['{\\rtf', { name: 'RTF document', ending: '.rtf' }],
]

/** Tells the kind by the first few hundred bytes; null when they say nothing. */
export function kindOf(bytes: Uint8Array): Kind | null {
  const head = ascii(bytes, 0, 16)
  const known = marks.find(([mark]) => head.startsWith(mark))
  if (known) return known[1]
  if (head.startsWith('RIFF')) {
    const form = ascii(bytes, 8, 12)
    if (form === 'WEBP') return { name: 'WebP image', ending: '.webp', image: 'image/webp' }
    if (form === 'WAVE') return { name: 'WAV sound', ending: '.wav' }
  }
  if (head.startsWith('BM') && bytes.length > 26 && [12, 40, 108, 124].includes(bytes[14]!))
    return { name: 'BMP image', ending: '.bmp', image: 'image/bmp' }
  if (ascii(bytes, 4, 8) === 'ftyp') {
    const brand = ascii(bytes, 8, 12)
    if (/^avi[fs]/.test(brand)) return { name: 'AVIF image', ending: '.avif' }
    if (/^(hei|mif)/.test(brand)) return { name: 'HEIF image', ending: '.heic' }
    return { name: 'MP4 film or sound', ending: '.mp4' }
  }
  if (ascii(bytes, 257, 262) === 'ustar') return { name: 'tar archive', ending: '.tar' }
  return svg(bytes)
}

function svg(bytes: Uint8Array): Kind | null {
  const text = new TextDecoder('utf-8').decode(bytes.subarray(0, 1000))
  const start = /^\s*(?:<\?xml[^>]*\?>\s*|<!--[\s\S]*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s>]/
  return start.test(text) ? { name: 'SVG image', ending: '.svg', image: 'image/svg+xml' } : null
}

/** Width and height as the head of an image says, before it is decoded; null when it is not found there. */
export function sizeOf(bytes: Uint8Array, kind: Kind): { width: number; height: number } | null {
  const v = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const at = (need: number, read: () => [number, number]) => {
    if (bytes.length < need) return null
    const [width, height] = read()
    return { width, height }
  }
  switch (kind.image) {
    case 'image/png':
      return at(24, () => [v.getUint32(16), v.getUint32(20)])
    case 'image/gif':
      return at(10, () => [v.getUint16(6, true), v.getUint16(8, true)])
    case 'image/bmp':
      return at(26, () =>
        bytes[14] === 12
          ? [v.getUint16(18, true), v.getUint16(20, true)]
          : [Math.abs(v.getInt32(18, true)), Math.abs(v.getInt32(22, true))],
      )
    case 'image/webp':
      return webp(bytes, v)
    case 'image/jpeg':
      return jpeg(bytes, v)
  }
  return null
}

function webp(bytes: Uint8Array, v: DataView): { width: number; height: number } | null {
  if (bytes.length < 30) return null
  switch (ascii(bytes, 12, 16)) {
    case 'VP8 ':
      return { width: v.getUint16(26, true) & 0x3fff, height: v.getUint16(28, true) & 0x3fff }
    case 'VP8L': {
      const n = v.getUint32(21, true)
      return { width: (n & 0x3fff) + 1, height: ((n >> 14) & 0x3fff) + 1 }
    }
    case 'VP8X':
      return {
        width: (v.getUint32(24, true) & 0xffffff) + 1,
        height: (v.getUint32(26, true) >>> 8) + 1,
      }
  }
  return null
}

function jpeg(bytes: Uint8Array, v: DataView): { width: number; height: number } | null {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff;) {
    const mark = bytes[at + 1]!
    if (mark >= 0xc0 && mark <= 0xcf && mark !== 0xc4 && mark !== 0xc8 && mark !== 0xcc)
      return { width: v.getUint16(at + 7), height: v.getUint16(at + 5) }
    at += 2 + v.getUint16(at + 2)
  }
  return null
}
