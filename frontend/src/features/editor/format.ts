// The formatter is heavy, so this is read when it is first asked for.
import { format } from 'sql-formatter'

/** The same SQL in an orderly layout; null when the formatter cannot read it or would change more than blanks. */
export function formatSQL(sql: string, indent = 2): string | null {
  try {
    const out = format(sql, {
      language: 'postgresql',
      keywordCase: 'preserve',
      dataTypeCase: 'preserve',
      functionCase: 'preserve',
      identifierCase: 'preserve',
      tabWidth: indent,
      expressionWidth: 80,
      paramTypes: { named: [':'], numbered: ['$'] },
    })
    return tokens(out) === tokens(sql) ? out : null
  } catch {
    return null
  }
}

/** What opens a text in which blanks count, and the expression that finds its end. */
const quoted: [RegExp, (open: string) => RegExp][] = [
  [/e'/iy, () => /(?:\\[^]|''|[^'\\])*'/y],
  [/'/y, () => /(?:''|[^'])*'/y],
  [/"/y, () => /(?:""|[^"])*"/y],
  [/--/y, () => /[^\n]*/y],
  [
    /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y,
    (open) => new RegExp(`[^]*?${open.replaceAll('$', '\\$')}`, 'y'),
  ],
]

/** The text without the blanks that mean nothing; a blank that parts two words stays. */
export function tokens(sql: string): string {
  const out: string[] = []
  let at = 0
  let blank = false
  const put = (text: string) => {
    const last = out.at(-1)?.at(-1) ?? ''
    if (blank && glues(last, text[0] ?? '')) out.push(' ')
    blank = false
    out.push(text)
  }
  while (at < sql.length) {
    const word = /[\p{L}\p{N}_$]+/uy
    word.lastIndex = at
    const comment = sql.startsWith('/*', at) ? block(sql, at) : 0
    const quote = quoteAt(sql, at)
    if (comment) {
      put(sql.slice(at, comment).replace(/\s+/g, ' '))
      at = comment
      blank = true
    } else if (quote) {
      const text = sql.slice(at, quote)
      put(text.startsWith('--') ? text.trimEnd() : text)
      at = quote
      if (text.startsWith('--')) out.push('\n')
    } else if (/\s/.test(sql[at]!)) {
      blank = true
      at++
    } else {
      const text = word.exec(sql)?.[0] ?? sql[at]!
      put(text)
      at += text.length
    }
  }
  return out.join('')
}

const words = /[\p{L}\p{N}_$"']/u
const operators = /[-+*/<>=~!@#%^&|`?:]/

/** Would two characters become another token without a blank between them? */
function glues(a: string, b: string): boolean {
  if (words.test(a) && words.test(b)) return true
  if (operators.test(a) && operators.test(b)) return true
  return (a === '.' && /\d/.test(b)) || (b === '.' && /\d/.test(a))
}

function quoteAt(sql: string, at: number): number {
  for (const [open, rest] of quoted) {
    open.lastIndex = at
    const opened = open.exec(sql)?.[0]
    if (opened === undefined) continue
    const end = rest(opened)
    end.lastIndex = at + opened.length
    return end.exec(sql) ? end.lastIndex : sql.length
  }
  return 0
}

/** The end of a comment, which may hold others. */
function block(sql: string, at: number): number {
  let depth = 0
  for (let i = at; i < sql.length; i++) {
    if (sql.startsWith('/*', i)) {
      depth++
      i++
    } else if (sql.startsWith('*/', i)) {
      i++
      if (--depth === 0) return i + 1
    }
  }
  return sql.length
}
