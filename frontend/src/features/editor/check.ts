// What the server would say to a statement that is only written: underlined quietly, once the typing rests.
import { StateEffect, StateField } from '@codemirror/state'
import { Decoration, EditorView, ViewPlugin, type DecorationSet, type ViewUpdate } from '@codemirror/view'
import { around } from './around'
import { hostOf } from './host'
import { touched, tokenAt } from './marks'

const REST = 600

interface Doubt {
  from: number
  to: number
  title: string
}
const setDoubt = StateEffect.define<Doubt | null>()

export const doubt = StateField.define<Doubt | null>({
  create: () => null,
  update(value, tr) {
    if (value && tr.docChanged) {
      const c = tr.changes
      value = touched(c, value.from, value.to, tr.startState.doc, tr.newDoc)
        ? null
        : { ...value, from: c.mapPos(value.from, 1), to: c.mapPos(value.to, -1) }
    }
    for (const e of tr.effects) if (e.is(setDoubt)) value = e.value
    return value
  },
  provide: (f) => EditorView.decorations.from(f, (d) => (d ? underline(d) : Decoration.none)),
})

function underline({ from, to, title }: Doubt): DecorationSet {
  if (to <= from) return Decoration.none
  return Decoration.set(Decoration.mark({ class: 'cm-doubt', attributes: { title } }).range(from, to))
}

class Checker {
  #timer: ReturnType<typeof setTimeout> | undefined
  #gone = false

  constructor(readonly view: EditorView) {}

  update(u: ViewUpdate): void {
    if (!u.docChanged) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#ask(), REST)
  }

  destroy(): void {
    this.#gone = true
    clearTimeout(this.#timer)
  }

  async #ask(): Promise<void> {
    const { doc, selection } = this.view.state
    const pos = selection.main.head
    const part = around(this.view.state, pos)
    try {
      const found = await hostOf(this.view)?.check(part.text, part.offset, part.cursor)
      if (this.#gone || !found || this.view.state.doc !== doc) return
      const at = found.error?.position
      const token = at === undefined ? null : tokenAt(doc, at)
      // What is being written is not wrong yet.
      const writing = token !== null && pos >= token.from && doc.sliceString(token.to, pos).trim() === ''
      const known = token && !writing ? { ...token, title: found.error!.title } : null
      if (known || this.view.state.field(doubt)) this.view.dispatch({ effects: setDoubt.of(known) })
    } catch {
      // Nobody asked for it, so nobody misses it.
    }
  }
}

export const check = [doubt, ViewPlugin.fromClass(Checker)]
