// A backend in memory, for tests: every call is written down, answers are set with when().
import { unread } from './preferences'
import type {
  Backend,
  ConnectionsPort,
  ImportsPort,
  LibraryPort,
  QueriesPort,
  SchemaPort,
  SystemPort,
  WorkPort,
} from './backend'
import { AppError } from './client'
import { Listeners, type EventName, type Events } from './events'
import type {
  ColumnInfo,
  Connection,
  Description,
  Diagnosis,
  ErrorInfo,
  Health,
  Page,
  Preferences,
  Profile,
  Report,
  Result,
  Snapshot,
  Startup,
  Statement,
  Statistics,
  SecretHealth,
  StoredProfile,
  StoreHealth,
  Tree,
} from './types'

export interface Call {
  name: string
  args: never
}
type Ports = {
  connections: ConnectionsPort
  queries: QueriesPort
  schema: SchemaPort
  system: SystemPort
  work: WorkPort
  library: LibraryPort
  imports: ImportsPort
}
type Names = { [P in keyof Ports]: `${P}.${string & keyof Ports[P]}` }[keyof Ports]
type Method<N> = N extends `${infer P extends keyof Ports}.${infer M}`
  ? M extends keyof Ports[P]
    ? Ports[P][M]
    : never
  : never
type Answer<N> =
  Method<N> extends (...args: infer A) => Promise<infer R> ? (...args: A) => R | Promise<R> : never

export class FakeBackend implements Backend {
  readonly calls: { name: string; args: unknown }[] = []
  readonly connections: ConnectionsPort
  readonly queries: QueriesPort
  readonly schema: SchemaPort
  readonly system: SystemPort
  readonly work: WorkPort
  readonly library: LibraryPort
  readonly imports: ImportsPort
  #answers = new Map<string, (...args: never[]) => unknown>()
  #listeners = new Listeners()

  constructor() {
    this.connections = this.#port('connections')
    this.queries = this.#port('queries')
    this.schema = this.#port('schema')
    this.system = this.#port('system')
    this.work = this.#port('work')
    this.library = this.#port('library')
    this.imports = this.#port('imports')
    this.when('system.bootstrap', () => startup())
    this.when('system.notify', () => undefined)
    this.when('system.handedOver', () => ({ prefills: [] }))
    this.when('connections.list', () => [])
    this.when('library.history', () => ({ entries: [], more: false }))
    this.when('library.historyConnections', () => ({ names: [] }))
    this.when('library.saved', () => ({ queries: [] }))
    this.when('library.saveQuery', (req) => ({ ...req, id: req.id || 'q1' }))
    this.when('work.restore', () => ({ tabs: [], layout: null }))
    this.when('connections.connect', (req) =>
      connection({ id: req.connectionId, profile: req.profile, profileId: req.profileId }),
    )
    this.when('connections.openSample', (req) => connection({ id: req.connectionId, sample: true }))
    this.when('connections.test', () => diagnosis())
    this.when('connections.profiles', () => [])
    this.when('connections.saveProfile', ({ profile, password, remember }) => ({
      profile: {
        ...profile,
        id: profile.id || 'p1',
        hasPassword: remember && (password !== '' || profile.hasPassword),
      },
      notes: [],
    }))
    this.when('connections.found', () => ({ sources: [] }))
    this.when('system.checkSecrets', () => secretHealth())
    this.when('system.preferences', () => preferences())
    this.when('system.setPreferences', (req) => req)
    this.when('system.backup', (req) => ({ path: req.path || '/data/tusk-backup.db' }))
    this.when('system.repair', () => storeHealth())
    this.when('queries.split', () => ({ statements: [] }))
    this.when('queries.notices', () => ({ notices: [], count: 0 }))
    this.when('schema.tree', () => tree())
    this.when('schema.refresh', () => tree())
    this.when('schema.members', () => ({ members: [] }))
    this.when('schema.describe', (req) => description({ oid: req.oid }))
    this.when('schema.statistics', () => statistics())
    this.when('schema.definition', () => ({ sql: '', missing: '' }))
    this.when('schema.drop', () => ({ sql: '', cascade: '', dependents: [] }))
    this.when('schema.search', () => ({ hits: [] }))
    this.when('queries.execute', (req) =>
      snapshot({ runId: req.runId, sessionId: req.sessionId, connectionId: req.connectionId }),
    )
  }

