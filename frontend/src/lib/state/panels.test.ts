import { describe, expect, it } from 'vitest'
import { failure, result, snapshot, statement } from '../api/fake'
import { defaultPanel, marksOf, panelOfStatement, panelsOf, statementNote, tally } from './panels'

const select = (index: number, id: string) =>
  statement({ index, tag: 'SELECT 3', rows: 3, results: [result({ id, rows: 3 })] })
const update = (index: number) => statement({ index, tag: 'UPDATE 118', rows: 118, elapsedUs: 6000 })
const begin = (index: number) => statement({ index, tag: 'BEGIN', rows: 0 })
const labels = (...statements: ReturnType<typeof statement>[]) =>
  panelsOf(snapshot({ statements }), null).map((p) =>
    p.count === undefined ? p.label : `${p.label} ${p.count}`,
  )

describe('panels', () => {
  it('are one for each result and command, then the messages', () => {
    expect(labels(select(0, 'x'))).toEqual(['Result 3', 'Messages 0'])
    expect(labels(begin(0), update(1), select(2, 'x'), select(3, 'y'))).toEqual([
      'BEGIN',
      'UPDATE 118',
      'Result 1 3',
      'Result 2 3',
      'Messages 0',
    ])
  })

  it('leave many commands to the list of statements', () => {
    expect(labels(...Array.from({ length: 7 }, (_, i) => update(i)))).toEqual(['Done', 'Messages 0'])
  })

  it('have a place for what comes before there is anything', () => {
    expect(panelsOf(null, null).map((p) => p.kind)).toEqual(['empty', 'messages'])
    const s = snapshot({ state: 'running', statements: [statement({ state: 'running', tag: '' })] })
    expect(panelsOf(s, null)[0]).toMatchObject({ kind: 'empty', running: true })
  })

  it('put the error first, but not one the person asked for', () => {
    const bad = (kind: 'missing' | 'cancelled') =>
      snapshot({
        outcome: 'failed',
        statements: [select(0, 'x'), statement({ index: 1, state: 'failed', error: failure({ kind }).info })],
      })
    expect(panelsOf(bad('missing'), null)[0]).toMatchObject({ kind: 'error', statement: { index: 1 } })
    expect(panelsOf(bad('cancelled'), null).map((p) => p.kind)).toEqual(['result', 'messages'])
    expect(panelOfStatement(bad('missing').statements[1]!)).toBe('error')
  })

  it('show first what a person wants first', () => {
    const of = (...s: ReturnType<typeof statement>[]) =>
      defaultPanel(panelsOf(snapshot({ statements: s }), null))
    expect(of(begin(0), select(1, 'x'), select(2, 'y'))).toBe('x')
    expect(of(begin(0), update(1))).toBe('command-1')
    const noisy = snapshot({ statements: [begin(0)], noticeCount: 4 })
    expect(defaultPanel(panelsOf(noisy, null))).toBe('messages')
  })
})

it('tells in one line what became of the statements', () => {
  const s = snapshot({
    statements: [
      begin(0),
      update(1),
      statement({ state: 'failed' }),
      ...[3, 4].map(() => statement({ state: 'notrun' })),
    ],
  })
  expect(tally(s)).toBe('2 done · 1 failed · 2 not run')
})

it('annotates statements in the document and none that are not in it', () => {
  expect(statementNote(update(0))).toBe('118 rows · 6 ms')
  expect(statementNote(begin(0))).toBe('0.4 ms')
  expect(statementNote(statement({ tag: 'CALL', elapsedUs: 4_100_000, notices: 6 }))).toBe(
    '4.1 s · 6 notices',
  )
  const s = snapshot({
    statements: [
      update(0),
      statement({ state: 'notrun', from: 20, to: 30 }),
      statement({ from: -1 }),
      statement({ state: 'waiting' }),
      statement({ state: 'running', from: 40, to: 50, tag: '', elapsedUs: 99_000 }),
      statement({ state: 'failed', from: 60, to: 70, tag: '', elapsedUs: 1_200 }),
    ],
  })
  expect(marksOf(s)).toEqual([
    { from: 0, to: 8, state: 'done', text: '118 rows · 6 ms' },
    { from: 20, to: 30, state: 'notrun', text: 'not run' },
    { from: 40, to: 50, state: 'running', text: 'running' },
    { from: 60, to: 70, state: 'failed', text: 'failed after 1.2 ms' },
  ])
})
