import { kindOf } from '../../lib/text/pg/magic'
import { tableOf } from './table'
import { headOf, sayingsOf, shapeOf, type Value } from './views'

/** What a value is, in a few words, where there is more to say than its type; '' of most. */
export function hintOf(v: Value, now: number): string {
  if (v.text === '') return ''
  if (v.class === 'bytes') return kindOf(headOf(v))?.name ?? ''
  const facts = new Map(sayingsOf(v, now))
  const said = facts.get('From now') ?? facts.get('Meaning') ?? facts.get('Network')
  if (said && said !== v.text) return said
  const shape = shapeOf(v)
  if (shape?.wkt) return shape.title
  return v.whole && v.text.length < 10_000 ? (tableOf(v.type, v.text)?.note ?? '') : ''
}
