/** Figures in the plane, to be drawn: of PostgreSQL's own geometric types, and of PostGIS. */

export type Point = readonly [number, number]
export type Figure =
  | { kind: 'point'; at: Point }
  | { kind: 'line'; points: Point[] }
  /** the first ring is the border, the others are holes */
  | { kind: 'area'; rings: Point[][] }
  | { kind: 'circle'; at: Point; radius: number }

export interface Shape {
  /** what it is, in words */
  title: string
  facts: [string, string][]
  figures: Figure[]
  /** well-known text, of PostGIS */
  wkt?: string
}

const number = String.raw`[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|Infinity|NaN)`
const pair = String.raw`\(${number},${number}\)`
const whole: Record<string, string> = {
  point: pair,
  lseg: String.raw`\[${pair},${pair}\]`,
  box: `${pair},${pair}`,
  path: String.raw`\(${pair}(?:,${pair})*\)|\[${pair}(?:,${pair})*\]`,
  polygon: String.raw`\(${pair}(?:,${pair})*\)`,
  circle: `<${pair},${number}>`,
  line: String.raw`\{${number},${number},${number}\}`,
}

export const isGeometric = (type: string): boolean => Object.hasOwn(whole, type)

const round = (n: number) => String(Number(n.toPrecision(12)))
const distance = (a: Point, b: Point) => Math.hypot(b[0] - a[0], b[1] - a[1])
const length = (points: Point[]) => points.slice(1).reduce((sum, p, i) => sum + distance(points[i]!, p), 0)
/** The area within a ring, whichever way it runs. */
export const areaOf = (ring: Point[]): number =>
  Math.abs(
    ring.reduce((sum, [x, y], i) => {
      const [nx, ny] = ring[(i + 1) % ring.length]!
      return sum + x * ny - nx * y
    }, 0) / 2,
  )

/** Reads a value of one of PostgreSQL's own geometric types. */
export function readGeometric(type: string, text: string): Shape | null {
  const form = whole[type]
  if (!form || !new RegExp(`^(?:${form})$`, 'i').test(text)) return null
  const n = (text.match(new RegExp(number, 'gi')) ?? []).map(Number)
  const points = Array.from({ length: Math.floor(n.length / 2) }, (_, i): Point => [n[2 * i]!, n[2 * i + 1]!])
  switch (type) {
    case 'point':
      return {
        title: 'Point',
        facts: [
          ['x', String(n[0])],
          ['y', String(n[1])],
        ],
        figures: [{ kind: 'point', at: points[0]! }],
      }
    case 'lseg':
      return {
        title: 'Line segment',
        facts: [['Length', round(length(points))]],
        figures: [{ kind: 'line', points }],
      }
    case 'box': {
      const [[x1, y1], [x2, y2]] = points as [Point, Point]
      const ring: Point[] = [
        [x1, y1],
        [x2, y1],
        [x2, y2],
        [x1, y2],
      ]
      return {
        title: 'Box',
        facts: [
          ['Width', round(Math.abs(x2 - x1))],
          ['Height', round(Math.abs(y2 - y1))],
          ['Area', round(areaOf(ring))],
        ],
        figures: [{ kind: 'area', rings: [ring] }],
      }
    }
    case 'path': {
      const open = text[0] === '['
      const line = open ? points : [...points, points[0]!]
      return {
        title: open ? 'Open path' : 'Closed path',
        facts: [
          ['Points', String(points.length)],
          ['Length', round(length(line))],
        ],
        figures: [open ? { kind: 'line', points } : { kind: 'area', rings: [points] }],
      }
    }
    case 'polygon':
      return {
        title: 'Polygon',
        facts: [
          ['Points', String(points.length)],
          ['Area', round(areaOf(points))],
        ],
        figures: [{ kind: 'area', rings: [points] }],
      }
    case 'circle':
      return {
        title: 'Circle',
        facts: [
          ['Centre', `(${n[0]}, ${n[1]})`],
          ['Radius', String(n[2])],
          ['Area', round(Math.PI * n[2]! ** 2)],
        ],
        figures: [{ kind: 'circle', at: points[0]!, radius: n[2]! }],
      }
    default:
      // A line has no ends: nothing is drawn of it.
      return { title: 'Line', facts: [['Equation', `${n[0]}·x + ${n[1]}·y + ${n[2]} = 0`]], figures: [] }
  }
}
