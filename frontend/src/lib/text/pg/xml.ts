/**
 * XML, laid out: every tag on a line of its own, and an element that holds nothing but a short text with it. Only blanks
 * between tags are changed. Null when it is not well-formed.
 */
const token =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<!(?:"[^"]*"|'[^']*'|\[[^\]]*\]|[^>"'[])*>|<\/?[^\s<>/!?](?:"[^"]*"|'[^']*'|[^<>"'])*>|[^<]+/gy

export function layoutXml(text: string): string | null {
  const lines: string[] = []
  const open: string[] = []
  const put = (s: string) => lines.push('  '.repeat(open.length) + s)
  let opened = false // the last line is an opening tag, perhaps with a text behind it
  let at = 0
  token.lastIndex = 0
  for (let m = token.exec(text); m; m = token.exec(text)) {
    const t = m[0]
    at = token.lastIndex
    if (t[0] !== '<') {
      if (t.trim() === '') continue
      if (opened) lines[lines.length - 1] += t
      else put(t.trim())
      continue
    }
    if (t.startsWith('</')) {
      const name = t.slice(2, -1).trim()
      if (open.pop() !== name) return null
      if (opened) lines[lines.length - 1] += t
      else put(t)
      opened = false
      continue
    }
    put(t)
    opened = false
    if (/^<[!?]/.test(t) || t.endsWith('/>')) continue
    open.push(/^<([^\s/>]+)/.exec(t)![1]!)
    opened = true
  }
  return at === text.length && open.length === 0 && lines.length > 0 ? lines.join('\n') : null
}
