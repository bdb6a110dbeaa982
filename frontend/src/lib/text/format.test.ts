import { expect, it } from 'vitest'
import { bytes, clock, count, duration, plural } from './format'
import { placeOf } from './place'

it('writes numbers and times as Tusk does', () => {
  expect([0, 999, 1000, 1_284_000, 10_000_000].map(count)).toEqual([
    '0',
    '999',
    '1,000',
    '1,284,000',
    '10,000,000',
  ])
  expect(plural(1, 'row')).toBe('1 row')
  expect(plural(118, 'row')).toBe('118 rows')
  expect([400, 41_000, 3_000, 1_200_000, 59_900_000, 125_000_000].map(duration)).toEqual([
    '0.4 ms',
    '41 ms',
    '3 ms',
    '1.2 s',
    '59.9 s',
    '02:05',
  ])
  expect([clock(14_230, true), clock(604_000), clock(3_723_000)]).toEqual(['00:14.2', '10:04', '1:02:03'])
  expect([0, 310, 2_400, 212_000_000, 999_600].map(bytes)).toEqual([
    '0 B',
    '310 B',
    '2.4 kB',
    '212 MB',
    '1 MB',
  ])
})

it('names a place by line and character', () => {
  expect(placeOf('select 1', 7)).toBe('line 1, column 8')
  expect(placeOf('a\r\nb\nselect c', 12)).toBe('line 3, column 8')
  expect(placeOf("select '😀', x", 13)).toBe('line 1, column 13')
})
