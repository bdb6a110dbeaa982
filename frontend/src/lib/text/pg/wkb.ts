import type { Figure, Point, Shape } from './shape'

/** Reads PostGIS's geometry and geography as the server prints them: EWKB in hex digits, of either byte order. */

const names: Record<number, string> = {
  1: 'POINT',
  2: 'LINESTRING',
  3: 'POLYGON',
  4: 'MULTIPOINT',
  5: 'MULTILINESTRING',
  6: 'MULTIPOLYGON',
  7: 'GEOMETRYCOLLECTION',
  8: 'CIRCULARSTRING',
  9: 'COMPOUNDCURVE',
  10: 'CURVEPOLYGON',
  11: 'MULTICURVE',
  12: 'MULTISURFACE',
  15: 'POLYHEDRALSURFACE',
  16: 'TIN',
  17: 'TRIANGLE',
}
const deepest = 32

class Reader {
  #view: DataView
  #at = 0
  #little = true
  readonly figures: Figure[] = []
  points = 0

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  get rest(): number {
    return this.#view.byteLength - this.#at
  }
  #int(): number {
    this.#at += 4
    return this.#view.getUint32(this.#at - 4, this.#little)
  }
  #double(): number {
    this.#at += 8
    return this.#view.getFloat64(this.#at - 8, this.#little)
  }
  /** How many things follow, each of so many bytes at least. */
  #count(size: number): number {
    const n = this.#int()
    if (n * size > this.rest) throw new RangeError('more than there is')
    return n
  }

  /** One geometry, as PostGIS writes it in well-known text: within another one without its name where that is clear. */
  geometry(depth: number, within = 7): { wkt: string; type: string; srid: number; axes: string } {
    if (depth > deepest) throw new RangeError('too deep')
    this.#little = this.#view.getUint8(this.#at++) === 1
    const word = this.#int()
    // EWKB has flags in the high bits, ISO WKB thousands.
    const low = word & 0x0fffffff
    const z = (word & 0x80000000) !== 0 || Math.floor(low / 1000) % 2 === 1
    const m = (word & 0x40000000) !== 0 || low >= 2000
    const srid = word & 0x20000000 ? this.#int() : 0
    const type = names[low % 1000]
    if (!type || low >= 4000) throw new RangeError('not a geometry')
    const axes = `${z ? 'Z' : ''}${m ? 'M' : ''}`
    const size = 2 + axes.length
    const body = this.#body(low % 1000, size, depth)
    const named = within === 7 || (within >= 9 && within <= 12 && low % 1000 > 3)
    const name = named ? `${type}${axes && ` ${axes}`}${axes || body === 'EMPTY' ? ' ' : ''}` : ''
    return { wkt: name + body, type, srid, axes }
  }

  #body(type: number, size: number, depth: number): string {
    switch (type) {
      case 1: {
        const one = this.#point(size)
        if (one.at.every(Number.isNaN)) return 'EMPTY'
        this.points++
        this.figures.push({ kind: 'point', at: one.at })
        return `(${one.text})`
      }
      case 2:
      case 8: {
        const line = this.#line(size)
        const points = type === 8 ? alongArcs(line.points) : line.points
        if (points.length > 0) this.figures.push({ kind: 'line', points })
        return line.text
      }
      case 3:
      case 17: {
        const rings = Array.from({ length: this.#count(4) }, () => this.#line(size))
        if (rings.length === 0) return 'EMPTY'
        this.figures.push({ kind: 'area', rings: rings.map((r) => r.points) })
        return `(${rings.map((r) => r.text).join(',')})`
      }
    }
    const first = this.figures.length
    const parts = Array.from({ length: this.#count(5) }, () => this.geometry(depth + 1, type).wkt)
    if (type === 9 || type === 10) {
      const lines = this.figures.splice(first).map((f) => (f.kind === 'line' ? f.points : []))
      if (type === 9) this.figures.push({ kind: 'line', points: lines.flat() })
      else this.figures.push({ kind: 'area', rings: lines })
    }
    return parts.length === 0 ? 'EMPTY' : `(${parts.join(',')})`
  }

  #point(size: number): { at: Point; text: string } {
    const n = Array.from({ length: size }, () => this.#double())
    return { at: [n[0]!, n[1]!], text: n.join(' ') }
  }

  #line(size: number): { points: Point[]; text: string } {
    const list = Array.from({ length: this.#count(size * 8) }, () => this.#point(size))
    this.points += list.length
    return {
      points: list.map((p) => p.at),
      text: list.length === 0 ? 'EMPTY' : `(${list.map((p) => p.text).join(',')})`,
    }
  }
}

/** The points of arcs of circles, each through three of those given, of which the last is the first of the next. */
function alongArcs(given: Point[]): Point[] {
  const steps = 24
  const out = given.slice(0, 1)
  for (let i = 2; i < given.length; i += 2) {
    const [[ax, ay], [bx, by], [cx, cy]] = [given[i - 2]!, given[i - 1]!, given[i]!]
    const closed = ax === cx && ay === cy // the second point is then opposite, by the standard
    const d = 2 * (ax * (by - cy) + bx * (cy - ay) + cx * (ay - by))
    if (!closed && Math.abs(d) < 1e-12 * (Math.abs(ax) + Math.abs(by) + Math.abs(cx)) ** 2) {
      out.push(given[i - 1]!, given[i]!)
      continue
    }
    const [aa, bb, cc] = [ax * ax + ay * ay, bx * bx + by * by, cx * cx + cy * cy]
    const x = closed ? (ax + bx) / 2 : (aa * (by - cy) + bb * (cy - ay) + cc * (ay - by)) / d
    const y = closed ? (ay + by) / 2 : (aa * (cx - bx) + bb * (ax - cx) + cc * (bx - ax)) / d
    const from = Math.atan2(ay - y, ax - x)
    const turn = (to: number) => (((to - from) % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI)
    const [middle, end] = [turn(Math.atan2(by - y, bx - x)), turn(Math.atan2(cy - y, cx - x))]
    // Against the clock when the second point comes before the third so.
    const angle = closed ? 2 * Math.PI : middle < end ? end : end - 2 * Math.PI
    const radius = Math.hypot(ax - x, ay - y)
    for (let s = 1; s < steps; s++) {
      const at = from + (angle * s) / steps
      out.push([x + radius * Math.cos(at), y + radius * Math.sin(at)])
    }
    out.push(given[i]!)
  }
  return out
}

const words: Record<string, string> = {
  POINT: 'Point',
  LINESTRING: 'Line',
  POLYGON: 'Polygon',
  MULTIPOINT: 'Points',
  MULTILINESTRING: 'Lines',
  MULTIPOLYGON: 'Polygons',
  GEOMETRYCOLLECTION: 'Collection',
  CIRCULARSTRING: 'Arc',
  COMPOUNDCURVE: 'Curve',
  CURVEPOLYGON: 'Polygon',
  MULTICURVE: 'Curves',
  MULTISURFACE: 'Surfaces',
  POLYHEDRALSURFACE: 'Surface',
  TIN: 'Triangles',
  TRIANGLE: 'Triangle',
}

export function readWkb(text: string): Shape | null {
  if (text.length < 10 || text.length % 2 === 1 || !/^0[01][0-9A-F]+$/i.test(text)) return null
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16)
  const reader = new Reader(bytes)
  try {
    const { wkt, type, srid, axes } = reader.geometry(0)
    if (reader.rest > 0) return null
    return {
      title: words[type]!,
      facts: [
        ['Reference system', srid === 0 ? 'not set' : srid === 4326 ? '4326 (WGS 84)' : String(srid)],
        ...(axes ? [['Axes', `XY${axes}`] as [string, string]] : []),
        ['Points', String(reader.points)],
      ],
      figures: reader.figures,
      wkt: srid === 0 ? wkt : `SRID=${srid};${wkt}`,
    }
  } catch (thrown) {
    if (thrown instanceof RangeError) return null // the bytes end too early, or are something else
    throw thrown
  }
}
