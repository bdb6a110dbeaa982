// The port: all the window asks of Go. wails.ts speaks to the real one, fake.ts stands in for it in tests.
import type { EventName, Events, Stop } from './events'
import type {
  About,
  AboutRequest,
  AsSQLRequest,
  CellBytes,
  CellContainer,
  CellFindRequest,
  CellFound,
  CellMember,
  CellMembersRequest,
  CellPart,
  CellPlace,
  CellRequest,
  CellStep,
  CellTreeRequest,
  Chart,
  ChartRequest,
  Checked,
  CheckRequest,
  Chosen,
  CompareRequest,
  Comparison,
  CompleteRequest,
  Completion,
  Connection,
  ConnectRequest,
  Copied,
  CopyRequest,
  DataPlace,
  Definition,
  Description,
  Diagnosis,
  DropPlan,
  ExecuteRequest,
  Expansion,
  ExportRequest,
  FileState,
  FileText,
  FindNextRequest,
  FindRequest,
  FindWindow,
  FindWindowRequest,
  Found,
  FoundSource,
  GroupRequest,
  Groups,
  HandedOver,
  Health,
  HistoryPage,
  HistoryRequest,
  Hit,
  ImportCheck,
  ImportLook,
  ImportLookRequest,
  ImportPlan,
  ImportPreview,
  ImportSource,
  Kept,
  LogTail,
  Members,
  MembersRequest,
  NoticesRequest,
  NoticesResult,
  ObjectRef,
  Page,
  PageRequest,
  ParametersResult,
  Parsed,
  PinRequest,
  Preferences,
  SavedProfile,
  SavedQuery,
  SaveCellRequest,
  SavedCell,
  SaveFileRequest,
  SaveProfileRequest,
  SaveRequest,
  SaveWorkRequest,
  SearchRequest,
  SearchResult,
  SecretHealth,
  SessionRef,
  Signatures,
  Snapshot,
  SplitResult,
  SQLText,
  Startup,
  Statistics,
  StoredProfile,
  StoreHealth,
  Summary,
  SummaryRequest,
  TextFile,
  Tree,
  View,
  ViewRequest,
} from './types'

export interface ConnectionsPort {
  connect(req: ConnectRequest): Promise<Connection>
  openSample(req: { connectionId: string }): Promise<Connection>
  /** That the server cannot be reached is in the answer. */
  test(req: ConnectRequest): Promise<Diagnosis>
  /** Also ends a Connect or Test that is still under way. */
  disconnect(req: { connectionId: string }): Promise<void>
  list(): Promise<Connection[]>
  parse(req: { text: string }): Promise<Parsed>
  fromEnvironment(): Promise<Parsed>
  /** in the order they are shown */
  profiles(): Promise<StoredProfile[]>
  /** Gives it as it was saved: with an id, and without passwords among its settings. */
  saveProfile(req: SaveProfileRequest): Promise<SavedProfile>
  deleteProfile(req: { id: string }): Promise<void>
  /** libpq's files on this computer, which are not read */
  found(): Promise<{ sources: FoundSource[] }>
  previewImport(req: ImportSource): Promise<ImportPreview>
  import(req: { profiles: StoredProfile[] }): Promise<{ count: number }>
  /** All of them without ids. */
  exportProfiles(req: { path: string; ids: string[] }): Promise<{ count: number }>
  /** Deletes what is kept of its password, everywhere. */
  forgetPassword(req: { id: string }): Promise<void>
}

export interface QueriesPort {
  split(req: { text: string }): Promise<SplitResult>
  execute(req: ExecuteRequest): Promise<Snapshot>
  check(req: CheckRequest): Promise<Checked>
  parameters(req: CheckRequest): Promise<ParametersResult>
  /** lets a run go beyond the room that results have */
  continue(req: { runId: string }): Promise<void>
  cancel(req: { runId: string }): Promise<void>
  page(req: PageRequest): Promise<Page>
  cell(req: CellRequest): Promise<CellPart>
  /** what a bytea stands for; of any other type, the text as bytes */
  cellBytes(req: CellRequest): Promise<CellBytes>
  /** Opens a container of a JSON cell, and those inside it as far as so many rows reach. */
  cellTree(req: CellTreeRequest): Promise<{ containers: CellContainer[] }>
  cellMembers(req: CellMembersRequest): Promise<{ members: CellMember[] }>
  /** the way from the root of a JSON cell to the member in which a byte stands */
  cellLocate(req: CellPlace): Promise<{ steps: CellStep[] }>
  cellFind(req: CellFindRequest): Promise<CellFound>
  saveCell(req: SaveCellRequest): Promise<SavedCell>
  copy(req: CopyRequest): Promise<Copied>
  /** Resolves once the file is begun; the rest comes as 'export' events. */
  export(req: ExportRequest): Promise<void>
  cancelExport(req: { jobId: string }): Promise<void>
  /** A view is named by its id wherever a result may be. How far it is comes as 'work' events. */
  view(req: ViewRequest): Promise<View>
  find(req: FindRequest): Promise<Found>
  findNext(req: FindNextRequest): Promise<Hit>
  findWindow(req: FindWindowRequest): Promise<FindWindow>
  summarize(req: SummaryRequest): Promise<Summary>
  /** Ends a view, a search or a summary, under way or done. */
  stopWork(req: { id: string }): Promise<void>
  /** A pinned result stays when its tab runs something else; so do the differences of two. */
  pin(req: PinRequest): Promise<void>
  unpin(req: PinRequest): Promise<void>
  compare(req: CompareRequest): Promise<Comparison>
  /** The groups are a result of their own, until they are unpinned or what they are of goes. */
  group(req: GroupRequest): Promise<Groups>
  chart(req: ChartRequest): Promise<Chart>
  /** a PNG in base64 */
  savePicture(req: { path: string; data: string }): Promise<void>
  asSql(req: AsSQLRequest): Promise<SQLText>
  notices(req: NoticesRequest): Promise<NoticesResult>
  closeSession(req: SessionRef): Promise<void>
}

