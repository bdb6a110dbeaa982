import { beforeEach, describe, expect, it, vi } from 'vitest'
import { column, deferred, description, failure, FakeBackend, tree } from '../api/fake'
import type { Description, SearchResult, Tree } from '../api/types'
import { Catalogs, type Catalog, type Need } from './catalog.svelte'

let backend: FakeBackend
let catalog: Catalog
const orders: Need = { kind: 'relation', oid: 1 }
const settle = () => new Promise((done) => setTimeout(done))

beforeEach(() => {
  backend = new FakeBackend()
  catalog = new Catalogs(backend).of('c1')
})

describe('Catalog', () => {
  it('reads the tree once, when it is looked at', async () => {
    expect(backend.called('schema.tree')).toHaveLength(0)
    catalog.show()
    catalog.show()
    await settle()
    catalog.show()
    expect(backend.called('schema.tree')).toEqual([{ connectionId: 'c1' }])
    expect(catalog.tree?.database).toBe('roastery')
  })

  it('says why there is no tree, and reads again only when asked', async () => {
    backend.when('schema.tree', () => {
      throw failure({ title: 'No permission.' })
    })
    catalog.show()
    await settle()
    catalog.show()
    expect(backend.called('schema.tree')).toHaveLength(1)
    expect(catalog.error?.title).toBe('No permission.')
    await catalog.read(true)
    expect(catalog.error).toBeNull()
    expect(catalog.tree).not.toBeNull()
  })

  it('keeps the tree it has when it cannot be read again', async () => {
    await catalog.read()
    backend.when('schema.refresh', () => {
      throw failure({ title: 'The connection was lost.' })
    })
    await catalog.read(true)
    expect(catalog.tree).not.toBeNull()
    expect(catalog.error?.title).toBe('The connection was lost.')
  })

  it('follows newer versions and no others, and keeps what is open', async () => {
    await catalog.read()
    catalog.begin(['database'])
    catalog.turn('relation:1', true, orders)
    await settle()
    backend.emit('catalog', { connectionId: 'c1', version: 1, complete: true })
    backend.emit('catalog', { connectionId: 'other', version: 9, complete: true })
    await settle()
    expect(backend.called('schema.tree')).toHaveLength(1)
    backend.when('schema.tree', () => tree({ public: ['r orders'] }, { version: 2 }))
    backend.when('schema.describe', () => description({ columns: [column({ name: 'new' })] }))
    backend.emit('catalog', { connectionId: 'c1', version: 2, complete: false })
    await settle()
    expect(catalog.version).toBe(2)
    expect([...catalog.opened.keys()]).toEqual(['database', 'relation:1'])
    expect(catalog.description(1)?.value?.columns[0]?.name).toBe('new')
  })

  it('shows what it had until the new comes', async () => {
    await catalog.read()
    catalog.turn('relation:1', true, orders)
    await settle()
    const late = deferred<Description>()
    backend.when('schema.describe', () => late.promise)
    await catalog.read(true)
    expect(catalog.description(1)?.value?.name).toBe('orders')
    late.resolve(description({ name: 'renamed' }))
    await settle()
    expect(catalog.description(1)?.value?.name).toBe('renamed')
  })

  it('does not put a word in place of what is shown, however long the reading takes', async () => {
    await catalog.read()
    catalog.turn('relation:1', true, orders)
    await settle()
    vi.useFakeTimers()
    try {
      backend.when('schema.describe', () => deferred<Description>().promise)
      await catalog.read(true)
      await vi.advanceTimersByTimeAsync(500)
      expect(catalog.description(1)?.value?.name).toBe('orders')
    } finally {
      vi.useRealTimers()
    }
  })

  it('lets go of what is closed when the tree is read again', async () => {
    await catalog.read()
    catalog.turn('relation:1', true, orders)
    await settle()
    catalog.turn('relation:1', false, orders)
    await catalog.read(true)
    expect(catalog.description(1)).toBeUndefined()
    expect(backend.called('schema.describe')).toHaveLength(1)
  })

  it('drops an older answer for a newer one', async () => {
    const [first, second] = [deferred<Tree>(), deferred<Tree>()]
    backend.when('schema.tree', () => first.promise)
    backend.when('schema.refresh', () => second.promise)
    const reads = [catalog.read(), catalog.read(true)]
    second.resolve(tree({}, { version: 2 }))
    await settle()
    first.resolve(tree({}, { version: 1 }))
    await Promise.all(reads)
    expect(catalog.version).toBe(2)
    expect(catalog.reading).toBe(false)
  })

  it('says that a part takes long, or why it did not come', async () => {
    vi.useFakeTimers()
    try {
      const late = deferred<Description>()
      backend.when('schema.describe', () => late.promise)
      catalog.turn('relation:1', true, orders)
      expect(catalog.description(1)).toBeUndefined()
      await vi.advanceTimersByTimeAsync(160)
      expect(catalog.description(1)).toEqual({ slow: true })
      late.reject(failure({ title: 'No permission.' }))
      await vi.advanceTimersByTimeAsync(0)
      expect(catalog.description(1)?.error?.title).toBe('No permission.')
    } finally {
      vi.useRealTimers()
    }
  })

  it('asks Go for columns once the typing rests, and takes only the answer to what stands there', async () => {
    vi.useFakeTimers()
    try {
      const answers: Record<string, ReturnType<typeof deferred<SearchResult>>> = {}
      backend.when('schema.search', (req) => (answers[req.text] = deferred()).promise)
      for (const text of ['o', 'or', 'ord']) catalog.setFilter(text)
      await vi.advanceTimersByTimeAsync(100)
      expect(backend.called('schema.search')).toEqual([{ connectionId: 'c1', text: 'ord', limit: 200 }])
      catalog.setFilter('orde')
      await vi.advanceTimersByTimeAsync(100)
      answers.ord!.resolve({ hits: [] })
      await vi.advanceTimersByTimeAsync(0)
      expect(catalog.hits).toEqual({})
      answers.orde!.resolve({ hits: [] })
      await vi.advanceTimersByTimeAsync(0)
      expect(catalog.hits).toEqual({ value: [] })
      catalog.setFilter('')
      expect(catalog.hits).toEqual({})
    } finally {
      vi.useRealTimers()
    }
  })

  it('counts what is the person’s own', async () => {
    const t = tree({ public: ['r a', 'v b'], pg_catalog: ['r pg_class'] })
    t.schemas[0]!.functions = 2
    t.schemas[1]!.functions = 3000
    backend.when('schema.tree', () => t)
    await catalog.read()
    expect(catalog.objects).toBe(4)
  })

  it('keeps apart what is opened under a filter', () => {
    catalog.setFilter('x')
    catalog.turn('a', true)
    expect(catalog.opened.has('a')).toBe(false)
    expect(catalog.turned.get('a')).toBe(true)
    catalog.setFilter('xy')
    expect(catalog.turned.size).toBe(0)
    catalog.open('system')
    expect(catalog.opened.has('system')).toBe(true)
  })
})
