import { describe, expect, it, vi } from 'vitest'
import { failure, FakeBackend, preferences, startup, storeHealth } from '../api/fake'
import { keyLabel, pressed } from '../text/keys'
import { Commands } from './commands'
import { countRows, drop, openRows, showDefinition, sqlName, type Target } from './objects'
import { reopenable } from './closed.svelte'
import { run } from './running'
import { Workspace } from './workspace.svelte'

const key = (k: string, mods = '') => ({
  key: k,
  ctrlKey: mods.includes('c'),
  metaKey: mods.includes('m'),
  shiftKey: mods.includes('s'),
  altKey: mods.includes('a'),
})

describe('keys', () => {
  it('are Ctrl on Linux and Windows and ⌘ on macOS', () => {
    expect(pressed(key('Enter', 'c'), false)).toBe('Mod-Enter')
    expect(pressed(key('Enter', 'm'), true)).toBe('Mod-Enter')
    expect(pressed(key('Tab', 'c'), true)).toBe('Ctrl-Tab')
    const backTab = { ...key('Unidentified', 'cs'), code: 'Tab' }
    expect(pressed(backTab, false)).toBe('Mod-Shift-Tab')
    expect(pressed(key('C', 'cs'), false)).toBe('Mod-Shift-c')
    expect(keyLabel('Mod-Shift-Enter', false)).toBe('Ctrl+Shift+Enter')
    expect(keyLabel('Mod-Shift-Enter', true)).toBe('⌘⇧↵')
    expect(keyLabel('Mod-k', false)).toBe('Ctrl+K')
  })
})

describe('Commands', () => {
  function some() {
    const commands = new Commands()
    const run = vi.fn()
    let on = true
    commands.register(
      { id: 'a', title: 'Run all', group: 'Run', keys: ['Mod-Enter'], when: () => on, run },
      {
        id: 'b',
        title: 'Open the sample database',
        group: 'Connections',
        keys: ['Mod-d'],
        notIn: 'text',
        run,
      },
      { id: 'c', title: 'Commit and run', group: 'Transaction', words: 'end', run },
    )
    return { commands, run, off: () => (on = false) }
  }

  it('finds the command of a key only while it may run', () => {
    const { commands, off } = some()
    expect(commands.forKey(key('Enter', 'c'), false)?.id).toBe('a')
    expect(commands.forKey(key('Enter'), false)).toBeUndefined()
    off()
    expect(commands.forKey(key('Enter', 'c'), false)).toBeUndefined()
  })

  it('leaves keys to the text where they mean something else', () => {
    const { commands } = some()
    expect(commands.forKey(key('d', 'c'), false)?.id).toBe('b')
    expect(commands.forKey(key('d', 'c'), false, 'text')).toBeUndefined()
    expect(commands.forKey(key('d', 'c'), false, 'grid')?.id).toBe('b')
  })

  it('has keys that mean something in one place only', () => {
    const { commands, run } = some()
    commands.register({ id: 'd', title: 'Copy name', group: 'Objects', keys: ['Mod-c'], onlyIn: 'tree', run })
    expect(commands.forKey(key('c', 'c'), false)).toBeUndefined()
    expect(commands.forKey(key('c', 'c'), false, 'text')).toBeUndefined()
    expect(commands.forKey(key('c', 'c'), false, 'tree')?.id).toBe('d')
  })

  it('does nothing for a command that is off', () => {
    const { commands, run, off } = some()
    off()
    commands.run('a')
    expect(run).not.toHaveBeenCalled()
    commands.run('b')
    expect(run).toHaveBeenCalledOnce()
  })

  it('offers what may run now', () => {
    const { commands, off } = some()
    off()
    expect(commands.able().map((c) => c.id)).toEqual(['b', 'c'])
  })

  it('refuses an id twice', () => {
    const { commands } = some()
    expect(() => commands.register({ id: 'a', title: '', group: 'Run', run: () => undefined })).toThrow(
      'twice',
    )
  })
})

