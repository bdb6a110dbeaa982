import { expect, it } from 'vitest'
import { deferred, FakeBackend, result } from '../../lib/api/fake'
import type { View, ViewRequest } from '../../lib/api/types'
import { arrangementOf } from '../../lib/state/arrangement.svelte'
import { Finder } from '../../lib/state/finder.svelte'
import { ResultWindow } from '../../lib/state/result.svelte'
import { Shown } from './shown.svelte'

it('makes the heads of the columns once while work is under way, however often it says how far it is', () => {
  const backend = new FakeBackend()
  backend.when('queries.view', () => deferred<View>().promise)
  const base = new ResultWindow((req) => backend.queries.page(req), result({ id: 'r1', rows: 5 }))
  const work = arrangementOf(backend, base)
  const shown = new Shown(work, new Finder(backend, work, () => undefined))
  void work.filterBy([{ column: 0, op: '=', values: ['1'], case: false }])
  const { viewId } = backend.called<ViewRequest>('queries.view')[0]!
  const heads = shown.columns
  expect(heads[0]!.filtered).toBe(true)
  backend.emit('work', { id: viewId, done: 1, total: 10 })
  expect(work.job.working!.done).toBe(1)
  expect(shown.columns).toBe(heads)
  work.stop()
  expect(shown.columns[0]!.filtered).toBe(false)
})
