import type { Figure, Point } from '../../lib/text/pg/shape'

export interface Outline {
  /** of an svg, y upwards as in geometry */
  box: string
  areas: string
  lines: string
  dots: string
  note: string
}

/** More than this is thinned out: nobody sees the difference in so small a picture. */
const mostPoints = 20_000

const finite = ([x, y]: Point) => Number.isFinite(x) && Number.isFinite(y)

/** What of figures can be drawn; null when nothing can. */
export function drawn(figures: Figure[]): Outline | null {
  const points = figures.flatMap((f) =>
    f.kind === 'point'
      ? [f.at]
      : f.kind === 'line'
        ? f.points
        : f.kind === 'area'
          ? f.rings.flat()
          : [
              [f.at[0] - f.radius, f.at[1] - f.radius] as const,
              [f.at[0] + f.radius, f.at[1] + f.radius] as const,
            ],
  )
  const seen = points.filter(finite)
  if (seen.length === 0) return null
  let [left, low] = seen[0]!
  let [right, high] = seen[0]!
  for (const [x, y] of seen) {
    left = Math.min(left, x)
    right = Math.max(right, x)
    low = Math.min(low, y)
    high = Math.max(high, y)
  }
  // Into a square of 1000, so that no size of numbers is too much for the engine.
  const span = Math.max(right - left, high - low)
  const scale = span > 0 && Number.isFinite(span) ? 1000 / span : 1
  const to = ([x, y]: Point) => `${((x - left) * scale).toFixed(2)} ${((high - y) * scale).toFixed(2)}`
  const step = Math.max(1, Math.ceil(points.length / mostPoints))
  const path = (list: Point[]) => {
    const kept = list.filter((p, i) => finite(p) && (i % step === 0 || i === list.length - 1))
    return kept.length === 0 ? '' : `M${kept.map(to).join('L')}`
  }
  const out = { areas: '', lines: '', dots: '' }
  for (const f of figures) {
    if (f.kind === 'point' && finite(f.at)) out.dots += `M${to(f.at)}h0`
    else if (f.kind === 'line') out.lines += path(f.points)
    else if (f.kind === 'area') out.areas += f.rings.map((r) => path(r) && `${path(r)}Z`).join('')
    else if (f.kind === 'circle' && finite(f.at)) {
      const r = (f.radius * scale).toFixed(2)
      const d = (2 * f.radius * scale).toFixed(2)
      out.areas += `M${to([f.at[0] - f.radius, f.at[1]])}a${r} ${r} 0 1 0 ${d} 0a${r} ${r} 0 1 0 -${d} 0Z`
    }
  }
  const edge = span > 0 ? 40 : 500
  const width = (right - left) * scale + 2 * edge
  const height = (high - low) * scale + 2 * edge
  const hidden = points.length - seen.length
  return {
    ...out,
    box: `${-edge} ${-edge} ${width.toFixed(2)} ${height.toFixed(2)}`,
    note: [
      hidden > 0 ? 'Points at infinity, or that are no numbers, are not drawn.' : '',
      step > 1 ? `One of ${step} points is drawn.` : '',
    ]
      .filter(Boolean)
      .join(' '),
  }
}
