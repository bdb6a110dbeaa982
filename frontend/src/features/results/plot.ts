// Draws a chart with uPlot. Colours and fonts are the theme's, read when it is drawn.
import './language' // before uPlot
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Drawn } from '../../lib/state/charting.svelte'
import { hasDate } from '../../lib/state/grouping.svelte'
import { ages, edgeNumber, edgeYear, numbersOf, scaleOf, yearMarks } from './chart'

export interface PlotEvents {
  /** the place under the pointer, and where it is in the host; null when there is none */
  at(place: { index: number; left: number; top: number } | null): void
}

/** The variables of the series' colours, in their order. */
export const seriesColor = (i: number) => `--chart-${(i % 8) + 1}`

const timestamptz = 1184
const labelMax = 14
/** A line with so few places shows each. */
const fewPoints = 80

export class Plot {
  readonly #plot: uPlot
  readonly #drawn: Drawn
  readonly #host: HTMLElement
  #at = -1
  /** where the keys go; of several at one place along the foot the pointer has but one */
  #to = -1

  constructor(host: HTMLElement, drawn: Drawn, shown: readonly boolean[], events: PlotEvents) {
    this.#host = host
    this.#drawn = drawn
    const { chart, spec } = drawn
    const at = chart.at.map(Number)
    const values = chart.series.map((s) => numbersOf(s.values))
    const up = scaleOf(values.flat())
    const along = spec.kind === 'bar' ? 1 : scaleOf(isTime(drawn) ? [] : at)
    const data: uPlot.AlignedData = [
      at.map((v) => v / along),
      ...values.map((list) => list.map((v) => (v === null ? null : v / up))),
    ]
    this.#plot = new uPlot(
      options(host, drawn, shown, { along, up }, (u) => this.#moved(u, events)),
      data,
      host,
    )
  }

  resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#host
    if (width > 0 && height > 0) this.#plot.setSize({ width, height })
  }
  show(series: number, shown: boolean): void {
    this.#plot.setSeries(series + 1, { show: shown })
  }
  /** Goes to the next place, or to the one before. */
  step(by: number): void {
    const last = this.#drawn.chart.at.length - 1
    this.#to = Math.max(0, Math.min(last, this.#at < 0 ? (by > 0 ? 0 : last) : this.#at + by))
    const left = this.#plot.valToPos(this.#plot.data[0][this.#to]!, 'x')
    this.#plot.setCursor({ left, top: this.#plot.over.clientHeight / 2 })
    this.#to = -1
  }
  leave(): void {
    this.#at = -1
    this.#plot.setCursor({ left: -10, top: -10 })
  }
  get canvas(): HTMLCanvasElement {
    return this.#plot.ctx.canvas
  }
  destroy(): void {
    this.#plot.destroy()
  }

  #moved(u: uPlot, events: PlotEvents): void {
    const { idx, left, top } = u.cursor
    if (idx === null || idx === undefined || left === undefined || top === undefined || left < 0) {
      this.#at = -1
      return events.at(null)
    }
    this.#at = this.#to < 0 ? idx : this.#to
    events.at({ index: this.#at, left: left + u.over.offsetLeft, top: top + u.over.offsetTop })
  }
}

const isTime = ({ spec, columns }: Drawn) => spec.kind !== 'bar' && spec.x >= 0 && hasDate(columns[spec.x])

interface Scales {
  along: number
  up: number
}

function options(
  host: HTMLElement,
  drawn: Drawn,
  shown: readonly boolean[],
  scales: Scales,
  moved: (u: uPlot) => void,
): uPlot.Options {
  const style = getComputedStyle(host)
  const color = (name: string) => style.getPropertyValue(name).trim()
  const font = `11px ${color('--font-ui')}`
  const line = { stroke: color('--line-faint'), width: 1 }
  const edge = { stroke: color('--text-2'), font, grid: line, ticks: { ...line, size: 4 }, gap: 4 }
  const calendar = isTime(drawn) && !ages(...ends(drawn))
  return {
    width: host.clientWidth,
    height: host.clientHeight,
    padding: [8, 16, 0, 0],
    legend: { show: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zoneOf(drawn)),
    scales: {
      x: { time: calendar, range: drawn.spec.kind === 'bar' ? bounds : along(calendar ? 43_200 : 0.5) },
      y: { range: (_, min, max) => upward(drawn.spec.kind, min, max) },
    },
    axes: [
      { ...edge, ...foot(drawn, scales, calendar) },
      {
        ...edge,
        size: (_, values) => sideWidth(values),
        values: (_, at) => at.map((v) => edgeNumber(v * scales.up)),
      },
    ],
    cursor: { y: false, points: { show: drawn.spec.kind !== 'bar', size: 7 }, drag: { x: false, y: false } },
    hooks: { setCursor: [moved] },
    series: [
      {},
      ...drawn.chart.series.map((_, i) => ({
        show: shown[i] ?? true,
        stroke: color(seriesColor(i)),
        fill: drawn.spec.kind === 'line' ? undefined : color(seriesColor(i)),
        width: 1.5,
        ...shape(drawn, i),
      })),
    ],
  }
}

