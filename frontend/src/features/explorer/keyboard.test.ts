import { describe, expect, it } from 'vitest'
import { follow, parentOf, treeKey, typeAhead } from './keyboard'
import type { Row } from './rows'

/** "- name" open, "+ name" closed, "name" a leaf; two spaces a level. */
const rows = (text: string): Row[] =>
  text
    .split('\n')
    .filter((l) => l.trim())
    .map((line) => {
      const [, space, sign, name] = /^( *)([-+] )?(.*)$/.exec(line)!
      const open = sign ? sign === '- ' : undefined
      return { key: name!, name: name!, level: space!.length / 2, open, pos: 1, size: 1 }
    })

const some = rows(`
- database
  - public
    - Tables
      + customers
      + orders
  + billing
+ Roles`)
const press = (key: string, at: number, more: object = {}, page = 3) =>
  treeKey({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more }, some, at, page)

describe('treeKey', () => {
  it.each([
    ['ArrowDown', 3, { to: 4 }],
    ['ArrowDown', 6, { to: 6 }],
    ['ArrowUp', 0, { to: 0 }],
    ['Home', 4, { to: 0 }],
    ['End', 0, { to: 6 }],
    ['PageDown', 1, { to: 3 }],
    ['PageUp', 1, { to: 0 }],
    ['ArrowRight', 3, { turn: 3, open: true }],
    ['ArrowRight', 1, { to: 2 }],
    ['ArrowLeft', 1, { turn: 1, open: false }],
    ['ArrowLeft', 4, { to: 2 }],
    ['ArrowLeft', 5, { to: 0 }],
    ['ArrowLeft', 6, { to: 6 }],
    ['Enter', 4, { act: 'open' }],
    [' ', 4, { turn: 4, open: true }],
    ['ContextMenu', 4, { act: 'menu' }],
    ['Escape', 4, undefined],
    ['x', 4, undefined],
  ])('%s at %d: %j', (key, at, move) => expect(press(key, at)).toEqual(move))

  it('leaves what commands take', () => {
    expect(press('ArrowDown', 1, { ctrlKey: true })).toBeUndefined()
    expect(press('Enter', 1, { metaKey: true })).toBeUndefined()
    expect(press('F10', 1, { shiftKey: true })).toEqual({ act: 'menu' })
  })

  it('does nothing where there are no rows', () => {
    expect(
      treeKey({ key: 'End', shiftKey: false, ctrlKey: false, metaKey: false, altKey: false }, [], 0, 3),
    ).toBeUndefined()
  })
})

it('knows parents', () => {
  expect([0, 1, 3, 5, 6].map((n) => parentOf(some, n))).toEqual([0, 0, 2, 0, 6])
})

describe('typeAhead', () => {
  it('goes on from the row it is at, round the end', () => {
    expect(typeAhead(some, 0, 'o')).toBe(4)
    expect(typeAhead(some, 4, 'd')).toBe(0)
    expect(typeAhead(some, 4, 'or')).toBe(4)
    expect(typeAhead(some, 4, 'q')).toBe(4)
  })
})

describe('follow', () => {
  const at = (after: Row[], was: number) => after[follow(after, some[was]!.key, was, some)]!.key

  it('stays at the row wherever it went', () => {
    const after = rows('- database\n  - audit\n  - public\n    - Tables\n      + customers\n      + orders')
    expect(at(after, 3)).toBe('customers')
    expect(at(after, 4)).toBe('orders')
  })

  it('hands over to the neighbour of a row that is gone', () => {
    expect(at(rows('- database\n  - public\n    - Tables\n      + customers\n  + billing\n+ Roles'), 4)).toBe(
      'billing',
    )
    expect(at(rows('- database'), 6)).toBe('database')
  })

  it('goes to the node that was closed over it', () => {
    expect(at(rows('- database\n  + public\n  + billing\n+ Roles'), 4)).toBe('public')
  })
})
