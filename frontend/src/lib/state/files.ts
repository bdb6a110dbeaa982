// Files of tabs: opened, saved as they were, and looked after while something else may change them.
import type { Tab } from './tab.svelte'
import type { Workspace } from './workspace.svelte'
import { decode } from '../api/client'
import type { FileText } from '../api/types'
import { importRows } from './imports.svelte'

/** Files that are read into tables, not into the editor. */
const hasRows = /\.(csv|tsv|tab|copy|json|ndjson|jsonl|xlsx|xlsm|parquet)(\.(gz|gzip|zst|zstd))?$/i

/** Asks for a file and shows it; one that is open already comes into view. */
export async function openFile(ws: Workspace, path = ''): Promise<void> {
  try {
    const chosen = path || (await ws.backend.system.chooseFile({ title: 'Open an SQL file' })).path
    if (!chosen) return
    if (hasRows.test(chosen) && ws.connection) return importRows(ws, null, chosen)
    const read = await ws.backend.work.openFile({ path: chosen })
    const there = ws.tabs.find((t) => t.file?.path === read.file.path)
    if (there) return ws.activate(there.id)
    ws.openFileTab(read)
    if (read.note) ws.notices.toast({ tone: 'warn', title: read.name, detail: read.note })
  } catch (thrown) {
    ws.notices.report(thrown)
  }
}

/** Saves the tab to its file, or to one that is asked for. */
export async function saveFile(ws: Workspace, tab: Tab, as = false): Promise<void> {
  try {
    const file = tab.file
    let path = as ? '' : (file?.path ?? '')
    const fresh = path === ''
    if (fresh) {
      const name = file
        ? nameOf(file.path)
        : `${tab.title.replace(/[/\\:*?"<>|]/g, '-').replace(/\.sql$/i, '')}.sql`
      const ask = { title: 'Save the text of the tab', folder: '', name, kind: 'SQL', pattern: '*.sql' }
      path = (await ws.backend.system.chooseSave(ask)).path
      if (!path) return
    }
    // The dialog has asked already whether a file of that name is to be replaced.
    await write(ws, tab, path, fresh)
  } catch (thrown) {
    const { info } = decode(thrown)
    if (info.kind === 'file_exists' && tab.file) askReplace(ws, tab)
    else ws.notices.report(thrown)
  }
}

async function write(ws: Workspace, tab: Tab, path: string, replace: boolean): Promise<void> {
  const file = { lineEnds: '\n', mark: false, stamp: '', ...tab.file, path }
  const text = ws.textOf(tab)
  tab.file = await ws.backend.work.saveFile({ file, text, replace })
  tab.title = nameOf(path)
  tab.saved(text)
  ws.documents.saved(tab.doc.id)
  ws.notices.say(`Saved ${tab.title}`)
}

function askReplace(ws: Workspace, tab: Tab): void {
  const { path } = tab.file!
  ws.dialog = {
    kind: 'ask',
    title: `${nameOf(path)} was changed on disk.`,
    text: 'Something else has written it since this tab read it. Replacing it drops what was written there.',
    safe: 'Keep both as they are',
    danger: 'Replace it',
    run: () => void write(ws, tab, path, true).catch((thrown: unknown) => ws.notices.report(thrown)),
  }
}

/** Looks whether files of tabs have changed; a tab without changes of its own takes them, others ask. */
export async function checkFiles(ws: Workspace): Promise<void> {
  for (const tab of ws.tabs) {
    const file = tab.file
    if (!file?.stamp) continue
    try {
      const now = await ws.backend.work.fileState({ path: file.path })
      tab.fileNote = now.missing ? 'gone' : now.stamp !== file.stamp ? 'changed' : ''
    } catch {
      // It cannot be looked at now: saving will say why.
    }
  }
}

/** Takes what the file has in place of the text of the tab. */
export async function reloadFile(ws: Workspace, tab: Tab): Promise<void> {
  try {
    const read: FileText = await ws.backend.work.openFile({ path: tab.file!.path })
    tab.file = read.file
    tab.fileNote = ''
    ws.editor?.replaceAll(read.text)
    tab.saved(read.text)
    ws.documents.saved(tab.doc.id)
  } catch (thrown) {
    ws.notices.report(thrown)
  }
}

export const nameOf = (path: string): string => path.split(/[/\\]/).at(-1) ?? path
