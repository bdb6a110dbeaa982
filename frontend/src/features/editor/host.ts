import type { EditorView } from '@codemirror/view'
import type { About, Completion, Signatures, Split } from './types'

/** What a view needs from the component around it. States outlive components, so it cannot be part of them. */
export interface Host {
  split: Split
  complete: (text: string, cursor: number) => Promise<Completion>
  about: (text: string, cursor: number) => Promise<About>
  signatures: (text: string, cursor: number) => Promise<Signatures>
}

const hosts = new WeakMap<EditorView, Host>()

export const setHost = (view: EditorView, host: Host) => hosts.set(view, host)
export const hostOf = (view: EditorView) => hosts.get(view)
