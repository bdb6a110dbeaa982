export interface EditorDoc {
  id: string
  initial: string
}
export interface StatementMark {
  from: number
  to: number
  state: 'running' | 'done' | 'failed' | 'notrun' | 'stopped'
  text: string
}
export interface RunText {
  text: string
  offset: number
  line: number
  cursor: number
}
