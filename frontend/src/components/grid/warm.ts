import { mount, unmount } from 'svelte'
import Grid from './Grid.svelte'
import type { GridCell, GridColumn, GridSource } from './types'

const kinds = ['number', 'text', 'time', 'bool']
const columns: GridColumn[] = kinds.map((name) => ({ name, type: name, class: name }))

/** Of each kind of cell a few. */
const source: GridSource = {
  rows: 50,
  columns,
  version: 0,
  cell: (row, col): GridCell => [String(row), 'text', '2026-11-30 09:41:07+01', null][col],
  cutLength: () => undefined,
  ensure: () => undefined,
}

const frame = () => new Promise((done) => requestAnimationFrame(done))

/** Draws a grid that nobody sees, once, so that the first result need not wait until code is compiled, styles are
 * resolved and glyphs are measured. */
export async function warmGrid(): Promise<void> {
  const host = document.createElement('div')
  host.className = 'g-warm'
  host.inert = true
  host.ariaHidden = 'true'
  document.body.append(host)
  const grid = mount(Grid, { target: host, props: { source, label: '' } })
  await frame()
  await frame()
  await unmount(grid)
  host.remove()
}
