export namespace apperr {
	
	export interface Fix {
	    from: number;
	    to: number;
	    text: string;
	    detail: string;
	}
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
	    fixes?: Fix[];
	}

}

export namespace backend {
	
	export interface AboutRequest {
	    connectionId: string;
	    sessionId: string;
	    text: string;
	    cursor: number;
	}
	export interface Aggregate {
	    func: string;
	    column: number;
	}
	export interface GroupBy {
	    column: number;
	    unit: string;
	}
	export interface SearchFor {
	    text: string;
	    regexp: boolean;
	    case: boolean;
	    whole: boolean;
	    columns: number[];
	}
	export interface FilterBy {
	    column: number;
	    op: string;
	    values: string[];
	    case: boolean;
	}
	export interface SortBy {
	    column: number;
	    descending: boolean;
	    nullsFirst: boolean;
	}
	export interface AsSQLRequest {
	    resultId: string;
	    sort: SortBy[];
	    filter: FilterBy[];
	    search: SearchFor;
	    columns: number[];
	    keys: GroupBy[];
	    aggregates: Aggregate[];
	}
	export interface CatalogEvent {
	    connectionId: string;
	    version: number;
	    complete: boolean;
	}
	export interface Cell {
	    null: boolean;
	    text: string;
	    length: number;
	    from: number;
	    next: number;
	    invalid: boolean;
	}
	export interface CellBytes {
	    data: string;
	    length: number;
	}
	export interface CellFindRequest {
	    resultId: string;
	    row: number;
	    column: number;
	    text: string;
	    case: boolean;
	}
	export interface CellFound {
	    places: number[];
	    more: boolean;
	}
	export interface CellMembers {
	    members: cell.Member[];
	}
	export interface CellMembersRequest {
	    resultId: string;
	    row: number;
	    column: number;
	    kind: string;
	    at: number;
	    skip: number;
	    count: number;
	}
	export interface CellPlace {
	    resultId: string;
	    row: number;
	    column: number;
	    at: number;
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
	    align: boolean;
	}
	export interface CellTree {
	    containers: cell.Container[];
	}
	export interface CellTreeRequest {
	    resultId: string;
	    row: number;
	    column: number;
	    at: number;
	    rows: number;
	}
	export interface CellWay {
	    steps: cell.Step[];
	}
	export interface ChartSeries {
	    values: string[];
	    texts: string[];
	}
	export interface Chart {
	    at: string[];
	    labels: string[];
	    counts: number[];
	    series: ChartSeries[];
	    rows: number;
	    left: number;
	    endless: number;
	    nulls: number;
	    more: number;
	    spans: boolean;
	    elapsedMs: number;
	}
	export interface ChartRequest {
	    workId: string;
	    resultId: string;
	    kind: string;
	    x: number;
	    y: number[];
	    parts: number;
	}
	
