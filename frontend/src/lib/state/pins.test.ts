import { beforeEach, expect, it } from 'vitest'
import { deferred, FakeBackend, result } from '../api/fake'
import type { Comparison } from '../api/types'
import { Notices } from './notices.svelte'
import { Pins } from './pins.svelte'

let backend: FakeBackend
let pins: Pins
beforeEach(() => {
  backend = new FakeBackend()
  backend.when('queries.pin', () => undefined)
  backend.when('queries.unpin', () => undefined)
  pins = new Pins(backend, new Notices())
})

it('lets go of what is ready only after its tab was closed', async () => {
  const [late, kept] = [deferred<Comparison>(), deferred<undefined>()]
  backend.when('queries.compare', () => late.promise)
  const compared = pins.compare('t1', 'a', 'b', null)
  backend.when('queries.pin', () => kept.promise)
  const pinned = pins.pin('t1', '09:41:03', result({ id: 'r1' }))
  pins.drop('t1')
  const { compareId } = backend.called<{ compareId: string }>('queries.compare')[0]!
  late.resolve({ result: result({ id: compareId }), added: 0, removed: 0, changed: 0, same: 0 } as Comparison)
  kept.resolve(undefined)
  await pinned
  expect(await compared).toBe('')
  expect(pins.of('t1')).toEqual([])
  expect(backend.called('queries.unpin')).toEqual([{ resultId: compareId }, { resultId: 'r1' }])
})

it('pins a result once, however often it is asked to', async () => {
  await Promise.all([
    pins.pin('t1', '09:41:03', result({ id: 'r1' })),
    pins.pin('t1', '09:41:03', result({ id: 'r1' })),
  ])
  expect(pins.of('t1')).toHaveLength(1)
})