describe('Preferences', () => {
  it('come with the start, and are saved whole and in order when one changes', async () => {
    const backend = new FakeBackend()
    const saved = preferences({ theme: 'dark', keys: { run: 'F5' } })
    backend.when('system.bootstrap', () => startup({ preferences: saved }))
    const ws = new Workspace(backend, false)
    await ws.begin()
    expect(ws.theme.current).toBe('dark')
    expect(backend.called('system.setPreferences')).toEqual([])
    void ws.prefer({ theme: 'light' })
    expect(ws.theme.current).toBe('light')
    await ws.prefer({ checking: false })
    expect(ws.checking).toBe(false)
    const light = { ...saved, theme: 'light' }
    expect(backend.called('system.setPreferences')).toEqual([light, { ...light, checking: false }])
  })

  it('that cannot be saved apply all the same, and it is said', async () => {
    const backend = new FakeBackend()
    backend.when('system.setPreferences', () => {
      throw failure({ kind: 'storage', group: 'storage', title: 'Nothing was saved.' })
    })
    const ws = new Workspace(backend, false)
    await ws.prefer({ theme: 'dark' })
    expect(ws.theme.current).toBe('dark')
    expect([...ws.notices.bars, ...ws.notices.toasts].map((n) => n.title)).toEqual(['Nothing was saved.'])
  })

  it('of a newer Tusk with another theme look as the system does', async () => {
    const backend = new FakeBackend()
    backend.when('system.bootstrap', () => startup({ preferences: preferences({ theme: 'sepia' }) }))
    const ws = new Workspace(backend, false)
    await ws.begin()
    expect(ws.theme.choice).toBe('system')
    expect(ws.preferences.theme).toBe('sepia')
  })

  it('tells what was repaired while running', () => {
    const backend = new FakeBackend()
    const ws = new Workspace(backend, false)
    backend.emit('store', storeHealth({ recovery: 'It was damaged.' }))
    backend.emit('store', storeHealth({ ok: false, memory: true, says: 'For this run only.' }))
    expect(ws.notices.bars.map((b) => b.title)).toEqual(['It was damaged.', 'For this run only.'])
  })
})

