import { expect, it } from 'vitest'
import { bytesPerRow, decode, hexRow } from './hex'

it('reads both output formats to the same bytes', () => {
  expect([...decode('\\x00ff1a5C')]).toEqual([0, 255, 26, 92])
  expect([...decode('\\000\\377\\032\\\\ab')]).toEqual([0, 255, 26, 92, 97, 98])
  expect([...decode('\\x')]).toEqual([])
})

it('drops half a byte at the end of a cut value', () => {
  expect([...decode('\\xabc')]).toEqual([0xab])
})

it('shows offset, bytes and letters', () => {
  const bytes = decode('\\x' + '41424300ff7e7f20c3a9')
  expect(hexRow(bytes, 0, 0, 8, 10)).toEqual({
    offset: '0000',
    hex: '41 42 43 00  ff 7e 7f 20',
    ascii: 'ABC··~· ',
  })
  expect(hexRow(bytes, 8, 0, 8, 10)).toEqual({ offset: '0008', hex: 'c3 a9'.padEnd(24), ascii: '··' })
})

it('leaves out what is not here yet', () => {
  const part = decode('\\x4142')
  expect(hexRow(part, 8, 9, 8, 70_000).hex).toBe('   41 42'.padEnd(24))
  expect(hexRow(part, 65_536, 65_536, 4, 70_000)).toEqual({
    offset: '10000',
    hex: '41 42      ',
    ascii: 'AB',
  })
})

it('has every byte once, whatever the width', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 31) % 256)
  for (const per of [4, 8, 16]) {
    const rows = Math.ceil(bytes.length / per)
    const text = Array.from({ length: rows }, (_, r) => hexRow(bytes, r * per, 0, per, 1000).hex)
      .join('')
      .replace(/ /g, '')
    expect(text).toBe([...bytes].map((b) => b.toString(16).padStart(2, '0')).join(''))
  }
})

it('takes as many columns as there are', () => {
  expect([30, 41, 80].map((c) => bytesPerRow(c, 1000))).toEqual([4, 8, 16])
})
