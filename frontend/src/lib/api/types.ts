// The contract with Go under the names the window uses. What the generator loses is repaired here and nowhere else.
import type {
  apperr,
  backend,
  catalog,
  cell,
  conn,
  intake,
  session,
  spool,
  suggest,
} from '../../../wailsjs/go/models'

/** A value as the server wrote it; null is NULL. The generator loses the pointer of [][]*string. */
export type Cell = string | null
export type Page = Omit<spool.Page, 'rows'> & { rows: Cell[][] }
export type Snapshot = Omit<session.Snapshot, 'firstPage'> & { firstPage?: Page }

export type ErrorInfo = Omit<apperr.Error, 'kind'> & { kind: Kind }
export type Statement = session.Statement
export type Result = session.Result
export type Notice = session.Notice
export type Column = spool.Column

export type Profile = conn.Profile
export type Option = conn.Option
export type Parsed = conn.Parsed
export type Report = conn.Report
export type Diagnosis = Omit<conn.Diagnosis, 'error'> & { error?: ErrorInfo }
export type Stage = conn.Stage
export type Remedy = conn.Remedy

export type Connection = backend.Connection
export type ConnectRequest = backend.ConnectRequest
export type ExecuteRequest = backend.ExecuteRequest
export type CellRange = backend.CellRange
export type CellRequest = backend.CellRequest
export type CellPart = backend.Cell
export type CellBytes = backend.CellBytes
export type CellTreeRequest = backend.CellTreeRequest
export type CellMembersRequest = backend.CellMembersRequest
export type CellPlace = backend.CellPlace
export type CellFindRequest = backend.CellFindRequest
export type CellFound = backend.CellFound
export type CellStep = cell.Step
export type CellMember = cell.Member
export type CellContainer = cell.Container
export type SaveCellRequest = backend.SaveCellRequest
export type SavedCell = backend.SavedCell
export type CopyRequest = backend.CopyRequest
export type Copied = backend.Copied
export type ExportRequest = backend.ExportRequest
export type ExportState = Omit<backend.ExportState, 'error'> & { error?: ErrorInfo | null }
export type ImportOptions = intake.Options
export type ImportLookRequest = backend.ImportLookRequest
export type ImportTable = backend.ImportTable
export type ImportLook = Omit<backend.ImportLook, 'rows' | 'table'> & {
  rows: ImportRow[]
  table?: ImportTable | null
}
export type ImportColumn = backend.ImportColumn
export type ImportPlan = backend.ImportPlan
export type ImportProblem = backend.ImportProblem
export type ImportRow = Omit<backend.ImportRow, 'cells'> & { cells: Cell[] }
export type ImportCheck = Omit<backend.ImportCheck, 'preview'> & { preview: ImportRow[] }
export type ImportState = Omit<backend.ImportState, 'error'> & { error?: ErrorInfo | null }
export type SaveRequest = backend.SaveRequest
export type PageRequest = backend.PageRequest
export type NoticesRequest = backend.NoticesRequest
export type NoticesResult = backend.NoticesResult
export type StatementRange = backend.StatementRange
export type SplitResult = backend.SplitResult
export type Parameter = backend.Parameter
export type ParameterValue = backend.ParameterValue
export type ParametersResult = backend.ParametersResult
export type CheckRequest = backend.CheckRequest
export type Checked = Omit<backend.Checked, 'error'> & { error?: ErrorInfo }
export type SessionRef = backend.SessionRef
export type Startup = backend.Startup
export type StoredProfile = backend.StoredProfile
export type SaveProfileRequest = Omit<backend.SaveProfileRequest, 'base'> & { base: StoredProfile | null }
export type SavedProfile = backend.SavedProfile
export type SecretHealth = backend.SecretHealth
export type FoundSource = backend.FoundSource
export type ImportSource = backend.ImportSource
export type ImportItem = backend.ImportItem
export type ImportPreview = backend.ImportPreview
export type Preferences = backend.Preferences
export type StoreHealth = backend.StoreHealth
export type OpenTab = Omit<backend.OpenTab, 'origin' | 'file'> & {
  origin?: Origin | null
  file?: TextFile | null
}
export type Origin = backend.Origin
export type TextFile = backend.TextFile
export type FileText = backend.FileText
export type FileState = backend.FileState
export type SaveFileRequest = backend.SaveFileRequest
export type HistoryEntry = backend.HistoryEntry
export type HistoryRequest = backend.HistoryRequest
export type HistoryPage = backend.HistoryPage
export type SavedQuery = backend.SavedQuery
export type SelectedRange = backend.SelectedRange
export type Layout = backend.Layout
export type Kept = { tabs: OpenTab[]; layout?: Layout | null }
export type SaveWorkRequest = Omit<backend.SaveWorkRequest, 'tabs' | 'layout'> & {
  tabs: OpenTab[]
  layout?: Layout | null
}
export type Prefill = backend.Prefill
export type DataPlace = backend.DataPlace
export type HandedOver = backend.HandedOver
export type Health = backend.Health
export type ConnectionHealth = backend.ConnectionHealth
export type LogTail = backend.LogTail
export type Chosen = backend.Chosen
export type Closing = backend.Closing

