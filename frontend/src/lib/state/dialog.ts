// What can be open over the window, and what its drawn parts can do for others.
import type {
  Connection,
  ErrorInfo,
  ImportSource,
  Parameter,
  ParameterValue,
  Parsed,
  SavedQuery,
  StoredProfile,
} from '../api/types'
import type { Subject } from './exports.svelte'
import type { RowsFrom } from './imports.svelte'
import type { Target } from './objects'
import type { RunText, Tab } from './tab.svelte'
import type { View } from './views.svelte'

/** What the connection dialog starts with. */
export type Seed = Pick<Parsed, 'profile' | 'password' | 'notes'> & {
  /** the saved connection it is */
  stored?: StoredProfile
  /** why it could not be opened as it is */
  error?: ErrorInfo
}

export type Dialog =
  | { kind: 'connect'; seed?: Seed }
  /** with what was typed before it was drawn */
  | { kind: 'palette'; objects?: boolean; text?: string }
  | { kind: 'help'; page?: string }
  | { kind: 'closeTabs'; views: readonly View[] }
  | { kind: 'disconnect'; connection: Connection }
  | { kind: 'unlock'; tab: Tab }
  | { kind: 'import'; source: ImportSource }
  | { kind: 'parameters'; parameters: Parameter[]; run: (params: ParameterValue[]) => void }
  | { kind: 'drop'; target: Target }
  /** rows of a file into a table; '' for what is still to be chosen */
  | { kind: 'importRows'; from: RowsFrom }
  | { kind: 'export'; subject: Subject }
  | { kind: 'saveQuery'; query: SavedQuery }
  /** a question with a safe answer, which does nothing */
  | { kind: 'ask'; title: string; text: string; safe: string; danger: string; run: () => void }

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
