// What can be done with an object of a database, from the explorer, its page or the palette.
import { decode } from '../api/client'
import type { ObjectRef, SearchHit } from '../api/types'
import { plural } from '../text/format'
import { quoteIdent, quoteQualified } from '../text/quote'
import type { Workspace } from './workspace.svelte'

/** An object. A column is its relation with the column's name; a role has no definition here. */
export interface Target extends ObjectRef {
  kind: 'schema' | 'relation' | 'function' | 'type' | 'extension' | 'role' | 'column'
  schema: string
  name: string
  /** of a relation pg_class.relkind; of a function function, procedure, aggregate, window */
  variant: string
  /** a function's arguments and result */
  detail?: string
  /** of a column: its relation */
  relation?: string
}

const relkinds: Record<string, string> = {
  r: 'table',
  p: 'partitioned table',
  f: 'foreign table',
  v: 'view',
  m: 'materialized view',
  S: 'sequence',
  c: 'composite type',
}

/** table, view, function …: what a person calls it. */
export function noun(t: Pick<Target, 'kind' | 'variant'>): string {
  if (t.kind === 'relation') return relkinds[t.variant] ?? 'relation'
  if (t.kind === 'function') return t.variant === 'window' ? 'window function' : t.variant || 'function'
  return t.kind
}

export const hasRows = (t: Target): boolean => t.kind === 'relation' && 'rpfvm'.includes(t.variant)
export const hasPage = (t: Target): boolean => ['relation', 'function', 'type', 'extension'].includes(t.kind)
export const hasDefinition = (t: Target): boolean => hasPage(t) || t.kind === 'schema'

/** The name as a statement takes it. What is in public is found without its schema. */
export function sqlName(t: Target): string {
  if (t.kind === 'column' || t.kind === 'schema' || t.kind === 'extension' || t.kind === 'role')
    return quoteIdent(t.name)
  return quoteQualified(t.schema === 'public' ? '' : t.schema, t.name)
}

/** What a hit of a search names. A column's target is its relation, whose page shows it. */
export function targetOf(connectionId: string, hit: SearchHit): Target {
  const { kind, oid, schema, name, detail } = hit
  if (kind === 'column')
    return { connectionId, kind: 'relation', oid, schema, name: hit.relation, variant: 'r' }
  const variant = kind === 'relation' ? detail : kind === 'function' ? 'function' : ''
  return { connectionId, kind: kind as Target['kind'], oid, schema, name, variant, detail }
}

/** Asks how the rows of a relation are to be written to a file. None of them are shown. */
export function exportTable(ws: Workspace, t: Target): void {
  const source = { connectionId: t.connectionId, schema: t.schema, relation: t.name }
  ws.dialog = {
    kind: 'export',
    subject: { source, columns: [], title: t.name, table: sqlName(t), ranges: [], cells: 0 },
  }
}

/** Runs a text in a tab of its own. */
function runIn(ws: Workspace, t: Target, title: string, text: string): void {
  const tab = ws.newTab(t.connectionId, text, title)
  void tab.run({ text, offset: 0, line: 1, cursor: -1 })
}

export function openRows(ws: Workspace, t: Target): void {
  runIn(ws, t, t.name, `select * from ${quoteQualified(t.schema, t.name)};`)
}

export function countRows(ws: Workspace, t: Target): void {
  runIn(ws, t, `count of ${t.name}`, `select count(*) from ${quoteQualified(t.schema, t.name)};`)
}

/** Writes a name into the editor, or into a new tab when none is shown. */
export function insertName(ws: Workspace, t: Target): void {
  if (ws.active && ws.editor) ws.editor.insert(sqlName(t))
  else ws.newTab(t.connectionId, sqlName(t))
}

async function copy(ws: Workspace, text: string, said: string): Promise<void> {
  try {
    await ws.backend.system.setClipboard({ text })
    ws.notices.say(said)
  } catch (thrown) {
    ws.notices.report(thrown)
  }
}

export function copyName(ws: Workspace, t: Target): Promise<void> {
  return copy(ws, sqlName(t), `Copied ${t.name}`)
}

export function copySQL(ws: Workspace, sql: string, name: string): Promise<void> {
  return copy(ws, sql, `Copied the definition of ${name}, ${plural(sql.split('\n').length, 'line')}`)
}

const ref = ({ connectionId, kind, oid }: Target): ObjectRef => ({ connectionId, kind, oid })

async function definition(ws: Workspace, t: Target): Promise<string | undefined> {
  try {
    const { sql, missing } = await ws.backend.schema.definition(ref(t))
    return missing ? `-- ${missing.replaceAll('\n', '\n-- ')}\n${sql}` : sql
  } catch (thrown) {
    ws.notices.failed(decode(thrown).info)
    return undefined
  }
}

export async function copyDefinition(ws: Workspace, t: Target): Promise<void> {
  const sql = await definition(ws, t)
  if (sql !== undefined) await copySQL(ws, sql, t.name)
}

/** The SQL that makes the object in a tab; nothing is run. */
export async function showDefinition(ws: Workspace, t: Target): Promise<void> {
  const sql = await definition(ws, t)
  if (sql !== undefined) ws.newTab(t.connectionId, sql, `${t.name}.sql`)
}

/** Runs what a person decided to drop, where they see it. */
export function drop(ws: Workspace, t: Target, sql: string): void {
  runIn(ws, t, `drop ${t.name}`, sql)
}
