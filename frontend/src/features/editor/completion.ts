// What can be written next. Go knows; here it is asked for and drawn.
import {
  acceptCompletion,
  autocompletion,
  completionKeymap,
  type Completion as Option,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete'
import { EditorSelection, Prec } from '@codemirror/state'
import { keymap, type EditorView } from '@codemirror/view'
import { around } from './around'
import { hostOf } from './host'
import { icon, type Shape } from './icons'
import type { Suggestion } from './types'

/** Where a list opens by itself: in a name, behind a dot or a cast, and where a foreign key can say what follows. */
const OPENS = /[\p{L}\p{N}_$"]$|\.$|::$|\b(join|on)\s+$/iu
/** A number is no name. */
const NUMBER = /(^|[^\p{L}\p{N}_$"])\d[\d.]*$/u
/** Where the caret goes in what is written. */
const CARET = '${}'

const shapes: Record<string, Shape> = {
  table: 'table',
  view: 'eye',
  column: 'column',
  join: 'link',
  function: 'function',
  type: 'type',
  schema: 'schema',
  snippet: 'snippet',
}

async function source(context: CompletionContext): Promise<CompletionResult | null> {
  const { view, state, pos } = context
  const host = view && hostOf(view)
  if (!host) return null
  const before = state.doc.lineAt(pos).text.slice(0, pos - state.doc.lineAt(pos).from)
  if (!context.explicit && (!OPENS.test(before) || NUMBER.test(before))) return null
  // A character typed meanwhile makes this question moot: without this it would keep the next one from being asked.
  context.addEventListener('abort', () => undefined, { onDocChange: true })
  const part = around(state, pos)
  const found = await host.complete(part.text, part.cursor)
  if (context.aborted || found.items.length === 0) return null
  const from = found.from + part.offset
  const to = found.to + part.offset
  const typed = state.sliceDoc(from, to)
  // A word that stands there already must not take the Enter that was meant to end the line.
  const whole = found.items.some((i) => i.apply.toLowerCase() === typed.toLowerCase())
  if (whole && !context.explicit) return null
  const options = found.items.map((item, i) => option(item, found.items.length - i))
  return { from, to, options, filter: false }
}

function option(item: Suggestion, boost: number): Option & { kind: string } {
  return {
    label: item.label,
    detail: item.detail,
    kind: item.kind,
    boost: Math.min(99, boost),
    info: item.info ? () => foot(item.info) : undefined,
    apply: (view, _option, from, to) => write(view, item.apply, from, to),
  }
}

function write(view: EditorView, text: string, from: number, to: number): void {
  const caret = text.indexOf(CARET)
  const insert = text.replace(CARET, '')
  const at = from + (caret < 0 ? insert.length : caret)
  view.dispatch({
    changes: { from, to, insert },
    selection: EditorSelection.cursor(at),
    scrollIntoView: true,
    userEvent: 'input.complete',
  })
}

function foot(text: string): HTMLElement {
  const el = document.createElement('span')
  el.textContent = text
  return el
}

const draw = (activateOnTyping: boolean) =>
  autocompletion({
    activateOnTyping,
    override: [source],
    icons: false,
    defaultKeymap: false,
    maxRenderedOptions: 60,
    activateOnTypingDelay: 30,
    tooltipClass: () => 'cm-complete',
    addToOptions: [
      {
        position: 20,
        render: (o) => icon(shapes[(o as Option & { kind: string }).kind] ?? 'word', 'i i-s t3'),
      },
    ],
    positionInfo: (_view, list) => ({
      style: `top: ${list.bottom - list.top - 4}px; left: 0; width: ${list.right - list.left}px`,
    }),
  })

/** Proposals, while typing or by their key alone. */
export const completion = (typing: boolean) => [
  draw(typing),
  Prec.highest(keymap.of([...completionKeymap, { key: 'Tab', run: acceptCompletion }])),
]
