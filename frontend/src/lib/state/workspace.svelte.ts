// The window: its tabs, what is open over them, and what moves between them.
import { untrack } from 'svelte'
import type { Backend } from '../api/backend'
import { decode } from '../api/client'
import { unread } from '../api/preferences'
import type {
  Connection,
  ErrorInfo,
  FileText,
  Kept,
  Layout,
  OpenTab,
  ParameterValue,
  Preferences,
  Startup,
} from '../api/types'
import { applyAppearance } from './appearance'
import { Attention } from './attention'
import { Catalogs } from './catalog.svelte'
import { ClosedTabs, reopenable } from './closed.svelte'
import { Commands } from './commands'
import { Connections } from './connections.svelte'
import { DataDirectory } from './datadir.svelte'
import type { Dialog } from './dialog'
import { Dialogs } from './dialogs.svelte'
import type { Documents, EditorHandle, ExplorerHandle, ResultActions } from './handles'
import { Exports } from './exports.svelte'
import { Imports } from './imports.svelte'
import { Notices } from './notices.svelte'
import { ObjectPage, objectId } from './object.svelte'
import type { Target } from './objects'
import { openHandedOver, prefill } from './opening'
import { Profiles } from './profiles.svelte'
import { newId } from './id'
import type { Look } from './perspective.svelte'
import type { Place } from './place'
import { Pins } from './pins.svelte'
import { Sidebar } from './sidebar.svelte'
import { Tab } from './tab.svelte'
import { asThemeChoice, Theme } from './theme.svelte'
import { Past } from './past.svelte'
import { Saved } from './saved.svelte'
import { SettingsPage, Views, type SettingsSection, type View } from './views.svelte'
import { isOf, originOf, Work } from './work.svelte'

export type { View } from './views.svelte'

/** The name that the history has for a connection, as Go gives it. */
const shownName = (c: Connection) => c.profile.name || c.report.database

export class Workspace {
  readonly backend: Backend
  readonly connections: Connections
  /** the connections that are saved */
  readonly profiles: Profiles
  readonly catalogs: Catalogs
  readonly sidebar = new Sidebar()
  readonly notices = new Notices()
  readonly exports: Exports
  readonly imports: Imports
  readonly pins: Pins
  readonly work: Work
  readonly past: Past
  readonly saved: Saved
  readonly commands = new Commands()
  readonly theme = new Theme()
  readonly mac: boolean
  readonly dataDirectory: DataDirectory
  readonly dialogs = new Dialogs()
  editor: EditorHandle | null = null
  explorer: ExplorerHandle | null = null
  focusResults: () => void = () => undefined
  /** what can be done with the result in view; null while there is none */
  results: ResultActions | null = null
  /** asks how the result in view is to be exported */
  exportResult: () => void = () => undefined
  /** shows the result in view as rows, in groups or as a chart; null while there is none */
  lookAtResult: ((look: Look) => void) | null = null
  documents: Documents = {
    textOf: () => '',
    placeOf: () => undefined,
    forget: () => undefined,
    saved: () => undefined,
  }
  /** share of the height the editor has */
  split = $state(0.4)
  /** the values parameters had last, by name */
  readonly remembered = new Map<string, ParameterValue>()
  #views = new Views()
  #settings = new SettingsPage()
  #attention: Attention
  #startup = $state.raw<Startup | null>(null)
  #trouble = $state.raw<ErrorInfo | null>(null)
  #closed = new ClosedTabs()
  #named = 0
  #lastConnection = ''
  /** the tab in view last */
  #last = ''
  #preferences = $state.raw<Preferences>(unread)
  #saving: Promise<unknown> = Promise.resolve()

