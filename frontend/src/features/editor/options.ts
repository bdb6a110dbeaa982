// What a person may choose about the editor. Every document's state has them, and they change in all that are shown.
import { closeBrackets } from '@codemirror/autocomplete'
import { indentUnit } from '@codemirror/language'
import { Compartment, EditorState, Prec, type Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { completion } from './completion'

export interface EditorOptions {
  wrap: boolean
  lineNumbers: boolean
  closeBrackets: boolean
  /** proposals come while typing */
  completing: boolean
  /** in spaces */
  indent: number
}

export const usual: EditorOptions = {
  wrap: false,
  lineNumbers: true,
  closeBrackets: true,
  completing: true,
  indent: 2,
}

// A quote is closed only where a value may start: it's far more often an apostrophe in a comment otherwise.
const brackets = [
  closeBrackets(),
  Prec.high(
    EditorState.languageData.of(() => [
      { closeBrackets: { brackets: ['(', '[', "'", '"'], before: ')]},;' } },
    ]),
  ),
]
const numberless = EditorView.editorAttributes.of({ class: 'cm-numberless' })

const part = new Compartment()

function chosen(o: EditorOptions): Extension[] {
  return [
    indentUnit.of(' '.repeat(o.indent)),
    completion(o.completing),
    o.closeBrackets ? brackets : [],
    o.wrap ? EditorView.lineWrapping : [],
    o.lineNumbers ? [] : numberless,
  ]
}

export const options = (o: EditorOptions): Extension => part.of(chosen(o))

/** Gives the document in view the options. */
export function setOptions(view: EditorView, o: EditorOptions): void {
  view.dispatch({ effects: part.reconfigure(chosen(o)) })
}