  /** Sets what a method answers; it may throw, or return a promise that is settled later. */
  when<N extends Names>(name: N, answer: Answer<N>): void {
    this.#answers.set(name, answer as (...args: never[]) => unknown)
  }

  emit<K extends EventName>(name: K, data: Events[K]): void {
    this.#listeners.emit(name, data)
  }

  on<K extends EventName>(name: K, fn: (data: Events[K]) => void): () => void {
    return this.#listeners.on(name, fn)
  }

  /** What a method was called with, one entry a call. */
  called<T>(name: Names): T[] {
    return this.calls.filter((c) => c.name === name).map((c) => c.args as T)
  }

  #port<P>(port: string): P {
    return new Proxy({} as object, {
      get: (_, method) => (args: never) => this.#call(`${port}.${String(method)}`, args),
    }) as P
  }

  async #call(name: string, args: never): Promise<unknown> {
    this.calls.push({ name, args })
    return this.#answers.get(name)?.(args)
  }
}

/** A promise that a test settles. */
export function deferred<T>(): {
  promise: Promise<T>
  resolve: (v: T) => void
  reject: (e: unknown) => void
} {
  let resolve!: (v: T) => void
  let reject!: (e: unknown) => void
  const promise = new Promise<T>((a, b) => ([resolve, reject] = [a, b]))
  return { promise, resolve, reject }
}

export function failure(e: Partial<ErrorInfo>): AppError {
  return new AppError({
    kind: 'query',
    group: 'query',
    title: 'The server reports an error.',
    retryable: false,
    ...e,
  })
}

export function report(r: Partial<Report> = {}): Report {
  return {
    serverVersion: '17.2',
    host: 'db.roastery.example',
    port: 5432,
    database: 'roastery',
    user: 'app_rw',
    tls: 'verified',
    tlsVersion: 'TLS 1.3',
    pooler: false,
    standby: false,
    elapsedUs: 41_000,
    ...r,
  }
}

export function diagnosis(d: Partial<Diagnosis> = {}): Diagnosis {
  const stage = (name: string, label: string, says: string) => ({
    name,
    label,
    says,
    state: 'ok',
    elapsedUs: 6_000,
    facts: [],
  })
  return {
    stages: [stage('tcp', 'TCP', 'port 5432 accepted'), stage('database', 'Database', 'roastery')],
    report: report(),
    elapsedUs: 41_000,
    ...d,
  }
}

export function connection(c: Partial<Connection> = {}): Connection {
  const profile: Profile = { name: 'Roastery staging', color: 'amber', settings: {} }
  return { id: 'c1', profile, report: report(), profileId: '', state: 'connected', sample: false, ...c }
}

export function startup(s: Partial<Startup> = {}): Startup {
  const prefill = { url: '', path: '', name: '', text: '', note: '', openSample: false, sampleQuery: '' }
  return {
    version: '1.0',
    platform: 'linux',
    options: [],
    warnings: [],
    prefill,
    environment: [],
    profiles: [],
    preferences: preferences(),
    defaults: preferences(),
    place: { dir: '/data', problem: '' },
    store: storeHealth(),
    ...s,
  }
}

export function preferences(p: Partial<Preferences> = {}): Preferences {
  return { ...unread, ...p }
}

export function health(h: Partial<Health> = {}): Health {
  return {
    version: 'test',
    goVersion: 'go1.26',
    uptimeMs: 61_000,
    dataDir: '/data',
    memoryBytes: 80e6,
    goroutines: 20,
    warnings: [],
    log: { path: '/data/logs/tusk.log', level: 'info', ok: true, note: '' },
    spool: { dir: '/data/spool', results: 1, bytes: 1000, free: 9e9, budget: 20e9 },
    exports: 0,
    store: storeHealth(),
    secrets: secretHealth(),
    connections: [],
    ...h,
  }
}

export function storeHealth(s: Partial<StoreHealth> = {}): StoreHealth {
  return {
    path: '/data/tusk.db',
    ok: true,
    memory: false,
    says: 'Changes are saved.',
    recovery: '',
    backup: '',
    generation: 1,
    ...s,
  }
}

export function secretHealth(s: Partial<SecretHealth> = {}): SecretHealth {
  return {
    state: 'available',
    store: 'the keyring',
    reason: '',
    remedy: '',
    waiting: false,
    held: 0,
    queued: 0,
    warning: '',
    ...s,
  }
}