	export interface CheckRequest {
	    connectionId: string;
	    sessionId: string;
	    text: string;
	    offset: number;
	    cursor: number;
	}
	export interface Checked {
	    from: number;
	    to: number;
	    error?: apperr.Error;
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
	    exports: number;
	    imports: number;
	}
	export interface CompareRequest {
	    compareId: string;
	    left: string;
	    right: string;
	    key: number[];
	}
	export interface Comparison {
	    result: session.Result;
	    added: number;
	    removed: number;
	    changed: number;
	    same: number;
	    elapsedMs: number;
	}
	export interface CompleteRequest {
	    connectionId: string;
	    sessionId: string;
	    text: string;
	    cursor: number;
	    upper: boolean;
	}
	export interface ConnectRequest {
	    connectionId: string;
	    profile: conn.Profile;
	    profileId: string;
	    password: string;
	    remember: boolean;
	}
	export interface Connection {
	    id: string;
	    profile: conn.Profile;
	    profileId: string;
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
	export interface StoredProfile {
	    id: string;
	    profile: conn.Profile;
	    group: string;
	    order: number;
	    favourite: boolean;
	    notes: string;
	    hasPassword: boolean;
	}
	export interface SecretHealth {
	    state: string;
	    store: string;
	    reason: string;
	    remedy: string;
	    waiting: boolean;
	    held: number;
	    queued: number;
	    warning: string;
	}
	export interface StoreHealth {
	    path: string;
	    ok: boolean;
	    memory: boolean;
	    says: string;
	    recovery: string;
	    backup: string;
	    generation: number;
	}
	export interface WorkState {
	    id: string;
	    done: number;
	    total: number;
	}
	export interface ImportState {
	    jobId: string;
	    connectionId: string;
	    path: string;
	    schema: string;
	    table: string;
	    state: string;
	    rows: number;
	    rejected: number;
	    skipped: number;
	    read: number;
	    bytes: number;
	    elapsedMs: number;
	    rejects: string;
	    error?: apperr.Error;
	}
	export interface ExportState {
	    jobId: string;
	    path: string;
	    state: string;
	    rows: number;
	    total: number;
	    bytes: number;
	    elapsedMs: number;
	    rowsPerSecond: number;
	    partial: boolean;
	    error?: apperr.Error;
	}
	export interface Contract {
	    run: session.Snapshot;
	    connection: Connection;
	    closing: Closing;
	    export: ExportState;
	    import: ImportState;
	    work: WorkState;
	    catalog: CatalogEvent;
	    store: StoreHealth;
	    secrets: SecretHealth;
	    profile: StoredProfile;
	    error: apperr.Error;
	}
	export interface Copied {
	    cells: number;
	    bytes: number;
	}
	export interface CopyRequest {
	    resultId: string;
	    columns: number[];
	    ranges: CellRange[];
	    format: string;
	    header: boolean;
	    table: string;
	}
	export interface Counted {
	    count: number;
	}
	export interface DataPlace {
	    dir: string;
	    problem: string;
	}
	export interface ParameterValue {
	    name: string;
	    value: string;
	    null: boolean;
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
	    access: string;
	    keepResults: boolean;
	    params: ParameterValue[];
	    firstRows: number;
	}
	export interface ExportProfilesRequest {
	    path: string;
	    ids: string[];
	}
	export interface ExportRef {
	    jobId: string;
	}
	export interface ExportRequest {
	    jobId: string;
	    resultId: string;
	    connectionId: string;
	    schema: string;
	    relation: string;
	    path: string;
	    replace: boolean;
	    format: string;
	    header: boolean;
	    compress: string;
	    delimiter: string;
	    quote: string;
	    null: string;
	    quoteAll: boolean;
	    encoding: string;
	    crlf: boolean;
	    safe: boolean;
	    numbersAsText: boolean;
	    table: string;
	    columns: number[];
	    ranges: CellRange[];
	    rows: number;
	}
	
	export interface FileState {
	    missing: boolean;
	    stamp: string;
	}
	export interface TextFile {
	    path: string;
	    lineEnds: string;
	    mark: boolean;
	    stamp: string;
	}
	export interface FileText {
	    file: TextFile;
	    name: string;
	    text: string;
	    note: string;
	}
	
	export interface FindNextRequest {
	    findId: string;
	    row: number;
	    column: number;
	    order: number[];
	    back: boolean;
	}
	export interface FindRequest {
	    findId: string;
	    resultId: string;
	    search: SearchFor;
	}
	export interface Hit {
	    row: number;
	    column: number;
	    number: number;
	}
	export interface FindWindow {
	    hits: Hit[];
	}
	export interface FindWindowRequest {
	    findId: string;
	    from: number;
	    count: number;
	}
	export interface Found {
	    rows: number;
	    elapsedMs: number;
	}
	export interface FoundSource {
	    source: string;
	    path: string;
	}
	export interface FoundSources {
	    sources: FoundSource[];
	}
	export interface Frequency {
	    value: string;
	    cut: boolean;
	    count: number;
	}
	
