// What the palette offers for what was typed. Pure: ranking and words, no drawing.
import { objectIcon, type IconName } from '../../components/icons'
import type { Connection, SearchHit, Tree } from '../../lib/api/types'
import type { Command } from '../../lib/state/commands'
import { nameOf } from '../../lib/state/connections.svelte'
import { noun, targetOf, type Target } from '../../lib/state/objects'
import { isOwn, ownIcons, type View } from '../../lib/state/views.svelte'
import { about } from '../../lib/text/format'
import { contains, match } from '../../lib/text/match'

export interface Item {
  id: string
  title: string
  marks: readonly number[]
  icon?: IconName
  /** grey, after the title */
  sub: string
  /** as commands write them */
  keys?: string
  run: () => void
  /** for objects */
  target?: Target
  column?: string
}

export interface Group {
  title: string
  items: Item[]
}

export type Mode = 'all' | 'commands' | 'objects'

/** > asks for commands only, @ for objects only. */
export function readQuery(text: string, objects: boolean): { mode: Mode; query: string } {
  if (text.startsWith('>')) return { mode: 'commands', query: text.slice(1).trim() }
  if (text.startsWith('@')) return { mode: 'objects', query: text.slice(1).trim() }
  return { mode: objects ? 'objects' : 'all', query: text.trim() }
}

/** The groups whose first says just what was typed come first: Health is the command, not a column with these letters. */
export function inOrder(query: string, groups: Group[]): Group[] {
  const said = (g: Group) => query !== '' && g.items[0]?.title.toLowerCase().startsWith(query.toLowerCase())
  return [...groups.filter(said), ...groups.filter((g) => !said(g))]
}

/** Best first; all of them, in their order, while nothing is typed. */
export function ranked<T>(query: string, all: readonly T[], text: (t: T) => string, words: (t: T) => string) {
  const asked = query.toLowerCase().split(/\s+/)
  const found: { item: T; marks: readonly number[]; score: number }[] = []
  for (const item of all) {
    const m = match(query, text(item))
    if (m) found.push({ item, ...m })
    // Further words find it too, after those whose title answers.
    else if (contains(asked, `${text(item)} ${words(item)}`.toLowerCase()))
      found.push({ item, marks: [], score: 1e6 })
  }
  return query ? found.sort((a, b) => a.score - b.score) : found
}

const groupIcons: Record<Command['group'], IconName> = {
  Run: 'run',
  Edit: 'pencil',
  Transaction: 'git-branch',
  Results: 'table-2',
  Objects: 'list-tree',
  Tabs: 'file-code',
  Connections: 'plug',
  Window: 'monitor',
}

export function commandItems(query: string, commands: readonly Command[]): Item[] {
  return ranked(
    query,
    commands,
    (c) => c.title,
    (c) => `${c.group} ${c.words ?? ''}`,
  ).map(({ item, marks }) => ({
    id: item.id,
    title: item.title,
    marks,
    icon: groupIcons[item.group],
    sub: item.group,
    keys: item.keys?.[0],
    run: item.run,
  }))
}

export function tabItems(query: string, views: readonly View[], go: (v: View) => void): Item[] {
  const icon = (v: View): IconName =>
    v.kind === 'query'
      ? 'file-code'
      : isOwn(v)
        ? ownIcons[v.kind]
        : objectIcon(v.target.kind, v.target.variant)
  return ranked(
    query,
    views,
    (v) => v.title,
    () => 'tab',
  ).map(({ item, marks }) => ({
    id: `tab-${item.id}`,
    title: item.title,
    marks,
    icon: icon(item),
    sub: item.kind === 'object' ? noun(item.target) : '',
    run: () => go(item),
  }))
}

export function connectionItems(
  query: string,
  list: readonly Connection[],
  go: (c: Connection) => void,
): Item[] {
  return ranked(
    query,
    list,
    (c) => nameOf(c.profile),
    () => 'connection',
  ).map(({ item, marks }) => ({
    id: `connection-${item.id}`,
    title: nameOf(item.profile),
    marks,
    icon: 'database',
    sub: `${item.report.user}@${item.report.database}`,
    run: () => go(item),
  }))
}

/** What Go found, in its order. */
export function objectItems(
  connectionId: string,
  hits: readonly SearchHit[],
  tree: Tree | null,
  open: (t: Target, column: string) => void,
): Item[] {
  const at = new Map(tree?.oids.map((oid, i) => [oid, i]))
  return hits.map((h) => {
    const target = targetOf(connectionId, h)
    const column = h.kind === 'column' ? h.name : ''
    return {
      id: `${h.kind}-${h.oid}-${h.name}`,
      title: h.name,
      marks: h.marks ?? [],
      icon: column ? 'columns-3' : objectIcon(target.kind, target.variant),
      sub: [...place(h), ...size(h, tree, at.get(h.oid))].join(' · '),
      run: () => open(target, column),
      target,
      column,
    }
  })
}

function place(h: SearchHit): string[] {
  if (h.kind === 'column') return [`${h.schema}.${h.relation}`, h.detail]
  const what = h.kind === 'relation' ? noun({ kind: 'relation', variant: h.detail }) : h.detail || h.kind
  return [h.schema, h.kind === 'relation' && 'rp'.includes(h.detail) ? '' : what].filter(Boolean)
}

function size(h: SearchHit, tree: Tree | null, i: number | undefined): string[] {
  const rows = h.kind === 'relation' && tree && i !== undefined ? tree.rows[i]! : -1
  return rows >= 0 && 'rmf'.includes(h.detail) ? [`${about(rows)} ${rows === 1 ? 'row' : 'rows'}`] : []
}

/** The first relations of the person's own schemas, for when nothing is typed yet. */
export function firstObjects(tree: Tree | null, most: number): SearchHit[] {
  const hits: SearchHit[] = []
  for (let i = 0; tree && i < tree.oids.length && hits.length < most; i++) {
    const schema = tree.schemas[tree.schema[i]!]!
    if (schema.system || tree.parents[i] || !'rpfvm'.includes(tree.kinds[i]!)) continue
    const [oid, name, detail] = [tree.oids[i]!, tree.names[i]!, tree.kinds[i]!]
    hits.push({ kind: 'relation', oid, schema: schema.name, name, relation: '', detail, marks: [] })
  }
  return hits
}
