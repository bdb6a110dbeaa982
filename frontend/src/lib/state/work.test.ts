import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connection, deferred, failure, FakeBackend, startup, storedProfile } from '../api/fake'
import type { OpenTab, SaveWorkRequest } from '../api/types'
import { reconnect } from './opening'
import { Workspace } from './workspace.svelte'
import { isOf, originOf } from './work.svelte'

const kept = (t: Partial<OpenTab> = {}): OpenTab => ({
  id: 'k1',
  title: 'Query 4',
  text: 'select 1',
  origin: null,
  connectionId: '',
  selection: [{ anchor: 2, head: 5 }],
  main: 0,
  top: 0,
  manualCommit: true,
  continueOnError: false,
  file: null,
  dirty: false,
  closedAt: 0,
  ...t,
})

describe('Work', () => {
  let backend: FakeBackend
  let ws: Workspace
  let text: Map<string, string>
  const saved = () => backend.called<SaveWorkRequest>('work.save')
  const type = (id: string, to: string) => {
    text.set(id, to)
    ws.work.touch(id)
  }

  beforeEach(() => {
    vi.useFakeTimers()
    backend = new FakeBackend()
    ws = new Workspace(backend)
    text = new Map()
    ws.documents = {
      textOf: (id) => text.get(id) ?? '',
      placeOf: (id) => (text.has(id) ? { selection: [{ anchor: 1, head: 1 }], main: 0, top: 0 } : undefined),
      forget: (id) => text.delete(id),
      saved: () => undefined,
    }
  })
  afterEach(() => vi.useRealTimers())

  it('saves a pause after the last key, and while typing goes on twice a second', async () => {
    const tab = ws.newTab('', 'a')
    for (let n = 1; n <= 30; n++) {
      type(tab.id, 'x'.repeat(n))
      await vi.advanceTimersByTimeAsync(50) // never a pause of 200 ms
    }
    const during = saved()
    expect(during.length).toBeGreaterThanOrEqual(2)
    const typed = during.at(-1)!.tabs[0]!.text.length
    expect(typed).toBeGreaterThanOrEqual(20) // at 1,500 ms no more than half a second is missing
    await vi.advanceTimersByTimeAsync(200)
    expect(saved().at(-1)!.tabs).toMatchObject([
      { id: tab.id, text: 'x'.repeat(30), selection: [{ anchor: 1 }] },
    ])
    const count = saved().length
    await vi.advanceTimersByTimeAsync(5000)
    expect(saved()).toHaveLength(count)
  })

  it('saves one at a time, and what was typed meanwhile after it', async () => {
    const tab = ws.newTab()
    const slow = deferred<undefined>()
    backend.when('work.save', () => slow.promise)
    type(tab.id, 'one')
    await vi.advanceTimersByTimeAsync(300)
    type(tab.id, 'two')
    await vi.advanceTimersByTimeAsync(3000)
    expect(saved()).toHaveLength(1)
    slow.resolve(undefined)
    await vi.advanceTimersByTimeAsync(300)
    expect(saved().map((s) => s.tabs[0]!.text)).toEqual(['one', 'two'])
  })

  it('says once that it cannot save, goes on trying, and loses nothing', async () => {
    const tab = ws.newTab()
    backend.when('work.save', () => {
      throw failure({ kind: 'storage', title: 'Open tabs cannot be saved.', message: 'No space left.' })
    })
    type(tab.id, 'one')
    await vi.advanceTimersByTimeAsync(300)
    type(tab.id, 'two')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(ws.notices.bars).toHaveLength(1)
    expect(ws.notices.bars[0]).toMatchObject({ title: 'Open tabs cannot be saved.' })
    expect(ws.notices.bars[0]!.detail).toMatch(/No space left/)
    backend.when('work.save', () => undefined)
    await vi.advanceTimersByTimeAsync(3000)
    expect(saved().at(-1)!.tabs[0]!.text).toBe('two')
    expect(ws.notices.said).toBe('Open tabs are saved again')
  })

  it('keeps what is changed beside the text, and only that tab', async () => {
    await ws.begin()
    const one = ws.newTab('', 'one')
    ws.newTab('', 'two')
    ws.watch()
    await vi.advanceTimersByTimeAsync(300)
    const before = saved().length
    one.manualCommit = true
    ws.watch()
    ws.activate(one.id)
    ws.watch()
    await vi.advanceTimersByTimeAsync(300)
    expect(saved()).toHaveLength(before + 1)
    expect(saved().at(-1)).toMatchObject({
      tabs: [{ id: one.id, text: 'one', manualCommit: true }],
      layout: { active: one.id, order: ws.tabs.map((t) => t.id) },
    })
  })

  it('keeps all before the window goes, and says so', async () => {
    const tab = ws.newTab()
    type(tab.id, 'last words')
    backend.emit('leaving', null)
    await vi.advanceTimersByTimeAsync(50)
    type(tab.id, 'last words, and one more') // which the web view had not handed over yet
    await vi.advanceTimersByTimeAsync(500)
    expect(saved().map((s) => s.tabs[0]?.text)).toEqual(['last words', 'last words, and one more', undefined])
    expect(saved().at(-1)).toMatchObject({ tabs: [], leaving: true })
  })

  it('restores without connecting, running, or saving again', async () => {
    const origin = originOf(connection({ id: 'old' }))
    backend.when('work.restore', () => ({
      tabs: [
        kept({ id: 'a', text: 'select 1', origin }),
        kept({ id: 'b', text: '' }),
        kept({ id: 'c', text: 'closed', closedAt: 7 }),
      ],
      layout: { order: ['a', 'b'], active: 'a', split: 600, sidebar: 300, sidebarHidden: false },
    }))
    await ws.begin()
    ws.watch()
    expect(ws.tabs.map((t) => [t.id, t.title, t.manualCommit])).toEqual([
      ['a', 'Query 4', true],
      ['b', 'Query 4', true],
    ])
    expect(ws.activeId).toBe('a')
    expect([ws.split, ws.sidebar.width]).toEqual([0.6, 300])
    expect(ws.connection).toBeUndefined()
    expect(ws.tabs[0]!.doc).toMatchObject({ initial: 'select 1', selection: [{ anchor: 2, head: 5 }] })
    await vi.advanceTimersByTimeAsync(5000)
    const calls = backend.calls.map((c) => c.name)
    expect(calls.filter((n) => /connect$|execute|openSample|work.save/.test(n))).toEqual([])
    ws.reopen()
    expect(ws.active!.doc.initial).toBe('closed')
    expect(ws.newTab().title).toBe('Query 5')
  })

  it('begins with the first screen when nothing but blank tabs lay open', async () => {
    backend.when('work.restore', () => ({ tabs: [kept({ text: '  ' })], layout: null }))
    await ws.begin()
    expect(ws.start).toBe(true)
    await vi.advanceTimersByTimeAsync(300)
    expect(saved()[0]!.gone).toEqual(['k1'])
  })

  it('finds the connection of a tab again when only the page was loaded anew', async () => {
    backend.when('connections.list', () => [connection({ id: 'live' })])
    backend.when('work.restore', () => ({ tabs: [kept({ connectionId: 'live', text: '' })], layout: null }))
    await ws.begin()
    expect(ws.tabs).toHaveLength(1)
    expect(ws.tabs[0]).toMatchObject({ id: 'k1', connectionId: 'live' })
  })

  it('keeps tabs for reopening where the person does not want them back at start', async () => {
    const wish = { ...startup().preferences, restoreTabs: false }
    backend.when('system.bootstrap', () => startup({ preferences: wish }))
    backend.when('work.restore', () => ({ tabs: [kept({ text: 'select 1' })], layout: null }))
    await ws.begin()
    expect(ws.start).toBe(true)
    expect(ws.canReopen).toBe(true)
  })

  it('begins even when what lay open cannot be read', async () => {
    backend.when('work.restore', () => {
      throw failure({ kind: 'storage', title: 'The tabs that were open cannot be read.' })
    })
    await ws.begin()
    expect(ws.trouble).toBeNull()
    expect(ws.notices.bars[0]!.title).toBe('The tabs that were open cannot be read.')
  })

  it('gives a new connection only to tabs that were on it, or on none', async () => {
    const profile = (host: string) => ({ name: host, color: '', settings: { host } })
    const staging = connection({ id: 's', profileId: 'sp', profile: profile('staging') })
    const production = connection({ id: 'p', profile: profile('production') })
    const stored = storedProfile({ id: 'sp', profile: profile('staging') })
    backend.when('system.bootstrap', () => startup({ profiles: [stored] }))
    backend.when('connections.profiles', () => [stored])
    backend.when('work.restore', () => ({
      tabs: [
        kept({ id: 'a', origin: originOf(staging) }),
        kept({ id: 'b', origin: originOf(production) }),
        kept({ id: 'c', origin: null }),
      ],
      layout: null,
    }))
    await ws.begin()
    backend.when('connections.connect', (req) => ({ ...staging, id: req.connectionId }))
    reconnect(ws, ws.tabById('a')!)
    expect(ws.dialog).toMatchObject({ kind: 'connect', seed: { stored: { id: 'sp' } } })
    const made = (await ws.connections.connect(staging.profile))!
    ws.connected(made)
    expect(ws.tabs.map((t) => t.connectionId)).toEqual([made.id, '', made.id])
    expect(isOf(originOf(connection({ sample: true })), made)).toBe(false)
  })

  it('keeps closed tabs with text for reopening, the others not', async () => {
    await ws.begin()
    const one = ws.newTab('', 'worth it')
    const blank = ws.newTab()
    ws.watch()
    await vi.advanceTimersByTimeAsync(300)
    ws.closeTab(one)
    ws.closeTab(blank)
    await vi.advanceTimersByTimeAsync(300)
    expect(saved().at(-1)).toMatchObject({ tabs: [{ id: one.id, text: 'worth it' }], gone: [blank.id] })
    expect(saved().at(-1)!.tabs[0]!.closedAt).toBeGreaterThan(0)
    ws.reopen()
    ws.watch()
    await vi.advanceTimersByTimeAsync(300)
    expect(saved().at(-1)!.gone).toEqual([one.id])
    expect(saved().at(-1)!.tabs).toMatchObject([{ text: 'worth it', closedAt: 0 }])
  })
})
