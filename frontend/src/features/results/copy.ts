import type { CellRange } from '../../lib/api/types'
import type { Arrangement } from '../../lib/state/arrangement.svelte'
import type { Workspace } from '../../lib/state/workspace.svelte'
import { bytes, plural } from '../../lib/text/format'

export type CopyFormat = 'tsv' | 'csv' | 'json' | 'markdown' | 'insert' | 'update' | 'in' | 'values'

const names: Record<CopyFormat, string> = {
  tsv: 'TSV',
  csv: 'CSV',
  json: 'JSON',
  markdown: 'Markdown',
  insert: 'INSERT',
  update: 'UPDATE by key',
  in: 'an IN list',
  values: 'SQL values',
}

/** Copies what is selected, or all of it when nothing is. Go writes the clipboard, so no size is too large for the page. */
export async function copyCells(
  ws: Workspace,
  work: Arrangement,
  selection: { ranges: CellRange[] } | null,
  format: CopyFormat,
  header: boolean,
  table = '',
): Promise<void> {
  const source = work.window
  const columns = work.chosenColumns ?? []
  const all = { top: 0, left: 0, bottom: source.rows - 1, right: work.columns.length - 1 }
  const ranges = selection?.ranges.length ? selection.ranges : [all]
  if (source.rows === 0 && !header) return ws.notices.say('There is nothing to copy')
  try {
    const { cells, bytes: size } = await ws.backend.queries.copy({
      resultId: source.id,
      columns: [...columns],
      ranges,
      format,
      header,
      table,
    })
    ws.notices.say(`Copied ${plural(cells, 'cell')} as ${names[format]}, ${bytes(size)}`)
  } catch (thrown) {
    ws.notices.report(thrown)
  }
}
