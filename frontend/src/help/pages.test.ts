import { expect, it } from 'vitest'
import { FakeBackend } from '../lib/api/fake'
import { registerCommands } from '../features/workspace/commands'
import { Workspace } from '../lib/state/workspace.svelte'
import { cut, pages, parse, plain, search } from '../features/help/manual'

// The commands as the window has them.
const ws = new Workspace(new FakeBackend(), false)
registerCommands(ws)
const titleOf = (id: string) => ws.commands.get(id).title
const all = pages.flatMap((p) => p.blocks.map((block) => ({ page: p.title, block })))

it('has pages with titles, and no mark is left over', () => {
  expect(pages.length).toBeGreaterThan(7)
  for (const p of pages) expect(p.title).not.toBe('')
  for (const { block } of all)
    for (const p of block.parts) if (p.kind === 'text') expect(p.text).not.toMatch(/[`*#]|\[\[|\]\]|\]\(/)
})

it('names only commands that exist', () => {
  const ids = all.flatMap(({ block }) => block.parts.flatMap((p) => (p.kind === 'command' ? [p.id] : [])))
  expect(ids.length).toBeGreaterThan(30)
  for (const id of ids) expect(() => titleOf(id)).not.toThrow()
})

it('names only keys that do something', () => {
  // Keys of places, which are no commands: the lists of the editor, the explorer and the grid.
  const places = ['Ctrl+Space', 'Shift+Space', 'Shift+F10', 'Ctrl+C', 'Ctrl+Shift+C', 'Shift+Enter']
  for (const { block } of all) {
    const text = plain(block, () => '')
    for (const key of text.match(/\b(?:Ctrl|Alt|Shift)\+[\w+]+/g) ?? []) expect(places).toContain(key)
    expect(text).not.toMatch(/\bF\d\b/)
  }
})

it('is found by words in any order, titles first', () => {
  expect(search(pages, 'TRANSACTION commit', titleOf)[0]!.title).toBe('Transactions')
  expect(search(pages, 'doctor', titleOf).map((p) => p.id)).toContain('errors')
  expect(search(pages, 'zebra', titleOf)).toEqual([])
  expect(search(pages, '', titleOf)).toHaveLength(pages.length)
})

it('reads its marks', () => {
  const p = parse('x', '# T\n\ntext `code` [[run.all]].\n## H\n- one\n')
  expect(p.title).toBe('T')
  expect(p.blocks.map((b) => b.kind)).toEqual(['text', 'heading', 'item'])
  expect(plain(p.blocks[0]!, () => 'Run all')).toBe('text code Run all.')
  expect(cut('A plan, a plan', 'PLAN')).toEqual(['A ', 'plan', ', a ', 'plan', ''])
})
