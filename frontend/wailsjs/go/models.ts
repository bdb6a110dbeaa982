export namespace apperr {
	
	export interface Error {
	    kind: string;
	    group: string;
	    title: string;
	    message?: string;
	    detail?: string;
	    hint?: string;
	    serverHint?: string;
	    code?: string;
	    severity?: string;
	    position?: number;
	    where?: string;
	    op?: string;
	    retryable: boolean;
	    fields?: Record<string, string>;
	}

}

export namespace backend {
	
	export interface Cell {
	    null: boolean;
	    text: string;
	    length: number;
	    next: number;
	    invalid: boolean;
	}
	export interface CellRange {
	    top: number;
	    left: number;
	    bottom: number;
	    right: number;
	}
	export interface CellRequest {
	    resultId: string;
	    row: number;
	    column: number;
	    from: number;
	    count: number;
	}
	export interface ChooseRequest {
	    title: string;
	}
	export interface Chosen {
	    path: string;
	}
	export interface Closing {
	    running: number;
	    transactions: number;
	}
	export interface ConnectRequest {
	    connectionId: string;
	    profile: conn.Profile;
	    password: string;
	}
	export interface Connection {
	    id: string;
	    profile: conn.Profile;
	    report: conn.Report;
	    state: string;
	    sample: boolean;
	}
	export interface ConnectionHealth {
	    connection: Connection;
	    roundTripUs: number;
	    open: number;
	    limit: number;
	    sessions: number;
	    holders: string[];
	}
	export interface ConnectionRef {
	    connectionId: string;
	}
	export interface Contract {
	    run: session.Snapshot;
	    connection: Connection;
	    closing: Closing;
	    error: apperr.Error;
	}
	export interface Copied {
	    cells: number;
	    bytes: number;
	}
	export interface CopyRequest {
	    resultId: string;
	    ranges: CellRange[];
	    format: string;
	    header: boolean;
	}
	export interface ExecuteRequest {
	    connectionId: string;
	    sessionId: string;
	    runId: string;
	    text: string;
	    offset: number;
	    line: number;
	    cursor: number;
	    onError: string;
	    oneTransaction: boolean;
	    manualCommit: boolean;
	    keepResults: boolean;
	    firstRows: number;
	}
	export interface SpoolHealth {
	    dir: string;
	    results: number;
	    bytes: number;
	    free: number;
	}
	export interface LogHealth {
	    path: string;
	    level: string;
	    ok: boolean;
	    note: string;
	}
	export interface Health {
	    version: string;
	    goVersion: string;
	    uptimeMs: number;
	    dataDir: string;
	    memoryBytes: number;
	    goroutines: number;
	    warnings: string[];
	    log: LogHealth;
	    spool: SpoolHealth;
	    connections: ConnectionHealth[];
	}
	
	export interface LogLevelRequest {
	    level: string;
	}
	export interface LogTail {
	    path: string;
	    lines: string[];
	}
	export interface NoticesRequest {
	    runId: string;
	    from: number;
	}
	export interface NoticesResult {
	    notices: session.Notice[];
	    count: number;
	}
	export interface PageRequest {
	    resultId: string;
	    from: number;
	    count: number;
	}
	export interface ParseRequest {
	    text: string;
	}
	export interface Prefill {
	    url: string;
	    name: string;
	    text: string;
	    note: string;
	    openSample: boolean;
	    sampleQuery: string;
	}
	export interface RunRef {
	    runId: string;
	}
	export interface SampleRequest {
	    connectionId: string;
	}
	export interface SessionRef {
	    connectionId: string;
	    sessionId: string;
	}
	export interface SplitRequest {
	    text: string;
	}
	export interface StatementRange {
	    from: number;
	    to: number;
	}
	export interface SplitResult {
	    statements: StatementRange[];
	}
	
	export interface Startup {
	    version: string;
	    platform: string;
	    options: conn.Option[];
	    warnings: string[];
	    prefill: Prefill;
	    environment: string[];
	}
	
	export interface TextRequest {
	    text: string;
	}

}

export namespace conn {
	
	export interface Choice {
	    value: string;
	    label: string;
	    help: string;
	}
	export interface Report {
	    serverVersion: string;
	    host: string;
	    port: number;
	    database: string;
	    user: string;
	    tls: string;
	    tlsVersion: string;
	    pooler: boolean;
	    standby: boolean;
	    elapsedUs: number;
	}
	export interface Remedy {
	    label: string;
	    setting: string;
	    value: string;
	}
	export interface Fact {
	    label: string;
	    value: string;
	}
	export interface Stage {
	    name: string;
	    label: string;
	    state: string;
	    elapsedUs: number;
	    says: string;
	    facts: Fact[];
	    remedy?: Remedy;
	}
	export interface Diagnosis {
	    stages: Stage[];
	    error?: apperr.Error;
	    report?: Report;
	    elapsedUs: number;
	}
	
	export interface Option {
	    key: string;
	    label: string;
	    group: string;
	    kind: string;
	    default: string;
	    choices: Choice[];
	    help: string;
	}
	export interface Profile {
	    name: string;
	    color: string;
	    settings: Record<string, string>;
	}
	export interface Parsed {
	    profile: Profile;
	    password: string;
	    summary: string;
	    notes: string[];
	}
	
	
	

}

export namespace session {
	
	export interface Notice {
	    index: number;
	    statement: number;
	    at: number;
	    severity: string;
	    code: string;
	    message: string;
	    detail: string;
	    hint: string;
	    where: string;
	}
	export interface Result {
	    id: string;
	    columns: spool.Column[];
	    rows: number;
	    bytes: number;
	    complete: boolean;
	    partial: boolean;
	    dateStyle: string;
	    timeZone: string;
	}
	export interface Statement {
	    index: number;
	    from: number;
	    to: number;
	    line: number;
	    head: string;
	    state: string;
	    tag: string;
	    rows: number;
	    elapsedUs: number;
	    notices: number;
	    error?: apperr.Error;
	    results: Result[];
	}
	export interface Snapshot {
	    runId: string;
	    sessionId: string;
	    connectionId: string;
	    seq: number;
	    state: string;
	    outcome: string;
	    txStatus: string;
	    txSince: number;
	    txStatements: number;
	    startedAt: number;
	    elapsedUs: number;
	    statements: Statement[];
	    statementCount: number;
	    doneCount: number;
	    failedCount: number;
	    notices: Notice[];
	    noticeCount: number;
	    error?: apperr.Error;
	    reset: string;
	    firstPage?: spool.Page;
	}

}

export namespace spool {
	
	export interface Column {
	    name: string;
	    type: string;
	    class: string;
	    tableOid: number;
	    attribute: number;
	    typeOid: number;
	}
	export interface Cut {
	    row: number;
	    column: number;
	    length: number;
	}
	export interface Page {
	    resultId: string;
	    from: number;
	    rows: string[][];
	    cut: Cut[];
	    total: number;
	    complete: boolean;
	}

}

