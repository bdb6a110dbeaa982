import { expect, it } from 'vitest'
import { FakeBackend } from '../../lib/api/fake'
import { Workspace } from '../../lib/state/workspace.svelte'
import { registerCommands } from './commands'

it('has no key that stands for two commands in the same place', () => {
  const ws = new Workspace(new FakeBackend(), false)
  registerCommands(ws)
  const taken = new Map<string, string>()
  const twice: string[] = []
  for (const c of ws.commands.all)
    for (const key of c.keys ?? []) {
      const other = taken.get(key)
      // One of the two leaves the place of the other to it.
      if (other && !c.notIn && !ws.commands.all.find((x) => x.id === other)?.notIn)
        twice.push(`${key}: ${other}, ${c.id}`)
      taken.set(key, c.id)
    }
  expect(twice).toEqual([])
})
