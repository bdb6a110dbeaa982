// Everything that can be done in the window, with its keys.
import { isDrawn } from '../../components/Dialog.svelte'
import {
  copyDefinition,
  copyName,
  countRows,
  hasDefinition,
  hasPage,
  hasRows,
  insertName,
  openRows,
  showDefinition,
  type Target,
} from '../../lib/state/objects'
import { openFile, saveFile } from '../../lib/state/files'
import { importRows } from '../../lib/state/imports.svelte'
import { exportProfiles, importFile } from '../../lib/state/opening'
import type { Workspace } from '../../lib/state/workspace.svelte'

export function registerCommands(ws: Workspace): void {
  const tab = () => ws.active
  const connected = () => ws.connections.byId(tab()?.connectionId ?? '') !== undefined
  const idle = () => connected() && !tab()!.busy
  const writing = () => tab() !== undefined
  const inResult = () => tab()?.window !== undefined && ws.results !== null
  const target = (is: (t: Target) => boolean) => ws.target !== null && is(ws.target)
  const report = (thrown: unknown) => ws.notices.report(thrown)

  ws.commands.register(
    {
      id: 'run.statement',
      title: 'Run the statement at the cursor, or the selection',
      group: 'Run',
      keys: ['Mod-Enter'],
      words: 'execute',
      notIn: 'tree', // which opens rows
      when: idle,
      run: () => ws.editor && void ws.run(tab()!, ws.editor.request()),
    },
    {
      id: 'run.all',
      title: 'Run all',
      group: 'Run',
      keys: ['Mod-Shift-Enter'],
      words: 'execute script',
      when: idle,
      run: () => ws.editor && void ws.run(tab()!, ws.editor.requestAll()),
    },
    {
      id: 'run.transaction',
      title: 'Run all as one transaction',
      group: 'Run',
      words: 'execute script begin',
      when: idle,
      run: () => ws.editor && void ws.run(tab()!, ws.editor.requestAll(), { oneTransaction: true }),
    },
    {
      id: 'run.cancel',
      title: 'Cancel what is running',
      group: 'Run',
      keys: ['Mod-.'],
      words: 'stop',
      when: () => tab()?.busy ?? false,
      run: () => void tab()?.cancel().catch(report),
    },
    {
      id: 'run.continue',
      title: 'Continue after an error, on or off',
      group: 'Run',
      keys: ['Mod-Shift-e'],
      when: () => tab() !== undefined,
      run: () => {
        const t = tab()!
        t.continueOnError = !t.continueOnError
        ws.notices.say(t.continueOnError ? 'Goes on after an error' : 'Stops at the first error')
      },
    },
    {
      id: 'run.goToError',
      title: 'Go to the error',
      group: 'Run',
      keys: ['F8'],
      when: () => tab()?.errorPlace != null,
      run: () => ws.editor?.goTo(tab()!.errorPlace!),
    },
    {
      id: 'results.export',
      title: 'Export the result to a file…',
      group: 'Results',
      keys: ['Mod-Shift-s'],
      words: 'save download csv json insert markdown',
      when: () => tab()?.window !== undefined,
      run: () => ws.exportResult(),
    },
    {
      id: 'results.find',
      title: 'Find in the result',
      group: 'Results',
      keys: ['Mod-f'],
      words: 'search text regular expression',
      onlyIn: 'grid',
      when: inResult,
      run: () => ws.results?.find(),
    },
    {
      id: 'results.findNext',
      title: 'Next cell that was found',
      group: 'Results',
      keys: ['F3'],
      onlyIn: 'grid',
      when: inResult,
      run: () => ws.results?.findNext(false),
    },
    {
      id: 'results.findPrevious',
      title: 'Previous cell that was found',
      group: 'Results',
      keys: ['Shift-F3'],
      onlyIn: 'grid',
      when: inResult,
      run: () => ws.results?.findNext(true),
    },
    {
      id: 'results.filter',
      title: 'Filter the result…',
      group: 'Results',
      keys: ['Mod-Shift-l'],
      words: 'where condition rows keep',
      when: inResult,
      run: () => ws.results?.filter(),
    },
    {
      id: 'results.sortUp',
      title: 'Sort the result by the column, upwards',
      group: 'Results',
      words: 'order ascending',
      when: inResult,
      run: () => ws.results?.sort(false),
    },
    {
      id: 'results.sortDown',
      title: 'Sort the result by the column, downwards',
      group: 'Results',
      words: 'order descending',
      when: inResult,
      run: () => ws.results?.sort(true),
    },
    {
      id: 'results.undo',
      title: 'Undo the last change of order and filter',
      group: 'Results',
      keys: ['Mod-z'],
      onlyIn: 'grid',
      when: inResult,
      run: () => ws.results?.undo(),
    },
    {
      id: 'results.reset',
      title: 'Show all rows as they came',
      group: 'Results',
      words: 'clear remove filter sort order',
      when: inResult,
      run: () => ws.results?.reset(),
    },
    {
      id: 'results.sql',
      title: 'The order and the filter as SQL',
      group: 'Results',
      words: 'query where order by',
      when: inResult,
      run: () => ws.results?.asSql(),
    },
    {
      id: 'results.summary',
      title: 'Summary of the column or the selection',
      group: 'Results',
      words: 'count distinct sum average minimum maximum histogram statistics',
      when: inResult,
      run: () => ws.results?.summary(),
    },
    {
      id: 'results.row',
      title: 'Show the row, its cells under one another',
      group: 'Results',
      keys: ['Mod-Shift-i'],
      words: 'details record vertical transpose',
      when: inResult,
      run: () => ws.results?.row(),
    },
    {
      id: 'results.columns',
      title: 'Show all columns of the result',
      group: 'Results',
      words: 'hidden unhide',
      when: inResult,
      run: () => ws.results?.allColumns(),
    },
    {
      id: 'results.grid',
      title: 'Show the result as rows',
      group: 'Results',
      words: 'grid table',
      when: () => ws.lookAtResult !== null,
      run: () => ws.lookAtResult?.('grid'),
    },
    {
      id: 'results.group',
      title: 'Group the result',
      group: 'Results',
      words: 'pivot aggregate sum count average crosstab',
      when: () => ws.lookAtResult !== null,
      run: () => ws.lookAtResult?.('group'),
    },
    {
      id: 'results.chart',
      title: 'Show the result as a chart',
      group: 'Results',
      words: 'plot line bar scatter graph diagram',
      when: () => ws.lookAtResult !== null,
      run: () => ws.lookAtResult?.('chart'),
    },
    {
      id: 'results.freeze',
      title: 'Freeze the columns up to the cell, or unfreeze them',
      group: 'Results',
      words: 'frozen fixed pin sticky left',
      when: inResult,
      run: () => ws.results?.freeze(),
    },
    {
      id: 'edit.fix',
      title: 'Replace the underlined name by what was meant',
      group: 'Edit',
      keys: ['Alt-Enter'],
      words: 'did you mean',
      when: () => (tab()?.fixable ?? false) && tab()?.errorMark?.fix !== undefined,
      run: () => ws.editor?.applyFix(),
    },
    {
      id: 'edit.format',
      title: 'Format the statement at the cursor, or the selection',
      group: 'Edit',
      keys: ['Mod-Shift-f'],
      words: 'layout pretty beautify',
      when: writing,
      run: () => void ws.editor?.format().then((why) => why && ws.notices.say(why), report),
    },
    {
      id: 'edit.comment',
      title: 'Comment the lines, or take the comment away',
      group: 'Edit',
      keys: ['Mod-/'],
      when: writing,
      run: () => ws.editor?.comment(),
    },
    {
      id: 'edit.expand',
      title: 'Write the columns for the star at the cursor',
      group: 'Edit',
      keys: ['Mod-Alt-e'],
      words: 'expand asterisk',
      when: connected,
      run: () =>
        void ws.editor
          ?.expand()
          .then((done) => done || ws.notices.say('No star at the cursor whose columns are known'), report),
    },
    {
      id: 'edit.upper',
      title: 'Keywords in capitals',
      group: 'Edit',
      words: 'upper case',
      when: writing,
      run: () => void ws.editor?.keywordCase(true).catch(report),
    },
    {
      id: 'edit.lower',
      title: 'Keywords in small letters',
      group: 'Edit',
      words: 'lower case',
      when: writing,
      run: () => void ws.editor?.keywordCase(false).catch(report),
    },
    {
      id: 'edit.checking',
      title: 'Check statements while they are written, on or off',
      group: 'Edit',
      words: 'lint prepare underline',
      run: () => {
        void ws.prefer({ checking: !ws.checking })
        ws.notices.say(
          ws.checking ? 'Statements are checked while written' : 'Statements are checked when run',
        )
      },
    },
    {
      id: 'tx.begin',
      title: 'Begin a transaction',
      group: 'Transaction',
      keys: ['Mod-Shift-b'],
      when: () => idle() && tab()!.tx.status === 'I',
      run: () => void tab()?.transaction('begin'),
    },
    {
      id: 'tx.commit',
      title: 'Commit',
      group: 'Transaction',
      keys: ['Mod-Shift-c'],
      notIn: 'grid', // which copies with the names of the columns
      when: () => idle() && tab()!.tx.status === 'T',
      run: () => void tab()?.transaction('commit'),
    },
    {
      id: 'tx.rollback',
      title: 'Roll back',
      group: 'Transaction',
      keys: ['Mod-Shift-r'],
      when: () => idle() && tab()!.tx.status !== 'I',
      run: () => void tab()?.transaction('rollback'),
    },
    {
      id: 'tx.manual',
      title: 'Auto-commit or manual commit',
      group: 'Transaction',
      keys: ['Mod-Shift-m'],
      when: () => tab()?.tx.status === 'I',
      run: () => {
        const t = tab()!
        t.manualCommit = !t.manualCommit
        ws.notices.say(t.manualCommit ? 'Manual commit' : 'Auto-commit')
      },
    },
    {
      id: 'objects.page',
      title: 'Open the page of the object',
      group: 'Objects',
      words: 'columns keys describe',
      when: () => target(hasPage) && ws.view?.kind !== 'object',
      run: () => ws.openObject(ws.target!),
    },
    {
      id: 'objects.rows',
      title: 'Open the rows of the object',
      group: 'Objects',
      keys: ['Mod-Enter'],
      words: 'select browse data',
      onlyIn: 'tree',
      when: () => target(hasRows),
      run: () => openRows(ws, ws.target!),
    },
    {
      id: 'objects.count',
      title: 'Count the rows of the object',
      group: 'Objects',
      when: () => target(hasRows),
      run: () => countRows(ws, ws.target!),
    },
    {
      id: 'objects.insert',
      title: 'Insert the name of the object into the editor',
      group: 'Objects',
      keys: ['Mod-i'],
      onlyIn: 'tree',
      when: () => ws.target !== null,
      run: () => insertName(ws, ws.target!),
    },
    {
      id: 'objects.copyName',
      title: 'Copy the name of the object',
      group: 'Objects',
      keys: ['Mod-c'],
      onlyIn: 'tree',
      when: () => ws.target !== null,
      run: () => void copyName(ws, ws.target!),
    },
    {
      id: 'objects.definition',
      title: 'Show the definition of the object',
      group: 'Objects',
      keys: ['F4'],
      words: 'ddl create sql',
      when: () => target(hasDefinition),
      run: () => void showDefinition(ws, ws.target!),
    },
    {
      id: 'objects.copyDefinition',
      title: 'Copy the definition of the object',
      group: 'Objects',
      words: 'ddl create sql',
      when: () => target(hasDefinition),
      run: () => void copyDefinition(ws, ws.target!),
    },
    {
      id: 'objects.drop',
      title: 'Drop the object…',
      group: 'Objects',
      keys: ['Delete'],
      onlyIn: 'tree',
      words: 'delete remove',
      when: () => target(hasDefinition),
      run: () => (ws.dialog = { kind: 'drop', target: ws.target! }),
    },
    {
      id: 'objects.refresh',
      title: 'Read the objects again',
      group: 'Objects',
      keys: ['F5'],
      words: 'refresh reload catalog schema',
      when: () => ws.connection !== undefined,
      run: () => void ws.catalogs.of(ws.connection!.id).read(true),
    },
    {
      id: 'objects.filter',
      title: 'Filter the objects',
      group: 'Objects',
      keys: ['Mod-Shift-o'],
      when: () => !ws.start,
      run: () => ws.goToExplorer('filter'),
    },
    {
      id: 'file.open',
      title: 'Open a file…',
      group: 'Tabs',
      keys: ['Mod-o'],
      words: 'sql load read',
      run: () => void openFile(ws),
    },
    {
      id: 'import.rows',
      title: 'Import rows from a file…',
      group: 'Objects',
      words: 'csv tsv json load copy upload table',
      when: () => ws.connection !== undefined,
      run: () => importRows(ws, ws.target),
    },
    {
      id: 'file.save',
      title: 'Save the tab to a file',
      group: 'Tabs',
      keys: ['Mod-s'],
      words: 'write sql',
      when: writing,
      run: () => void saveFile(ws, tab()!),
    },
    {
      id: 'file.saveAs',
      title: 'Save the tab to another file…',
      group: 'Tabs',
      words: 'write sql save as',
      when: writing,
      run: () => void saveFile(ws, tab()!, true),
    },
    {
      id: 'saved.add',
      title: 'Save the query under a name…',
      group: 'Tabs',
      keys: ['Mod-Alt-s'],
      words: 'favourite bookmark snippet',
      when: writing,
      run: () => ws.requestSaveQuery(tab()!),
    },
    {
      id: 'saved.open',
      title: 'Saved queries',
      group: 'Window',
      keys: ['Mod-Shift-k'],
      words: 'favourites bookmarks snippets library',
      run: () => ws.openSaved(),
    },
    {
      id: 'history.open',
      title: 'History',
      group: 'Window',
      keys: ['Mod-Shift-y'],
      words: 'past runs log recent',
      run: () => ws.openHistory(),
    },
    {
      id: 'history.clear',
      title: 'Clear the history…',
      group: 'Window',
      words: 'delete past runs',
      run: () => ws.askClearHistory(),
    },
    {
      id: 'tabs.new',
      title: 'New query tab',
      group: 'Tabs',
      keys: ['Mod-t'],
      when: () => !ws.start,
      run: () => void ws.newTab(),
    },
    {
      id: 'tabs.close',
      title: 'Close the tab',
      group: 'Tabs',
      keys: ['Mod-w'],
      when: () => ws.view !== undefined,
      run: () => ws.requestClose(ws.view!),
    },
    {
      id: 'tabs.closeOthers',
      title: 'Close the other tabs',
      group: 'Tabs',
      words: 'all',
      when: () => ws.view !== undefined && ws.beside(ws.view, 'both').length > 0,
      run: () => ws.requestClose(...ws.beside(ws.view!, 'both')),
    },
    {
      id: 'tabs.closeRight',
      title: 'Close the tabs to the right',
      group: 'Tabs',
      words: 'all following',
      when: () => ws.view !== undefined && ws.beside(ws.view, 'right').length > 0,
      run: () => ws.requestClose(...ws.beside(ws.view!, 'right')),
    },
    {
      id: 'tabs.reopen',
      title: 'Reopen the tab closed last',
      group: 'Tabs',
      keys: ['Mod-Shift-t'],
      when: () => ws.canReopen && !ws.start,
      run: () => ws.reopen(),
    },
    {
      id: 'tabs.next',
      title: 'Next tab',
      group: 'Tabs',
      keys: ['Ctrl-Tab', 'Mod-Tab'],
      run: () => ws.cycle(1),
    },
    {
      id: 'tabs.previous',
      title: 'Previous tab',
      group: 'Tabs',
      keys: ['Ctrl-Shift-Tab', 'Mod-Shift-Tab'],
      run: () => ws.cycle(-1),
    },
    {
      id: 'connections.connect',
      title: 'Connect to a server',
      group: 'Connections',
      keys: ['Mod-n'],
      words: 'new open url',
      run: () => (ws.dialog = { kind: 'connect' }),
    },
    {
      id: 'connections.sample',
      title: 'Open the sample database',
      group: 'Connections',
      keys: ['Mod-d'],
      words: 'roastery demo',
      notIn: 'text',
      run: () => void ws.openSample(),
    },
    {
      id: 'connections.disconnect',
      title: 'Disconnect',
      group: 'Connections',
      keys: ['Mod-Shift-d'],
      when: () => ws.connection !== undefined,
      run: () => ws.connection && ws.requestDisconnect(ws.connection),
    },
    {
      id: 'session.lock',
      title: 'Read-only: have the server refuse writes in this tab, or allow them',
      group: 'Run',
      words: 'lock unlock protect safety write',
      when: () => connected() && !ws.connections.byId(tab()!.connectionId)?.report.pooler,
      run: () => ws.toggleLock(tab()!),
    },
    {
      id: 'connections.import',
      title: 'Import connections from a file',
      group: 'Connections',
      words: 'json profiles read load',
      run: () => void importFile(ws),
    },
    {
      id: 'connections.importUrls',
      title: 'Import connections from URLs',
      group: 'Connections',
      words: 'paste list many',
      run: () => (ws.dialog = { kind: 'import', source: { source: 'urls', path: '', text: '' } }),
    },
    {
      id: 'connections.export',
      title: 'Export the saved connections, without passwords',
      group: 'Connections',
      words: 'json profiles backup share',
      when: () => ws.profiles.list.length > 0,
      run: () => void exportProfiles(ws),
    },
    {
      id: 'connections.cancel',
      title: 'Stop connecting',
      group: 'Connections',
      when: () => ws.connections.attempt !== null,
      run: () => ws.connections.cancel(),
    },
    {
      id: 'window.explorer',
      title: 'Go to the explorer',
      group: 'Window',
      keys: ['Mod-0'],
      words: 'objects tree sidebar',
      when: () => !ws.start,
      run: () => ws.goToExplorer(),
    },
    {
      id: 'window.sidebar',
      title: 'Hide or show the explorer',
      group: 'Window',
      keys: ['Mod-b'],
      words: 'sidebar',
      when: () => !ws.start,
      run: () => (ws.sidebar.shown ? ws.hideExplorer() : ws.goToExplorer()),
    },
    {
      id: 'window.editor',
      title: 'Go to the editor',
      group: 'Window',
      keys: ['Mod-1'],
      when: () => tab() !== undefined,
      run: () => ws.editor?.focus(),
    },
    {
      id: 'window.results',
      title: 'Go to the results',
      group: 'Window',
      keys: ['Mod-2'],
      when: () => tab() !== undefined,
      run: () => ws.focusResults(),
    },
    {
      id: 'window.palette',
      title: 'Find an object or a command',
      group: 'Window',
      keys: ['Mod-k'],
      run: () => (ws.dialog = { kind: 'palette' }),
    },
    {
      id: 'window.object',
      title: 'Go to an object or a column',
      group: 'Window',
      keys: ['Mod-p'],
      words: 'find table',
      when: () => ws.connection !== undefined,
      run: () => (ws.dialog = { kind: 'palette', objects: true }),
    },
    {
      id: 'window.help',
      title: 'Manual',
      group: 'Window',
      keys: ['F1'],
      words: 'help documentation guide',
      run: () => (ws.dialog = { kind: 'help' }),
    },
    {
      id: 'window.keys',
      title: 'All keys, and change them',
      group: 'Window',
      words: 'help shortcuts keyboard bindings',
      run: () => (ws.dialog = { kind: 'help', page: 'keys' }),
    },
    {
      id: 'window.health',
      title: 'Health',
      group: 'Window',
      keys: ['Mod-Shift-h'],
      words: 'log memory version',
      run: () => ws.openSettings('health'),
    },
    {
      id: 'window.settings',
      title: 'Settings',
      group: 'Window',
      keys: ['Mod-,'],
      words: 'preferences options configure font',
      run: () => ws.openSettings(),
    },
    {
      id: 'theme.system',
      title: 'Theme: as the system',
      group: 'Window',
      run: () => ws.prefer({ theme: 'system' }),
    },
    { id: 'theme.light', title: 'Theme: light', group: 'Window', run: () => ws.prefer({ theme: 'light' }) },
    { id: 'theme.dark', title: 'Theme: dark', group: 'Window', run: () => ws.prefer({ theme: 'dark' }) },
  )
}

