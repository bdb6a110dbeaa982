import { markedText, span, unmarked } from './content'
import type { ListRows } from './list'
import type { TreeMember } from './source'
import type { Opened, Tree } from './tree'

const longest = 4000

const classes: Record<string, string> = { string: 'syn-str', number: 'syn-num', word: 'syn-kw' }

/** Draws the lines of a tree. */
export class TreeRows implements ListRows {
  constructor(
    readonly tree: Tree,
    /** the row the person is at; -1 for none */
    readonly current: number,
    /** what was looked for is marked in every line that is drawn */
    readonly needle: { text: string; exact: boolean },
    readonly toggle: (c: Opened, index: number) => void,
  ) {}

  get count(): number {
    return this.tree.count
  }

  render(row: number): (Node | string)[] {
    const line = this.tree.line(row)
    const c = line.in
    const indent = ' '.repeat(2 * line.depth)
    if (line.kind === 'open') return [`${indent}  `, span('syn-op', c.kind === 'object' ? '{' : '[')]
    if (line.kind === 'close') {
      const last = c.parent && c.index < c.parent.count - 1 ? ',' : ''
      return [`${indent}  `, span('syn-op', (c.kind === 'object' ? '}' : ']') + last)]
    }
    const m = this.tree.member(c, line.index)
    if (!m) return [`${indent}  `, span('vl-mark', '…')]
    const inner = c.inside.get(line.index)
    const out: (Node | string)[] = [indent]
    out.push(m.count > 0 ? this.#button(c, line.index, !inner) : '  ')
    if (m.key) out.push(this.#token('syn-key', m.key), span('syn-op', ': '))
    out.push(...this.#value(m, c, line.index, inner))
    if (!inner && line.index < c.count - 1) out.push(span('syn-op', ','))
    return out
  }

  #value(m: TreeMember, c: Opened, index: number, inner: Opened | undefined): (Node | string)[] {
    if (m.kind !== 'object' && m.kind !== 'array') return [this.#token(classes[m.kind] ?? '', m.text)]
    const [open, close] = m.kind === 'object' ? '{}' : '[]'
    if (m.count === 0) return [span('syn-op', `${open}${close}`)]
    return inner ? [span('syn-op', open!)] : [this.#chip(m, c, index)]
  }

  #token(className: string, text: string): HTMLElement {
    const el = span(className, '')
    const places = occurrences(text, this.needle.text, this.needle.exact)
    el.append(
      ...markedText(text.slice(0, longest), 0, true, places.length > 0 ? { places, at: -1 } : unmarked),
    )
    return el
  }

  #button(c: Opened, index: number, folded: boolean): HTMLElement {
    const el = document.createElement('button')
    el.className = folded ? 'vl-fold vl-folded' : 'vl-fold'
    el.type = 'button'
    el.tabIndex = -1
    el.setAttribute('aria-expanded', String(!folded))
    el.setAttribute('aria-label', folded ? 'Unfold' : 'Fold')
    el.addEventListener('click', () => this.toggle(c, index))
    return el
  }

  /** What a folded container has inside: the first of its keys, or how many values. */
  #chip(m: TreeMember, c: Opened, index: number): HTMLElement {
    const more = m.count > m.keys.length ? ', …' : ''
    const values = `${String(m.count).replace(/\B(?=(\d{3})+$)/g, ',')} ${m.count === 1 ? 'value' : 'values'}`
    const el = document.createElement('button')
    el.className = 'vl-chip'
    el.type = 'button'
    el.tabIndex = -1
    el.textContent = m.kind === 'object' ? `{ ${m.keys.map(short).join(', ')}${more} }` : `[ ${values} ]`
    if (m.kind === 'object' && more) el.title = `${values} inside`
    el.addEventListener('click', () => this.toggle(c, index))
    return el
  }
}

const short = (key: string) => (key.length > 24 ? `${key.slice(0, 24)}…` : key)

/** Where a text stands in another: from and behind, by turns. */
export function occurrences(text: string, needle: string, exact: boolean): number[] {
  const out: number[] = []
  if (needle === '') return out
  const hay = exact ? text : text.toLowerCase()
  const want = exact ? needle : needle.toLowerCase()
  if (hay.length !== text.length) return out // a letter that changes its length: nothing is marked rather than the wrong thing
  for (let at = hay.indexOf(want); at >= 0; at = hay.indexOf(want, at + want.length))
    out.push(at, at + want.length)
  return out
}
