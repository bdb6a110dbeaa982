// What preferences of looks do to the page: an attribute and custom properties of the root.
import type { Preferences } from '../api/types'

const rows: Record<string, number> = { compact: 20, regular: 24, comfortable: 28 }
/** as the tokens have them */
const usual = { size: 13, line: 20 }

/** The custom properties that differ from the tokens. */
export function properties(p: Preferences): Record<string, string> {
  const all: Record<string, string> = {}
  if (p.font)
    all['--font-mono'] =
      `${/^[\w-]+$/.test(p.font) ? p.font : JSON.stringify(p.font)}, 'Tusk Mono', monospace`
  if (p.fontSize === usual.size) return all
  const cell = Math.max(11, p.fontSize - 1)
  all['--t-code'] = `${p.fontSize}px`
  all['--t-cell'] = `${cell}px`
  all['--lh-code'] = `${Math.round((p.fontSize * usual.line) / usual.size)}px`
  // A row is never lower than its letters need.
  const row = rows[p.density] ?? rows.regular!
  if (cell + 8 > row) all['--row'] = `${cell + 8}px`
  return all
}

export function applyAppearance(root: HTMLElement, p: Preferences): void {
  root.dataset.density = p.density
  const now = properties(p)
  for (const name of ['--font-mono', '--t-code', '--t-cell', '--lh-code', '--row'])
    if (now[name]) root.style.setProperty(name, now[name])
    else root.style.removeProperty(name)
}