describe('Workspace', () => {
  it('asks before it closes a tab with an open transaction', async () => {
    const backend = new FakeBackend()
    const ws = new Workspace(backend, false)
    const made = (await ws.connections.connect({ name: 'A', color: '', settings: {} }))!
    ws.connected(made)
    const tab = ws.active!
    backend.when('queries.execute', (req) => ({ ...base(req.runId), txStatus: 'T', txStatements: 1 }))
    await tab.run({ text: 'begin', offset: 0, line: 1, cursor: -1 })
    ws.requestClose(tab)
    expect(ws.dialog).toMatchObject({ kind: 'closeTabs', views: [tab] })
    expect(ws.tabs).toHaveLength(1)
    ws.closeTab(tab)
    expect(ws.tabs).toHaveLength(0)
    expect(backend.called('queries.closeSession')).toHaveLength(1)
  })

  it('closes several tabs, and asks once when more have a text than can be reopened', () => {
    const ws = new Workspace(new FakeBackend(), false)
    for (let i = 0; i <= reopenable + 1; i++) ws.newTab('', `select ${i}`)
    const second = ws.views[1]!
    expect(ws.beside(second, 'both')).toHaveLength(reopenable + 1)
    ws.requestClose(...ws.beside(second, 'both'))
    expect(ws.dialog).toMatchObject({ kind: 'closeTabs' })
    expect(ws.textsLost(ws.beside(second, 'both'))).toBe(1)
    ws.dialog = null
    ws.requestClose(...ws.beside(second, 'right'))
    expect(ws.dialog).toBeNull()
    expect(ws.views.map((v) => v.title)).toEqual(['Query 1', 'Query 2'])
    expect(ws.active).toBe(second)
    ws.reopen()
    expect(ws.textOf(ws.active!)).toBe(`select ${reopenable + 1}`)
  })

  it('shows every dialog, one after the other, also when a command of the palette opens one', async () => {
    const ws = new Workspace(new FakeBackend(), false)
    const rows = {
      kind: 'importRows',
      from: { connectionId: 'c1', path: '/a.csv', schema: '', table: '' },
    } as const
    for (const frames of [0, 1]) {
      ws.dialog = { kind: 'palette' }
      ws.dialog = { kind: 'palette', text: 'man' }
      ws.dialog = rows
      expect(ws.dialog).toEqual({ kind: 'palette', text: 'man' })
      ws.dialog = null // and the command runs, before the next is there or after
      if (frames) await new Promise((r) => setTimeout(r))
      ws.dialog = { kind: 'help' }
      const order = frames ? ['importRows', 'help', undefined] : ['help', 'importRows', undefined]
      for (const kind of order) {
        expect(ws.dialog?.kind).toBe(kind)
        ws.dialog = null
        await new Promise((r) => setTimeout(r))
      }
    }
  })

  it('asks once for the values of a run that was asked for twice', async () => {
    const backend = new FakeBackend()
    const ws = new Workspace(backend, false)
    backend.when('queries.parameters', () => ({ parameters: [{ name: 'id', type: 'int4' }] }))
    const tab = ws.newTab('c1')
    const text = { text: 'select :id', offset: 0, line: 1, cursor: 0 }
    await Promise.all([run(ws, tab, text), run(ws, tab, text)])
    expect(ws.dialog?.kind).toBe('parameters')
    ws.dialog = null
    await new Promise((r) => setTimeout(r))
    expect(ws.dialog).toBeNull()
  })

  it('closes no other dialog when a connection is there at last', async () => {
    const ws = new Workspace(new FakeBackend(), false)
    const made = (await ws.connections.connect({ name: 'A', color: '', settings: {} }))!
    ws.dialog = { kind: 'help' }
    ws.connected(made)
    expect(ws.dialog).toEqual({ kind: 'help' })
    ws.dialog = null
    ws.dialog = { kind: 'connect' }
    ws.connected(made)
    expect(ws.dialog).toBeNull()
  })

  it('cycles round the ends, settings included', () => {
    const ws = new Workspace(new FakeBackend(), false)
    const a = ws.newTab('c1')
    const b = ws.newTab('c1')
    ws.openSettings('health')
    ws.cycle(1)
    expect(ws.activeId).toBe(a.id)
    ws.cycle(-1)
    expect(ws.activeId).toBe('settings')
    ws.cycle(-1)
    expect(ws.activeId).toBe(b.id)
  })

  it('has one page an object, which closes and cycles like any tab and goes with its connection', async () => {
    const ws = new Workspace(new FakeBackend(), false)
    const made = (await ws.connections.connect({ name: 'A', color: '', settings: {} }))!
    ws.connected(made, 'select 1')
    const query = ws.active!
    const orders: Target = {
      connectionId: made.id,
      kind: 'relation',
      oid: 1,
      schema: 'public',
      name: 'orders',
      variant: 'r',
    }
    ws.openObject(orders)
    ws.openObject({ ...orders, oid: 2, name: 'farms' })
    ws.openObject(orders, 'note')
    expect(ws.views.map((v) => v.title)).toEqual(['Query 1', 'orders', 'farms'])
    expect(ws.view).toMatchObject({ kind: 'object', column: 'note', section: 'columns' })
    expect(ws.active).toBeUndefined()
    expect(ws.target).toEqual(orders)
    expect(ws.connection?.id).toBe(made.id)
    ws.cycle(-1)
    expect(ws.active).toBe(query)
    expect(ws.target).toBeNull()
    ws.cycle(-1)
    expect(ws.view?.title).toBe('farms')
    ws.requestClose(ws.view!)
    expect(ws.view?.title).toBe('orders')
    await ws.disconnect(made)
    expect(ws.views).toEqual([query])
  })

  it('runs what is asked of an object in a tab of its own, with its name written as it must be', async () => {
    const backend = new FakeBackend()
    backend.when('schema.definition', () => ({ sql: 'create table x ();', missing: 'Its owner.' }))
    const ws = new Workspace(backend, false)
    const made = (await ws.connections.connect({ name: 'A', color: '', settings: {} }))!
    ws.connected(made)
    const odd: Target = {
      connectionId: made.id,
      kind: 'relation',
      oid: 1,
      schema: 'My Schema',
      name: 'order',
      variant: 'r',
    }
    openRows(ws, odd)
    countRows(ws, odd)
    const texts = () => backend.called<{ text: string }>('queries.execute').map((e) => e.text)
    expect(texts()).toEqual([
      'select * from "My Schema"."order";',
      'select count(*) from "My Schema"."order";',
    ])
    await showDefinition(ws, odd)
    expect(ws.active?.doc.initial).toBe('-- Its owner.\ncreate table x ();')
    expect(texts()).toHaveLength(2)
    drop(ws, odd, 'drop table "My Schema"."order";')
    expect(texts().at(-1)).toBe('drop table "My Schema"."order";')
    expect(ws.active?.title).toBe('drop order')
    expect([
      sqlName({ ...odd, schema: 'public', name: 'orders' }),
      sqlName({ ...odd, schema: 'a', name: 'b' }),
      sqlName({ ...odd, kind: 'column', name: 'Order No' }),
    ]).toEqual(['orders', 'a.b', '"Order No"'])
  })

  it('keeps tabs with text when their connection is closed, and gives them the next one', async () => {
    const backend = new FakeBackend()
    const ws = new Workspace(backend, false)
    const made = (await ws.connections.connect({ name: 'A', color: '', settings: {} }))!
    ws.connected(made, 'select 1')
    ws.newTab(made.id)
    await ws.disconnect(made)
    expect(ws.tabs.map((t) => t.doc.initial)).toEqual(['select 1'])
    expect(ws.start).toBe(false)
    const next = (await ws.connections.connect({ name: 'B', color: '', settings: {} }))!
    ws.connected(next)
    expect(ws.tabs).toHaveLength(1)
    expect(ws.active!.connectionId).toBe(next.id)
  })

  it('connects to nothing by itself, whatever the command line says', async () => {
    const backend = new FakeBackend()
    const prefill = {
      path: '',
      url: 'postgres://h/d',
      name: 'a.sql',
      text: 'drop table a',
      note: '',
      openSample: false,
      sampleQuery: '',
    }
    backend.when('system.bootstrap', () => startup({ prefill }))
    backend.when('connections.parse', () => ({
      profile: { name: '', color: '', settings: { host: 'h' } },
      password: '',
      summary: '',
      notes: [],
    }))
    const ws = new Workspace(backend, false)
    await ws.begin()
    await Promise.resolve()
    await Promise.resolve()
    expect(ws.dialog).toMatchObject({ kind: 'connect', seed: { profile: { settings: { host: 'h' } } } })
    expect(ws.tabs[0]).toMatchObject({ title: 'a.sql', doc: { initial: 'drop table a' } })
    expect(backend.called('connections.connect')).toEqual([])
    expect(backend.called('queries.execute')).toEqual([])
  })

  it('opens what a later start was asked to open, at the start and while it is open', async () => {
    const backend = new FakeBackend()
    const file = (name: string) => ({
      prefills: [{ ...startup().prefill, name, text: `-- ${name}` }],
    })
    backend.when('system.handedOver', () => file('early.sql'))
    const ws = new Workspace(backend, false)
    await ws.begin()
    expect(ws.tabs.map((t) => t.title)).toEqual(['early.sql'])
    backend.when('system.handedOver', () => file('late.sql'))
    backend.emit('handedOver', null)
    await vi.waitFor(() => expect(ws.active?.title).toBe('late.sql'))
    expect(ws.active?.doc.initial).toBe('-- late.sql')
  })
})

