export interface EditorDoc {
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
