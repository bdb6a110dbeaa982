import { expect, it } from 'vitest'
import { failure, FakeBackend, result } from '../api/fake'
import { arrangementOf } from './arrangement.svelte'
import { Finder } from './finder.svelte'
import { ResultWindow } from './result.svelte'

it('says why the next place cannot be found', async () => {
  const backend = new FakeBackend()
  const window = new ResultWindow((req) => backend.queries.page(req), result({ id: 'r1', rows: 5 }))
  const find = new Finder(backend, arrangementOf(backend, window), () => undefined)
  backend.when('queries.find', () => ({ rows: 3, cells: 3, elapsedMs: 1 }) as never)
  backend.when('queries.findNext', () => ({ row: 1, column: 0, number: 1 }))
  backend.when('queries.stopWork', () => undefined)
  find.change({ text: 'a' })
  find.begin(null)
  await expect.poll(() => find.at?.row).toBe(1)
  backend.when('queries.findNext', () => {
    throw failure({ title: 'The rows cannot be read.' })
  })
  await find.next(false)
  expect(find.error?.title).toBe('The rows cannot be read.')
  // What is asked next looks from the beginning.
  backend.when('queries.findNext', () => ({ row: 2, column: 0, number: 2 }))
  await find.next(false)
  await expect.poll(() => find.at?.row).toBe(2)
  expect(find.error).toBeNull()
})

it('goes to the first hit though the rows change while it is looked for, and nowhere once it is there', async () => {
  const backend = new FakeBackend()
  const window = new ResultWindow((req) => backend.queries.page(req), result({ id: 'r1', rows: 5 }))
  const went: number[] = []
  const find = new Finder(backend, arrangementOf(backend, window), (hit) => went.push(hit.row))
  backend.when('queries.find', () => ({ rows: 3, cells: 3, elapsedMs: 1 }) as never)
  backend.when('queries.findNext', () => ({ row: 4, column: 0, number: 1 }))
  backend.when('queries.stopWork', () => undefined)
  find.begin(null)
  find.change({ text: 'a' })
  find.again() // before the pause after a key is over
  find.again() // while it is looked for
  await expect.poll(() => find.at?.row).toBe(4)
  expect(went).toEqual([4])
  find.again()
  await expect.poll(() => find.rows).toBe(3)
  expect([went, find.at]).toEqual([[4], null])
})