export type SortBy = backend.SortBy
export type FilterBy = backend.FilterBy
export type SearchFor = backend.SearchFor
export type ViewRequest = backend.ViewRequest
export type View = backend.View
export type OrderRule = backend.OrderRule
export type WorkState = backend.WorkState
export type FindRequest = backend.FindRequest
export type Found = backend.Found
export type FindNextRequest = backend.FindNextRequest
export type FindWindowRequest = backend.FindWindowRequest
export type FindWindow = backend.FindWindow
export type Hit = backend.Hit
export type SummaryRequest = backend.SummaryRequest
export type Summary = backend.Summary
export type PinRequest = backend.PinRequest
export type CompareRequest = backend.CompareRequest
export type Comparison = backend.Comparison
export type GroupBy = backend.GroupBy
export type Aggregate = backend.Aggregate
export type GroupRequest = backend.GroupRequest
export type Groups = backend.Groups
export type ChartRequest = backend.ChartRequest
export type Chart = backend.Chart
export type AsSQLRequest = backend.AsSQLRequest
export type SQLText = backend.SQLText

export type ObjectRef = backend.ObjectRef
export type MembersRequest = backend.MembersRequest
export type SearchRequest = backend.SearchRequest
export type CompleteRequest = backend.CompleteRequest
export type AboutRequest = backend.AboutRequest
export type CatalogEvent = backend.CatalogEvent
export type Tree = catalog.Tree
export type TreeSchema = catalog.TreeSchema
export type Member = catalog.Member
export type Members = catalog.Members
/** problems has the parts that could not be read. */
export type Description = Omit<catalog.Description, 'problems'> & { problems: Record<string, ErrorInfo> }
export type ColumnInfo = catalog.ColumnInfo
export type IndexInfo = catalog.IndexInfo
export type ConstraintInfo = catalog.ConstraintInfo
export type NamedSQL = catalog.NamedSQL
export type PartInfo = catalog.PartInfo
export type GrantInfo = catalog.GrantInfo
export type Statistics = catalog.Statistics
export type Definition = catalog.Definition
export type DropPlan = catalog.DropPlan
export type SearchHit = catalog.SearchHit
export type SearchResult = catalog.SearchResult
export type Completion = suggest.Completion
export type Suggestion = suggest.Suggestion
export type About = suggest.About
export type Signatures = suggest.Signatures
export type Expansion = suggest.Expansion
export type Fix = apperr.Fix

/** Every Kind of backend/apperr/kind.go. */
export type Kind =
  | 'config'
  | 'usage'
  | 'dns'
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'not_postgres'
  | 'tls_refused'
  | 'tls_untrusted'
  | 'tls_hostname'
  | 'tls_expired'
  | 'tls_failed'
  | 'auth_failed'
  | 'auth_method'
  | 'auth_rule'
  | 'role_missing'
  | 'db_missing'
  | 'permission'
  | 'too_many'
  | 'starting'
  | 'shutdown'
  | 'lost'
  | 'busy'
  | 'limit'
  | 'cancelled'
  | 'stmt_timeout'
  | 'lock_timeout'
  | 'serialization'
  | 'deadlock'
  | 'readonly'
  | 'constraint'
  | 'data'
  | 'syntax'
  | 'missing'
  | 'tx_failed'
  | 'tx_state'
  | 'unsupported'
  | 'resource_server'
  | 'resource_client'
  | 'file'
  | 'file_missing'
  | 'file_denied'
  | 'file_full'
  | 'file_exists'
  | 'storage'
  | 'secret'
  | 'no_server'
  | 'protocol'
  | 'query'
  | 'internal'
