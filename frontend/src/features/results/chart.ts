// What a chart says of itself: its caption, what is under the pointer, the numbers along its edges.
import type { Chart, Column } from '../../lib/api/types'
import type { Drawn } from '../../lib/state/charting.svelte'
import { hasDate, isNumber } from '../../lib/state/grouping.svelte'
import { count, plural } from '../../lib/text/format'

/** What is drawn, and what is not. */
export function caption({ chart, spec, columns }: Drawn): string {
  const x = spec.x < 0 ? 'row' : (columns[spec.x]?.name ?? '')
  const say: string[] = []
  const drawnRows = chart.rows - chart.left
  if (spec.kind === 'bar')
    say.push(
      chart.more > 0
        ? `The first ${count(chart.rows)} of ${count(chart.rows + chart.more)} rows are drawn.`
        : `${plural(chart.rows, 'row')}, ${chart.series.length === 1 ? 'a bar' : `${chart.series.length} bars`} for each.`,
    )
  else if (chart.spans && spec.kind === 'scatter')
    say.push(
      `${plural(chart.at.length, 'dot')} for ${plural(drawnRows, 'row')}: those that lie on each other are one.`,
    )
  else if (chart.spans)
    say.push(
      `${plural(drawnRows, 'row')} in ${plural(chart.at.length / 2, 'part')}: of each part the smallest and the greatest value are drawn.`,
    )
  else say.push(`Each of ${plural(drawnRows, 'row')} is drawn.`)
  if (chart.left > 0) say.push(`${plural(chart.left, 'row')} left out: no finite ${x}.`)
  if (chart.nulls > 0) say.push(`${plural(chart.nulls, 'value')} NULL: a gap.`)
  if (chart.endless > 0) say.push(`${plural(chart.endless, 'value')} NaN or infinite, not drawn.`)
  return say.join(' ')
}

export interface Told {
  head: string
  note: string
  /** the number of a series, and its values as the server sent them */
  values: { series: number; text: string }[]
}

/** What is told of a place: its row, or of many the smallest and the greatest values. */
export function tell({ chart, spec, columns }: Drawn, i: number): Told {
  const pair = chart.spans && spec.kind === 'line' ? [i - (i % 2), i - (i % 2) + 1] : [i]
  const x = spec.x < 0 ? '' : (columns[spec.x]?.name ?? '')
  const label = chart.labels[pair[0]!] ?? ''
  const head = spec.x < 0 ? `row ${label || count(Number(chart.at[i]))}` : `${x} ${label}`
  const rows = chart.counts[i] ?? 1
  const note =
    rows < 2
      ? ''
      : spec.kind === 'line'
        ? `from here on ${plural(rows, 'row')}`
        : `and ${plural(rows - 1, 'more row')} at the same place`
  const values = chart.series.flatMap((s, series) => {
    const texts = pair.map((p) => s.texts[p] ?? '')
    if (texts.every((t) => t === '')) return []
    const [a, b] = texts.map((t, n) => ({ t, v: Number(s.values[pair[n]!]) }))
    if (!b || a!.t === b.t) return [{ series, text: a!.t }]
    return [{ series, text: a!.v <= b.v ? `${a!.t} to ${b.t}` : `${b.t} to ${a!.t}` }]
  })
  return { head, note, values }
}

/** Powers of ten that bring numbers to a size that can be drawn, for those of a hundred digits. */
export function scaleOf(values: readonly (number | null)[]): number {
  let most = 0
  for (const v of values) if (v !== null) most = Math.max(most, Math.abs(v))
  if (most === 0 || (most < 1e15 && most > 1e-9)) return 1
  return 10 ** Math.floor(Math.log10(most))
}

/** A number along an edge. */
export function edgeNumber(v: number): string {
  const size = Math.abs(v)
  if (size >= 1e15 || (size > 0 && size < 1e-6))
    return v
      .toExponential(2)
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e')
  return v.toLocaleString('en-US', { maximumFractionDigits: size >= 1000 ? 2 : 8 })
}

const year = 31_556_952

/** Do times reach further than a calendar's marks can be drawn for? */
export const ages = (from: number, to: number) => to - from > 400 * year || from < -1970 * year

/** A year, of seconds since 1970. */
export function edgeYear(seconds: number): string {
  const y = Math.round(1970 + seconds / year)
  return y > 0 ? String(y) : `${1 - y} BC`
}

/** Round years between two times, about ten of them, in seconds since 1970. */
export function yearMarks(from: number, to: number): number[] {
  const [first, last] = [1970 + from / year, 1970 + to / year]
  const rough = (last - first) / 10
  const ten = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, ten * (rough / ten > 5 ? 10 : rough / ten > 2 ? 5 : rough / ten > 1 ? 2 : 1))
  const marks: number[] = []
  for (let y = Math.ceil(first / step) * step; y <= last; y += step)
    marks.push(((y > 0 ? y : y + 1) - 1970) * year) // before 1 there is 1 BC
  return marks
}

/** Numbers that a chart has as text; null where there is nothing to draw. */
export const numbersOf = (texts: readonly string[]) => texts.map((t) => (t === '' ? null : Number(t)))

/** Something of each name by which it can be told from others of that name, again and again. */
export const apart = (names: readonly string[]) =>
  names.map((name, i) => `${name}\n${names.slice(0, i).filter((n) => n === name).length}`)

/** The columns that kind of chart may have along its foot. */
export function alongFor(kind: string, columns: readonly Column[]): number[] {
  const may = (c: Column) => kind === 'bar' || hasDate(c) || isNumber(c)
  return [-1, ...columns.flatMap((c, i) => (may(c) ? [i] : []))]
}

/** Is there anything that could be drawn? */
export const drawable = (chart: Chart) => chart.series.some((s) => s.values.some((v) => v !== ''))