function base(runId: string) {
  return {
    runId,
    sessionId: '',
    connectionId: '',
    seq: 1,
    state: 'done',
    outcome: 'finished',
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
    readOnly: false,
  }
}

describe('keys that a person chooses', () => {
  const three = () => {
    const commands = new Commands()
    commands.register(
      { id: 'a', title: 'A', group: 'Run', keys: ['Mod-a', 'F2'], run: vi.fn() },
      { id: 'b', title: 'B', group: 'Run', keys: ['Mod-b'], run: vi.fn() },
      { id: 'c', title: 'C', group: 'Run', keys: ['Mod-b'], onlyIn: 'tree', run: vi.fn() },
    )
    return commands
  }
  const press = (c: Commands, key: string) =>
    c.forKey({ key, ctrlKey: true, metaKey: false, shiftKey: false, altKey: false }, false)?.id

  it('replace the ones it came with, and can be taken back', () => {
    const c = three()
    c.choose('a', 'Mod-x')
    expect([press(c, 'x'), press(c, 'a'), c.keys('a')]).toEqual(['a', undefined, 'Mod-x'])
    c.choose('a', '')
    expect([press(c, 'x'), c.keys('a')]).toEqual([undefined, ''])
    c.choose('a', null)
    expect([press(c, 'a'), c.keys('a')]).toEqual(['a', 'Mod-a'])
    expect(c.chosen).toEqual({})
  })

  it('are taken from whoever had them', () => {
    const c = three()
    expect(c.clash('a', 'Mod-b')?.id).toBe('b')
    c.choose('a', 'Mod-b')
    expect([press(c, 'b'), c.keys('b')]).toEqual(['a', ''])
    expect(c.chosen).toEqual({ a: 'Mod-b', b: '' })
  })

  it('come back as they were, without commands that are no more', () => {
    const c = three()
    c.restore({ b: 'Mod-y', gone: 'Mod-z' })
    expect([press(c, 'y'), press(c, 'z'), press(c, 'b')]).toEqual(['b', undefined, undefined])
  })
})
