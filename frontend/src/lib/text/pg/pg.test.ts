// Against what a real server wrote (recorded.sql) and, of EWKB, what PostGIS 3.3 says (postgis.json).
import { describe, expect, it } from 'vitest'
import { factsOf, linkOf, rangeWords } from './facts'
import postgis from './postgis.json'
import { kindOf, sizeOf } from './magic'
import { readArray, readHstore, readMultirange, readRange, readRow } from './nested'
import { readNetwork, writeAddress } from './net'
import recorded from './recorded.json'
import { areaOf, readGeometric } from './shape'
import { intervalSeconds, readInterval, readMoment, relative, weekday, writeMoment } from './time'
import { readWkb } from './wkb'
import { layoutXml } from './xml'

describe('arrays', () => {
  it.each(recorded.arrays)('$text', ({ text, items, dims }) => {
    const a = readArray(text)!
    expect(a.items).toEqual(items ?? [])
    const said = a.bounds.map((b) => `[${b.lower}:${b.lower + b.count - 1}]`).join('')
    expect(said || null).toBe(dims)
  })
  it.each(recorded.boxes)('$text', ({ text, items }) => {
    expect(readArray(text, ';')!.items).toEqual(items ?? [])
  })
  it.each([
    '',
    '{',
    '}',
    '{a',
    '{a,}',
    '{,a}',
    '{a}b',
    '{{a},b}',
    '{{a},{b,c}}',
    '{"a}',
    '[1:2]={a}',
    '{"a"b}',
  ])('%s is none', (text) => expect(readArray(text)).toBeNull())
})

describe('rows', () => {
  it.each(recorded.rows)('$text', ({ text, fields }) => expect(readRow(text)).toEqual(fields))
  it.each(recorded.nested)('$text', ({ text, x, p, a, l }) => {
    const row = readRow(text)!
    expect(row.slice(0, 2)).toEqual([x, p])
    expect(readRow(row[1]!)).toEqual([a, '5'])
    expect(readArray(row[2]!)!.items).toEqual(l)
  })
  it.each(['', '(', '(a', '(a)b', 'a', '("a)'])('%s is none', (text) => expect(readRow(text)).toBeNull())
})

describe('ranges', () => {
  it.each(recorded.ranges)('$text', ({ text, empty, lower, upper, li, ui }) => {
    expect(readRange(text)).toEqual({ empty, lower, upper, lowerIn: li, upperIn: ui })
  })
  it.each(recorded.multiranges)('$text', ({ text, parts }) => {
    const list = readMultirange(text)!
    expect(list).toEqual((parts ?? []).map((p) => readRange(p)))
  })
  it('in words', () => {
    expect(rangeWords(readRange('[1,5)')!)).toBe('from 1, inclusive, to 5, exclusive')
    expect(rangeWords(readRange('(,5]')!)).toBe('without a beginning, to 5, inclusive')
    expect(rangeWords(readRange('(,)')!)).toBe('everything')
    expect(rangeWords(readRange('empty')!)).toBe('empty: nothing is in it')
    expect(rangeWords(readRange('["a,b","c""d\\\\"]')!)).toBe('from a,b, inclusive, to c"d\\, inclusive')
  })
  it.each(['', '[1,2', '1,2', '[1]', '[1,2)x', '{[1,2)', 'emptyy', '[1,2,3)'])('%s is none', (text) => {
    expect(readRange(text)).toBeNull()
    expect(readMultirange(text)).toBeNull()
  })
})

it.each(recorded.hstores)('hstore $text', ({ text, pairs }) => expect(readHstore(text)).toEqual(pairs ?? []))
it.each(['a', '"a"', '"a"=>', '"a"=>"b",', '"a"=>"b" ', '"a"=>x'])('%s is no hstore', (text) =>
  expect(readHstore(text)).toBeNull(),
)