	export interface GroupRequest {
	    groupId: string;
	    resultId: string;
	    keys: GroupBy[];
	    across?: GroupBy;
	    aggregates: Aggregate[];
	}
	export interface Groups {
	    result: session.Result;
	    rows: number;
	    values: number;
	    shown: number;
	    complete: boolean;
	    elapsedMs: number;
	}
	export interface Prefill {
	    url: string;
	    path: string;
	    name: string;
	    text: string;
	    note: string;
	    openSample: boolean;
	    sampleQuery: string;
	}
	export interface HandedOver {
	    prefills: Prefill[];
	}
	export interface SpoolHealth {
	    budget: number;
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
	    exports: number;
	    store: StoreHealth;
	    secrets: SecretHealth;
	    connections: ConnectionHealth[];
	}
	export interface HistoryConnections {
	    names: string[];
	}
	export interface HistoryEntry {
	    id: string;
	    at: number;
	    connection: string;
	    color: string;
	    database: string;
	    user: string;
	    text: string;
	    cut: boolean;
	    elapsedUs: number;
	    statements: number;
	    rows: number;
	    outcome: string;
	    code: string;
	    error: string;
	}
	export interface HistoryPage {
	    entries: HistoryEntry[];
	    more: boolean;
	}
	export interface HistoryRef {
	    ids: string[];
	}
	export interface HistoryRequest {
	    words: string;
	    connection: string;
	    outcome: string;
	    before: string;
	    limit: number;
	}
	
	export interface ImportRow {
	    line: number;
	    cells: string[];
	    column: string;
	    reason: string;
	}
	export interface ImportProblem {
	    column: string;
	    rows: number;
	    line: number;
	    reason: string;
	}
	export interface ImportCheck {
	    lines: number;
	    whole: boolean;
	    rejected: number;
	    problems: ImportProblem[];
	    preview: ImportRow[];
	}
	export interface ImportChoice {
	    value: string;
	    label: string;
	}
	export interface ImportColumn {
	    name: string;
	    type: string;
	}
	export interface ImportFileColumn {
	    name: string;
	    type: string;
	    first: string;
	    proposed: string;
	    match: string;
	}
	export interface ImportItem {
	    profile: StoredProfile;
	    summary: string;
	    state: string;
	    notes: string[];
	}
	export interface ImportPlan {
	    connectionId: string;
	    path: string;
	    options: intake.Options;
	    schema: string;
	    table: string;
	    create: boolean;
	    columns: ImportColumn[];
	    keepGoing: boolean;
	    conflict: string;
	    key: string[];
	    rejects: string;
	}
	export interface ImportJob {
	    jobId: string;
	    plan: ImportPlan;
	}
	export interface ImportTableColumn {
	    name: string;
	    type: string;
	    required: boolean;
	}
	export interface ImportTable {
	    schema: string;
	    name: string;
	    columns: ImportTableColumn[];
	    key: string[];
	}
	export interface ImportLook {
	    path: string;
	    name: string;
	    bytes: number;
	    packing: string;
	    options: intake.Options;
	    columns: ImportFileColumn[];
	    rows: ImportRow[];
	    whole: boolean;
	    notes: string[];
	    formats: ImportChoice[];
	    encodings: string[];
	    sheets: string[];
	    proposedTable: string;
	    rejects: string;
	    table?: ImportTable;
	}
	export interface ImportLookRequest {
	    path: string;
	    options: intake.Options;
	    connectionId: string;
	    schema: string;
	    table: string;
	}
	
	export interface ImportPreview {
	    path: string;
	    items: ImportItem[];
	}
	
	export interface ImportRef {
	    jobId: string;
	}
	export interface ImportRequest {
	    profiles: StoredProfile[];
	}
	
	export interface ImportSource {
	    source: string;
	    path: string;
	    text: string;
	}
	
	
	
	export interface Layout {
	    order: string[];
	    active: string;
	    split: number;
	    sidebar: number;
	    sidebarHidden: boolean;
	}
	export interface SelectedRange {
	    anchor: number;
	    head: number;
	}
	export interface Origin {
	    profileId: string;
	    profile: conn.Profile;
	    sample: boolean;
	}
	export interface OpenTab {
	    id: string;
	    title: string;
	    text: string;
	    origin?: Origin;
	    connectionId: string;
	    selection: SelectedRange[];
	    main: number;
	    top: number;
	    manualCommit: boolean;
	    continueOnError: boolean;
	    file?: TextFile;
	    dirty: boolean;
	    closedAt: number;
	}
	export interface Kept {
	    tabs: OpenTab[];
	    layout?: Layout;
	}
	
	
	export interface LogTail {
	    path: string;
	    lines: string[];
	}
	export interface MembersRequest {
	    connectionId: string;
	    kind: string;
	    schemaOid: number;
	}
	export interface NoticesRequest {
	    runId: string;
	    from: number;
	}
	export interface NoticesResult {
	    notices: session.Notice[];
	    count: number;
	}
	export interface NotifyRequest {
	    title: string;
	    text: string;
	}
	export interface ObjectRef {
	    connectionId: string;
	    kind: string;
	    oid: number;
	}
	
