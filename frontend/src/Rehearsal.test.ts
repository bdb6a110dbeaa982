import { expect, it, vi } from 'vitest'
import { render } from '@testing-library/svelte'
import InWorkspace from './InWorkspace.svelte'
import { registerCommands } from './features/workspace/commands'
import { FakeBackend } from './lib/api/fake'
import { Workspace } from './lib/state/workspace.svelte'
import Rehearsal from './Rehearsal.svelte'

it('shows rows that nobody sees or can reach, asks Go for nothing and leaves the workspace as it was', async () => {
  // jsdom has no layout, and a grid draws what there is room for.
  for (const side of ['clientWidth', 'clientHeight'] as const)
    vi.spyOn(HTMLElement.prototype, side, 'get').mockReturnValue(600)
  const backend = new FakeBackend()
  const ws = new Workspace(backend, false)
  registerCommands(ws)
  const [results, focus] = [ws.results, ws.focusResults]
  const before = backend.calls.length
  const onend = vi.fn()
  const { container, unmount } = render(InWorkspace, {
    props: { ws, part: Rehearsal as never, props: { onend } },
  })
  const host = container.querySelector<HTMLElement>('.rehearsal')!
  expect(['inert', 'aria-hidden'].every((a) => host.hasAttribute(a))).toBe(true)
  await vi.waitFor(() => expect(host.querySelector('.btn-cancel')).toBeTruthy())
  await vi.waitFor(() => expect(host.textContent).toContain('2026-11-30 09:41:07+01'))
  await vi.waitFor(() => expect(onend).toHaveBeenCalledOnce())
  expect(host.querySelector('.btn-cancel')).toBeNull()
  unmount()
  expect(backend.calls.slice(before)).toEqual([])
  expect([ws.results, ws.focusResults, ws.tabs.length]).toEqual([results, focus, 0])
})
