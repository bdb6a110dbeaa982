import { expect, it } from 'vitest'
import { about, ago, bytes, clock, count, duration, plural } from './format'
import { placeOf } from './place'
import { exactSum, isExact } from './sum'

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
  expect(duration(0)).toBe('<1 ms')
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

it('writes estimates and ages shortly', () => {
  expect([0, 312, 999, 1000, 9_240, 9_960, 41_499, 999_600, 2_010_000, 8_600_000_000].map(about)).toEqual([
    '0',
    '312',
    '999',
    '1.0 k',
    '9.2 k',
    '10 k',
    '41 k',
    '1.0 M',
    '2.0 M',
    '8.6 bn',
  ])
  const minute = 60_000
  expect([0, minute, 59 * minute, 90 * minute, 47 * 60 * minute, 100 * 60 * minute].map(ago)).toEqual([
    'just now',
    '1 min ago',
    '59 min ago',
    '1 h ago',
    '47 h ago',
    '4 days ago',
  ])
})

it('names a place by line and character', () => {
  expect(placeOf('select 1', 7)).toBe('line 1, column 8')
  expect(placeOf('a\r\nb\nselect c', 12)).toBe('line 3, column 8')
  expect(placeOf("select '😀', x", 13)).toBe('line 1, column 13')
})

it('adds exact numbers exactly, or not at all', () => {
  expect(exactSum(['912.00', '864.75', '799.90', '640.00'])).toBe('3216.65')
  expect(exactSum(['9007199254740993', '1', null])).toBe('9007199254740994')
  expect(exactSum(['-0.05', '0.02'])).toBe('-0.03')
  expect(exactSum(['1', undefined])).toBeUndefined()
  expect(exactSum(['1', 'NaN'])).toBeUndefined()
  expect(exactSum([null])).toBeUndefined()
  expect(['numeric(12,2)', 'int8', 'bigint'].every(isExact)).toBe(true)
  expect(['double precision', 'real', 'text', 'interval', 'int8[]', 'int4range'].some(isExact)).toBe(false)
})
