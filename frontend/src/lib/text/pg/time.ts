/**
 * Dates and times as PostgreSQL writes them in the ISO style, read without a loss: years beyond Date's and microseconds.
 * Of any other style nothing is said.
 */

export interface Moment {
  /** seconds since 1970 in UTC, or in a clock without a zone */
  seconds: bigint
  micros: number
  /** of the zone it was written in, in seconds east; undefined when it has none */
  offset?: number
}

const form =
  /^(\d{4,6})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:([-+])(\d\d)(?::(\d\d))?(?::(\d\d))?)?)?( BC)?$/

/** Days from 1970-01-01 in the Gregorian calendar, as far as years go; years before 1 are 0, -1… */
function days(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const ofEra = y - era * 400
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  return era * 146097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719468
}

function civil(n: number): { year: number; month: number; day: number } {
  const z = n + 719468
  const era = Math.floor(z / 146097)
  const doe = z - era * 146097
  const yoe = Math.floor(
    (doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365,
  )
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100))
  const mp = Math.floor((5 * doy + 2) / 153)
  const month = mp < 10 ? mp + 3 : mp - 9
  return {
    year: yoe + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: doy - Math.floor((153 * mp + 2) / 5) + 1,
  }
}

export function readMoment(text: string): Moment | null {
  const m = form.exec(text)
  if (!m) return null
  const year = m[12] ? 1 - Number(m[1]) : Number(m[1])
  const n = (i: number) => Number(m[i] ?? 0)
  const offset = m[8] ? (m[8] === '-' ? -1 : 1) * (n(9) * 3600 + n(10) * 60 + n(11)) : undefined
  const clock = n(4) * 3600 + n(5) * 60 + n(6)
  return {
    seconds: BigInt(days(year, n(2), n(3))) * 86400n + BigInt(clock - (offset ?? 0)),
    micros: Number((m[7] ?? '').padEnd(6, '0')),
    offset,
  }
}

const two = (n: number) => String(n).padStart(2, '0')
const weekdays = ['Thursday', 'Friday', 'Saturday', 'Sunday', 'Monday', 'Tuesday', 'Wednesday']
const dayOf = (seconds: bigint) => Number((seconds - (((seconds % 86400n) + 86400n) % 86400n)) / 86400n)

export const weekday = (m: Moment): string => {
  const day = dayOf(m.seconds + BigInt(m.offset ?? 0))
  return weekdays[((day % 7) + 7) % 7]!
}

/** 2026-11-24 08:41:07.318204, as the server would write it in a zone so many seconds east of UTC. */
export function writeMoment(m: Moment, east: number): string {
  const local = m.seconds + BigInt(east)
  const day = dayOf(local)
  const { year, month, day: d } = civil(day)
  const s = Number(local - BigInt(day) * 86400n)
  const fraction = m.micros ? `.${String(m.micros).padStart(6, '0').replace(/0+$/, '')}` : ''
  const y = String(year > 0 ? year : 1 - year).padStart(4, '0')
  const clock = `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}${fraction}`
  return `${y}-${two(month)}-${two(d)} ${clock}${year > 0 ? '' : ' BC'}`
}

/** How far a zone is east of UTC at a moment, in seconds; undefined beyond what the browser knows. */
export function eastOf(m: Moment): number | undefined {
  const ms = Number(m.seconds) * 1000
  if (Math.abs(ms) > 8.64e15) return undefined
  return -new Date(ms).getTimezoneOffset() * 60
}

export const writeOffset = (east: number): string => {
  const a = Math.abs(east)
  return `${east < 0 ? '-' : '+'}${two(Math.floor(a / 3600))}${a % 3600 ? `:${two(Math.floor(a / 60) % 60)}` : ''}`
}

const units: [string, number][] = [
  ['year', 31_556_952],
  ['month', 2_629_746],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
]

/** in 3 hours, 2 days ago: as of a moment in ms */
export function relative(m: Moment, now: number): string {
  const seconds = Number(m.seconds) - Math.floor(now / 1000)
  const far = Math.abs(seconds)
  if (far < 2) return 'now'
  const [unit, size] = units.find(([, s]) => far >= s * (s > 60 ? 1 : 2)) ?? units.at(-1)!
  const n = Math.floor(far / size)
  const words = `${String(n).replace(/\B(?=(\d{3})+$)/g, ',')} ${unit}${n === 1 ? '' : 's'}`
  return seconds > 0 ? `in ${words}` : `${words} ago`
}

export interface Interval {
  months: number
  days: number
  /** exact; negative ones too */
  micros: bigint
}

/** Reads an interval in the server's own style, in that of SQL it gives null for what is not plain. */
export function readInterval(text: string): Interval | null {
  const out = { months: 0, days: 0, micros: 0n }
  const parts =
    /^((?:[-+]?\d+ (?:years?|mons?|days?) ?)*)(?:([-+])?(\d+):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?$/.exec(text)
  if (!parts || text === '') return null
  for (const [, n, unit] of parts[1]!.matchAll(/([-+]?\d+) (year|mon|day)/g)) {
    if (unit === 'year') out.months += 12 * Number(n)
    else if (unit === 'mon') out.months += Number(n)
    else out.days += Number(n)
  }
  if (parts[3] !== undefined) {
    const seconds = BigInt(parts[3]) * 3600n + BigInt(parts[4]!) * 60n + BigInt(parts[5]!)
    const micros = seconds * 1_000_000n + BigInt((parts[6] ?? '').padEnd(6, '0'))
    out.micros = parts[2] === '-' ? -micros : micros
  }
  return out
}

/** The number of seconds that extract(epoch) gives: a year is 365.25 days there, a month 30. */
export function intervalSeconds(i: Interval): string {
  const years = Math.trunc(i.months / 12)
  const days =
    BigInt(years * 36525) * 10_000n * 86400n + BigInt((i.months % 12) * 30 + i.days) * 1_000_000n * 86400n
  const all = days + i.micros
  const a = all < 0n ? -all : all
  const fraction = String(a % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '')
  return `${all < 0n ? '-' : ''}${a / 1_000_000n}${fraction && `.${fraction}`}`
}
