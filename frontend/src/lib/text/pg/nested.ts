/**
 * Values inside values, as PostgreSQL's output functions write them: arrays, rows, ranges, hstore. Each reader takes the
 * whole text or gives null; elements come as the text that their own type wrote.
 */

export interface PgArray {
  /** outermost first; none of an empty array */
  bounds: { lower: number; count: number }[]
  /** in the order they are written, the last dimension fastest */
  items: (string | null)[]
}

const most = 6 // MAXDIM of the server

/** Reads what array_out wrote. The delimiter is ; for box, and a comma for all other types. */
export function readArray(text: string, delimiter = ','): PgArray | null {
  const head = /^(?:\[-?\d+:-?\d+\])+=/.exec(text)?.[0] ?? ''
  const said = [...head.matchAll(/\[(-?\d+):(-?\d+)\]/g)].map((m) => [Number(m[1]), Number(m[2])] as const)
  const counts: number[] = []
  const items: (string | null)[] = []
  let at = head.length

  function list(depth: number): boolean {
    if (text[at] !== '{' || depth > most) return false
    at++
    if (text[at] === '}') {
      at++
      return depth === 1 && at === text.length
    }
    let n = 0
    for (;;) {
      const inner = text[at] === '{'
      if (inner ? !list(depth + 1) : !item(depth)) return false
      n++
      if (text[at] === '}') break
      if (text[at++] !== delimiter) return false
    }
    at++
    counts[depth - 1] ??= n
    return counts[depth - 1] === n
  }
  let deepest = 0
  function item(depth: number): boolean {
    if (deepest && depth !== deepest) return false
    deepest = depth
    if (text[at] === '"') {
      const end = quoted(text, at)
      if (end < 0) return false
      items.push(unslash(text.slice(at + 1, end - 1)))
      at = end
      return true
    }
    const from = at
    while (at < text.length && text[at] !== delimiter && text[at] !== '}') {
      if (text[at] === '"' || text[at] === '{') return false
      at += text[at] === '\\' ? 2 : 1
    }
    if (at === from) return false
    const raw = text.slice(from, at)
    items.push(raw === 'NULL' ? null : unslash(raw))
    return true
  }

  if (!list(1) || at !== text.length) return null
  if (said.length > 0 && said.length !== counts.length) return null
  const bounds = counts.map((count, i) => ({ lower: said[i]?.[0] ?? 1, count }))
  if (said.some(([lower, upper], i) => upper - lower + 1 !== counts[i])) return null
  return { bounds, items }
}

/** The place behind a quoted text in which a backslash takes the next character with it; -1 without an end. */
function quoted(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i + 1
  }
  return -1
}
const unslash = (s: string) => (s.includes('\\') ? s.replace(/\\([\s\S])/g, '$1') : s)

/**
 * A part of a row or the bound of a range: pieces in quotes and outside of them; in quotes, "" and \\ stand for one.
 * It ends before one of the characters given.
 */
function part(text: string, at: number, ends: string): { value: string | null; at: number } | null {
  let out = ''
  let inQuotes = false
  let any = false
  for (let i = at; i < text.length; i++) {
    const c = text[i]!
    if (!inQuotes && ends.includes(c)) return { value: any ? out : null, at: i }
    any = true
    if (c === '\\') out += text[++i] ?? ''
    else if (c !== '"') out += c
    else if (inQuotes && text[i + 1] === '"') {
      out += '"'
      i++
    } else inQuotes = !inQuotes
  }
  return null
}

/** Reads what record_out wrote: the fields of a row. An empty one is NULL, and so is the only one of (). */
export function readRow(text: string): (string | null)[] | null {
  if (text[0] !== '(') return null
  const fields: (string | null)[] = []
  for (let at = 1; ;) {
    const p = part(text, at, ',)')
    if (!p) return null
    fields.push(p.value)
    at = p.at + 1
    if (text[p.at] === ')') return at === text.length ? fields : null
  }
}

export interface PgRange {
  empty: boolean
  /** null has no end on that side */
  lower: string | null
  upper: string | null
  /** the bounds belong to it */
  lowerIn: boolean
  upperIn: boolean
}

function rangeAt(text: string, from: number): { range: PgRange; at: number } | null {
  if (text.startsWith('empty', from))
    return {
      range: { empty: true, lower: null, upper: null, lowerIn: false, upperIn: false },
      at: from + 5,
    }
  if (text[from] !== '[' && text[from] !== '(') return null
  const lower = part(text, from + 1, ',)]')
  if (!lower || text[lower.at] !== ',') return null
  const upper = part(text, lower.at + 1, ',)]')
  if (!upper || text[upper.at] === ',') return null
  return {
    range: {
      empty: false,
      lower: lower.value,
      upper: upper.value,
      lowerIn: text[from] === '[',
      upperIn: text[upper.at] === ']',
    },
    at: upper.at + 1,
  }
}

export function readRange(text: string): PgRange | null {
  const r = rangeAt(text, 0)
  return r && r.at === text.length ? r.range : null
}

export function readMultirange(text: string): PgRange[] | null {
  if (text === '{}') return []
  if (text[0] !== '{') return null
  const list: PgRange[] = []
  for (let at = 1; ;) {
    const r = rangeAt(text, at)
    if (!r || r.range.empty) return null
    list.push(r.range)
    at = r.at + 1
    if (text[r.at] === '}') return at === text.length ? list : null
    if (text[r.at] !== ',') return null
  }
}

/** Reads what hstore_out wrote: keys and values in its order. */
export function readHstore(text: string): [string, string | null][] | null {
  const pairs: [string, string | null][] = []
  if (text === '') return pairs
  for (let at = 0; ;) {
    if (text[at] !== '"') return null
    const end = quoted(text, at)
    if (end < 0 || !text.startsWith('=>', end)) return null
    const key = unslash(text.slice(at + 1, end - 1))
    at = end + 2
    if (text.startsWith('NULL', at)) {
      pairs.push([key, null])
      at += 4
    } else {
      const last = text[at] === '"' ? quoted(text, at) : -1
      if (last < 0) return null
      pairs.push([key, unslash(text.slice(at + 1, last - 1))])
      at = last
    }
    if (at === text.length) return pairs
    if (!text.startsWith(', ', at)) return null
    at += 2
  }
}
