import type { EditorView } from '@codemirror/view'
import type { About, Checked, Completion, Expansion, Signatures, Split } from './types'

/** What a view needs from the component around it. States outlive components, so it cannot be part of them. */
export interface Host {
  split: Split
  complete: (text: string, cursor: number) => Promise<Completion>
  about: (text: string, cursor: number) => Promise<About>
  signatures: (text: string, cursor: number) => Promise<Signatures>
  expand: (text: string, cursor: number) => Promise<Expansion>
  /** Places in the answer are those of the document: offset is where the text starts in it. */
  check: (text: string, offset: number, cursor: number) => Promise<Checked>
}

const hosts = new WeakMap<EditorView, Host>()

export const setHost = (view: EditorView, host: Host) => hosts.set(view, host)
export const hostOf = (view: EditorView) => hosts.get(view)
