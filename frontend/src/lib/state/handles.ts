// What the drawn parts of the window can do for others. They hand it over when they appear.
import type { Place } from './place'
import type { RunText } from './tab.svelte'

/** What the editor of the active tab can do for others; App hands it over. */
export interface EditorHandle {
  focus(): void
  request(): RunText
  requestAll(): RunText
  goTo(position: number): void
  /** What may be meant by the name that is underlined, if its text stands unchanged. */
  fix(): { text: string } | null
  applyFix(): void
  insert(text: string): void
  /** the selection; '' when nothing is selected */
  selected(): string
  replaceAll(text: string): void
  /** Why the text was left as it is; '' when it was laid out anew. */
  format(): Promise<string>
  keywordCase(upper: boolean): Promise<void>
  /** False when there is no star at the cursor, or its columns are not known. */
  expand(): Promise<boolean>
  comment(): void
}

/** What the explorer can do for others while it is drawn. */
export interface ExplorerHandle {
  focus(): void
  filter(): void
  hasFocus(): boolean
}

/** What only the editor keeps of a document: '' and nothing for one it has not shown yet. */
export interface Documents {
  textOf(id: string): string
  placeOf(id: string): Place | undefined
  forget(id: string): void
  /** Its text is that of its file now. */
  saved(id: string): void
}

/** What the commands ask of the result in view. */
export interface ResultActions {
  find(): void
  findNext(back: boolean): void
  filter(): void
  sort(descending: boolean): void
  undo(): void
  reset(): void
  asSql(): void
  summary(): void
  row(): void
  allColumns(): void
  /** so many columns stay at the left; without a number those up to the active cell, or none when they do already */
  freeze(columns?: number): void
}
