import { describe, expect, it, vi } from 'vitest'
import { deferred, failure, FakeBackend, page, result, snapshot, statement } from '../api/fake'
import type { ExecuteRequest, Snapshot } from '../api/types'
import { Tab } from './tab.svelte'

const text = { text: 'select 1', offset: 0, line: 1, cursor: 0 }

function setUp() {
  const backend = new FakeBackend()
  const tab = new Tab(backend, 'Query 1', 'c1')
  const answer = deferred<Snapshot>()
  backend.when('queries.execute', () => answer.promise)
  const of = (s: Partial<Snapshot>) => {
    const { runId } = backend.called<ExecuteRequest>('queries.execute').at(-1)!
    return snapshot({ runId, sessionId: tab.id, ...s })
  }
  return { backend, tab, answer, of }
}
const running = { state: 'running', outcome: '' }
const rows = (n: number, complete = true) => [statement({ results: [result({ rows: n, complete })] })]

describe('Tab', () => {
  it('is busy from the moment it is asked until the run is done', async () => {
    const { tab, answer, of } = setUp()
    const run = tab.run(text)
    expect(tab.busy).toBe(true)
    answer.resolve(
      of({ ...running, seq: 1, statements: rows(200, false), firstPage: page('x1', 0, 200, 200) }),
    )
    await run
    expect(tab.busy).toBe(true)
    expect(tab.window?.cell(199, 0)).toBe('199')
    tab.apply(of({ seq: 2, statements: rows(5_000) }))
    expect(tab.busy).toBe(false)
    expect(tab.window?.rows).toBe(5_000)
  })

  it('shows that it runs when that lasts, and at once when the server says so or it is to stop', async () => {
    vi.useFakeTimers()
    try {
      const { tab, of } = setUp()
      void tab.run(text)
      expect(tab.pending).toBeNull()
      vi.advanceTimersByTime(100)
      expect(tab.pending).not.toBeNull()
      tab.apply(of({ seq: 1, statements: rows(1) }))
      expect(tab.pending).toBeNull()

      const told = setUp()
      void told.tab.run(text)
      told.tab.apply(told.of({ ...running, seq: 1, statements: rows(20, false) }))
      expect(told.tab.pending).not.toBeNull()

      const over = setUp()
      void over.tab.run(text)
      over.tab.apply(over.of({ seq: 1, statements: rows(1) }))
      vi.advanceTimersByTime(100)
      expect(over.tab.pending).toBeNull()
      void over.tab.run(text)
      expect(over.tab.pending).toBeNull()
    } finally {
      vi.useRealTimers()
    }
  })

  it('takes an event before the answer, and only the first page of the older answer', async () => {
    const { tab, answer, of } = setUp()
    const run = tab.run(text)
    tab.apply(of({ seq: 9, statements: rows(300) }))
    expect(tab.busy).toBe(false)
    answer.resolve(
      of({ ...running, seq: 3, statements: rows(200, false), firstPage: page('x1', 0, 200, 200) }),
    )
    await run
    expect(tab.shown?.seq).toBe(9)
    expect(tab.busy).toBe(false)
    expect(tab.window?.cell(0, 0)).toBe('0')
  })

  it('drops older and foreign snapshots', () => {
    const { tab, of } = setUp()
    void tab.run(text)
    tab.apply(of({ ...running, seq: 5, statements: rows(20, false) }))
    tab.apply(of({ ...running, seq: 4, statements: rows(10, false) }))
    expect(tab.window?.rows).toBe(20)
    tab.apply(snapshot({ runId: 'another', sessionId: tab.id, seq: 99 }))
    expect(tab.busy).toBe(true)
  })

  it('runs one thing at a time', () => {
    const { backend, tab } = setUp()
    void tab.run(text)
    void tab.run(text)
    expect(backend.called('queries.execute')).toHaveLength(1)
  })

  it('cancels a run before anything is known of it, once', async () => {
    const { backend, tab, answer } = setUp()
    const run = tab.run(text)
    await tab.cancel()
    await tab.cancel()
    const { runId } = backend.called<ExecuteRequest>('queries.execute')[0]!
    expect(backend.called('queries.cancel')).toEqual([{ runId }])
    expect(tab.pending?.cancelling).toBe(true)
    answer.reject(failure({ kind: 'cancelled', title: 'Stopped.' }))
    await run
    expect(tab.busy).toBe(false)
    expect(tab.error).toBeUndefined()
  })

  it('lets Cancel be pressed again when it could not be sent', async () => {
    const { backend, tab } = setUp()
    void tab.run(text)
    backend.when('queries.cancel', () => {
      throw failure({ kind: 'internal' })
    })
    await expect(tab.cancel()).rejects.toThrow()
    expect(tab.pending?.cancelling).toBe(false)
  })

  it('drops the answer for a closed tab and closes its session', async () => {
    const { backend, tab, answer, of } = setUp()
    const run = tab.run(text)
    const late = of({ seq: 1, statements: rows(3), firstPage: page('x1', 0, 3, 3) })
    await tab.close()
    expect(backend.called('queries.closeSession')).toEqual([{ connectionId: 'c1', sessionId: tab.id }])
    answer.resolve(late)
    await run
    expect(tab.shown).toBeNull()
    expect(tab.busy).toBe(false)
  })

  it('keeps the result before until the next run says something', async () => {
    const { tab, answer, of, backend } = setUp()
    const run = tab.run(text)
    answer.resolve(of({ seq: 1, statements: rows(3) }))
    await run
    backend.when('queries.execute', () => new Promise<Snapshot>(() => undefined))
    void tab.run(text)
    expect(tab.window?.rows).toBe(3)
    tab.apply(of({ ...running, seq: 1, statements: [statement({ state: 'running', tag: '' })] }))
    expect(tab.window).toBeUndefined()
    expect(tab.panel.kind).toBe('empty')
  })

  it('shows an error first, with its place, and keeps the choice of the person', async () => {
    const { tab, answer, of } = setUp()
    const run = tab.run(text)
    tab.apply(of({ ...running, seq: 1, statements: rows(3) }))
    tab.chosen = 'x1'
    const error = failure({ kind: 'missing', title: 'There is no such column.', position: 7 }).info
    const bad = statement({ index: 1, from: 10, to: 30, line: 2, state: 'failed', tag: '', error })
    answer.resolve(
      of({
        seq: 2,
        outcome: 'failed',
        txStatus: 'E',
        txSince: 5,
        txStatements: 2,
        statements: [...rows(3), bad],
      }),
    )
    await run
    expect(tab.panels[0]).toMatchObject({ id: 'error', kind: 'error' })
    expect(tab.panel.id).toBe('x1')
    tab.chosen = ''
    expect(tab.panel.id).toBe('error')
    expect(tab.errorMark).toEqual({ position: 7, text: 'There is no such column.', from: 10, to: 30 })
    expect(tab.tx).toEqual({ status: 'E', since: 5, statements: 2 })
  })

  it('shows why a run could not start, beside what is there', async () => {
    const { tab, answer } = setUp()
    const run = tab.run(text)
    answer.reject(failure({ kind: 'limit', title: 'A limit of this connection is reached.' }))
    await run
    expect(tab.busy).toBe(false)
    expect(tab.panel.kind).toBe('error')
    expect(tab.error?.kind).toBe('limit')
  })

  it('commits beside what is shown, and shows it only when it fails', async () => {
    const { backend, tab, answer, of } = setUp()
    const first = tab.run(text)
    answer.resolve(of({ seq: 1, txStatus: 'T', txSince: 1, txStatements: 1, statements: rows(3) }))
    await first
    expect(tab.tx.status).toBe('T')
    backend.when('queries.execute', (req) =>
      snapshot({ runId: req.runId, sessionId: tab.id, statements: [statement({ tag: 'COMMIT' })] }),
    )
    await tab.transaction('commit')
    expect(backend.called<ExecuteRequest>('queries.execute').at(-1)).toMatchObject({
      text: 'commit',
      cursor: -1,
    })
    expect(tab.tx.status).toBe('I')
    expect(tab.window?.rows).toBe(3)
    // An event that says the same once more comes after the answer.
    const { runId } = backend.called<ExecuteRequest>('queries.execute').at(-1)!
    tab.apply(snapshot({ runId, seq: 99, statements: [statement({ tag: 'COMMIT' })] }))
    expect(tab.window?.rows).toBe(3)

    const error = failure({ kind: 'constraint', position: 0 }).info
    backend.when('queries.execute', (req) =>
      snapshot({ runId: req.runId, outcome: 'failed', statements: [statement({ state: 'failed', error })] }),
    )
    await tab.transaction('commit')
    expect(tab.panel.kind).toBe('error')
    expect(tab.errorMark).toBeNull()
  })

  it('says what became of the session', async () => {
    const { backend, tab } = setUp()
    backend.when('queries.execute', (req) => snapshot({ runId: req.runId, outcome: 'lost', txStatus: '' }))
    await tab.run(text)
    expect(tab.note?.title).toBe('The session of this tab was lost.')
    backend.when('queries.execute', (req) =>
      snapshot({ runId: req.runId, reset: '1 temporary table is gone.' }),
    )
    await tab.run(text)
    expect(tab.note).toEqual({ title: 'This tab has a new session.', detail: '1 temporary table is gone.' })
    backend.when('queries.execute', (req) => snapshot({ runId: req.runId }))
    await tab.run(text)
    expect(tab.note).toBeNull()
  })

  it('fetches notices that did not fit into a snapshot', async () => {
    const { backend, tab, of } = setUp()
    const notice = (index: number) => ({
      index,
      statement: 0,
      at: 0,
      severity: 'NOTICE',
      code: '',
      message: String(index),
      detail: '',
      hint: '',
      where: '',
    })
    const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => notice(from + i))
    backend.when('queries.notices', (req) => ({ notices: range(req.from, 250), count: 250 }))
    void tab.run(text)
    tab.apply(of({ ...running, seq: 1, notices: range(0, 3), noticeCount: 3 }))
    tab.apply(of({ ...running, seq: 2, notices: range(150, 250), noticeCount: 250 }))
    await Promise.resolve()
    await Promise.resolve()
    await Promise.resolve()
    expect(tab.messages.list.map((n) => n.index)).toEqual(Array.from({ length: 250 }, (_, i) => i))
    expect(tab.messages.total).toBe(250)
  })
})
