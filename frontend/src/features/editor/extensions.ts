import { closeBrackets } from '@codemirror/autocomplete'
import { history } from '@codemirror/commands'
import { bracketMatching, codeFolding, foldGutter, indentUnit } from '@codemirror/language'
import { EditorState, Prec, type Extension } from '@codemirror/state'
import {
  crosshairCursor,
  drawSelection,
  dropCursor,
  EditorView,
  highlightSpecialChars,
  placeholder,
  rectangularSelection,
  tooltips,
} from '@codemirror/view'
import { dialect } from '../../components/sql/dialect'
import { hover, signatureHints } from './about'
import { check } from './check'
import { completion } from './completion'
import { find } from './find'
import { highlight } from './highlight'
import { icon } from './icons'
import { keys } from './keys'
import { paint } from './paint'
import { splitter } from './splitter'

// A quote is closed only where a value may start: it's far more often an apostrophe in a comment otherwise.
const brackets = EditorState.languageData.of(() => [
  { closeBrackets: { brackets: ['(', '[', "'", '"'], before: ')]},;' } },
])

function foldMarker(isOpen: boolean): HTMLElement {
  const el = document.createElement('span')
  el.className = isOpen ? 'cm-fold' : 'cm-fold cm-folded'
  el.title = isOpen ? 'Fold' : 'Unfold'
  el.append(icon(isOpen ? 'down' : 'right', 'i i-xs'))
  return el
}

/** Everything a document's state is made of. Looks are classes and tokens: see editor.css. */
export const extensions: Extension = [
  splitter,
  paint,
  foldGutter({ markerDOM: foldMarker }),
  codeFolding({ placeholderText: '…' }),
  highlightSpecialChars(),
  history(),
  drawSelection(),
  dropCursor(),
  EditorState.allowMultipleSelections.of(true),
  rectangularSelection(),
  crosshairCursor(),
  EditorState.tabSize.of(4),
  indentUnit.of('  '),
  dialect.extension,
  highlight,
  bracketMatching({ afterCursor: false }),
  closeBrackets(),
  Prec.high(brackets),
  find,
  completion,
  hover,
  tooltips({ parent: document.body }), // the pane of the editor would cut them off
  signatureHints,
  check,
  placeholder('Type a query'),
  EditorView.contentAttributes.of({
    'aria-label': 'SQL',
    tabindex: '0',
    autocorrect: 'off',
    autocapitalize: 'off',
  }),
  keys,
]
