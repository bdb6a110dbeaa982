// One editor tab: its document, its session's run, results, transaction and messages. The session's id is the tab's.
import type { Backend } from '../api/backend'
import { AppError, decode } from '../api/client'
import type { ErrorInfo, OpenTab, Origin, Page, ParameterValue, Snapshot, TextFile } from '../api/types'
import { newId } from './id'
import { MessageLog } from './messages.svelte'
import { defaultPanel, failedStatement, marksOf, panelsOf, runError, type Mark, type Panel } from './panels'
import { atStart, type Place } from './place'
import { ResultWindow } from './result.svelte'
import { apart, idle, noteOf, transactionOf, type SessionNote, type Transaction } from './session'

/** What is to run, as the editor gives it: maps 1:1 to ExecuteRequest. */
export interface RunText {
  text: string
  offset: number
  line: number
  cursor: number
}

export interface RunOptions {
  oneTransaction?: boolean
  /** COMMIT and ROLLBACK from the buttons: what is shown stays, unless they fail */
  aside?: boolean
  /** for :name and $1 */
  params?: ParameterValue[]
}

/** How long a run may take, in ms, until the window shows that it is on. */
const unnoticed = 40

/** A run that was asked for and is not over. */
export interface Pending {
  runId: string
  since: number
  cancelling: boolean
}

/** An error as the editor draws it. */
export interface ErrorMark {
  position: number
  text: string
  /** of the statement */
  from: number
  to: number
  fix?: { from: number; to: number; text: string }
}

export class Tab {
  readonly kind = 'query'
  readonly id: string
  readonly doc: { id: string; initial: string } & Place
  readonly messages: MessageLog
  title = $state('')
  connectionId = $state('')
  manualCommit = $state(false)
  continueOnError = $state(false)
  /** the panel the person chose; '' while none */
  chosen = $state('')
  cursor = $state.raw({ line: 1, col: 1, selected: 0 })
  selectedCells = $state(0)
  /** of the exact numbers among them; '' when it cannot be told */
  sumSelected = $state.raw<() => string>(() => '')
  /** the text that a proposal replaces stands as it was run */
  fixable = $state(true)
  note = $state.raw<SessionNote | null>(null)
  /** the connection it was on last */
  origin = $state.raw<Origin | null>(null)
  /** the file it was read from, or saved to last */
  file = $state.raw<TextFile | null>(null)
  /** what has become of the file: 'changed' or 'gone'; '' when it is as the tab knows it */
  fileNote = $state<'' | 'changed' | 'gone'>('')
  /** it was restored with changes that its file does not have */
  #unsaved = $state(false)
  /** the text is another than the document began with */
  edited = $state(false)
  /** what the person chose for this tab and connection: that the server refuses writes, or takes them */
  #access = $state.raw<{ connectionId: string; value: 'read' | 'write' } | null>(null)
  /** what the server said of it last */
  #readOnly = $state.raw<boolean | null>(null)
  #backend: Backend
  #shown = $state.raw<Snapshot | null>(null)
  #pending = $state.raw<Pending | null>(null)
  /** it has lasted long enough to be shown */
  #noticed = $state(false)
  #noticing: ReturnType<typeof setTimeout> | undefined
  #failure = $state.raw<ErrorInfo | null>(null)
  #windows = $state.raw<ReadonlyMap<string, ResultWindow>>(new Map())
  #tx = $state.raw<Transaction>(idle)
  #runId = ''
  /** the run is COMMIT or ROLLBACK of a button; snapshots of it come after its end too */
  #aside = false
  #seq = -1
  #last: { text: RunText; options: RunOptions } | undefined
  #closed = false
  #panels = $derived(panelsOf(this.#shown, this.#failure))
  #marks = $derived(marksOf(this.#shown))