export interface SchemaPort {
  tree(req: { connectionId: string }): Promise<Tree>
  refresh(req: { connectionId: string }): Promise<Tree>
  members(req: MembersRequest): Promise<Members>
  describe(req: ObjectRef): Promise<Description>
  statistics(req: ObjectRef): Promise<Statistics>
  definition(req: ObjectRef): Promise<Definition>
  drop(req: ObjectRef): Promise<DropPlan>
  search(req: SearchRequest): Promise<SearchResult>
  complete(req: CompleteRequest): Promise<Completion>
  about(req: AboutRequest): Promise<About>
  signatures(req: AboutRequest): Promise<Signatures>
  /** The columns a star stands for; text is empty when they are not known. */
  expand(req: AboutRequest): Promise<Expansion>
}

export interface SystemPort {
  bootstrap(): Promise<Startup>
  /** What later starts of Tusk were asked to open since this was asked last. */
  handedOver(): Promise<HandedOver>
  health(): Promise<Health>
  /** for a data directory that cannot be used: keeps everything in another, or tries again with '' */
  useDataDir(req: { path: string }): Promise<DataPlace>
  /** Asks the store of passwords how it is; never the person. */
  checkSecrets(): Promise<SecretHealth>
  /** tells something by the desktop */
  notify(req: { title: string; text: string }): Promise<void>
  /** shows the directory of the logs in the file manager */
  openLogs(): Promise<void>
  log(): Promise<LogTail>
  serverLog(): Promise<LogTail>
  chooseFile(req: { title: string }): Promise<Chosen>
  chooseFolder(req: { title: string }): Promise<Chosen>
  chooseSave(req: SaveRequest): Promise<Chosen>
  setClipboard(req: { text: string }): Promise<void>
  openURL(req: { text: string }): Promise<void>
  /** as the window's own button does */
  closeWindow(): Promise<void>
  quit(): Promise<void>
  preferences(): Promise<Preferences>
  /** Saves all of them. */
  setPreferences(req: Preferences): Promise<Preferences>
  /** A copy of what is saved; with '' as the path, in the data directory. Nothing is overwritten. */
  backup(req: { path: string }): Promise<Chosen>
  /** Looks at what is saved again, repairs it, and saves what was kept in memory if that is possible now. */
  repair(): Promise<StoreHealth>
}

export interface WorkPort {
  /** what lay open when Tusk ended last, or lies open now */
  restore(): Promise<Kept>
  /** Keeps what has changed. */
  save(req: SaveWorkRequest): Promise<void>
  openFile(req: { path: string }): Promise<FileText>
  fileState(req: { path: string }): Promise<FileState>
  /** Fails with file_exists when something else has changed the file; replace writes it all the same. */
  saveFile(req: SaveFileRequest): Promise<TextFile>
}
export interface LibraryPort {
  /** newest first */
  history(req: HistoryRequest): Promise<HistoryPage>
  /** the names of all connections that something was run on */
  historyConnections(): Promise<{ names: string[] }>
  deleteHistory(req: { ids: string[] }): Promise<void>
  clearHistory(): Promise<void>
  saved(): Promise<{ queries: SavedQuery[] }>
  /** Gives it as it was saved: with an id. */
  saveQuery(req: SavedQuery): Promise<SavedQuery>
  deleteQuery(req: { id: string }): Promise<void>
}

export interface ImportsPort {
  /** what a file is, and how it fits a table */
  look(req: ImportLookRequest): Promise<ImportLook>
  /** what an import would come to; looks at rows for up to three seconds */
  check(req: ImportPlan): Promise<ImportCheck>
  /** Resolves once the file is open; the rest comes as 'import' events. */
  begin(req: { jobId: string; plan: ImportPlan }): Promise<void>
  cancel(req: { jobId: string }): Promise<void>
}

export interface Backend {
  readonly connections: ConnectionsPort
  readonly queries: QueriesPort
  readonly schema: SchemaPort
  readonly system: SystemPort
  readonly work: WorkPort
  readonly library: LibraryPort
  readonly imports: ImportsPort
  on<K extends EventName>(name: K, fn: (data: Events[K]) => void): Stop
}
