import { cleanup, render } from '@testing-library/svelte'
import { afterEach, expect, it } from 'vitest'
import PreviewTable from './PreviewTable.svelte'

afterEach(cleanup)
const columns = (n: number) => Array.from({ length: n }, (_, i) => ({ name: `c${i}`, type: 'text' }))

it('shows what hides in a text, and tells NULL from the empty one', () => {
  const { container } = render(PreviewTable, {
    label: 'Preview',
    columns: columns(4),
    rows: [{ line: 1, cells: ['a\u202eb\u00a0c', '\u0000', null, ''], column: '', reason: '' }],
  })
  expect([...container.querySelectorAll('td')].map((e) => e.textContent.trim())).toEqual([
    'aU+202Eb⍽c',
    '␀',
    'NULL',
    "''",
  ])
})

it('draws no more columns than can be looked at, and says so', () => {
  const { container } = render(PreviewTable, {
    label: 'Preview',
    columns: columns(1600),
    rows: [{ line: 1, cells: columns(1600).map(() => 'x'), column: '', reason: '' }],
  })
  expect(container.querySelectorAll('td')).toHaveLength(100)
  expect(container.textContent).toContain('The first 100 of 1,600 columns.')
})