	export interface OrderRule {
	    kind: string;
	    language: string;
	    asText: boolean;
	}
	
	export interface PageRequest {
	    resultId: string;
	    from: number;
	    count: number;
	}
	export interface Parameter {
	    name: string;
	    type: string;
	}
	
	export interface ParametersResult {
	    parameters: Parameter[];
	}
	export interface ParseRequest {
	    text: string;
	}
	export interface PathRequest {
	    path: string;
	}
	export interface PictureRequest {
	    path: string;
	    data: string;
	}
	export interface PinRequest {
	    resultId: string;
	}
	export interface Preferences {
	    theme: string;
	    density: string;
	    font: string;
	    fontSize: number;
	    notifyAfter: number;
	    restoreTabs: boolean;
	    keys: Record<string, string>;
	    wrap: boolean;
	    lineNumbers: boolean;
	    closeBrackets: boolean;
	    completing: boolean;
	    upperKeywords: boolean;
	    indent: number;
	    checking: boolean;
	    firstRows: number;
	    resultsDir: string;
	    resultsBudget: number;
	    manualCommit: boolean;
	    continueOnError: boolean;
	    logLevel: string;
	}
	
	export interface ProfileRef {
	    id: string;
	}
	export interface RunRef {
	    runId: string;
	}
	export interface SQLText {
	    text: string;
	}
	export interface SampleRequest {
	    connectionId: string;
	}
	export interface SaveCellRequest {
	    resultId: string;
	    row: number;
	    column: number;
	    path: string;
	    replace: boolean;
	}
	export interface SaveFileRequest {
	    file: TextFile;
	    text: string;
	    replace: boolean;
	}
	export interface SaveProfileRequest {
	    profile: StoredProfile;
	    base?: StoredProfile;
	    password: string;
	    remember: boolean;
	}
	export interface SaveRequest {
	    title: string;
	    folder: string;
	    name: string;
	    kind: string;
	    pattern: string;
	}
	export interface SaveWorkRequest {
	    tabs: OpenTab[];
	    gone: string[];
	    layout?: Layout;
	    leaving: boolean;
	}
	export interface SavedCell {
	    path: string;
	    bytes: number;
	}
	export interface SavedProfile {
	    profile: StoredProfile;
	    notes: string[];
	}
	export interface SavedQuery {
	    id: string;
	    name: string;
	    folder: string;
	    text: string;
	    prefix: string;
	}
	export interface SavedQueries {
	    queries: SavedQuery[];
	}
	
	export interface SavedQueryRef {
	    id: string;
	}
	
	export interface SearchRequest {
	    connectionId: string;
	    text: string;
	    limit: number;
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
	    place: DataPlace;
	    prefill: Prefill;
	    environment: string[];
	    profiles: StoredProfile[];
	    preferences: Preferences;
	    defaults: Preferences;
	    store: StoreHealth;
	}
	
	
	
	export interface Summary {
	    rows: number;
	    nulls: number;
	    distinct: number;
	    min?: string;
	    max?: string;
	    sum?: string;
	    average?: string;
	    approximate: boolean;
	    top: Frequency[];
	    bars: number[];
	}
	export interface SummaryRequest {
	    workId: string;
	    resultId: string;
	    column: number;
	    from: number;
	    to: number;
	}
	
	export interface TextRequest {
	    text: string;
	}
	export interface View {
	    viewId: string;
	    rows: number;
	    of: number;
	    complete: boolean;
	    rules: OrderRule[];
	    elapsedMs: number;
	}
	export interface ViewRequest {
	    viewId: string;
	    resultId: string;
	    sort: SortBy[];
	    filter: FilterBy[];
	    search: SearchFor;
	}
	export interface WorkRef {
	    id: string;
	}

}

export namespace catalog {
	
