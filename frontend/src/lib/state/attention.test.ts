import { describe, expect, it, vi } from 'vitest'
import { snapshot, statement } from '../api/fake'
import { Attention, endOf } from './attention'

const done = (runId: string, elapsedUs: number) =>
  snapshot({
    runId,
    state: 'done',
    outcome: 'finished',
    elapsedUs,
    statementCount: 1,
    statements: [statement({ rows: 1200 })],
  })

describe('a long run that ends', () => {
  it('is told of once, while the person is elsewhere', () => {
    const notify = vi.fn(async () => undefined)
    let away = false
    const attention = new Attention({ notify }, () => away)
    attention.after = 30
    attention.ended('Query 1', done('a', 31e6))
    away = true
    attention.ended('Query 1', done('b', 29e6))
    attention.ended('Query 1', snapshot({ runId: 'c', state: 'running', elapsedUs: 90e6 }))
    expect(notify).not.toHaveBeenCalled()
    attention.ended('Query 1', done('d', 31e6))
    attention.ended('Query 1', done('d', 31e6))
    expect(notify.mock.calls).toEqual([[{ title: 'Query 1', text: '1,200 rows · 31.0 s' }]])
    attention.after = 0
    attention.ended('Query 1', done('e', 31e6))
    expect(notify).toHaveBeenCalledTimes(1)
  })

  it('says how it ended', () => {
    const failed = statement({
      error: { kind: 'server', title: 'There is no such table.', message: '', hint: '' } as never,
    })
    expect(endOf(snapshot({ elapsedUs: 61e6, statementCount: 1, statements: [failed] }))).toBe(
      'There is no such table. After 01:01',
    )
    const stopped = statement({ state: 'stopped', elapsedUs: 12.34e6, error: failed.error })
    expect(endOf(snapshot({ elapsedUs: 61e6, outcome: 'stopped', statements: [stopped] }))).toBe(
      'Stopped after 12.3 s',
    )
    expect(endOf(snapshot({ elapsedUs: 61e6, outcome: 'killed', statements: [] }))).toBe(
      'Stopped after 01:01',
    )
    expect(endOf(snapshot({ elapsedUs: 61e6, statementCount: 12, statements: [statement()] }))).toBe(
      '12 statements · 01:01',
    )
  })
})
