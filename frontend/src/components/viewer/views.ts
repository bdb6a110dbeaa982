// Which ways there are to look at a value, the best one first.
import { bare, factsOf, linkOf, rangesOf, rangeWords, type Fact } from '../../lib/text/pg/facts'
import { kindOf } from '../../lib/text/pg/magic'
import { isGeometric, readGeometric, type Shape } from '../../lib/text/pg/shape'
import { readWkb } from '../../lib/text/pg/wkb'
import { layoutXml } from '../../lib/text/pg/xml'
import { decode } from './hex'
import { tableOf } from './table'

export type ViewName = 'tree' | 'table' | 'shape' | 'image' | 'facts' | 'layout' | 'hex' | 'text'

export const viewLabels: Record<ViewName, string> = {
  tree: 'Tree',
  table: 'Table',
  shape: 'Shape',
  image: 'Image',
  facts: 'Facts',
  layout: 'Laid out',
  hex: 'Hex',
  text: 'Text',
}

export interface Value {
  type: string
  class: string
  text: string
  /** that text is all of it */
  whole: boolean
}

/** The first bytes of a bytea: enough to tell its kind, and as a rule the size of an image. */
export const headOf = (v: Value): Uint8Array => decode(v.text.slice(0, 32_770))

export function shapeOf(v: Value): Shape | null {
  if (!v.whole) return null
  const type = bare(v.type)
  if (isGeometric(type)) return readGeometric(type, v.text)
  return type === 'geometry' || type === 'geography' ? readWkb(v.text) : null
}

/** What can be said of a short value. */
export function sayingsOf(v: Value, now: number): Fact[] {
  if (!v.whole || v.text.length > 100_000) return []
  const ranges = rangesOf(v.type, v.text)
  if (ranges?.length === 0) return [['Meaning', 'empty: nothing is in it']]
  if (ranges?.length === 1) {
    const r = ranges[0]!
    const end = (value: string | null, inside: boolean) =>
      value === null ? 'no end' : `${value} (${inside ? 'inclusive' : 'exclusive'})`
    const ends: Fact[] = r.empty
      ? []
      : [
          ['Lower', end(r.lower, r.lowerIn)],
          ['Upper', end(r.upper, r.upperIn)],
        ]
    return [['Meaning', rangeWords(r)], ...ends]
  }
  if (ranges) return ranges.map((r, i) => [String(i + 1), rangeWords(r)])
  const link = linkOf(v.text)
  if (link)
    return [
      ['Host', link.host],
      ['Path', link.pathname],
      ...[...link.searchParams].map(([k, value]): Fact => [`?${k}`, value]),
      ...(link.hash ? [['Fragment', link.hash.slice(1)] as Fact] : []),
    ]
  return factsOf(v.type, v.text, now)
}

function isJson(v: Value): boolean {
  if (v.class === 'json') return /^\s*[{[]/.test(v.text)
  if (!v.whole || !/^\s*[{[]/.test(v.text) || bare(v.type) !== 'text') return false
  try {
    JSON.parse(v.text)
    return true
  } catch {
    return false
  }
}

export function viewsOf(v: Value): ViewName[] {
  if (v.text === '') return ['text']
  if (v.class === 'bytes') return kindOf(headOf(v))?.image ? ['image', 'hex', 'text'] : ['hex', 'text']
  if (isJson(v)) return ['tree', 'text', 'hex']
  if (shapeOf(v)) return ['shape', 'text']
  if (sayingsOf(v, 0).length > 0) return linkOf(v.text) ? ['text', 'facts', 'hex'] : ['facts', 'text']
  if (v.whole && tableOf(v.type, v.text)) return ['table', 'text', 'hex']
  if (
    v.whole &&
    v.text.startsWith('<') &&
    (bare(v.type) === 'xml' || bare(v.type) === 'text') &&
    layoutXml(v.text)
  )
    return ['layout', 'text', 'hex']
  return v.class === 'text' ? ['text', 'hex'] : ['text']
}
