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
const texts = new Map<string, string>()
export const textOf = (id: string): string | undefined => texts.get(id)
export const forget = (id: string): void => void texts.delete(id)
export const keep = (id: string, text: string): void => void texts.set(id, text)