/** A single place stands in the middle. */
const along =
  (room: number): uPlot.Range.Function =>
  (_, min, max) =>
    min === max ? [min - room, max + room] : [min, max]

/** Half a bar stands beside the first and the last place. */
const bounds: uPlot.Range.Function = (_, min, max) => [min - 0.5, max + 0.5]

function ends({ chart }: Drawn): [number, number] {
  return [Number(chart.at[0] ?? 0), Number(chart.at.at(-1) ?? 0)]
}

/** Bars stand on zero; lines and dots have room above and below. */
function upward(kind: string, min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1]
  const [low, high] = kind === 'bar' ? [Math.min(0, min), Math.max(0, max)] : [min, max]
  const room = (high - low || Math.abs(high) || 1) * 0.06
  return [kind === 'bar' && low === 0 ? 0 : low - room, kind === 'bar' && high === 0 ? 0 : high + room]
}

/** Sessions have zones that the page may not know; those are shown in UTC. */
function zoneOf({ spec, columns, zone }: Drawn): string {
  if (columns[spec.x]?.typeOid !== timestamptz || !zone) return 'Etc/UTC'
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    return 'Etc/UTC'
  }
}

/** For steps of so many seconds or more: what stands at each mark, and below it when year, month or day are new. */
const day = '\n{D} {MMM}'
const dated = `${day} {YYYY}`
const dayMarks: uPlot.Axis.Values = [
  [365 * 86_400, '{YYYY}', null, null, null, null, null, null, 1],
  [28 * 86_400, '{MMM}', '\n{YYYY}', null, null, null, null, null, 1],
  [86_400, '{D} {MMM}', '\n{YYYY}', null, null, null, null, null, 1],
  [60, '{HH}:{mm}', dated, null, day, null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', dated, null, day, null, null, null, 1],
  [0.001, '{ss}.{fff}', dated, null, `${day} {HH}:{mm}`, null, '\n{HH}:{mm}', null, 1],
]

const sideWidth = (values: string[] | null) => Math.max(36, ...(values ?? []).map((v) => v.length * 6.6 + 14))

function foot(drawn: Drawn, scales: Scales, calendar: boolean): uPlot.Axis {
  const { chart, spec } = drawn
  if (calendar) return { size: 44, values: dayMarks }
  if (spec.kind !== 'bar') {
    if (isTime(drawn))
      return {
        size: 30,
        splits: (_u, _axis, min, max) => yearMarks(min, max),
        values: (_, at) => at.map(edgeYear),
      }
    return { size: 30, values: (_, at) => at.map((v) => edgeNumber(v * scales.along)) }
  }
  const label = (i: number) => {
    const text = chart.labels[i] ?? ''
    return text.length > labelMax ? `${text.slice(0, labelMax - 1)}…` : text
  }
  const widest = Math.max(1, ...chart.labels.map((_, i) => label(i).length))
  return {
    size: 30,
    grid: { show: false },
    splits: (u) => {
      const each = Math.max(1, Math.ceil((chart.at.length * (widest * 6.6 + 12)) / Math.max(1, u.width)))
      return chart.at.flatMap((_, i) => (i % each === 0 ? [i] : []))
    },
    values: (_, at) => at.map(label),
  }
}

/** How a series is drawn: through its places, as dots, or as bars side by side. */
function shape(drawn: Drawn, series: number): Partial<uPlot.Series> {
  const { chart, spec } = drawn
  if (spec.kind === 'scatter') return { paths: () => null, points: { show: true, size: 5, width: 0 } }
  if (spec.kind === 'line') return { points: { show: chart.at.length <= fewPoints, size: 5 } }
  return { points: { show: false }, paths: bars(series, chart.series.length) }
}

function bars(series: number, of: number): uPlot.Series.PathBuilder {
  return (u, seriesIdx, from, to) => {
    const fill = new Path2D()
    const zero = u.valToPos(0, 'y', true)
    const step = u.valToPos(1, 'x', true) - u.valToPos(0, 'x', true)
    const room = Math.min(step * 0.76, 64 * of * devicePixelRatio)
    const width = Math.max(1, room / of)
    const values = u.data[seriesIdx]!
    for (let i = from; i <= to; i++) {
      const v = values[i]
      if (v === null || v === undefined) continue
      const left = u.valToPos(u.data[0][i]!, 'x', true) - room / 2 + width * series
      const top = u.valToPos(v, 'y', true)
      fill.rect(
        left,
        Math.min(top, zero),
        Math.max(1, width - (width > 6 ? 1 : 0)),
        Math.max(1, Math.abs(zero - top)),
      )
    }
    return { stroke: null, fill, flags: 1 }
  }
}
