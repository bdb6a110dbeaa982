import { expect, it, vi } from 'vitest'
import { FakeBackend } from '../../lib/api/fake'
import { Workspace } from '../../lib/state/workspace.svelte'
import { onKey, registerCommands } from './commands'

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

it('keeps keys from the editor while a dialog is not drawn yet, and the palette has what was typed', () => {
  const ws = new Workspace(new FakeBackend(), false)
  registerCommands(ws)
  const press = (key: string, more: KeyboardEventInit = {}) => {
    const e = new KeyboardEvent('keydown', { key, cancelable: true, ...more })
    const stop = vi.spyOn(e, 'stopPropagation')
    onKey(ws, e)
    return e.defaultPrevented && stop.mock.calls.length > 0
  }
  expect(press('a')).toBe(false)
  expect(press('k', { ctrlKey: true })).toBe(true)
  for (const key of ['h', 'i', 'x', 'Backspace', 's', 'é', 'Shift', 'Enter', 'ArrowDown'])
    expect(press(key)).toBe(true)
  expect(press('v', { ctrlKey: true })).toBe(true)
  expect(ws.dialog).toEqual({ kind: 'palette', text: 'hisé' })
  expect(press('Escape')).toBe(true)
  expect(ws.dialog).toBeNull()
  ws.dialog = { kind: 'help' }
  expect(press('a')).toBe(true)
  expect(ws.dialog).toEqual({ kind: 'help' })
})
