import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { createRawSnippet } from 'svelte'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { FakeBackend, preferences, startup } from '../../lib/api/fake'
import { Workspace } from '../../lib/state/workspace.svelte'
import InWorkspace from '../../InWorkspace.svelte'
import { choicesFor, found, settings } from './settings'
import Settings from './Settings.svelte'

const keys = createRawSnippet(() => ({ render: () => '<span></span>' }))

async function open() {
  const backend = new FakeBackend()
  backend.when('system.bootstrap', () => startup({ preferences: preferences({ wrap: true }) }))
  const ws = new Workspace(backend, false)
  await ws.begin()
  ws.openSettings('general')
  const page = ws.view
  if (page?.kind !== 'settings') throw new Error('no settings')
  render(InWorkspace, { props: { ws, part: Settings as never, props: { page, keys } } })
  return { ws, backend, page }
}
const saved = (backend: FakeBackend) => backend.called('system.setPreferences').at(-1)

afterEach(cleanup)

describe('settings', () => {
  it('name every preference but the keys, once', () => {
    const all = Object.keys(preferences()).filter((k) => k !== 'keys')
    expect(settings.map((s) => s.key).sort()).toEqual(all.sort())
  })

  it('are found by what they say', () => {
    expect(found('dark').map((s) => s.key)).toEqual(['theme'])
    expect(found('Autocomplete').map((s) => s.key)).toEqual(['completing'])
    expect(found('nothing like it')).toEqual([])
  })

  it('show a value that is none of the choices', () => {
    expect(choicesFor([{ value: '1', label: 'one' }], '7').map((c) => c.value)).toEqual(['1', '7'])
  })

  it('hold at once and are saved', async () => {
    const { ws, backend } = await open()
    await fireEvent.click(screen.getByRole('button', { name: 'Dark' }))
    expect(ws.theme.current).toBe('dark')
    await fireEvent.change(screen.getByLabelText('Size of code and data'), { target: { value: '15' } })
    await vi.waitFor(() => expect(saved(backend)).toMatchObject({ theme: 'dark', fontSize: 15 }))
    expect(document.documentElement.style.getPropertyValue('--t-code')).toBe('15px')
    await fireEvent.click(screen.getByRole('button', { name: 'Size of code and data: as it came' }))
    await vi.waitFor(() => expect(saved(backend)).toMatchObject({ theme: 'dark', fontSize: 13 }))
  })

  it('go back to what was saved when they are refused', async () => {
    const { ws, backend } = await open()
    backend.when('system.setPreferences', () => {
      throw new Error(JSON.stringify({ kind: 'usage', title: 'No room.' }))
    })
    backend.when('system.preferences', () => preferences({ density: 'compact' }))
    await fireEvent.click(screen.getByRole('button', { name: 'Comfortable 28' }))
    await vi.waitFor(() => expect(ws.preferences.density).toBe('compact'))
    expect(ws.notices.toasts).toHaveLength(1)
  })

  it('are one section at a time, or what the words find', async () => {
    const { page } = await open()
    await fireEvent.click(screen.getByRole('tab', { name: 'Editor' }))
    expect(page.section).toBe('editor')
    const wrap = screen.getByRole('switch', { name: 'Wrap long lines' })
    expect(wrap.getAttribute('aria-checked')).toBe('true')
    await fireEvent.input(screen.getByLabelText('Find a setting'), { target: { value: 'commit' } })
    expect(screen.getByRole('switch', { name: 'New tabs commit by hand' })).toBeTruthy()
    expect(screen.queryByRole('switch', { name: 'Wrap long lines' })).toBeNull()
    await fireEvent.input(screen.getByLabelText('Find a setting'), { target: { value: 'xyzzy' } })
    expect(screen.getByText('No setting says “xyzzy”.')).toBeTruthy()
  })
})
