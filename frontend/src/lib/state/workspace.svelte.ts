// The window: its tabs, what is open over them, and what moves between them.
import type { Backend } from '../api/backend'
import { decode } from '../api/client'
import type {
  Closing,
  Connection,
  ErrorInfo,
  Parameter,
  ParameterValue,
  Parsed,
  Prefill,
  Startup,
} from '../api/types'
import { Commands } from './commands'
import { Connections } from './connections.svelte'
import { Notices } from './notices.svelte'
import { Tab, type RunOptions, type RunText } from './tab.svelte'
import { Theme } from './theme.svelte'

/** What the connection dialog starts with. */
export type Seed = Pick<Parsed, 'profile' | 'password' | 'notes'>

export type Dialog =
  | { kind: 'connect'; seed?: Seed }
  | { kind: 'palette' }
  | { kind: 'help' }
  | { kind: 'closeTab'; tab: Tab }
  | { kind: 'disconnect'; connection: Connection }
  | { kind: 'closing'; closing: Closing }
  | { kind: 'parameters'; parameters: Parameter[]; run: (params: ParameterValue[]) => void }

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
  /** Why the text was left as it is; '' when it was laid out anew. */
  format(): Promise<string>
  keywordCase(upper: boolean): Promise<void>
  /** False when there is no star at the cursor, or its columns are not known. */
  expand(): Promise<boolean>
  comment(): void
}

/** The text and the end of a document, which only the editor keeps; '' for one it has not shown yet. */
export interface Documents {
  textOf(id: string): string
  forget(id: string): void
}

/** Go knows what is a parameter; this spares it texts that have none. */
export const mayHaveParameters = (text: string) => /(^|[^:\w]):[\p{L}_]|\$\d/u.test(text)

export const healthId = 'health'

export class Workspace {
  readonly backend: Backend
  readonly connections: Connections
  readonly notices = new Notices()
  readonly commands = new Commands()
  readonly theme = new Theme()
  readonly mac: boolean
  editor: EditorHandle | null = null
  focusResults: () => void = () => undefined
  documents: Documents = { textOf: () => '', forget: () => undefined }
  /** share of the height the editor has */
  split = $state(0.4)
  dialog = $state.raw<Dialog | null>(null)
  /** statements are looked at by the server while they are written */
  checking = $state(true)
  /** the values parameters had last, by name */
  readonly remembered = new Map<string, ParameterValue>()
  activeId = $state('')
  #tabs = $state.raw<Tab[]>([])
  #startup = $state.raw<Startup | null>(null)
  #trouble = $state.raw<ErrorInfo | null>(null)
  #closed = $state.raw<{ title: string; text: string }[]>([])
  #health = $state(false)
  #named = 0
  #lastConnection = ''

  constructor(backend: Backend, mac = /Mac/.test(globalThis.navigator?.platform ?? '')) {
    this.backend = backend
    this.mac = mac
    this.connections = new Connections(backend)
    this.notices.openHealth = () => this.openHealth()
    backend.on('run', (s) => this.tabById(s.sessionId)?.apply(s))
    backend.on('closing', (closing) => (this.dialog = { kind: 'closing', closing }))
  }

