import { describe, expect, it } from 'vitest'
import { action, target } from './keyboard'

const key = (k: string, held = '') => ({
  key: k,
  ctrlKey: held.includes('C'),
  metaKey: held.includes('M'),
  shiftKey: held.includes('S'),
  altKey: held.includes('A'),
})

describe('keys', () => {
  it.each([
    ['ArrowDown', '', { do: 'move', move: 'down', extend: false }],
    ['ArrowDown', 'S', { do: 'move', move: 'down', extend: true }],
    ['ArrowDown', 'C', { do: 'move', move: 'bottom', extend: false }],
    ['ArrowRight', 'M', { do: 'move', move: 'rowEnd', extend: false }],
    ['ArrowRight', 'CS', { do: 'move', move: 'rowEnd', extend: true }],
    ['Home', '', { do: 'move', move: 'rowStart', extend: false }],
    ['Home', 'C', { do: 'move', move: 'first', extend: false }],
    ['End', 'CS', { do: 'move', move: 'last', extend: true }],
    ['PageDown', 'S', { do: 'move', move: 'pageDown', extend: true }],
    ['a', 'C', { do: 'all' }],
    [' ', 'C', { do: 'columns' }],
    [' ', 'S', { do: 'rows' }],
    [' ', '', { do: 'open' }],
    ['Enter', '', { do: 'open' }],
    ['F4', '', { do: 'open' }],
    ['c', 'C', { do: 'copy', header: false }],
    ['C', 'CS', { do: 'copy', header: true }],
    ['c', 'M', { do: 'copy', header: false }],
    ['ArrowLeft', 'A', { do: 'resize', by: -8 }],
    ['Escape', '', { do: 'escape' }],
  ])('%s %s', (k, held, wanted) => expect(action(key(k, held))).toEqual(wanted))

  it.each([
    ['Enter', 'C'],
    ['Enter', 'CS'],
    ['k', 'C'],
    ['t', 'C'],
    ['w', 'M'],
    ['.', 'C'],
    ['F1', ''],
    ['F8', ''],
    ['Tab', ''],
    ['a', ''],
    ['PageDown', 'C'],
    ['ArrowLeft', 'AC'],
  ])('leaves %s %s to the window', (k, held) => expect(action(key(k, held))).toBeNull())
})

it('stays inside in every direction', () => {
  const size = { rows: 3, cols: 2 }
  const at = { row: 1, col: 1 }
  expect(target(at, 'right', size, 10)).toEqual({ row: 1, col: 1 })
  expect(target(at, 'left', size, 10)).toEqual({ row: 1, col: 0 })
  expect(target(at, 'pageDown', size, 10)).toEqual({ row: 2, col: 1 })
  expect(target(at, 'pageUp', size, 0)).toEqual({ row: 0, col: 1 })
  expect(target(at, 'last', size, 10)).toEqual({ row: 2, col: 1 })
  expect(target(at, 'first', size, 10)).toEqual({ row: 0, col: 0 })
  expect(target(at, 'bottom', size, 10)).toEqual({ row: 2, col: 1 })
})