describe('times', () => {
  it.each(recorded.moments)('$text', ({ text, utc, epoch, day }) => {
    const m = readMoment(text)!
    expect(writeMoment(m, 0)).toBe(utc)
    expect(Number(m.seconds) + m.micros / 1e6).toBeCloseTo(Number(epoch), 3)
    expect(weekday({ ...m, offset: 0 })).toBe(day)
  })
  it.each(recorded.dates)('$text', ({ text, days, day }) => {
    const m = readMoment(text)!
    expect(m.seconds).toBe(BigInt(days) * 86400n)
    expect(weekday(m)).toBe(day)
  })
  it('of zones with minutes and seconds', () => {
    const same = [
      '2024-02-29 23:59:59.123456+05:30',
      '2024-02-29 18:29:59.123456+00',
      '2024-02-29 10:29:59.123456-08',
    ]
    for (const text of same) expect(writeMoment(readMoment(text)!, 0)).toBe('2024-02-29 18:29:59.123456')
    expect(writeMoment(readMoment('1850-01-01 05:53:28+05:53:28')!, 0)).toBe('1850-01-01 00:00:00')
  })
  it('how long ago', () => {
    const now = Date.UTC(2024, 0, 10)
    const ago = (text: string) => relative(readMoment(text)!, now)
    expect(ago('2024-01-10 00:00:01+00')).toBe('now')
    expect(ago('2024-01-08 12:00:00+00')).toBe('1 day ago')
    expect(ago('2024-01-10 03:00:00+00')).toBe('in 3 hours')
    expect(ago('2024-01-09 23:59:20+00')).toBe('40 seconds ago')
    expect(ago('0044-03-15 12:00:00+00 BC')).toBe('2,066 years ago')
  })
  it.each(recorded.intervals)('$text', ({ text, epoch }) => {
    expect(Number(intervalSeconds(readInterval(text)!))).toBeCloseTo(Number(epoch), 6)
  })
  it.each(['24/11/2026', '', 'now', '2024-01-01T00:00:00', 'Tue Nov 24 2026'])('%s is not read', (text) => {
    expect(readMoment(text)).toBeNull()
    expect(factsOf('timestamptz', text, 0)).toEqual([])
  })
})

it.each(recorded.networks)('network $text', ({ text, net, host, bc, mask, family, bits }) => {
  const n = readNetwork(text)!
  expect([n.family, n.bits]).toEqual([family, bits])
  const show = (a: bigint) => writeAddress(a, n.family)
  // The server writes some old forms of IPv6 with dots.
  const same = (a: bigint, b: string) => expect(a).toBe(readNetwork(b)!.address)
  same(n.address, host)
  same(n.first, net.split('/')[0]!)
  same(n.last, bc)
  if (!text.includes('::ffff')) {
    expect(show(n.address)).toBe(host)
    expect(show(n.last)).toBe(bc)
  }
  if (family === 4) expect(n.bits === 32 || factsOf('inet', text, 0).some(([, v]) => v === mask)).toBe(true)
})

describe('shapes', () => {
  it.each(recorded.geometric)('%s %s', (type, text) => {
    const s = readGeometric(type!, text!)!
    expect(s.title).not.toBe('')
    expect(s.facts.length).toBeGreaterThan(0)
  })
  it('measures them', () => {
    const facts = (type: string, text: string) => Object.fromEntries(readGeometric(type, text)!.facts)
    expect(facts('lseg', '[(0,0),(3,4)]')).toEqual({ Length: '5' })
    expect(facts('polygon', '((0,0),(4,0),(4,3))')).toEqual({ Points: '3', Area: '6' })
    expect(facts('path', '((0,0),(1,0),(1,1),(0,1))')).toEqual({ Points: '4', Length: '4' })
    expect(facts('box', '(3,4),(1,2)')).toEqual({ Width: '2', Height: '2', Area: '4' })
  })
  it.each([
    ['point', '(1,2'],
    ['point', '(1,2),(3,4)'],
    ['circle', '(1,2)'],
    ['polygon', '()'],
    ['text', '(1,2)'],
  ])('%s %s is none', (type, text) => expect(readGeometric(type, text)).toBeNull())

  it.each(postgis)('EWKB %s', (hex, wkt) => {
    const s = readWkb(hex!)!
    expect(s.wkt).toBe(wkt)
    expect(readWkb(hex!.toLowerCase())).toEqual(s)
  })
  it('draws arcs as arcs', () => {
    const drawn = (wkt: string) => readWkb(postgis.find(([, text]) => text === wkt)![0]!)!.figures
    const half = drawn('CIRCULARSTRING(0 0,1 1,2 0)')[0]!
    expect(half.kind === 'line' && half.points).toHaveLength(25)
    if (half.kind === 'line')
      for (const [x, y] of half.points) {
        expect(Math.hypot(x - 1, y)).toBeCloseTo(1, 9)
        expect(y).toBeGreaterThanOrEqual(0)
      }
    const disc = drawn('CURVEPOLYGON(CIRCULARSTRING(0 0,4 0,4 4,0 4,0 0))')
    expect(disc.map((f) => f.kind)).toEqual(['area'])
    expect(disc[0]!.kind === 'area' && areaOf(disc[0]!.rings[0]!)).toBeCloseTo(Math.PI * 8, 0)
  })
  it('every EWKB that is cut, or goes on, is refused', () => {
    for (const [hex] of postgis) {
      for (let n = 0; n < hex!.length; n += 2) expect(readWkb(hex!.slice(0, n))).toBeNull()
      expect(readWkb(`${hex}00`)).toBeNull()
    }
    // a count that no value can hold
    expect(readWkb('0102000000FFFFFFFF')).toBeNull()
    expect(readWkb('0107000000FFFFFFFF')).toBeNull()
    expect(readWkb('010700000001000000'.repeat(100))).toBeNull()
  })
  it('of M and ISO Z', () => {
    const one = '000000000000F03F'
    expect(readWkb(`0101000040${one.repeat(3)}`)!.wkt).toBe('POINT M (1 1 1)')
    expect(readWkb(`01010000C0${one.repeat(4)}`)!.wkt).toBe('POINT ZM (1 1 1 1)')
    expect(readWkb(`01E9030000${one.repeat(3)}`)!.wkt).toBe('POINT Z (1 1 1)')
  })
})

