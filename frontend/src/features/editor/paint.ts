import { RangeSet, type EditorState, type Range } from '@codemirror/state'
import {
  Decoration,
  gutter,
  GutterMarker,
  ViewPlugin,
  WidgetType,
  type DecorationSet,
  type EditorView,
  type ViewUpdate,
} from '@codemirror/view'
import { marksField } from './marks'
import { current } from './statements'
import type { StatementMark } from './types'

interface Note {
  state: StatementMark['state'] | 'error'
  text: string
  keys?: string
}

/**
 * The grey words after the statements that end on a line. They take no width, for the cursor at the end of the line
 * would stand behind them. A text may tick, so the elements are kept and a spinner never starts anew.
 */
class Ghosts extends WidgetType {
  constructor(readonly notes: readonly Note[]) {
    super()
  }
  override eq(o: Ghosts): boolean {
    const same = (n: Note, i: number) => n.text === this.notes[i]!.text && n.keys === this.notes[i]!.keys
    return this.#alike(o.notes) && o.notes.every(same)
  }
  override toDOM(): HTMLElement {
    const el = document.createElement('span')
    el.className = 'cm-ghosts'
    el.append(...this.notes.map(ghost))
    return el
  }
  override updateDOM(el: HTMLElement, _view: EditorView, from: this): boolean {
    if (!this.#alike(from.notes)) return false
    if (this.notes.some((n, i) => n.keys !== from.notes[i]!.keys)) return false
    this.notes.forEach((n, i) => {
      const text = el.children[i]?.childNodes[n.state === 'running' ? 1 : 0]
      if (text instanceof Text && text.data !== n.text) text.data = n.text
    })
    return true
  }
  override ignoreEvent(): boolean {
    return false
  }
  #alike(notes: readonly Note[]): boolean {
    return notes.length === this.notes.length && notes.every((n, i) => n.state === this.notes[i]!.state)
  }
}

function ghost({ state, text, keys }: Note): HTMLElement {
  const el = document.createElement('span')
  el.className = `cm-ghost cm-ghost-${state}`
  if (state === 'running') el.append(spinner())
  el.append(text)
  if (keys) {
    const kbd = document.createElement('kbd')
    kbd.className = 'keycap'
    kbd.textContent = keys
    el.append(kbd)
  }
  return el
}

function spinner(): HTMLElement {
  const el = document.createElement('i')
  el.className = 'spin spin-s'
  return el
}

const line = (name: string) => Decoration.line({ class: name })
const inStatement = line('cm-stmt')
const bad = line('cm-bad')
const squiggle = Decoration.mark({ class: 'cm-squiggle' })

type Ranges = readonly { from: number; to: number }[]
/** Asked for every line of the gutter, and a script may have very many marks. */
const tints = new WeakMap<EditorState, Ranges>()

/** The statement ranges whose lines are tinted: the one at the cursor and the one that runs. */
function tinted(state: EditorState): Ranges {
  const had = tints.get(state)
  if (had) return had
  const running = state.field(marksField).marks.filter((m) => m.state === 'running')
  const at = current(state)
  const ranges = at ? [...running, at] : running
  tints.set(state, ranges)
  return ranges
}
const lineTinted = (ranges: Ranges, from: number, to: number) =>
  ranges.some((r) => r.from <= to && r.to >= from)

function decorate(view: EditorView): DecorationSet {
  const { state } = view
  const { doc } = state
  const { marks, error } = state.field(marksField)
  const ranges = tinted(state)
  const out: Range<Decoration>[] = []
  const notes = new Map<number, Note[]>()
  const note = (end: number, n: Note) => notes.set(end, [...(notes.get(end) ?? []), n])
  const badLine = error ? doc.lineAt(error.token.from) : null
  for (const part of view.visibleRanges) {
    for (let pos = part.from; pos <= part.to;) {
      const l = doc.lineAt(pos)
      if (badLine?.from === l.from) out.push(bad.range(l.from))
      else if (lineTinted(ranges, l.from, l.to)) out.push(inStatement.range(l.from))
      pos = l.to + 1
    }
    for (const m of marks) {
      if (m.to < part.from || m.from > part.to) continue
      const end = doc.lineAt(Math.min(m.to, doc.length)).to
      if (end > part.to) continue
      if (m.state === 'failed' && error && error.from <= m.to && error.to >= m.from) continue
      if (m.text) note(end, m)
    }
  }
  if (error && badLine) {
    if (error.token.to > error.token.from) out.push(squiggle.range(error.token.from, error.token.to))
    const meant = error.fix ? ` Did you mean ${error.fix.text}?` : ''
    const keys = error.fix && error.fixKeys
    if (error.text) note(badLine.to, { state: 'error', text: error.text + meant, keys })
  }
  for (const [end, list] of notes)
    out.push(Decoration.widget({ widget: new Ghosts(list), side: 1 }).range(end))
  return RangeSet.of(out, true)
}

const repaints = (u: ViewUpdate) =>
  u.docChanged ||
  u.viewportChanged ||
  u.selectionSet ||
  u.startState.field(marksField) !== u.state.field(marksField) ||
  current(u.startState) !== current(u.state)

const decorations = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet
    constructor(view: EditorView) {
      this.decorations = decorate(view)
    }
    update(u: ViewUpdate) {
      if (repaints(u)) this.decorations = decorate(u.view)
    }
  },
  { decorations: (v) => v.decorations },
)

class LineNumber extends GutterMarker {
  override elementClass: string
  constructor(
    readonly number: string,
    name: string,
  ) {
    super()
    this.elementClass = name
  }
  override eq(o: LineNumber): boolean {
    return o.number === this.number && o.elementClass === this.elementClass
  }
  override toDOM(): Node {
    return document.createTextNode(this.number)
  }
}

/** Line numbers, and beside them what the line is: the cursor's, part of the statement, or the one that failed. */
const numbers = gutter({
  class: 'cm-lineNumbers',
  renderEmptyElements: false,
  lineMarker(view, block) {
    const { state } = view
    const { doc } = state
    const l = doc.lineAt(block.from)
    const { error } = state.field(marksField)
    const names: string[] = []
    if (error && doc.lineAt(error.token.from).from === l.from) names.push('cm-bad')
    else if (lineTinted(tinted(state), l.from, block.to)) names.push('cm-stmt')
    if (state.selection.ranges.some((r) => r.head >= l.from && r.head <= block.to)) names.push('cm-at')
    return new LineNumber(String(l.number), names.join(' '))
  },
  lineMarkerChange: repaints,
  initialSpacer: (view) => new LineNumber('0'.repeat(digits(view.state)), ''),
  updateSpacer: (spacer, u) => {
    const text = '0'.repeat(digits(u.state))
    return spacer instanceof LineNumber && spacer.number === text ? spacer : new LineNumber(text, '')
  },
})
const digits = (state: EditorState) => Math.max(2, String(state.doc.lines).length)

export const paint = [marksField, decorations, numbers]