/** Runs the command of a key before anything in the page sees it. */
export function onKey(ws: Workspace, e: KeyboardEvent): void {
  if (e.isComposing) return
  if (ws.dialogs.any) return isDrawn() ? undefined : hold(ws, e)
  const inside = (selector: string) => e.target instanceof Element && e.target.closest(selector) !== null
  if (inside('[role=menu]')) return
  const at = inside('input, textarea, select, .cm-editor')
    ? 'text'
    : inside('[role=grid]')
      ? 'grid'
      : inside('[role=tree]')
        ? 'tree'
        : undefined
  const command = ws.commands.forKey(e, ws.mac, at)
  if (!command) return
  e.preventDefault()
  e.stopPropagation()
  command.run()
}

/** A dialog that is not drawn yet, for its code is still read, has the keys already: they are not for what is behind it. */
function hold(ws: Workspace, e: KeyboardEvent): void {
  e.preventDefault()
  e.stopPropagation()
  const { dialog } = ws
  if (e.key === 'Escape') ws.dialog = null
  if (dialog?.kind !== 'palette' || e.ctrlKey || e.metaKey || e.altKey) return
  const { text = '' } = dialog
  if (e.key === 'Backspace') ws.dialog = { ...dialog, text: text.slice(0, -1) }
  else if ([...e.key].length === 1) ws.dialog = { ...dialog, text: text + e.key }
}
