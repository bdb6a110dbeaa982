import { expect, it } from 'vitest'
import { preferences } from '../api/fake'
import { applyAppearance, properties } from './appearance'

it('leaves the tokens alone until something else is chosen', () => {
  expect(properties(preferences())).toEqual({})
})

it('makes rows as high as their letters need', () => {
  expect(properties(preferences({ fontSize: 18 }))).toEqual({
    '--t-code': '18px',
    '--t-cell': '17px',
    '--lh-code': '28px',
    '--row': '25px',
  })
  expect(properties(preferences({ fontSize: 14 }))['--row']).toBeUndefined()
  expect(properties(preferences({ fontSize: 14, density: 'compact' }))['--row']).toBe('21px')
  expect(properties(preferences({ fontSize: 11 }))['--t-cell']).toBe('11px')
})

it('names the font, whatever its name', () => {
  const root = document.createElement('html')
  applyAppearance(root, preferences({ font: 'IBM "Plex" Mono', density: 'compact' }))
  expect(root.style.getPropertyValue('--font-mono')).toContain(String.raw`"IBM \"Plex\" Mono"`)
  expect(root.dataset.density).toBe('compact')
  applyAppearance(root, preferences())
  expect(root.style.length).toBe(0)
})