export function storedProfile(p: Partial<StoredProfile> = {}): StoredProfile {
  return {
    id: 'p1',
    profile: { name: 'Roastery staging', color: 'amber', settings: {} },
    group: '',
    order: 0,
    favourite: false,
    notes: '',
    hasPassword: false,
    ...p,
  }
}

export function snapshot(s: Partial<Snapshot> = {}): Snapshot {
  return {
    runId: 'r1',
    sessionId: 't1',
    connectionId: 'c1',
    seq: 1,
    state: 'done',
    outcome: 'finished',
    readOnly: false,
    txStatus: 'I',
    txSince: 0,
    txStatements: 0,
    startedAt: 0,
    elapsedUs: 0,
    statements: [],
    notices: [],
    noticeCount: 0,
    statementCount: 0,
    doneCount: 0,
    failedCount: 0,
    reset: '',
    ...s,
  }
}

export function statement(s: Partial<Statement> = {}): Statement {
  return {
    index: 0,
    from: 0,
    to: 8,
    line: 1,
    head: 'select 1',
    state: 'finished',
    tag: 'SELECT 1',
    rows: 1,
    elapsedUs: 400,
    notices: 0,
    results: [],
    ...s,
  }
}

export function result(r: Partial<Result> = {}): Result {
  const column = { name: 'id', type: 'bigint', class: 'number', tableOid: 0, attribute: 0, typeOid: 20 }
  const rest = { rows: 0, bytes: 0, complete: true, partial: false, dateStyle: 'ISO, MDY', timeZone: 'UTC' }
  return { id: 'x1', columns: [column], ...rest, ...r }
}

/** A tree of schemas with what is in them: "r orders", or "r part of 1" for a partition of the relation with that OID. */
export function tree(schemas: Record<string, string[]> = {}, t: Partial<Tree> = {}): Tree {
  const made: Tree = {
    version: 1,
    database: 'roastery',
    readAt: 0,
    schemas: [],
    oids: [],
    names: [],
    kinds: '',
    schema: [],
    rows: [],
    parents: [],
    problems: [],
    ...t,
  }
  let oid = 0
  Object.entries(schemas).forEach(([name, relations], i) => {
    const system = name.startsWith('pg_') || name === 'information_schema'
    made.schemas.push({ oid: 1000 + i, name, comment: '', system, functions: 0, types: 0 })
    for (const text of relations) {
      const [, kind, relation, parent] = /^(\S) (.*?)(?: of (\d+))?$/.exec(text)!
      made.oids.push((oid += 1))
      made.names.push(relation!)
      made.kinds += kind!
      made.schema.push(i)
      made.rows.push(-1)
      made.parents.push(Number(parent ?? 0))
    }
  })
  return made
}

export function description(d: Partial<Description> = {}): Description {
  return {
    oid: 1,
    schema: 'public',
    name: 'orders',
    kind: 'r',
    quoted: 'public.orders',
    owner: 'app',
    comment: '',
    rows: -1,
    partitionKey: '',
    partitionBound: '',
    columns: [],
    indexes: [],
    constraints: [],
    referrers: [],
    triggers: [],
    rules: [],
    policies: [],
    partitions: [],
    grants: [],
    problems: {},
    ...d,
  }
}

export function column(c: Partial<ColumnInfo> = {}): ColumnInfo {
  return {
    number: 1,
    name: 'id',
    type: 'bigint',
    notNull: false,
    default: '',
    identity: '',
    generated: '',
    collation: '',
    key: false,
    foreign: false,
    comment: '',
    ...c,
  }
}

export function statistics(s: Partial<Statistics> = {}): Statistics {
  return {
    tableBytes: -1,
    indexBytes: -1,
    totalBytes: -1,
    liveRows: -1,
    deadRows: -1,
    seqScans: -1,
    indexScans: -1,
    lastVacuum: '',
    lastAnalyze: '',
    ...s,
  }
}

/** Rows whose only cell is their number. */
export function page(resultId: string, from: number, count: number, total: number): Page {
  const rows = Array.from({ length: Math.max(0, Math.min(count, total - from)) }, (_, i) => [
    String(from + i),
  ])
  return { resultId, from, rows, cut: [], total, complete: true }
}
