import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { connection, failure, FakeBackend } from '../api/fake'
import { Connections } from './connections.svelte'

const profile = { name: 'Roastery', color: '', settings: {} }
const starting = failure({ kind: 'starting', title: 'The server is starting up.', retryable: true })
let backend: FakeBackend
let connections: Connections

beforeEach(() => {
  vi.useFakeTimers()
  backend = new FakeBackend()
  connections = new Connections(backend)
})
afterEach(() => vi.useRealTimers())
const tries = () => backend.called('connections.connect').length

it('asks a server that is starting up again each second, and says so', async () => {
  backend.when('connections.connect', (req) => {
    if (tries() < 3) throw starting
    return connection({ id: req.connectionId })
  })
  const made = connections.connect(profile)
  await vi.advanceTimersByTimeAsync(0)
  expect(connections.attempt?.what).toBe('Roastery, which is starting up: try 2')
  await vi.advanceTimersByTimeAsync(2000)
  expect((await made)?.profile.name).toBe('Roastery staging')
  expect(tries()).toBe(3)
  expect(connections.attempt).toBeNull()
})

it('gives up after ten tries, with the reason', async () => {
  backend.when('connections.connect', () => {
    throw starting
  })
  const made = connections.connect(profile)
  const refused = expect(made).rejects.toThrow('The server is starting up.')
  await vi.advanceTimersByTimeAsync(20_000)
  await refused
  expect(tries()).toBe(10)
})

it('asks no more once it is cancelled, and never for another reason', async () => {
  backend.when('connections.connect', () => {
    throw starting
  })
  const made = connections.connect(profile)
  await vi.advanceTimersByTimeAsync(1500)
  connections.cancel()
  await vi.advanceTimersByTimeAsync(5000)
  expect(await made).toBeUndefined()
  expect(tries()).toBe(2)
  backend.when('connections.connect', () => {
    throw failure({ kind: 'refused', title: 'Nothing answers.' })
  })
  await expect(connections.connect(profile)).rejects.toThrow('Nothing answers.')
  expect(tries()).toBe(3)
})
