import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { createRawSnippet } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import Dialog from './Dialog.svelte'
import Select from './Select.svelte'
import SplitPane from './SplitPane.svelte'
import Toasts from './Toasts.svelte'

const user = userEvent.setup()
const html = (text: string) => createRawSnippet(() => ({ render: () => text }))

beforeEach(() => {
  Element.prototype.getClientRects = () => [{}] as unknown as DOMRectList
})
afterEach(cleanup)

describe('Dialog', () => {
  const inside = html(
    '<div><button>one</button><button data-autofocus>two</button><button disabled>off</button></div>',
  )

  it('takes the focus, keeps it, and gives it back', async () => {
    const opener = document.createElement('button')
    document.body.append(opener)
    opener.focus()
    const onclose = vi.fn()
    const { unmount } = render(Dialog, { label: 'Ask', width: 100, onclose, children: inside })
    expect(document.activeElement).toBe(screen.getByText('two'))
    await user.tab()
    expect(document.activeElement).toBe(screen.getByText('one'))
    await user.tab({ shift: true })
    expect(document.activeElement).toBe(screen.getByText('two'))
    await user.keyboard('{Escape}')
    expect(onclose).toHaveBeenCalledOnce()
    unmount()
    expect(document.activeElement).toBe(opener)
    opener.remove()
  })

  it('closes only the topmost on Escape', async () => {
    const below = vi.fn()
    const above = vi.fn()
    render(Dialog, { label: 'Below', width: 100, onclose: below, children: inside })
    render(Dialog, { label: 'Above', width: 100, onclose: above, children: html('<button>top</button>') })
    await user.keyboard('{Escape}')
    expect(above).toHaveBeenCalledOnce()
    expect(below).not.toHaveBeenCalled()
  })
})

describe('SplitPane', () => {
  it('moves by keys and says where it is', async () => {
    render(SplitPane, {
      label: 'Height',
      value: 0.5,
      initial: 0.4,
      first: html('<p>a</p>'),
      second: html('<p>b</p>'),
    })
    const line = screen.getByRole('separator', { name: 'Height' })
    expect(line.getAttribute('aria-valuenow')).toBe('50')
    line.focus()
    await user.keyboard('{Home}')
    expect(line.getAttribute('aria-valuenow')).toBe(line.getAttribute('aria-valuemin'))
    await user.keyboard('{Enter}')
    expect(line.getAttribute('aria-valuenow')).toBe('40')
  })
})

describe('Select', () => {
  it('tells the value that was chosen', async () => {
    const onchange = vi.fn()
    const choices = ['info', 'debug'].map((value) => ({ value, label: value }))
    render(Select, { label: 'Level', value: 'info', choices, onchange })
    await user.selectOptions(screen.getByLabelText('Level'), 'debug')
    expect(onchange).toHaveBeenCalledWith('debug')
  })

  it('has a long list of choices only while it is used, by a pointer or by keys', async () => {
    const onchange = vi.fn()
    const choices = Array.from({ length: 200 }, (_, i) => ({ value: `c${i}`, label: `column ${i}` }))
    render(Select, { label: 'Column', value: 'c7', choices, onchange })
    const list = screen.getByLabelText<HTMLSelectElement>('Column')
    const shows = () => [list.options.length, list.value, list.selectedOptions[0]?.textContent]
    expect(shows()).toEqual([1, 'c7', 'column 7'])
    await user.tab()
    expect(shows()).toEqual([200, 'c7', 'column 7'])
    await user.selectOptions(list, 'c199')
    expect(onchange).toHaveBeenCalledWith('c199')
    await user.tab()
    expect(list.options.length).toBe(1)
    await fireEvent.pointerDown(list) // gives no focus everywhere
    expect(list.options.length).toBe(200)
  })
})

describe('Toasts', () => {
  it('show text as text, and their action dismisses them', async () => {
    const run = vi.fn()
    const ondismiss = vi.fn()
    const title = '<b>bold</b>'
    render(Toasts, {
      toasts: [{ id: 7, tone: 'error', title, actions: [{ label: 'Open health', run }] }],
      ondismiss,
      onread: () => {},
    })
    expect(screen.getByText('<b>bold</b>')).toBeTruthy()
    await fireEvent.click(screen.getByRole('button', { name: 'Open health' }))
    expect(run).toHaveBeenCalledOnce()
    expect(ondismiss).toHaveBeenCalledWith(7)
  })
})