  constructor(backend: Backend, title: string, connectionId: string, initial = '', kept?: OpenTab) {
    this.#backend = backend
    this.id = kept?.id ?? newId()
    this.title = title
    this.connectionId = connectionId
    const { selection, main, top } = kept ?? atStart
    this.doc = { id: this.id, initial, selection, main, top }
    if (kept) {
      this.manualCommit = kept.manualCommit
      this.continueOnError = kept.continueOnError
      this.origin = kept.origin ?? null
      this.file = kept.file ?? null
      this.#unsaved = kept.dirty
    }
    this.messages = new MessageLog(backend)
  }

  /** The run that is shown, which is the one before while a new one has not said anything yet. */
  get shown(): Snapshot | null {
    return this.#shown
  }
  /** The run that a person waits for: not in its first moment, in which most are over, so that nothing flickers. */
  get pending(): Pending | null {
    return this.#noticed ? this.#pending : null
  }
  /** A run is on, and the tab takes no other. */
  get busy(): boolean {
    return this.#pending !== null
  }
  get tx(): Transaction {
    return this.#tx
  }
  /** Something of it is open on the server, and would be lost with it. */
  get unfinished(): boolean {
    return this.busy || this.#tx.status !== 'I'
  }
  /** The server refuses writes here; null while only the connection's settings say. */
  get readOnly(): boolean | null {
    const access = this.access
    return this.#readOnly ?? (access ? access === 'read' : null)
  }
  /** '' is as the connection's settings say. */
  get access(): '' | 'read' | 'write' {
    return this.#access?.connectionId === this.connectionId ? this.#access.value : ''
  }
  /** Holds from the next run on, and for this connection only. */
  lock(value: 'read' | 'write'): void {
    this.#access = { connectionId: this.connectionId, value }
    this.#readOnly = null
  }
  get panels(): Panel[] {
    return this.#panels
  }
  get marks(): Mark[] {
    return this.#marks
  }
  get panel(): Panel {
    return (
      this.#panels.find((p) => p.id === this.chosen) ??
      this.#panels.find((p) => p.id === defaultPanel(this.#panels))!
    )
  }
  get window(): ResultWindow | undefined {
    return this.#windows.get(this.panel.resultId ?? '')
  }
  get error(): ErrorInfo | undefined {
    return this.#failure ?? runError(this.#shown)
  }
  /** Where to draw the error, in the document. */
  get errorMark(): ErrorMark | null {
    const st = failedStatement(this.#shown)
    const e = st?.error
    if (!st || e?.position === undefined) return null
    return { position: e.position, text: e.title, from: st.from, to: st.to, fix: e.fixes?.[0] }
  }
  /** Where to go for the error: its place, or where its statement begins when the server names no place. */
  get errorPlace(): number | null {
    const from = failedStatement(this.#shown)?.from ?? -1
    return this.errorMark?.position ?? (from < 0 ? null : from)
  }

  /** The file does not have what the tab has. */
  get dirty(): boolean {
    return this.file !== null && (this.#unsaved || this.edited)
  }

  /** The file has the text now. */
  saved(text: string): void {
    this.#unsaved = false
    this.edited = false
    this.fileNote = ''
    this.doc.initial = text
  }

  /** Runs the text. Nothing happens while another run of this tab is on. */
  async run(text: RunText, options: RunOptions = {}): Promise<void> {
    if (this.#pending || this.#closed) return
    const runId = newId()
    this.#pending = { runId, since: Date.now(), cancelling: false }
    this.#noticing = setTimeout(() => this.#notice(), unnoticed)
    this.#runId = runId
    this.#aside = options.aside ?? false
    this.#seq = -1
    this.#failure = null
    if (!options.aside) this.#last = { text, options }
    try {
      const answer = await this.#backend.queries.execute({
        connectionId: this.connectionId,
        sessionId: this.id,
        runId,
        ...text,
        onError: this.continueOnError ? 'continue' : 'stop',
        oneTransaction: options.oneTransaction ?? false,
        manualCommit: this.manualCommit && !options.aside && !options.oneTransaction,
        keepResults: options.aside ?? false,
        access: this.access,
        params: options.params ?? [],
        firstRows: 0,
      })
      if (this.#closed || this.#runId !== runId) return
      this.apply(answer)
      if (answer.firstPage) this.#give(answer.firstPage)
    } catch (thrown) {
      if (this.#closed || this.#pending?.runId !== runId) return
      this.#fail(decode(thrown))
    }
  }

  runAgain(): void {
    if (this.#last) void this.run(this.#last.text, this.#last.options)
  }

  /** BEGIN, COMMIT or ROLLBACK: a run like any other, but what is shown stays. */
  transaction(text: 'begin' | 'commit' | 'rollback'): Promise<void> {
    return this.run({ text, offset: 0, line: 1, cursor: -1 }, { aside: true })
  }

  /** Rows wait at the server, because results have used up their room. */
  get paused(): boolean {
    return this.busy && this.#shown?.state === 'paused'
  }

  /** Lets the rest of the rows come, however many there are. */
  async goOn(): Promise<void> {
    await this.#backend.queries.continue({ runId: this.#runId })
  }

  /** Asks the server to stop. May come before the run is known there. */
  async cancel(): Promise<void> {
    const run = this.#pending
    if (!run || run.cancelling) return
    this.#pending = { ...run, cancelling: true }
    this.#notice()
    try {
      await this.#backend.queries.cancel({ runId: run.runId })
    } catch (thrown) {
      if (this.#pending?.runId === run.runId) this.#pending = { ...this.#pending, cancelling: false }
      throw thrown
    }
  }

  /** Takes a snapshot, from an answer or an event. Older ones, and those of other runs, are dropped. */
  apply(s: Snapshot): void {
    if (this.#closed || s.runId !== this.#runId || s.seq <= this.#seq) return
    this.#seq = s.seq
    const run = this.#pending
    this.#tx = transactionOf(s) ?? this.#tx
    const done = s.state === 'done'
    if (!this.#aside || (done && s.outcome !== 'finished')) this.#show(s, this.#aside)
    if (done) {
      if (s.txStatus) this.#readOnly = s.readOnly
      this.#over()
      this.note = noteOf(s)
    } else if (run) {
      this.#notice()
      if (s.state === 'stopping' && !run.cancelling) this.#pending = { ...run, cancelling: true }
    }
  }

  #notice(): void {
    clearTimeout(this.#noticing)
    this.#noticed = true
  }

  #over(): void {
    clearTimeout(this.#noticing)
    this.#pending = null
    this.#noticed = false
  }

  #show(s: Snapshot, aside: boolean): void {
    const first = this.#shown?.runId !== s.runId
    if (first) {
      this.chosen = ''
      this.selectedCells = 0
      this.sumSelected = () => ''
      this.fixable = true
      this.#failure = null
      this.messages.begin(s.runId)
    }
    this.messages.take(s.notices, s.noticeCount)
    this.#syncWindows(s)
    this.#shown = aside ? apart(s) : s
  }

  #syncWindows(s: Snapshot): void {
    const results = s.statements.flatMap((st) => st.results)
    let changed = results.length !== this.#windows.size
    const next = new Map<string, ResultWindow>()
    for (const r of results) {
      const held = this.#windows.get(r.id)
      changed ||= !held
      const window = held ?? new ResultWindow((req) => this.#backend.queries.page(req), r)
      window.update(r)
      next.set(r.id, window)
    }
    if (!changed) return
    for (const [id, w] of this.#windows) if (!next.has(id)) w.dispose()
    this.#windows = next
  }

  #give(page: Page): void {
    this.#windows.get(page.resultId)?.give(page)
  }

  #fail(error: AppError): void {
    this.#over()
    this.chosen = ''
    if (error.info.kind !== 'cancelled') this.#failure = error.info
  }

  /** Its connection was closed by the person: what it had on the server is gone, the text and results stay. */
  disconnected(): void {
    this.#runId = ''
    this.#over()
    this.#tx = idle
    this.note = null
  }

  /** Lets go of everything; the session is rolled back and closed when it still had something open. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#over()
    for (const w of this.#windows.values()) w.dispose()
    await this.#backend.queries.closeSession({ connectionId: this.connectionId, sessionId: this.id })
  }
}
