// The real backend: the generated bindings inside the window, HTTP and an event stream in a browser.
import * as Connections from '../../../wailsjs/go/backend/Connections'
import * as Imports from '../../../wailsjs/go/backend/Imports'
import * as Library from '../../../wailsjs/go/backend/Library'
import * as Queries from '../../../wailsjs/go/backend/Queries'
import * as Schema from '../../../wailsjs/go/backend/Schema'
import * as System from '../../../wailsjs/go/backend/System'
import * as Work from '../../../wailsjs/go/backend/Work'
import { EventsOn } from '../../../wailsjs/runtime/runtime'
import type { Backend } from './backend'
import { call, errorInfo, AppError } from './client'
import { eventNames, Listeners, type EventName } from './events'
import type {
  Connection,
  Kept,
  Page,
  Preferences,
  Snapshot,
  Startup,
  SavedProfile,
  StoredProfile,
} from './types'

type Invoke = (struct: string, method: string, args: unknown[]) => Promise<unknown>
type Bound = Record<string, Record<string, (...args: unknown[]) => Promise<unknown>>>

const bindings = { Connections, Imports, Library, Queries, Schema, System, Work } as unknown as Bound
const bound: Invoke = (struct, method, args) => bindings[struct]![method]!(...args)

/** POST /api/call/Struct.Method with the arguments as a JSON array; token comes from the page's own address. */
export function httpInvoke(token: string, fetcher: typeof fetch = fetch): Invoke {
  return async (struct, method, args) => {
    const answer = await fetcher(`/api/call/${struct}.${method}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(token ? { 'X-Tusk-Token': token } : {}) },
      body: JSON.stringify(args),
    })
    const body = (await answer.json()) as { result?: unknown; error?: unknown }
    const info = errorInfo(body.error)
    if (info) throw new AppError(info)
    if (!answer.ok) throw new Error(`${struct}.${method}: ${answer.status}`)
    return body.result
  }
}

function listen(inWindow: boolean, token: string): Listeners {
  const listeners = new Listeners()
  if (inWindow) {
    for (const name of eventNames) EventsOn(name, (data: unknown) => listeners.emit(name, data as never))
  } else {
    const query = token ? `?token=${encodeURIComponent(token)}` : ''
    new EventSource(`/api/events${query}`).onmessage = (message) => {
      const { name, data } = JSON.parse(String(message.data)) as { name: EventName; data: never }
      listeners.emit(name, data)
    }
  }
  return listeners
}

/** Go's nil slices arrive as null; screens count on lists. */
export function tidy(snapshot: Snapshot): Snapshot {
  const statements = (snapshot.statements ?? []).map((s) => ({
    ...s,
    results: (s.results ?? []).map((r) => ({ ...r, columns: r.columns ?? [] })),
  }))
  const firstPage = snapshot.firstPage && tidyPage(snapshot.firstPage)
  return { ...snapshot, statements, notices: snapshot.notices ?? [], firstPage }
}

const tidyPage = (page: Page): Page => ({ ...page, rows: page.rows ?? [], cut: page.cut ?? [] })
/** Every null of these answers is an empty list or map; none of their fields is optional. */
const tidyLists = <T extends object>(answer: T): T =>
  Object.fromEntries(Object.entries(answer).map(([k, v]) => [k, (v ?? []) as unknown])) as T

const tidyConnection = (c: Connection): Connection => ({
  ...c,
  profile: { ...c.profile, settings: c.profile.settings ?? {} },
})

const tidyProfile = (p: StoredProfile): StoredProfile => ({
  ...p,
  profile: { ...p.profile, settings: p.profile.settings ?? {} },
})
const tidySaved = (s: SavedProfile): SavedProfile => ({ ...s, profile: tidyProfile(s.profile) })
const tidyProfiles = (list: StoredProfile[] | null): StoredProfile[] => (list ?? []).map(tidyProfile)
const tidyPreferences = (p: Preferences): Preferences => ({ ...p, keys: p.keys ?? {} })
const tidyStartup = (s: Startup): Startup => ({
  ...s,
  profiles: tidyProfiles(s.profiles),
  preferences: tidyPreferences(s.preferences),
})

const tidyKept = (k: Kept): Kept => ({
  layout: k.layout && { ...k.layout, order: k.layout.order ?? [] },
  tabs: (k.tabs ?? []).map((t) => ({ ...t, selection: t.selection ?? [] })),
})

export function wailsBackend(): Backend {
  const inWindow = Boolean((globalThis as { go?: { backend?: unknown } }).go?.backend)
  const token = new URLSearchParams(location.search).get('token') ?? ''
  const invoke = inWindow ? bound : httpInvoke(token)
  const listeners = listen(inWindow, token)

  const method =
    <A extends unknown[], R>(struct: string, name: string, after: (r: R) => R = (r) => r) =>
    (...args: A): Promise<R> =>
      call(async () => after((await invoke(struct, name, args)) as R))

  return {
    connections: {
      connect: method('Connections', 'Connect', tidyConnection),
      openSample: method('Connections', 'OpenSample', tidyConnection),
      test: method('Connections', 'Test'),
      disconnect: method('Connections', 'Disconnect'),
      list: method('Connections', 'List', (list: Connection[]) => (list ?? []).map(tidyConnection)),
      parse: method('Connections', 'Parse'),
      fromEnvironment: method('Connections', 'FromEnvironment'),
      profiles: method('Connections', 'Profiles', tidyProfiles),
      saveProfile: method('Connections', 'SaveProfile', tidySaved),
      deleteProfile: method('Connections', 'DeleteProfile'),
      found: method('Connections', 'Found', tidyLists),
      previewImport: method('Connections', 'PreviewImport'),
      import: method('Connections', 'Import'),
      exportProfiles: method('Connections', 'ExportProfiles'),
      forgetPassword: method('Connections', 'ForgetPassword'),
    },
    queries: {
      split: method('Queries', 'Split'),
      execute: method('Queries', 'Execute', tidy),
      check: method('Queries', 'Check'),
      parameters: method('Queries', 'Parameters', tidyLists),
      continue: method('Queries', 'Continue'),
      cancel: method('Queries', 'Cancel'),
      page: method('Queries', 'Page', tidyPage),
      cell: method('Queries', 'Cell'),
      cellBytes: method('Queries', 'CellBytes'),
      cellTree: method('Queries', 'CellTree'),
      cellMembers: method('Queries', 'CellMembers'),
      cellLocate: method('Queries', 'CellLocate'),
      cellFind: method('Queries', 'CellFind'),
      saveCell: method('Queries', 'SaveCell'),
      copy: method('Queries', 'Copy'),
      export: method('Queries', 'Export'),
      cancelExport: method('Queries', 'CancelExport'),
      view: method('Queries', 'View'),
      find: method('Queries', 'Find'),
      findNext: method('Queries', 'FindNext'),
      findWindow: method('Queries', 'FindWindow'),
      summarize: method('Queries', 'Summarize'),
      stopWork: method('Queries', 'StopWork'),
      pin: method('Queries', 'Pin'),
      unpin: method('Queries', 'Unpin'),
      compare: method('Queries', 'Compare'),
      group: method('Queries', 'Group'),
      chart: method('Queries', 'Chart', tidyLists),
      savePicture: method('Queries', 'SavePicture'),
      asSql: method('Queries', 'AsSQL'),
      notices: method('Queries', 'Notices'),
      closeSession: method('Queries', 'CloseSession'),
    },
    schema: {
      tree: method('Schema', 'Tree', tidyLists),
      refresh: method('Schema', 'Refresh', tidyLists),
      members: method('Schema', 'Members', tidyLists),
      describe: method('Schema', 'Describe', tidyLists),
      statistics: method('Schema', 'Statistics'),
      definition: method('Schema', 'Definition'),
      drop: method('Schema', 'Drop', tidyLists),
      search: method('Schema', 'Search', tidyLists),
      complete: method('Schema', 'Complete', tidyLists),
      about: method('Schema', 'About'),
      signatures: method('Schema', 'Signatures', tidyLists),
      expand: method('Schema', 'Expand'),
    },
    system: {
      bootstrap: method('System', 'Bootstrap', tidyStartup),
      handedOver: method('System', 'HandedOver', tidyLists),
      checkSecrets: method('System', 'CheckSecrets'),
      health: method('System', 'Health'),
      useDataDir: method('System', 'UseDataDir'),
      notify: method('System', 'Notify'),
      openLogs: method('System', 'OpenLogs'),
      log: method('System', 'Log'),
      serverLog: method('System', 'ServerLog'),
      chooseFile: method('System', 'ChooseFile'),
      chooseFolder: method('System', 'ChooseFolder'),
      chooseSave: method('System', 'ChooseSave'),
      setClipboard: method('System', 'SetClipboard'),
      openURL: method('System', 'OpenURL'),
      closeWindow: method('System', 'CloseWindow'),
      quit: method('System', 'Quit'),
      preferences: method('System', 'Preferences', tidyPreferences),
      setPreferences: method('System', 'SetPreferences', tidyPreferences),
      backup: method('System', 'Backup'),
      repair: method('System', 'Repair'),
    },
    work: {
      restore: method('Work', 'Restore', tidyKept),
      save: method('Work', 'Save'),
      openFile: method('Work', 'OpenFile'),
      fileState: method('Work', 'FileState'),
      saveFile: method('Work', 'SaveFile'),
    },
    library: {
      history: method('Library', 'History'),
      historyConnections: method('Library', 'HistoryConnections'),
      deleteHistory: method('Library', 'DeleteHistory'),
      clearHistory: method('Library', 'ClearHistory'),
      saved: method('Library', 'Saved'),
      saveQuery: method('Library', 'SaveQuery'),
      deleteQuery: method('Library', 'DeleteQuery'),
    },
    imports: {
      look: method('Imports', 'Look'),
      check: method('Imports', 'Check'),
      begin: method('Imports', 'Begin'),
      cancel: method('Imports', 'Cancel'),
    },
    on: (name, fn) => listeners.on(name, name === 'run' ? (data) => fn(tidyRun(data) as never) : fn),
  }
}

const tidyRun = (data: unknown): Snapshot => tidy(data as Snapshot)
