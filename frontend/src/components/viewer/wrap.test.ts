import { expect, it } from 'vitest'
import { rowStarts, rowText } from './wrap'

const rows = (text: string, columns: number) => {
  const starts = rowStarts(text, columns)
  return Array.from(starts, (_, i) => rowText(text, starts, i))
}

it('breaks at line ends and after blanks', () => {
  expect(rows('one two three\n\nfour', 8)).toEqual(['one two ', 'three', '', 'four'])
  expect(rows('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij'])
  expect(rows('', 10)).toEqual([''])
  expect(rows('a\n', 10)).toEqual(['a', ''])
})

it('loses nothing, makes no row too wide and cuts no character in half', () => {
  let seed = 3
  const next = (n: number) => (seed = (seed * 16807) % 2147483647) % n
  for (let i = 0; i < 200; i++) {
    const text = Array.from(
      { length: next(400) },
      () => ['a', 'bc ', ' ', '\n', '漢', '😀', 'word'][next(7)],
    ).join('')
    const starts = rowStarts(text, 10)
    const out = Array.from(starts, (at, r) => text.slice(at, starts[r + 1] ?? text.length))
    expect(out.join('')).toBe(text)
    for (const row of out) {
      expect([...row].join('')).toBe(row)
      expect(row.charCodeAt(0)).not.toSatisfy((c: number) => c >= 0xdc00 && c <= 0xdfff)
      expect(row.replace('\n', '').length).toBeLessThanOrEqual(11)
    }
  }
})

it('takes ten megabytes in a moment', () => {
  const text = 'some words in a line of moderate length\n'.repeat(250_000)
  const started = performance.now()
  expect(rowStarts(text, 30).length).toBeGreaterThan(250_000)
  expect(performance.now() - started).toBeLessThan(2000)
})
