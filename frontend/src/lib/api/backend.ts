// The port: all the window asks of Go. wails.ts speaks to the real one, fake.ts stands in for it in tests.
import type { EventName, Events, Stop } from './events'
import type {
  CellPart,
  CellRequest,
  Chosen,
  Connection,
  ConnectRequest,
  Copied,
  CopyRequest,
  Diagnosis,
  ExecuteRequest,
  Health,
  LogTail,
  NoticesRequest,
  NoticesResult,
  Page,
  PageRequest,
  Parsed,
  SessionRef,
  Snapshot,
  SplitResult,
  Startup,
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
}

export interface QueriesPort {
  split(req: { text: string }): Promise<SplitResult>
  execute(req: ExecuteRequest): Promise<Snapshot>
  cancel(req: { runId: string }): Promise<void>
  page(req: PageRequest): Promise<Page>
  cell(req: CellRequest): Promise<CellPart>
  copy(req: CopyRequest): Promise<Copied>
  notices(req: NoticesRequest): Promise<NoticesResult>
  closeSession(req: SessionRef): Promise<void>
}

export interface SystemPort {
  bootstrap(): Promise<Startup>
  health(): Promise<Health>
  setLogLevel(req: { level: string }): Promise<void>
  log(): Promise<LogTail>
  serverLog(): Promise<LogTail>
  chooseFile(req: { title: string }): Promise<Chosen>
  setClipboard(req: { text: string }): Promise<void>
  openURL(req: { text: string }): Promise<void>
  quit(): Promise<void>
}

export interface Backend {
  readonly connections: ConnectionsPort
  readonly queries: QueriesPort
  readonly system: SystemPort
  on<K extends EventName>(name: K, fn: (data: Events[K]) => void): Stop
}
