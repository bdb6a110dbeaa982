import { ViewPlugin, type EditorView, type ViewUpdate } from '@codemirror/view'
import { hostOf } from './host'
import { known, setKnown, splitWindow, whole } from './statements'

const REST = 150

/** Keeps `known` up to date: asks for the statements once the typing rests. */
class Splitter {
  #timer: ReturnType<typeof setTimeout>
  #asked = 0
  #gone = false

  constructor(readonly view: EditorView) {
    this.#timer = setTimeout(() => void this.#ask(), 0)
  }

  update(u: ViewUpdate): void {
    if (u.docChanged) this.#soon()
    else if (u.selectionSet) {
      const k = u.state.field(known)
      const { head } = u.state.selection.main
      if (!k || head < k.from || head > k.to) this.#soon()
    }
  }

  destroy(): void {
    this.#gone = true
    clearTimeout(this.#timer)
  }

  #soon(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#ask(), REST)
  }

  async #ask(): Promise<void> {
    const host = hostOf(this.view)
    if (!host) return
    const { doc, selection } = this.view.state
    const { from, to } = splitWindow(doc, selection.main.head)
    const asked = ++this.#asked
    try {
      const found = await host.split(doc.sliceString(from, to))
      // An answer about a text that is no more is worth nothing: its edit has asked again.
      if (this.#gone || asked !== this.#asked || this.view.state.doc !== doc) return
      const ranges = found.map((r) => ({ from: r.from + from, to: r.to + from }))
      this.view.dispatch({
        effects: setKnown.of({ from, to, ranges: whole(ranges, from, to, doc), stale: false }),
      })
    } catch {
      // Without an answer the marks stay as edits have moved them; running does not depend on them.
    }
  }
}

export const splitter = [known, ViewPlugin.fromClass(Splitter)]
