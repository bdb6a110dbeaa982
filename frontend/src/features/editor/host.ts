import type { EditorView } from '@codemirror/view'
import type { Split } from './types'

/** What a view needs from the component around it. States outlive components, so it cannot be part of them. */
export interface Host {
  split: Split
}

const hosts = new WeakMap<EditorView, Host>()

export const setHost = (view: EditorView, host: Host) => hosts.set(view, host)
export const hostOf = (view: EditorView) => hosts.get(view)
