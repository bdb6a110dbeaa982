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
  Preferences,
  Prefill,
  Startup,
  StoredProfile,
} from '../api/types'
import { Catalogs } from './catalog.svelte'
import { Commands } from './commands'
import { Connections } from './connections.svelte'
import { Exports, type Subject } from './exports.svelte'
import { Notices } from './notices.svelte'
import { ObjectPage, objectId } from './object.svelte'
import type { Target } from './objects'
import { Sidebar } from './sidebar.svelte'
import { Tab, type RunOptions, type RunText } from './tab.svelte'
import { asThemeChoice, Theme } from './theme.svelte'

/** What the connection dialog starts with. */
export type Seed = Pick<Parsed, 'profile' | 'password' | 'notes'> & {
  /** the saved connection it is */
  stored?: StoredProfile
}

export type Dialog =
  | { kind: 'connect'; seed?: Seed }
  | { kind: 'palette'; objects?: boolean }
  | { kind: 'help'; page?: string }
  | { kind: 'closeTab'; tab: Tab }
  | { kind: 'disconnect'; connection: Connection }
  | { kind: 'closing'; closing: Closing }
  | { kind: 'parameters'; parameters: Parameter[]; run: (params: ParameterValue[]) => void }
  | { kind: 'drop'; target: Target }
  | { kind: 'export'; subject: Subject }

/** A tab of the window. */
export type View = Tab | ObjectPage | HealthPage

interface HealthPage {
  readonly kind: 'health'
  readonly id: string
  readonly title: string
  readonly connectionId: ''
}
const health: HealthPage = { kind: 'health', id: 'health', title: 'Health', connectionId: '' }

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

/** What the explorer can do for others while it is drawn. */
export interface ExplorerHandle {
  focus(): void
  filter(): void
  hasFocus(): boolean
}

/** The text and the end of a document, which only the editor keeps; '' for one it has not shown yet. */
export interface Documents {
  textOf(id: string): string
  forget(id: string): void
}

/** Go knows what is a parameter; this spares it texts that have none. */
export const mayHaveParameters = (text: string) => /(^|[^:\w]):[\p{L}_]|\$\d/u.test(text)

/** What the commands ask of the result in view. */
export interface ResultActions {
  find(): void
  findNext(back: boolean): void
  filter(): void
  sort(descending: boolean): void
  undo(): void
  reset(): void
  asSql(): void
  summary(): void
  row(): void
  allColumns(): void
}

export class Workspace {
  readonly backend: Backend
  readonly connections: Connections
  readonly catalogs: Catalogs
  readonly sidebar = new Sidebar()
  readonly notices = new Notices()
  readonly exports: Exports
  readonly commands = new Commands()
  readonly theme = new Theme()
  readonly mac: boolean
  editor: EditorHandle | null = null
  explorer: ExplorerHandle | null = null
  focusResults: () => void = () => undefined
  /** what can be done with the result in view; null while there is none */
  results: ResultActions | null = null
  /** asks how the result in view is to be exported */
  exportResult: () => void = () => undefined
  documents: Documents = { textOf: () => '', forget: () => undefined }
  /** share of the height the editor has */
  split = $state(0.4)
  dialog = $state.raw<Dialog | null>(null)
  /** the values parameters had last, by name */
  readonly remembered = new Map<string, ParameterValue>()
  activeId = $state('')
  #views = $state.raw<View[]>([])
  #startup = $state.raw<Startup | null>(null)
  #trouble = $state.raw<ErrorInfo | null>(null)
  #closed = $state.raw<{ title: string; text: string }[]>([])
  #named = 0
  #lastConnection = ''
  #preferences = $state.raw<Preferences>({ theme: 'system', keys: {}, checking: true })
  #saving: Promise<unknown> = Promise.resolve()
  #profiles = $state.raw<StoredProfile[]>([])

