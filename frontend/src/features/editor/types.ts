import type { Place } from '../../lib/state/place'

export interface EditorDoc extends Partial<Place> {
  id: string
  initial: string
}

/** What is known of a statement of the last run. Places are those of the text as it was when it was run. */
export interface StatementMark {
  from: number
  to: number
  state: 'running' | 'done' | 'failed' | 'notrun' | 'stopped'
  text: string
}

export interface RunError {
  position: number
  text: string
  from: number
  to: number
  /** what may be meant: it replaces a range of the text */
  fix?: Fix
  /** the keys that take it, as they are written */
  fixKeys?: string
}

export interface Fix {
  from: number
  to: number
  text: string
}

/** What to run: a text, where it starts in the document, and the cursor in it, or -1 for all of it. */
export interface RunText {
  text: string
  offset: number
  line: number
  cursor: number
}

export interface StatementRange {
  from: number
  to: number
}
export type Split = (text: string) => Promise<StatementRange[]>

export interface CursorPlace {
  line: number
  col: number
  selected: number
}

/** Answers about a part of the text, in places of that part. */
export interface Completion {
  from: number
  to: number
  items: Suggestion[]
}
export interface Suggestion {
  label: string
  apply: string
  kind: string
  detail: string
  info: string
}
export interface About {
  from: number
  to: number
  kind: string
  name: string
  detail: string
  table: string
  comment: string
}
export interface Signatures {
  name: string
  argument: number
  choices: { arguments: string[]; result: string; comment: string }[]
}
/** A star's columns; text is '' when they are not known. */
export interface Expansion {
  from: number
  to: number
  text: string
}
/** What the server would say to a statement. */
export interface Checked {
  error?: { title: string; position?: number }
}
