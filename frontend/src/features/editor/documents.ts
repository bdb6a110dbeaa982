import type { EditorState, StateEffect, Text } from '@codemirror/state'
import type { Place } from '../../lib/state/place'

interface Open {
  state: EditorState
  initial: Text
  /** Where it was scrolled to when it was last left. */
  scroll: StateEffect<unknown> | null
  /** Where the first line in view begins. */
  top: number
}

/** Every open document with its undo history and selection. Plain: to change tabs is to take another value. */
const open = new Map<string, Open>()

export const stateOf = (id: string): Open | undefined => open.get(id)

/** Called for each new state of the document in view. */
export function keep(id: string, state: EditorState): void {
  const doc = open.get(id)
  if (doc) doc.state = state
  else open.set(id, { state, initial: state.doc, scroll: null, top: 0 })
}

export function keepTop(id: string, top: number): void {
  const doc = open.get(id)
  if (doc) doc.top = top
}

/** Nothing for a document that was never shown. */
export function placeOf(id: string): Place | undefined {
  const doc = open.get(id)
  if (!doc) return undefined
  const { ranges, mainIndex } = doc.state.selection
  return { selection: ranges.map(({ anchor, head }) => ({ anchor, head })), main: mainIndex, top: doc.top }
}

export function keepScroll(id: string, scroll: StateEffect<unknown>): void {
  const doc = open.get(id)
  if (doc) doc.scroll = scroll
}

export function forget(id: string): void {
  open.delete(id)
}

export function textOf(id: string): string {
  return open.get(id)?.state.doc.toString() ?? ''
}

/** The text is that of its file now. */
export function saved(id: string): void {
  const doc = open.get(id)
  if (doc) doc.initial = doc.state.doc
}

/** Does the text differ from what the document was opened with, or saved as last? */
export function changed(id: string): boolean {
  const doc = open.get(id)
  return doc !== undefined && !doc.state.doc.eq(doc.initial)
}
