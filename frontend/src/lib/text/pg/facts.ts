// What a short value means, in words: one line each.
import { readNetwork, writeAddress } from './net'
import {
  eastOf,
  intervalSeconds,
  readInterval,
  readMoment,
  relative,
  weekday,
  writeMoment,
  writeOffset,
  type Moment,
} from './time'
import { readMultirange, readRange, type PgRange } from './nested'

export type Fact = readonly [label: string, value: string]

/** The name of a type without its modifier and schema. */
export const bare = (type: string): string => type.replace(/\(.*?\)/, '').replace(/^.*\./, '')

/** What can be said of a value; nothing of most. now is in ms. */
export function factsOf(type: string, text: string, now: number): Fact[] {
  switch (bare(type)) {
    case 'timestamptz':
      return moment(text, now, true)
    case 'timestamp':
    case 'date':
      return moment(text, now, false)
    case 'interval':
      return interval(text)
    case 'inet':
    case 'cidr':
      return network(text)
    case 'uuid':
      return uuid(text, now)
  }
  return []
}

function moment(text: string, now: number, zoned: boolean): Fact[] {
  if (text === 'infinity') return [['Meaning', 'later than all others']]
  if (text === '-infinity') return [['Meaning', 'earlier than all others']]
  const m = readMoment(text)
  if (!m) return [] // another DateStyle
  if (!zoned || m.offset === undefined) return [['Day of the week', weekday(m)]]
  const here = eastOf(m)
  const facts: Fact[] = [
    ["In the session's zone", text],
    ['In UTC', `${writeMoment(m, 0)}+00`],
  ]
  if (here !== undefined) facts.push(['On this computer', writeMoment(m, here) + writeOffset(here)])
  return [...facts, ['From now', relative(m, now)], ['Day of the week', weekday(m)]]
}

const count = (n: number, unit: string) => `${n} ${unit}${Math.abs(n) === 1 ? '' : 's'}`

function interval(text: string): Fact[] {
  if (text === 'infinity' || text === '-infinity')
    return [['Meaning', `${text === 'infinity' ? 'longer' : 'shorter'} than all others`]]
  const i = readInterval(text)
  if (!i) return []
  const a = i.micros < 0n ? -i.micros : i.micros
  const s = a / 1_000_000n
  const fraction = a % 1_000_000n
  const clock = `${s / 3600n} h ${(s / 60n) % 60n} min ${s % 60n}${fraction ? `.${String(fraction).padStart(6, '0').replace(/0+$/, '')}` : ''} s`
  return [
    ['Months', `${count(Math.trunc(i.months / 12), 'year')} ${count(i.months % 12, 'month')}`],
    ['Days', String(i.days)],
    ['Time', (i.micros < 0n ? '-' : '') + clock],
    ['In seconds', `${intervalSeconds(i)} (a month of 30 days, a year of 365.25)`],
  ]
}

function network(text: string): Fact[] {
  const n = readNetwork(text)
  if (!n) return []
  const size = n.family === 4 ? 32 : 128
  const show = (a: bigint) => writeAddress(a, n.family)
  const kind = `IPv${n.family}`
  if (n.bits === size) return [['Family', kind]]
  const mask = ((1n << BigInt(size)) - 1n) ^ (n.last - n.first)
  const facts: Fact[] = [
    ['Family', kind],
    ['Network', `${show(n.first)}/${n.bits}`],
    ['First', show(n.first)],
    ['Last', show(n.last)],
    ['Addresses', String(n.last - n.first + 1n).replace(/\B(?=(\d{3})+$)/g, ',')],
  ]
  if (n.family === 4) facts.push(['Netmask', show(mask)])
  if (n.address !== n.first) facts.splice(1, 0, ['Host', show(n.address)])
  return facts
}

const versions: Record<string, string> = {
  1: 'from the time and the network card',
  3: 'a hash (MD5) of a name',
  4: 'random',
  5: 'a hash (SHA-1) of a name',
  6: 'from the time, in order',
  7: 'from the time in milliseconds, in order',
  8: 'made in a way of its own',
}

function uuid(text: string, now: number): Fact[] {
  const hex = text.replaceAll('-', '').toLowerCase()
  if (!/^[0-9a-f]{32}$/.test(hex)) return []
  if (/^(0+|f+)$/.test(hex)) return [['Kind', hex[0] === '0' ? 'nil: all zeros' : 'max: all ones']]
  const version = hex[12]!
  if (!'89ab'.includes(hex[16]!) || !versions[version]) return [['Kind', 'of no standard version']]
  const facts: Fact[] = [['Version', `${version}: ${versions[version]}`]]
  const made = timeOf(hex, version)
  if (made) facts.push(['Made', `${writeMoment(made, 0)}+00`], ['From now', relative(made, now)])
  return facts
}

/** When a UUID was made, if it says so. */
function timeOf(hex: string, version: string): Moment | null {
  let micros: bigint
  if (version === '7') micros = BigInt(`0x${hex.slice(0, 12)}`) * 1000n
  else if (version === '1' || version === '6') {
    const ticks =
      version === '1'
        ? hex.slice(13, 16) + hex.slice(8, 12) + hex.slice(0, 8)
        : hex.slice(0, 12) + hex.slice(13, 16)
    micros = (BigInt(`0x${ticks}`) - 0x01b21dd213814000n) / 10n // from 1582-10-15
  } else return null
  const part = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  return { seconds: (micros - part) / 1_000_000n, micros: Number(part) }
}

/** Ranges and multiranges: one row each. */
export function rangesOf(type: string, text: string): PgRange[] | null {
  const name = bare(type)
  const multi = name.endsWith('multirange')
  if (!multi && !name.endsWith('range')) return null
  if (multi) return readMultirange(text)
  const r = readRange(text)
  return r && [r]
}

/** from 1, inclusive, to 5, exclusive */
export function rangeWords(r: PgRange): string {
  if (r.empty) return 'empty: nothing is in it'
  const from =
    r.lower === null ? 'without a beginning' : `from ${r.lower}, ${r.lowerIn ? 'inclusive' : 'exclusive'}`
  const to = r.upper === null ? 'without an end' : `to ${r.upper}, ${r.upperIn ? 'inclusive' : 'exclusive'}`
  return r.lower === null && r.upper === null ? 'everything' : `${from}, ${to}`
}

/** An address that Tusk may be asked to open: http or https, with a host and no password in it. */
export function linkOf(text: string): URL | null {
  if (!/^https?:\/\/[^\s<>"]+$/i.test(text) || text.length > 4000) return null
  try {
    const url = new URL(text)
    return url.hostname && !url.username && !url.password ? url : null
  } catch {
    return null // not an address after all
  }
}