describe('uuid', () => {
  const facts = (text: string) => Object.fromEntries(factsOf('uuid', text, 0))
  it('tells when it was made', () => {
    // The examples of RFC 9562, of 2022-02-22 19:22:22 UTC.
    expect(facts('C232AB00-9414-11EC-B3C8-9F6BDECED846')['Made']).toBe('2022-02-22 19:22:22+00')
    expect(facts('1EC9414C-232A-6B00-B3C8-9F6BDECED846')['Made']).toBe('2022-02-22 19:22:22+00')
    expect(facts('017F22E2-79B0-7CC3-98C4-DC0C0C07398F')['Made']).toBe('2022-02-22 19:22:22+00')
    expect(facts('919108f7-52d1-4320-9bac-f847db4148a8')).toEqual({ Version: '4: random' })
    expect(facts('00000000-0000-0000-0000-000000000000')).toEqual({ Kind: 'nil: all zeros' })
  })
})

describe('links', () => {
  it.each(['https://example.org/a?b#c', 'http://x', 'HTTPS://example.org'])('%s may be opened', (text) =>
    expect(linkOf(text)).not.toBeNull(),
  )
  it.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://',
    'https://user:secret@x.org',
    'https://a b',
    ' https://x.org',
    'https://x.org\n',
    'data:text/html,x',
    'https:x',
    'x https://x.org',
  ])('%j may not', (text) => expect(linkOf(text)).toBeNull())
})

describe('xml', () => {
  it('is laid out', () => {
    const text =
      '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a b="1>2"><c>text</c><d/><!-- <e> --><f><![CDATA[<g>]]></f></a>'
    expect(layoutXml(text)).toBe(
      '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY x "y">]>\n<a b="1>2">\n  <c>text</c>\n  <d/>\n  <!-- <e> -->\n  <f>\n    <![CDATA[<g>]]>\n  </f>\n</a>',
    )
  })
  it.each(['<a>', '<a></b>', '</a>', '<a><b></a></b>', '', 'a < b', '<a'])('%s is none', (text) =>
    expect(layoutXml(text)).toBeNull(),
  )
})

describe('files', () => {
  const of = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0))
  it.each([
    ['\x89PNG\r\n\x1a\n', 'PNG image'],
    ['%PDF-1.7', 'PDF document'],
    ['\x1f\x8b\x08', 'gzip archive'],
    ['PK\x03\x04', 'zip archive, or a document made as one'],
    ['RIFF\0\0\0\0WEBPVP8 ', 'WebP image'],
    [' <?xml version="1.0"?><!-- x --><svg xmlns="">', 'SVG image'],
    ['\0\0\0\x20ftypisom', 'MP4 film or sound'],
    ['x'.repeat(257) + 'ustar', 'tar archive'],
  ])('%j', (text, name) => expect(kindOf(of(text))!.name).toBe(name))
  it.each(['', 'BM is a word', 'hello', '<svgx', '\0\0\0\0'])('%j is of no known kind', (text) =>
    expect(kindOf(of(text))).toBeNull(),
  )
  it('tells the size of an image', () => {
    const size = (text: string) => sizeOf(of(text), kindOf(of(text))!)
    expect(size('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x02\0\0\0\x03')).toEqual({ width: 258, height: 3 })
    expect(size('GIF89a\x05\0\x06\0')).toEqual({ width: 5, height: 6 })
    expect(size('\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x0b\x08\0\x07\0\x09\x01')).toEqual({
      width: 9,
      height: 7,
    })
    expect(size('\x89PNG\r\n\x1a\n')).toBeNull()
  })
})
