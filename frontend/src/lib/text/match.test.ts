import { describe, expect, it } from 'vitest'
import { closest, contains, match, pieces } from './match'

const marked = (query: string, text: string) => {
  const m = match(query, text)
  return (
    m &&
    pieces(text, m.marks)
      .map((p) => (p.marked ? `[${p.text}]` : p.text))
      .join('')
  )
}

describe('match', () => {
  it.each([
    ['ord', 'orders', '[ord]ers'],
    ['ord', 'open_orders', 'open_[ord]ers'],
    ['ord', 'Reorder columns', 'Re[ord]er columns'],
    ['ord', 'Keyboard shortcuts', 'Keyb[o]a[rd] shortcuts'],
    ['oi', 'order_items', '[o]rder_[i]tems'],
    ['ordit', 'order_items', '[ord]er_[it]ems'],
    ['theme dark', 'Theme: dark', '[Theme]: [dark]'],
    ['dark theme', 'Theme: dark', '[Theme]: [dark]'],
    ['xyz', 'orders', null],
    ['osr', 'orders and sundry rows', '[o]rders and [s]undry [r]ows'],
    // letters that are far from each other are no match
    ['lxh', 'a long text of which some letters are', null],
  ])('%j in %j: %j', (query, text, expected) => expect(marked(query, text)).toBe(expected))

  it('ranks the whole name, its start, a word, a part, letters', () => {
    const names = ['keyboard', 'disorder', 'open_order', 'orders', 'order', 'o_r_d_e_r']
    const score = (n: string) => match('ord', n)!.score
    expect([...names].sort((a, b) => score(a) - score(b))).toEqual([
      'order',
      'orders',
      'open_order',
      'disorder',
      'o_r_d_e_r',
      'keyboard',
    ])
  })

  it('gives up soon on what could be tried in very many ways', () => {
    expect(match('a'.repeat(30) + 'b', 'a_'.repeat(60))).toBeNull()
  })

  it('prefers the start of a word to an earlier place', () => {
    expect(marked('log', 'catalog.log')).toBe('catalog.[log]')
  })
})

describe('contains', () => {
  it('wants every word', () => {
    expect(contains(['ord', 'it'], 'order_items')).toEqual([0, 1, 2, 6, 7])
    expect(contains(['ord', 'no'], 'order_items')).toBeNull()
    expect(contains([], 'x')).toEqual([])
  })
})

describe('closest', () => {
  it('names what may have been meant, the most alike first', () => {
    const names = ['orders', 'order_items', 'customers', 'farms', 'orders']
    expect(closest('odrers', names)).toEqual(['orders'])
    expect(closest('custmoers', names)[0]).toBe('customers')
    expect(closest('qqqq', names)).toEqual([])
    expect(closest('q', names)).toEqual([])
  })
})
