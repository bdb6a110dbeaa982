import { describe, expect, it } from 'vitest'
import { connection, deferred, failure, FakeBackend } from '../api/fake'
import type { Connection } from '../api/types'
import { Connections } from './connections.svelte'

const profile = { name: 'Roastery', color: 'amber', settings: {} }

describe('Connections', () => {
  it('cancels at once, and ends a connection that was made too late', async () => {
    const backend = new FakeBackend()
    const answer = deferred<Connection>()
    backend.when('connections.connect', () => answer.promise)
    const c = new Connections(backend)
    const made = c.connect(profile, 'x')
    const id = c.attempt!.id
    c.cancel()
    expect(c.attempt).toBeNull()
    expect(backend.called('connections.disconnect')).toEqual([{ connectionId: id }])
    answer.resolve(connection({ id }))
    expect(await made).toBeUndefined()
    expect(c.list).toEqual([])
    expect(backend.called('connections.disconnect')).toHaveLength(2)
  })

  it('hides the error of a cancelled one and throws that of another', async () => {
    const backend = new FakeBackend()
    const answer = deferred<Connection>()
    backend.when('connections.connect', () => answer.promise)
    const c = new Connections(backend)
    const made = c.connect(profile, '')
    c.cancel()
    answer.reject(failure({ kind: 'cancelled' }))
    expect(await made).toBeUndefined()
    backend.when('connections.connect', () =>
      Promise.reject(failure({ kind: 'refused', title: 'Nothing answers there.' })),
    )
    await expect(c.connect(profile, '')).rejects.toThrow('Nothing answers there.')
    expect(c.attempt).toBeNull()
  })

  it('follows the state of those it has, and no others', async () => {
    const backend = new FakeBackend()
    const c = new Connections(backend)
    const made = (await c.connect(profile, ''))!
    backend.emit('connection', { ...made, state: 'lost' })
    backend.emit('connection', connection({ id: 'foreign' }))
    expect(c.list.map((x) => x.state)).toEqual(['lost'])
    await c.disconnect(made.id)
    backend.emit('connection', { ...made, state: 'connected' })
    expect(c.list).toEqual([])
  })
})