  get tabs(): Tab[] {
    return this.#tabs
  }
  get active(): Tab | undefined {
    return this.tabById(this.activeId)
  }
  get startup(): Startup | null {
    return this.#startup
  }
  /** why the window could not begin */
  get trouble(): ErrorInfo | null {
    return this.#trouble
  }
  get canReopen(): boolean {
    return this.#closed.length > 0
  }
  get healthOpen(): boolean {
    return this.#health
  }
  get connection(): Connection | undefined {
    if (this.active) return this.connections.byId(this.active.connectionId)
    return this.connections.byId(this.#lastConnection) ?? this.connections.list[0]
  }
  /** Nothing is open: the first screen. */
  get start(): boolean {
    return this.#tabs.length === 0 && this.connections.list.length === 0 && this.activeId !== healthId
  }

  tabById(id: string): Tab | undefined {
    return this.#tabs.find((t) => t.id === id)
  }

  async begin(): Promise<void> {
    this.#trouble = null
    try {
      this.#startup = await this.backend.system.bootstrap()
      for (const title of this.#startup.warnings ?? []) this.notices.bar({ tone: 'warn', title })
      await this.connections.refresh()
      this.#prefill(this.#startup.prefill)
      const held = this.connections.list[0]
      if (held && this.#tabs.length === 0) this.newTab(held.id)
    } catch (thrown) {
      this.#trouble = decode(thrown).info
    }
  }

  #prefill(p: Prefill): void {
    if (p.note) this.notices.bar({ tone: 'warn', title: p.note })
    if (p.text || p.name) this.newTab(this.connection?.id ?? '', p.text, p.name)
    if (p.url) void this.openPasted(p.url)
    else if (p.openSample) void this.openSample(p.sampleQuery)
  }

  /** Opens the connection dialog with what a pasted text says. */
  async openPasted(text: string): Promise<void> {
    try {
      this.dialog = { kind: 'connect', seed: await this.backend.connections.parse({ text }) }
    } catch (thrown) {
      this.notices.report(thrown)
    }
  }

  async openSample(query = this.#startup?.prefill.sampleQuery ?? ''): Promise<void> {
    const there = this.connections.list.find((c) => c.sample)
    if (there) return this.show(there)
    try {
      const made = await this.connections.openSample()
      if (made) this.connected(made, query)
    } catch (thrown) {
      this.notices.report(thrown)
    }
  }

  /** A connection is there: tabs that wait for one take it, else a new tab opens on it. */
  connected(c: Connection, text = ''): void {
    this.dialog = null
    const waiting = this.#tabs.filter((t) => !this.connections.byId(t.connectionId))
    for (const t of waiting) t.connectionId = c.id
    if (text || waiting.length === 0) this.newTab(c.id, text)
    else this.activate(waiting.at(-1)!.id)
  }

  /** Goes to a tab of the connection, or opens one. */
  show(c: Connection): void {
    const tab = this.#tabs.findLast((t) => t.connectionId === c.id)
    if (tab) this.activate(tab.id)
    else this.newTab(c.id)
  }

  newTab(connectionId = this.connection?.id ?? '', text = '', title = ''): Tab {
    const tab = new Tab(this.backend, title || `Query ${++this.#named}`, connectionId, text)
    this.#tabs = [...this.#tabs, tab]
    this.activate(tab.id)
    return tab
  }

  activate(id: string): void {
    this.activeId = id
    this.#lastConnection = this.active?.connectionId ?? this.#lastConnection
  }

  /** The next or previous tab, round the ends. */
  cycle(step: 1 | -1): void {
    const ids = [...this.#tabs.map((t) => t.id), ...(this.#health ? [healthId] : [])]
    if (ids.length === 0) return
    const at = ids.indexOf(this.activeId)
    this.activeId = ids[(at + step + ids.length) % ids.length]!
  }

  /** Closes a tab; asks first when something of it would be lost on the server. */
  requestClose(tab: Tab): void {
    if (tab.busy || tab.tx.status !== 'I') this.dialog = { kind: 'closeTab', tab }
    else this.closeTab(tab)
  }

  closeTab(tab: Tab): void {
    const at = this.#tabs.indexOf(tab)
    this.#tabs = this.#tabs.filter((t) => t !== tab)
    const text = this.#textOf(tab)
    if (text.trim()) this.#closed = [...this.#closed.slice(-9), { title: tab.title, text }]
    this.documents.forget(tab.doc.id)
    if (this.activeId === tab.id)
      this.activeId = (this.#tabs[at] ?? this.#tabs[at - 1])?.id ?? (this.#health ? healthId : '')
    tab.close().catch((thrown: unknown) => this.notices.report(thrown))
  }

  /** Opens the tab closed last, with its text; its results are gone. */
  reopen(): void {
    const last = this.#closed.at(-1)
    if (!last) return
    this.#closed = this.#closed.slice(0, -1)
    this.newTab(this.connection?.id, last.text, last.title)
  }

  /** Runs what the editor gives, after asking for the values of its parameters if it has any. */
  async run(tab: Tab, text: RunText, options: RunOptions = {}): Promise<void> {
    if (tab.busy) return
    try {
      const { parameters } = mayHaveParameters(text.text)
        ? await this.backend.queries.parameters({
            connectionId: tab.connectionId,
            sessionId: tab.id,
            text: text.text,
            offset: text.offset,
            cursor: text.cursor,
          })
        : { parameters: [] }
      if (parameters.length === 0) return await tab.run(text, options)
      this.dialog = {
        kind: 'parameters',
        parameters,
        run: (params) => {
          this.dialog = null
          for (const p of params) this.remembered.set(p.name, p)
          void tab.run(text, { ...options, params })
        },
      }
    } catch (thrown) {
      this.notices.report(thrown)
    }
  }

  #textOf(tab: Tab): string {
    return this.documents.textOf(tab.doc.id) || tab.doc.initial
  }

  /** Tabs of a connection that have something open on the server. */
  openOn(connectionId: string): Tab[] {
    return this.#tabs.filter((t) => t.connectionId === connectionId && (t.busy || t.tx.status !== 'I'))
  }

  requestDisconnect(c: Connection): void {
    if (this.openOn(c.id).length > 0) this.dialog = { kind: 'disconnect', connection: c }
    else void this.disconnect(c)
  }

  /** Ends a connection. Tabs with text stay, without one; empty ones go. */
  async disconnect(c: Connection): Promise<void> {
    for (const tab of this.#tabs.filter((t) => t.connectionId === c.id)) {
      const blank = this.#textOf(tab).trim() === ''
      if (blank) this.closeTab(tab)
      else tab.disconnected()
    }
    await this.connections.disconnect(c.id).catch((thrown: unknown) => this.notices.report(thrown))
    if (!this.active && this.#tabs.length > 0) this.activate(this.#tabs[0]!.id)
  }

  openHealth(): void {
    this.#health = true
    this.activeId = healthId
  }

  closeHealth(): void {
    this.#health = false
    if (this.activeId === healthId) this.activeId = this.#tabs.at(-1)?.id ?? ''
  }
}
