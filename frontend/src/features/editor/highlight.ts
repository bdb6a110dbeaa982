import { syntaxHighlighting, syntaxTree } from '@codemirror/language'
import { RangeSetBuilder } from '@codemirror/state'
import {
  Decoration,
  ViewPlugin,
  type DecorationSet,
  type EditorView,
  type ViewUpdate,
} from '@codemirror/view'
import { classes } from '../../components/sql/classes'

const NAMES = new Set(['Identifier', 'Keyword', 'Type', 'Number'])
const call = Decoration.mark({ class: 'syn-fn' })
const param = Decoration.mark({ class: 'syn-param' })

/** A name right before a parenthesis is a function; after one colon, or a dollar and a number, it is a parameter. */
function names(view: EditorView): DecorationSet {
  const out = new RangeSetBuilder<Decoration>()
  const { doc } = view.state
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter(node) {
        if (!NAMES.has(node.name) || node.from < from || node.to > to) return
        const before = doc.sliceString(Math.max(0, node.from - 2), node.from)
        const named = node.name !== 'Number' && before.endsWith(':') && before !== '::'
        const numbered = node.name === 'Number' && before.endsWith('$')
        if (named || numbered) out.add(node.from - 1, node.to, param)
        else if (node.name === 'Identifier' && doc.sliceString(node.to, node.to + 1) === '(')
          out.add(node.from, node.to, call)
      },
    })
  }
  return out.finish()
}

const named = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet
    constructor(view: EditorView) {
      this.decorations = names(view)
    }
    update(u: ViewUpdate) {
      if (u.docChanged || u.viewportChanged || syntaxTree(u.startState) !== syntaxTree(u.state))
        this.decorations = names(u.view)
    }
  },
  { decorations: (v) => v.decorations },
)

export const highlight = [syntaxHighlighting(classes), named]
