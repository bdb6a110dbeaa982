// What can be open over the window.
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
import type { Tab } from './tab.svelte'
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
