// Arrays, rows and hstore as tables. What a field of a row is called is not in the value: they are counted.
import { bare } from '../../lib/text/pg/facts'
import { readArray, readHstore, readRow, type PgArray } from '../../lib/text/pg/nested'

export interface Table {
  columns: { name: string; type: string; class: string }[]
  rows: (string | null)[][]
  /** the first column says where a value stands; without it, the number of the row does */
  places: boolean
  /** 3 × 2 values, from [0][1] */
  note: string
}

const numbers = /^(int[248]|numeric|float[48]|oid|money)\b/
const column = (name: string, type = '') => ({ name, type, class: numbers.test(type) ? 'number' : 'text' })

/** Types every server has, whose texts may look like a row or an array and are none. */
const plain =
  /^(text|varchar|bpchar|char|name|unknown|jsonb?|xml|bytea|bool|int[248]|numeric|float[48]|oid|money|date|time|timetz|timestamp|timestamptz|interval|uuid|inet|cidr|macaddr8?|point|line|lseg|box|path|polygon|circle|tsvector|tsquery|jsonpath|bit|varbit|tid|pg_lsn|regclass|regtype|citext|ltree|vector|xid8?|cid|refcursor|geometry|geography)$/

/** The type of the elements of an array; that of a row without a name has no name of its own. */
export const elementOf = (type: string): string =>
  type === '_record' ? 'record' : type.endsWith('[]') ? type.slice(0, -2) : ''

/** Null when the text is none of these. */
export function tableOf(type: string, text: string): Table | null {
  const name = bare(type)
  if (name.endsWith('[]') || name === '_record') return arrayTable(elementOf(name), text)
  if (name === 'hstore') {
    const pairs = readHstore(text)
    return pairs && { columns: [column('key'), column('value')], rows: pairs, places: true, note: '' }
  }
  if (name === 'int2vector' || name === 'oidvector' || plain.test(name)) return null
  const fields = readRow(text)
  return (
    fields && {
      columns: [column('value')],
      rows: fields.map((f) => [f]),
      places: false,
      note: fields.length === 1 ? '1 field' : `${fields.length} fields`,
    }
  )
}

function arrayTable(element: string, text: string): Table | null {
  const a = readArray(text, element === 'box' ? ';' : ',')
  if (!a) return null
  const note = sizes(a)
  if (a.bounds.length <= 1) {
    const first = a.bounds[0]?.lower ?? 1
    const fields = plain.test(element) ? null : rowsOf(a)
    const heads = fields ? Array.from({ length: fields[0]!.length }, (_, i) => column(`field ${i + 1}`)) : []
    const places = first !== 1
    return {
      columns: [...(places ? [column('at')] : []), ...(fields ? heads : [column('value', element)])],
      rows: a.items.map((item, i) => [...(places ? [String(first + i)] : []), ...(fields?.[i] ?? [item])]),
      places,
      note,
    }
  }
  // The last dimension goes across, all others down.
  const across = a.bounds.at(-1)!
  const down = a.bounds.slice(0, -1)
  const rows: (string | null)[][] = []
  for (let from = 0; from < a.items.length; from += across.count) {
    let n = rows.length
    let at = ''
    for (const b of [...down].reverse()) {
      at = `[${b.lower + (n % b.count)}]${at}`
      n = Math.floor(n / b.count)
    }
    rows.push([at, ...a.items.slice(from, from + across.count)])
  }
  const heads = Array.from({ length: across.count }, (_, i) => column(`[${across.lower + i}]`, element))
  return { columns: [column('at'), ...heads], rows, places: true, note }
}

/** The fields of the elements when all are rows of one form; one that is NULL would look like a row of NULLs. */
function rowsOf(a: PgArray): (string | null)[][] | null {
  const rows: (string | null)[][] = []
  for (const item of a.items) {
    const row = item === null ? null : readRow(item)
    if (!row || (rows[0] && row.length !== rows[0].length)) return null
    rows.push(row)
  }
  return rows.length > 0 ? rows : null
}

function sizes(a: PgArray): string {
  if (a.bounds.length === 0) return 'An array without values.'
  const all = a.bounds.map((b) => b.count).join(' × ')
  const odd = a.bounds.some((b) => b.lower !== 1)
  const from = odd ? `, from ${a.bounds.map((b) => `[${b.lower}]`).join('')} on` : ''
  return `${all} ${a.items.length === 1 ? 'value' : 'values'}${from}`
}
