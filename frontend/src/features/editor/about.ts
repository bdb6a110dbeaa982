// What a name is, when the pointer rests on it, and the arguments of the call the cursor stands in.
import { EditorState, StateEffect, StateField } from '@codemirror/state'
import {
  hoverTooltip,
  keymap,
  showTooltip,
  ViewPlugin,
  type EditorView,
  type Tooltip,
  type ViewUpdate,
} from '@codemirror/view'
import { around } from './around'
import { hostOf } from './host'
import type { Signatures } from './types'

const el = (name: string, text = '') => {
  const e = document.createElement('span')
  e.className = name
  e.textContent = text
  return e
}

export const hover = hoverTooltip(
  async (view, pos) => {
    const part = around(view.state, pos)
    const about = await hostOf(view)?.about(part.text, part.cursor)
    if (!about?.kind) return null
    return {
      pos: about.from + part.offset,
      end: about.to + part.offset,
      above: true,
      create: () => {
        const dom = document.createElement('div')
        dom.className = 'cm-about'
        const head = el('cm-about-head')
        head.append(el('cm-about-name', about.name), ' ', el('cm-about-detail', about.detail))
        dom.append(head)
        if (about.table) dom.append(el('cm-about-table', `${about.kind} of ${about.table}`))
        if (about.comment) dom.append(el('cm-about-comment', about.comment))
        return { dom }
      },
    }
  },
  { hoverTime: 400 },
)

interface Shown {
  pos: number
  signatures: Signatures
}
const setShown = StateEffect.define<Shown | null>()

const shown = StateField.define<Shown | null>({
  create: () => null,
  update(value, tr) {
    if (value && tr.docChanged) value = { ...value, pos: tr.changes.mapPos(value.pos) }
    for (const e of tr.effects) if (e.is(setShown)) value = e.value
    return value
  },
  provide: (f) => showTooltip.computeN([f], (state) => tip(state.field(f))),
})

function tip(value: Shown | null): readonly Tooltip[] {
  if (!value) return []
  return [{ pos: value.pos, above: true, create: () => ({ dom: draw(value.signatures) }) }]
}

const MOST = 4

function draw({ name, argument, choices }: Signatures): HTMLElement {
  const dom = document.createElement('div')
  dom.className = 'cm-args'
  dom.setAttribute('role', 'status')
  for (const choice of choices.slice(0, MOST)) {
    const line = document.createElement('div')
    line.append(`${name}(`)
    choice.arguments.forEach((a, i) => {
      const last = i === choice.arguments.length - 1
      const here = i === argument || (last && argument > i && /^variadic\b/i.test(a))
      line.append(el(here ? 'cm-arg cm-arg-here' : 'cm-arg', a), last ? '' : ', ')
    })
    line.append(`)${choice.result ? ` → ${choice.result}` : ''}`)
    dom.append(line)
  }
  if (choices.length > MOST) dom.append(el('cm-args-more', `and ${choices.length - MOST} more`))
  else if (choices.length === 1 && choices[0]!.comment) dom.append(el('cm-args-more', choices[0]!.comment))
  return dom
}

/** Is there a bracket open before the cursor? Looked at near it only: most places need no question. */
function inCall(state: EditorState): boolean {
  const { main } = state.selection
  if (!main.empty) return false
  const text = state.sliceDoc(Math.max(0, main.head - 1000), main.head)
  let depth = 0
  for (let i = text.length - 1; i >= 0; i--) {
    if (text[i] === ')') depth++
    else if (text[i] === ';') return false
    else if (text[i] === '(' && depth-- === 0) return true
  }
  return false
}

const REST = 60

class Arguments {
  #timer: ReturnType<typeof setTimeout> | undefined
  #gone = false

  constructor(readonly view: EditorView) {}

  update(u: ViewUpdate): void {
    const on = u.state.field(shown) !== null
    const typed = u.transactions.some((t) => t.isUserEvent('input'))
    if (!typed && !(on && (u.selectionSet || u.docChanged))) return
    clearTimeout(this.#timer)
    if (inCall(u.state)) this.#timer = setTimeout(() => void this.ask(), REST)
    else if (on) this.#timer = setTimeout(() => this.#show(null), 0)
  }

  destroy(): void {
    this.#gone = true
    clearTimeout(this.#timer)
  }

  async ask(): Promise<void> {
    const { state } = this.view
    const pos = state.selection.main.head
    const part = around(state, pos)
    try {
      const found = await hostOf(this.view)?.signatures(part.text, part.cursor)
      if (this.#gone || this.view.state.doc !== state.doc || this.view.state.selection.main.head !== pos)
        return
      this.#show(found && found.choices.length > 0 ? { pos, signatures: found } : null)
    } catch {
      this.#show(null) // a hint that cannot be had is no error of the person's
    }
  }

  #show(value: Shown | null): void {
    if (!this.#gone && (value || this.view.state.field(shown)))
      this.view.dispatch({ effects: setShown.of(value) })
  }
}

const plugin = ViewPlugin.fromClass(Arguments)

export const signatureHints = [
  shown,
  plugin,
  keymap.of([
    {
      key: 'Mod-Shift-Space',
      run: (view) => {
        void view.plugin(plugin)?.ask()
        return true
      },
    },
    {
      key: 'Escape',
      run: (view) => {
        if (!view.state.field(shown)) return false
        view.dispatch({ effects: setShown.of(null) })
        return true
      },
    },
  ]),
]