  constructor(backend: Backend, mac = /Mac/.test(globalThis.navigator?.platform ?? '')) {
    this.backend = backend
    this.mac = mac
    this.connections = new Connections(backend)
    this.catalogs = new Catalogs(backend)
    this.exports = new Exports(backend, this.notices)
    this.notices.openHealth = () => this.openHealth()
    backend.on('run', (s) => this.tabById(s.sessionId)?.apply(s))
    backend.on('store', (s) => {
      for (const title of [s.recovery, s.ok ? '' : s.says])
        if (title) this.notices.bar({ tone: 'warn', title })
    })
    backend.on('handedOver', () => void this.#openHandedOver())
    backend.on('closing', (closing) => (this.dialog = { kind: 'closing', closing }))
  }

  get views(): View[] {
    return this.#views
  }
  get view(): View | undefined {
    return this.#views.find((v) => v.id === this.activeId)
  }
  get tabs(): Tab[] {
    return this.#views.filter((v) => v.kind === 'query')
  }
  /** the view, when it is an editor */
  get active(): Tab | undefined {
    return this.view?.kind === 'query' ? this.view : undefined
  }
  /** the connections that are saved, in their order */
  get profiles(): StoredProfile[] {
    return this.#profiles
  }
  get preferences(): Preferences {
    return this.#preferences
  }
  /** statements are looked at by the server while they are written */
  get checking(): boolean {
    return this.#preferences.checking
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
  /** of the view; beside one that has none, the last */
  get connection(): Connection | undefined {
    if (this.view?.connectionId || this.active) return this.connections.byId(this.view!.connectionId)
    return this.connections.byId(this.#lastConnection) ?? this.connections.list[0]
  }
  /** The object that commands are about: that of the page in view, or the one chosen in the explorer. */
  get target(): Target | null {
    if (this.view?.kind === 'object' && !this.explorer?.hasFocus()) return this.view.target
    return this.connection ? this.catalogs.of(this.connection.id).target : null
  }
  /** Nothing is open: the first screen. */
  get start(): boolean {
    return this.#views.length === 0 && this.connections.list.length === 0
  }

  tabById(id: string): Tab | undefined {
    return this.tabs.find((t) => t.id === id)
  }

  async begin(): Promise<void> {
    this.#trouble = null
    try {
      this.#startup = await this.backend.system.bootstrap()
      this.#apply(this.#startup.preferences)
      this.#profiles = this.#startup.profiles
      for (const title of this.#startup.warnings ?? []) this.notices.bar({ tone: 'warn', title })
      await this.connections.refresh()
      this.#prefill(this.#startup.prefill)
      await this.#openHandedOver()
      const held = this.connections.list[0]
      if (held && this.tabs.length === 0) this.newTab(held.id)
    } catch (thrown) {
      this.#trouble = decode(thrown).info
    }
  }

  #apply(p: Preferences): void {
    this.#preferences = p
    this.theme.choice = asThemeChoice(p.theme)
    this.commands.restore(p.keys)
  }

  /** Changes preferences: at once here, and saved one after the other. */
  prefer(change: Partial<Preferences>): Promise<unknown> {
    const all = { ...this.#preferences, ...change }
    this.#apply(all)
    this.#saving = this.#saving
      .then(() => this.backend.system.setPreferences(all))
      .catch((thrown) => this.notices.report(thrown))
    return this.#saving
  }

  #prefill(p: Prefill): void {
    if (p.note) this.notices.bar({ tone: 'warn', title: p.note })
    if (p.text || p.name) this.newTab(this.connection?.id ?? '', p.text, p.name)
    if (p.url) void this.openPasted(p.url)
    else if (p.openSample) void this.openSample(p.sampleQuery)
  }

  /** Opens what a later start of Tusk was asked to open. */
  async #openHandedOver(): Promise<void> {
    try {
      for (const p of (await this.backend.system.handedOver()).prefills) this.#prefill(p)
    } catch (thrown) {
      this.notices.report(thrown)
    }
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
    const waiting = this.tabs.filter((t) => !this.connections.byId(t.connectionId))
    for (const t of waiting) t.connectionId = c.id
    if (text || waiting.length === 0) this.newTab(c.id, text)
    else this.activate(waiting.at(-1)!.id)
  }

  /** Goes to a tab of the connection, or opens one. */
  show(c: Connection): void {
    const tab = this.#views.findLast((t) => t.connectionId === c.id)
    if (tab) this.activate(tab.id)
    else this.newTab(c.id)
  }

  newTab(connectionId = this.connection?.id ?? '', text = '', title = ''): Tab {
    const tab = new Tab(this.backend, title || `Query ${++this.#named}`, connectionId, text)
    this.#open(tab)
    return tab
  }

  #open(view: View): void {
    this.#views = [...this.#views, view]
    this.activate(view.id)
    this.sidebar.leave()
  }

  /** Shows an object's page, which is there at most once. */
  openObject(target: Target, column = ''): void {
    const id = objectId(target)
    let page = this.#views.find((v) => v.kind === 'object' && v.id === id) as ObjectPage | undefined
    if (page) this.activate(id)
    else this.#open((page = new ObjectPage(this.backend, target)))
    if (column) page.section = 'columns'
    page.column = column
  }

  activate(id: string): void {
    this.activeId = id
    this.#lastConnection = this.view?.connectionId || this.#lastConnection
  }

  /** The next or previous tab, round the ends. */
  cycle(step: 1 | -1): void {
    const ids = this.#views.map((v) => v.id)
    if (ids.length === 0) return
    const at = ids.indexOf(this.activeId)
    this.activate(ids[(at + step + ids.length) % ids.length]!)
  }

  /** Closes a tab; asks first when something of it would be lost on the server. */
  requestClose(view: View): void {
    if (view.kind === 'query' && (view.busy || view.tx.status !== 'I'))
      this.dialog = { kind: 'closeTab', tab: view }
    else this.closeTab(view)
  }

  closeTab(view: View): void {
    const at = this.#views.indexOf(view)
    this.#views = this.#views.filter((v) => v !== view)
    if (this.activeId === view.id) this.activate((this.#views[at] ?? this.#views[at - 1])?.id ?? '')
    if (view.kind !== 'query') return
    const text = this.#textOf(view)
    if (text.trim()) this.#closed = [...this.#closed.slice(-9), { title: view.title, text }]
    this.documents.forget(view.doc.id)
    view.close().catch((thrown: unknown) => this.notices.report(thrown))
  }

  /** Opens the tab closed last, with its text; its results are gone. */
  reopen(): void {
    const last = this.#closed.at(-1)
    if (!last) return
    this.#closed = this.#closed.slice(0, -1)
    this.newTab(this.connection?.id, last.text, last.title)
  }

  /** Gives a command another key, '' for none; null gives back its own. */
  chooseKey(id: string, key: string | null): void {
    this.commands.choose(id, key)
    void this.prefer({ keys: this.commands.chosen })
  }

  restoreKeys(): void {
    void this.prefer({ keys: {} })
  }

  /** Saves a connection, without its password; answers how it stands now. */
  async saveProfile(p: StoredProfile): Promise<StoredProfile> {
    const saved = await this.backend.connections.saveProfile(p)
    this.#profiles = await this.backend.connections.profiles()
    return saved
  }

  async deleteProfile(p: StoredProfile): Promise<void> {
    await this.backend.connections.deleteProfile({ id: p.id })
    this.#profiles = await this.backend.connections.profiles()
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
    return this.tabs.filter((t) => t.connectionId === connectionId && (t.busy || t.tx.status !== 'I'))
  }

  requestDisconnect(c: Connection): void {
    if (this.openOn(c.id).length > 0) this.dialog = { kind: 'disconnect', connection: c }
    else void this.disconnect(c)
  }

  /** Ends a connection. Tabs with text stay, without one; empty ones and pages of objects go. */
  async disconnect(c: Connection): Promise<void> {
    for (const view of this.#views.filter((v) => v.connectionId === c.id)) {
      if (view.kind === 'query' && this.#textOf(view).trim() !== '') view.disconnected()
      else this.closeTab(view)
    }
    this.catalogs.forget(c.id)
    await this.connections.disconnect(c.id).catch((thrown: unknown) => this.notices.report(thrown))
    if (!this.view && this.#views.length > 0) this.activate(this.#views[0]!.id)
  }

  openHealth(): void {
    if (this.#views.includes(health)) this.activate(health.id)
    else this.#open(health)
  }

  hideExplorer(): void {
    const had = this.explorer?.hasFocus()
    this.sidebar.hide()
    if (had) this.editor?.focus()
  }

  /** Goes to the explorer, or to its filter. */
  goToExplorer(part: 'focus' | 'filter' = 'focus'): void {
    this.sidebar.show()
    if (this.explorer) this.explorer[part]()
    // It has to be drawn first.
    else requestAnimationFrame(() => this.explorer?.[part]())
  }
}
