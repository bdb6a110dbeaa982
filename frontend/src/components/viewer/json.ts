/**
 * JSON as text: cut into tokens that together are the text again, then laid out in lines. Nothing is ever read as a
 * value, so numbers keep all their digits, keys their order, and a key may come twice.
 */

export enum Kind {
  Open,
  Close,
  Colon,
  Comma,
  Text,
  Number,
  Word,
}

class Growing {
  data = new Uint32Array(1024)
  length = 0
  push(n: number): void {
    if (this.length === this.data.length) {
      const more = new Uint32Array(this.length * 2)
      more.set(this.data)
      this.data = more
    }
    this.data[this.length++] = n
  }
}

export interface Tokens {
  text: string
  count: number
  kind: Uint32Array
  from: Uint32Array
  to: Uint32Array
  /** For an opening or closing token its partner; count when the text ends before. */
  partner: Uint32Array
  /** False when the text ends in the middle of the value. */
  complete: boolean
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y
const WORD = /true|false|null/y
const BLANK = /[ \t\n\r]*/y

function match(re: RegExp, text: string, at: number): number {
  re.lastIndex = at
  return re.test(text) ? re.lastIndex : -1
}

/** A string may be longer than an expression can follow: escapes are looked at one by one. */
function stringEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 34) return i + 1
    if (c < 32) return -1
    if (c !== 92) continue
    const end = match(ESCAPE, text, i)
    if (end < 0) return text.length - i < 6 ? -2 : -1
    i = end - 1
  }
  return -2
}

type Want = 'value' | 'firstValue' | 'key' | 'firstKey' | 'colon' | 'next' | 'end'

/** The tokens of a JSON text, or null if it is not JSON. With `cut`, a text that just ends too early is taken as well. */
export function tokenize(text: string, cut = false): Tokens | null {
  const kind = new Growing()
  const from = new Growing()
  const to = new Growing()
  const partner = new Growing()
  const stack: number[] = []
  // What may come: a value, a key, what follows a key, or what follows a value.
  let want = 'value' as Want
  let at = match(BLANK, text, 0)
  const isObject = () => text.charCodeAt(from.data[stack[stack.length - 1]!]!) === 123
  const afterValue = (): Want => (stack.length === 0 ? 'end' : 'next')
  const put = (k: Kind, end: number) => {
    kind.push(k)
    from.push(at)
    to.push(end)
    partner.push(0)
    at = end
  }
  const close = () => {
    const open = stack.pop()!
    put(Kind.Close, at + 1)
    partner.data[open] = kind.length - 1
    partner.data[kind.length - 1] = open
    want = afterValue()
  }

  while (at < text.length) {
    const c = text[at]!
    if (want === 'colon') {
      if (c !== ':') return null
      put(Kind.Colon, at + 1)
      want = 'value'
    } else if (want === 'next') {
      if (c === ',') {
        put(Kind.Comma, at + 1)
        want = isObject() ? 'key' : 'value'
      } else if (c === (isObject() ? '}' : ']')) close()
      else return null
    } else if (want === 'end') return null
    else if ((want === 'firstKey' && c === '}') || (want === 'firstValue' && c === ']')) close()
    else if (c === '"') {
      const end = stringEnd(text, at)
      if (end === -2 && cut) {
        put(Kind.Text, text.length)
        break
      }
      if (end < 0) return null
      put(Kind.Text, end)
      want = want === 'key' || want === 'firstKey' ? 'colon' : afterValue()
    } else if (want === 'key' || want === 'firstKey') return null
    else if (c === '{' || c === '[') {
      stack.push(kind.length)
      put(Kind.Open, at + 1)
      want = c === '{' ? 'firstKey' : 'firstValue'
    } else {
      const word = match(WORD, text, at)
      const end = word > 0 ? word : match(NUMBER, text, at)
      if (end <= at) {
        if (!cut || text.length - at > 5) return null
        put(Kind.Word, text.length)
        break
      }
      put(word > 0 ? Kind.Word : Kind.Number, end)
      want = afterValue()
    }
    at = match(BLANK, text, at)
  }
  const complete = want === 'end'
  if (!complete && !cut) return null
  const count = kind.length
  if (count === 0) return null
  for (const open of stack) partner.data[open] = count
  return { text, count, kind: kind.data, from: from.data, to: to.data, partner: partner.data, complete }
}

/** A line is a run of tokens at a depth. `close` is the line where the container it opens ends, or 0. */
export interface Lines {
  count: number
  first: Uint32Array
  depth: Uint32Array
  close: Uint32Array
}

export function layout(t: Tokens): Lines {
  const first = new Growing()
  const depth = new Growing()
  const close = new Growing()
  const open: number[] = []
  let level = 0
  const start = (token: number) => {
    first.push(token)
    depth.push(level)
    close.push(0)
  }
  start(0)
  for (let i = 0; i < t.count; i++) {
    // An empty container stays in its line.
    const empty = t.kind[i] === Kind.Open && t.partner[i] === i + 1
    if (empty) i++
    const k = t.kind[i]!
    if (i + 1 >= t.count) continue
    if (k === Kind.Open) {
      open.push(first.length - 1)
      level++
      start(i + 1)
    } else if (k === Kind.Comma) {
      start(i + 1)
    } else if (t.kind[i + 1] === Kind.Close) {
      level--
      start(i + 1)
      close.data[open.pop()!] = first.length - 1
    }
  }
  for (const line of open) close.data[line] = first.length
  return { count: first.length, first: first.data, depth: depth.data, close: close.data }
}
