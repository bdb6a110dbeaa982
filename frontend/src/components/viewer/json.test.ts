import { describe, expect, it } from 'vitest'
import { Kind, layout, tokenize } from './json'

/** The text without the blanks between tokens, which is all that laying it out may change. */
function tight(text: string): string {
  const t = tokenize(text)!
  return Array.from({ length: t.count }, (_, i) => text.slice(t.from[i]!, t.to[i]!)).join('')
}
function lines(text: string, cut = false): string[] {
  const t = tokenize(text, cut)!
  const l = layout(t)
  return Array.from({ length: l.count }, (_, n) => {
    const end = n + 1 < l.count ? l.first[n + 1]! : t.count
    let out = '  '.repeat(l.depth[n]!)
    for (let i = l.first[n]!; i < end; i++) out += text.slice(t.from[i]!, t.to[i]!)
    return out
  })
}

describe('tokens', () => {
  it.each([
    '{"a": 12.50000000000000000001, "b": -0, "c": 1E400, "d": 9007199254740993}',
    '{"z": 1, "a": 2, "z": 3}',
    '[[], {}, [{}], "\\u00e9\\"\\\\", true, false, null]',
    '"just a text"',
    '12345678901234567890.0000',
    '{"": {"": ""}}',
  ])('%s stays what it is', (text) => {
    expect(tight(text)).toBe(text.replace(/(?<=[,:]) /g, ''))
  })

  it('leaves nothing out but blanks, for any JSON', () => {
    let seed = 5
    const next = (n: number) => (seed = (seed * 16807) % 2147483647) % n
    const value = (deep: number): unknown => {
      const k = next(deep > 3 ? 4 : 6)
      if (k === 0) return next(1e6) / 7
      if (k === 1) return 'tex"t\n' + String.fromCharCode(next(60000))
      if (k === 2) return next(2) === 0
      if (k === 3) return null
      const items = Array.from({ length: next(5) }, () => value(deep + 1))
      return k === 4 ? items : Object.fromEntries(items.map((v, i) => [`k${i}`, v]))
    }
    for (let i = 0; i < 300; i++) {
      const text = JSON.stringify(value(0))
      const spaced = JSON.stringify(JSON.parse(text), null, 3)
      expect(tight(text)).toBe(text)
      expect(tight(spaced)).toBe(text)
      expect(
        lines(text)
          .map((l) => l.trim())
          .join(''),
      ).toBe(text)
    }
  })

  it.each([
    '',
    '   ',
    '{',
    '[1,]',
    '{"a":1,}',
    '{"a" 1}',
    '{a: 1}',
    "{'a': 1}",
    '[1 2]',
    '01',
    '1.',
    '.5',
    '+1',
    'NaN',
    '"a\nb"',
    '"\\x"',
    '"open',
    '[1] [2]',
    'nulls',
    ']',
    '{"a":1]',
  ])('%j is not JSON', (text) => expect(tokenize(text)).toBeNull())

  it('takes a text that ends too early, if it was cut', () => {
    for (const whole of ['{"a": [1, "tex\\u00e9t", {"b": true}], "c": null}']) {
      for (let n = 1; n < whole.length; n++) {
        const t = tokenize(whole.slice(0, n), true)
        expect(t, whole.slice(0, n)).not.toBeNull()
        expect(t!.complete).toBe(false)
        expect(() => layout(t!)).not.toThrow()
      }
      expect(tokenize(whole, true)!.complete).toBe(true)
    }
    expect(tokenize('{"a": wrong words', true)).toBeNull()
  })

  it('survives what would overflow a recursive reader', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000)
    expect(layout(tokenize(deep)!).count).toBeGreaterThan(200_000)
  })

  it('pairs what opens with what closes', () => {
    const t = tokenize('[{"a":[]}]')!
    expect(t.kind[0]).toBe(Kind.Open)
    expect(t.partner[0]).toBe(t.count - 1)
    expect(t.partner[t.count - 1]).toBe(0)
  })
})

describe('lines', () => {
  it('are one for each member', () => {
    expect(lines('{"a":1,"b":[true,{}],"c":{"d":null}}')).toEqual([
      '{',
      '  "a":1,',
      '  "b":[',
      '    true,',
      '    {}',
      '  ],',
      '  "c":{',
      '    "d":null',
      '  }',
      '}',
    ])
  })

  it('know where a container ends', () => {
    const l = layout(tokenize('{"a":[1,2],"b":3}')!)
    expect(Array.from(l.close.slice(0, l.count))).toEqual([6, 4, 0, 0, 0, 0, 0])
  })

  it('of a cut text end with it', () => {
    expect(lines('[{"a":1,"b', true)).toEqual(['[', '  {', '    "a":1,', '    "b'])
  })
})