	export interface ColumnInfo {
	    number: number;
	    name: string;
	    type: string;
	    notNull: boolean;
	    default: string;
	    identity: string;
	    generated: string;
	    collation: string;
	    key: boolean;
	    foreign: boolean;
	    comment: string;
	}
	export interface ConstraintInfo {
	    oid: number;
	    name: string;
	    type: string;
	    definition: string;
	    valid: boolean;
	    otherSchema: string;
	    otherTable: string;
	    otherOid: number;
	    comment: string;
	}
	export interface Definition {
	    sql: string;
	    missing: string;
	}
	export interface GrantInfo {
	    role: string;
	    privileges: string;
	    grantable: boolean;
	}
	export interface PartInfo {
	    oid: number;
	    schema: string;
	    name: string;
	    bound: string;
	    rows: number;
	}
	export interface NamedSQL {
	    name: string;
	    definition: string;
	    enabled: boolean;
	    comment: string;
	}
	export interface IndexInfo {
	    oid: number;
	    name: string;
	    definition: string;
	    unique: boolean;
	    primary: boolean;
	    valid: boolean;
	    method: string;
	    size: number;
	    scans: number;
	    comment: string;
	}
	export interface Description {
	    oid: number;
	    schema: string;
	    name: string;
	    kind: string;
	    quoted: string;
	    owner: string;
	    comment: string;
	    rows: number;
	    partitionKey: string;
	    partitionBound: string;
	    columns: ColumnInfo[];
	    indexes: IndexInfo[];
	    constraints: ConstraintInfo[];
	    referrers: ConstraintInfo[];
	    triggers: NamedSQL[];
	    rules: NamedSQL[];
	    policies: NamedSQL[];
	    partitions: PartInfo[];
	    grants: GrantInfo[];
	    problems: Record<string, apperr.Error>;
	}
	export interface DropPlan {
	    sql: string;
	    cascade: string;
	    dependents: string[];
	}
	
	
	export interface Member {
	    oid: number;
	    name: string;
	    detail: string;
	    variant: string;
	    comment: string;
	}
	export interface Members {
	    members: Member[];
	}
	
	
	export interface SearchHit {
	    kind: string;
	    oid: number;
	    schema: string;
	    name: string;
	    relation: string;
	    detail: string;
	    marks: number[];
	}
	export interface SearchResult {
	    hits: SearchHit[];
	}
	export interface Statistics {
	    tableBytes: number;
	    indexBytes: number;
	    totalBytes: number;
	    liveRows: number;
	    deadRows: number;
	    seqScans: number;
	    indexScans: number;
	    lastVacuum: string;
	    lastAnalyze: string;
	}
	export interface TreeSchema {
	    oid: number;
	    name: string;
	    comment: string;
	    system: boolean;
	    functions: number;
	    types: number;
	}
	export interface Tree {
	    version: number;
	    database: string;
	    readAt: number;
	    schemas: TreeSchema[];
	    oids: number[];
	    names: string[];
	    kinds: string;
	    schema: number[];
	    rows: number[];
	    parents: number[];
	    problems: string[];
	}

}

export namespace cell {
	
	export interface Member {
	    key: string;
	    kind: string;
	    at: number;
	    end: number;
	    text: string;
	    count: number;
	    keys: string[];
	}
	export interface Container {
	    at: number;
	    kind: string;
	    count: number;
	    members: Member[];
	    marks: number[];
	    stride: number;
	}
	
	export interface Step {
	    at: number;
	    index: number;
	    key: string;
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

export namespace intake {
	
	export interface Options {
	    format: string;
	    encoding: string;
	    delimiter: string;
	    quote: string;
	    header: string;
	    null: string;
	    decimal: string;
	    dates: string;
	    sheet: string;
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
	    readOnly: boolean;
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

export namespace suggest {
	
	export interface About {
	    from: number;
	    to: number;
	    kind: string;
	    name: string;
	    detail: string;
	    table: string;
	    comment: string;
	    oid: number;
	}
	export interface Suggestion {
	    label: string;
	    apply: string;
	    kind: string;
	    detail: string;
	    info: string;
	}
	export interface Completion {
	    from: number;
	    to: number;
	    items: Suggestion[];
	}
	export interface Expansion {
	    from: number;
	    to: number;
	    text: string;
	}
	export interface Signature {
	    arguments: string[];
	    result: string;
	    comment: string;
	}
	export interface Signatures {
	    name: string;
	    argument: number;
	    choices: Signature[];
	}

}