  constructor(backend: Backend, mac = /Mac/.test(globalThis.navigator?.platform ?? '')) {
    this.backend = backend
    this.mac = mac
    this.connections = new Connections(backend)
    this.profiles = new Profiles(backend, this.notices)
    this.catalogs = new Catalogs(backend)
    this.exports = new Exports(backend, this.notices)
    this.imports = new Imports(backend, this.notices)
    this.pins = new Pins(backend, this.notices)
    this.notices.covered = () => this.dialogs.any
    this.notices.openHealth = () => this.openSettings('health')
    this.#attention = new Attention(backend.system)
    backend.on('run', (s) => {
      const tab = this.tabById(s.sessionId)
      tab?.apply(s)
      if (tab) this.#attention.ended(tab.title, s)
    })
    this.work = new Work(backend, this.notices, this)
    this.past = new Past(backend, (thrown) => this.notices.report(thrown))
    this.saved = new Saved(backend, this.notices)
    this.dataDirectory = new DataDirectory(backend.system, this.notices, () => this.#moved())
    backend.on('leaving', () => void this.work.leave().catch(() => undefined))
    backend.on('store', (s) => {
      for (const title of [s.recovery, s.ok ? '' : s.says])
        if (title) this.notices.bar({ tone: 'warn', title })
    })
    backend.on('handedOver', () => void openHandedOver(this))
    backend.on('closing', (closing) => (this.dialogs.closing = closing))
  }

  /** What is open over the window. One that is set while another is open waits for it; null closes. */
  get dialog(): Dialog | null {
    return this.dialogs.open
  }
  set dialog(dialog: Dialog | null) {
    if (dialog) this.dialogs.show(dialog)
    else this.dialogs.close()
  }

  get views(): View[] {
    return this.#views.list
  }
  get activeId(): string {
    return this.#views.activeId
  }
  get view(): View | undefined {
    return this.#views.active
  }
  get tabs(): Tab[] {
    return this.views.filter((v) => v.kind === 'query')
  }
  /** the view, when it is an editor */
  get active(): Tab | undefined {
    return this.view?.kind === 'query' ? this.view : undefined
  }
  get preferences(): Preferences {
    return this.#preferences
  }
  /** what they are at first; null until Go has said */
  get defaults(): Preferences | null {
    return this.#startup?.defaults ?? null
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
    return this.#closed.any
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
    return this.views.length === 0 && this.connections.list.length === 0
  }

  tabById(id: string): Tab | undefined {
    return this.tabs.find((t) => t.id === id)
  }

  async begin(): Promise<void> {
    this.#trouble = null
    try {
      const kept = this.#restore()
      this.#startup = await this.backend.system.bootstrap()
      this.#apply(this.#startup.preferences)
      this.profiles.begin(this.#startup.profiles)
      this.dataDirectory.tell(this.#startup.place)
      for (const title of this.#startup.warnings ?? []) this.notices.bar({ tone: 'warn', title })
      await this.connections.refresh()
      this.#show(await kept)
      prefill(this, this.#startup.prefill)
      void this.saved.load()
      await openHandedOver(this)
      const held = this.connections.list[0]
      if (held && this.tabs.length === 0) this.newTab(held.id)
    } catch (thrown) {
      this.#trouble = decode(thrown).info
    }
  }

  /** What lay open. A tab that cannot be read is no reason not to begin. */
  async #restore(): Promise<Kept> {
    try {
      return await this.backend.work.restore()
    } catch (thrown) {
      this.notices.report(thrown)
      return { tabs: [] }
    }
  }

  /** Opens what lay open. Nothing connects or runs; a page that is loaded again finds its connections. */
  #show({ tabs, layout }: Kept): void {
    if (this.tabs.length > 0) return // begun again
    const again = this.#preferences.restoreTabs
    const isOpen = (t: OpenTab) => t.closedAt === 0 && (again || !!this.connections.byId(t.connectionId))
    const open = tabs.filter(isOpen)
    this.#closed.restore(tabs.filter((t) => !isOpen(t)))
    const blank = open.every((t) => t.text.trim() === '' && !t.file)
    for (const kept of open) {
      const live = this.connections.byId(kept.connectionId)
      if (blank && !live) this.work.closed(kept.id)
      else this.#views.add(new Tab(this.backend, kept.title, live?.id ?? '', kept.text, kept))
      this.#named = Math.max(this.#named, Number(/^Query (\d+)$/.exec(kept.title)?.[1] ?? 0))
    }
    if (layout) {
      if (layout.split > 0) this.split = layout.split / 1000
      this.sidebar.width = layout.sidebar
      if (layout.sidebarHidden) this.sidebar.hide()
    }
    const active = this.views.find((v) => v.id === layout?.active) ?? this.views.at(-1)
    if (active) this.activate(active.id)
    this.work.restored(this.layout)
  }

  /** Things are kept in another directory: reads what was there, and saves what is here. */
  async #moved(): Promise<void> {
    this.#apply(await this.backend.system.preferences())
    await this.profiles.read()
    await this.work.flush()
  }

  /** Nothing can be kept, and the person knows. */
  get unkept(): boolean {
    return this.dataDirectory.lacking
  }
  /** How the window is divided, as it is kept. */
  get layout(): Layout {
    return {
      order: this.tabs.map((t) => t.id),
      active: this.activeId,
      split: Math.round(this.split * 1000),
      sidebar: Math.round(this.sidebar.width),
      sidebarHidden: this.sidebar.hidden,
    }
  }

  /** Sees to it that what changes is kept; an effect calls it. */
  watch(): void {
    if (!this.#startup) return
    for (const tab of this.tabs) {
      const c = this.connections.byId(tab.connectionId)
      const origin = c && originOf(c)
      untrack(() => {
        if (origin && JSON.stringify(tab.origin) !== JSON.stringify(origin)) tab.origin = origin
      })
    }
    this.work.look()
  }

  #apply(p: Preferences): void {
    this.#preferences = p
    this.theme.choice = asThemeChoice(p.theme)
    this.#attention.after = p.notifyAfter
    if (globalThis.document) applyAppearance(document.documentElement, p)
    this.commands.restore(p.keys)
  }

  /** Changes preferences: at once here, and saved one after the other. */
  prefer(change: Partial<Preferences>): Promise<unknown> {
    const all = { ...this.#preferences, ...change }
    this.#apply(all)
    this.#saving = this.#saving
      .then(() => this.backend.system.setPreferences(all))
      .catch(async (thrown) => {
        this.notices.report(thrown)
        // One that cannot be is taken back; others hold for this run.
        if (decode(thrown).info.kind === 'usage') this.#apply(await this.backend.system.preferences())
      })
      .catch((thrown) => this.notices.report(thrown))
    return this.#saving
  }

  /** A connection is there: tabs that wait for one take it, else a new tab opens on it. */
  connected(c: Connection, text = ''): void {
    if (this.dialog?.kind === 'connect') this.dialog = null // any other was opened meanwhile
    const waiting = this.tabs.filter((t) => !this.connections.byId(t.connectionId) && isOf(t.origin, c))
    for (const t of waiting) t.connectionId = c.id
    if (waiting.length === 0) this.newTab(c.id, text)
    else if (!waiting.some((t) => t === this.view)) this.activate(waiting.at(-1)!.id)
  }

  /** Goes to a tab of the connection, or opens one. */
  show(c: Connection): void {
    const tab = this.views.findLast((t) => t.connectionId === c.id)
    if (tab) this.activate(tab.id)
    else this.newTab(c.id)
  }

  newTab(connectionId = this.connection?.id ?? '', text = '', title = ''): Tab {
    const tab = new Tab(this.backend, title || `Query ${++this.#named}`, connectionId, text)
    tab.manualCommit = this.#preferences.manualCommit
    tab.continueOnError = this.#preferences.continueOnError
    this.#open(tab)
    return tab
  }

  #open(view: View): void {
    this.#views.add(view)
    this.activate(view.id)
    this.sidebar.leave()
  }

  /** Shows an object's page, which is there at most once. */
  openObject(target: Target, column = ''): void {
    const id = objectId(target)
    let page = this.views.find((v) => v.kind === 'object' && v.id === id) as ObjectPage | undefined
    if (page) this.activate(id)
    else this.#open((page = new ObjectPage(this.backend, target)))
    if (column) page.section = 'columns'
    page.column = column
  }

  /** The tabs beside one, or only those to the right of it. */
  beside(view: View, side: 'both' | 'right'): View[] {
    return this.views.filter((v, i) => v !== view && (side === 'both' || i > this.views.indexOf(view)))
  }

  activate(id: string): void {
    this.#views.activeId = id
    if (this.active) this.#last = id
    this.#lastConnection = this.view?.connectionId || this.#lastConnection
  }

  /** The next or previous tab, round the ends. */
  cycle(step: 1 | -1): void {
    if (this.view) this.activate(this.#views.beside(step))
  }

  /** Closes tabs; asks first, and once, when something of them would be lost. */
  requestClose(...views: View[]): void {
    if (views.some((v) => v.kind === 'query' && v.unfinished) || this.textsLost(views) > 0)
      this.dialog = { kind: 'closeTabs', views }
    else this.closeTabs(views)
  }

  /** How many of these have a text that could not be reopened, as more are closed than can be. */
  textsLost(views: readonly View[]): number {
    const texts = views.filter((v) => v.kind === 'query' && this.textOf(v).trim() !== '')
    return Math.max(0, texts.length - reopenable)
  }

  closeTabs(views: readonly View[]): void {
    for (const view of views) this.closeTab(view)
  }

  closeTab(view: View): void {
    this.#views.remove(view)
    this.activate(this.activeId)
    if (view.kind !== 'query') return
    this.#keepClosed(view)
    this.documents.forget(view.doc.id)
    this.pins.drop(view.id)
    view.close().catch((thrown: unknown) => this.notices.report(thrown))
  }

  /** Opens the tab closed last, with its text; its results are gone. */
  reopen(): void {
    const last = this.#closed.take()
    if (!last) return
    const live = this.connections.list.find((c) => isOf(last.origin, c)) ?? this.connection
    // The session of its old id has ended: a new tab has a new one.
    this.#open(new Tab(this.backend, last.title, live?.id ?? '', last.text, { ...last, id: newId() }))
    this.work.closed(last.id)
  }

  #keepClosed(tab: Tab): void {
    const record = { ...this.work.record(tab), closedAt: Date.now() }
    if (!record.text.trim()) return this.work.closed(tab.id)
    this.work.closed(tab.id, record)
    for (const old of this.#closed.add(record)) this.work.closed(old.id)
  }

  /** The server refuses writes in the tab. */
  locked(tab: Tab): boolean {
    return tab.readOnly ?? this.connections.byId(tab.connectionId)?.profile.settings.read_only === '1'
  }

  /** Locks a tab at once, and asks before it unlocks one. */
  toggleLock(tab: Tab): void {
    if (this.locked(tab)) this.dialog = { kind: 'unlock', tab }
    else tab.lock('read')
  }

  /** Gives a command another key, '' for none; null gives back its own. */
  chooseKey(id: string, key: string | null): void {
    this.commands.choose(id, key)
    void this.prefer({ keys: this.commands.chosen })
  }

  restoreKeys(): void {
    void this.prefer({ keys: {} })
  }

  textOf(tab: Tab): string {
    return this.documents.placeOf(tab.doc.id) ? this.documents.textOf(tab.doc.id) : tab.doc.initial
  }

  placeOf(tab: Tab): Place {
    const { selection, main, top } = tab.doc
    return this.documents.placeOf(tab.doc.id) ?? { selection, main, top }
  }

  /** Tabs of a connection that have something open on the server. */
  openOn(connectionId: string): Tab[] {
    return this.tabs.filter((t) => t.connectionId === connectionId && t.unfinished)
  }

  requestDisconnect(c: Connection): void {
    if (this.openOn(c.id).length > 0) this.dialog = { kind: 'disconnect', connection: c }
    else void this.disconnect(c)
  }

  /** Ends a connection. Tabs with text stay, without one; empty ones and pages of objects go. */
  async disconnect(c: Connection): Promise<void> {
    for (const view of this.views.filter((v) => v.connectionId === c.id)) {
      if (view.kind === 'query' && this.textOf(view).trim() !== '') view.disconnected()
      else this.closeTab(view)
    }
    this.catalogs.forget(c.id)
    await this.connections.disconnect(c.id).catch((thrown: unknown) => this.notices.report(thrown))
    if (!this.view && this.views.length > 0) this.activate(this.views[0]!.id)
  }

  openHistory(): void {
    this.#openOwn(this.past)
  }
  openSaved(): void {
    this.#openOwn(this.saved)
  }
  #openOwn(page: Past | Saved): void {
    if (this.views.includes(page)) this.activate(page.id)
    else this.#open(page)
  }

  askClearHistory(): void {
    this.dialog = {
      kind: 'ask',
      title: 'Clear the history?',
      text: 'All that was ever run is removed from the disk. This cannot be undone.',
      safe: 'Keep it',
      danger: 'Clear history',
      run: () => void this.past.clear(),
    }
  }

  /** Opens a text in a new tab, on the connection of that name if it is open. */
  openText(text: string, connection = '', title = ''): Tab {
    const c = this.connections.list.find((x) => connection !== '' && shownName(x) === connection)
    return this.newTab(c?.id ?? this.connection?.id ?? '', text, title)
  }

  /** Opens a file that was read. */
  openFileTab({ file, name, text }: FileText): Tab {
    const tab = this.newTab(this.connection?.id ?? '', text, name)
    tab.file = file
    return tab
  }

  get canInsert(): boolean {
    return this.tabs.length > 0
  }
  /** Writes a text at the cursor of the tab that was in view last. */
  insertText(text: string): void {
    const tab = this.active ?? this.tabById(this.#last) ?? this.tabs.at(-1)
    if (!tab) return
    this.activate(tab.id)
    // The editor has to be drawn first, with that tab in it.
    requestAnimationFrame(() => setTimeout(() => this.editor?.insert(text)))
  }

  async copyText(text: string): Promise<void> {
    try {
      await this.backend.system.setClipboard({ text })
      this.notices.say('Copied')
    } catch (thrown) {
      this.notices.report(thrown)
    }
  }

  /** Asks under which name the selection, or else the text of the tab, is saved. */
  requestSaveQuery(tab: Tab): void {
    const text = this.editor?.selected() || this.textOf(tab)
    this.dialog = { kind: 'saveQuery', query: { id: '', name: '', folder: '', text, prefix: '' } }
  }

  /** Shows the settings, where they were last or at a section. */
  openSettings(section?: SettingsSection): void {
    if (section) this.#settings.show(section)
    if (this.views.includes(this.#settings)) this.activate(this.#settings.id)
    else this.#open(this.#settings)
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
