// A tree with what is asked of it all the time, and the keys of its rows.
import type { Tree } from '../../lib/api/types'
import { closest } from '../../lib/text/match'

/** A tree with what is asked of it all the time. */
export interface Index {
  tree: Tree
  lower: string[]
  /** relations by schema and heading, partitions not among them */
  groups: Map<GroupId, number[]>[]
  partitions: Map<number, number[]>
  byOid: Map<number, number>
}

export type GroupId = (typeof groups)[number]['id']

export const groups = [
  { id: 'tables', title: 'Tables', kinds: 'rp' },
  { id: 'foreign', title: 'Foreign tables', kinds: 'f' },
  { id: 'views', title: 'Views', kinds: 'v' },
  { id: 'matviews', title: 'Materialized views', kinds: 'm' },
  { id: 'functions', title: 'Functions', kinds: '' },
  { id: 'sequences', title: 'Sequences', kinds: 'S' },
  { id: 'types', title: 'Types', kinds: '' },
] as const

export const systemKey = 'system'
export const databaseKey = 'database'
export const schemaKey = (oid: number) => `schema:${oid}`
export const relationKey = (oid: number) => `relation:${oid}`
export const groupKey = (of: string, id: string) => `${of}/${id}`

export function index(tree: Tree): Index {
  const at = Object.fromEntries(
    groups.flatMap((g) => [...g.kinds].map((k): [string, GroupId] => [k, g.id])),
  ) as Record<string, GroupId | undefined>
  const byOid = new Map(tree.oids.map((oid, i) => [oid, i]))
  const partitions = new Map<number, number[]>()
  const bySchema = tree.schemas.map(() => new Map<GroupId, number[]>())
  const push = <K>(map: Map<K, number[]>, key: K, i: number) => {
    const list = map.get(key)
    if (list) list.push(i)
    else map.set(key, [i])
  }
  for (let i = 0; i < tree.oids.length; i++) {
    const parent = tree.parents[i]!
    const group = at[tree.kinds[i]!]
    if (parent && byOid.has(parent)) push(partitions, parent, i)
    else if (group) push(bySchema[tree.schema[i]!]!, group, i)
  }
  return { tree, lower: tree.names.map((n) => n.toLowerCase()), groups: bySchema, partitions, byOid }
}

/** The partitions of a relation. */
export const partitionsOf = (ix: Index, i: number): number[] => ix.partitions.get(ix.tree.oids[i]!) ?? []

/** What is open when a database is seen first: its tables, when it is plain which those are. */
export function openAtFirst({ tree, groups: bySchema }: Index): string[] {
  const own = tree.schemas.filter((s) => !s.system)
  const schema = own.find((s) => s.name === 'public') ?? (own.length === 1 ? own[0] : undefined)
  if (!schema) return [databaseKey]
  const tables = bySchema[tree.schemas.indexOf(schema)]!.get('tables')?.length ?? 0
  const key = schemaKey(schema.oid)
  return [databaseKey, key, ...(tables && tables <= 200 ? [groupKey(key, 'tables')] : [])]
}

/** Names like what was typed, for when nothing answers. */
export function closeNames({ tree }: Index, typed: string): string[] {
  const own = tree.schemas.map((s) => !s.system)
  return closest(
    typed,
    tree.names.filter((_, i) => own[tree.schema[i]!]),
  )
}
