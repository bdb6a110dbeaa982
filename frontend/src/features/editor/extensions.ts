import { history } from '@codemirror/commands'
import { bracketMatching, codeFolding, foldGutter } from '@codemirror/language'
import { EditorState, type Extension } from '@codemirror/state'
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
import { find } from './find'
import { highlight } from './highlight'
import { icon } from './icons'
import { keys } from './keys'
import { options, usual, type EditorOptions } from './options'
import { paint } from './paint'
import { splitter } from './splitter'

function foldMarker(isOpen: boolean): HTMLElement {
  const el = document.createElement('span')
  el.className = isOpen ? 'cm-fold' : 'cm-fold cm-folded'
  el.title = isOpen ? 'Fold' : 'Unfold'
  el.append(icon(isOpen ? 'down' : 'right', 'i i-xs'))
  return el
}

const always: Extension = [
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
  dialect.extension,
  highlight,
  bracketMatching({ afterCursor: false }),
  find,
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

/** Everything a document's state is made of. Looks are classes and tokens: see editor.css. */
export const extensions = (o: EditorOptions = usual): Extension => [options(o), always]
