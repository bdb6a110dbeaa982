// What of a tree answers a filter.
import type { SearchHit } from '../../lib/api/types'
import { contains } from '../../lib/text/match'
import type { Catalog } from '../../lib/state/catalog.svelte'
import { groups, partitionsOf, systemKey, type GroupId, type Index } from './treeindex'

/** A heading of a schema, with what stands below it. */
export interface Group {
  id: GroupId
  title: string
  n: number
  relations: number[]
}

export class Answers {
  readonly filtering: boolean
  found = 0
  /** relations whose name answers, with the marks */
  readonly named = new Map<number, number[]>()
  /** columns that answer, by their relation */
  readonly columns = new Map<number, SearchHit[]>()
  readonly #ix: Index
  /** functions and types that answer, by schema and heading */
  readonly #members = new Map<string, SearchHit[]>()
  readonly #searchSystem: boolean
  #words: string[]
  #schemaWord = ''

  constructor(ix: Index, { opened, filter, hits }: Pick<Catalog, 'opened' | 'filter' | 'hits'>) {
    this.#ix = ix
    this.#searchSystem = opened.has(systemKey)
    this.#words = filter.toLowerCase().split(/\s+/).filter(Boolean)
    const dotted = this.#words[0]?.split('.') ?? []
    if (dotted.length > 1 && dotted[0]) {
      this.#schemaWord = dotted[0]
      this.#words = [dotted.slice(1).join('.'), ...this.#words.slice(1)].filter(Boolean)
    }
    this.filtering = this.#words.length > 0 || this.#schemaWord !== ''
    if (this.filtering) this.#match(hits.value ?? [])
  }

  #match(hits: readonly SearchHit[]): void {
    const { tree, lower, byOid } = this.#ix
    const inside = tree.schemas.map(
      (s) => (!s.system || this.#searchSystem) && s.name.toLowerCase().includes(this.#schemaWord),
    )
    if (this.#words.length > 0) {
      for (let i = 0; i < lower.length; i++) {
        if (!inside[tree.schema[i]!] || tree.kinds[i] === 'c') continue
        const marks = contains(this.#words, lower[i]!)
        if (marks) this.named.set(i, marks)
      }
    }
    // Go finds names by their letters too: that helps where nothing has the words as they are, and only there.
    const exact = this.named.size > 0
    for (const hit of hits) {
      const schema = tree.schemas.findIndex((s) => s.name === hit.schema)
      if (schema < 0 || (tree.schemas[schema]!.system && !this.#searchSystem)) continue
      if (exact && !contains(this.#words, hit.name.toLowerCase())) continue
      const into = <K>(map: Map<K, SearchHit[]>, key: K) => map.set(key, [...(map.get(key) ?? []), hit])
      const relation = byOid.get(hit.oid)
      if (hit.kind === 'column' && relation !== undefined) into(this.columns, relation)
      else if (hit.kind === 'function') into(this.#members, `${schema}/functions`)
      else if (hit.kind === 'type') into(this.#members, `${schema}/types`)
      else {
        if (hit.kind === 'relation' && relation !== undefined && !exact) this.named.set(relation, hit.marks)
        continue
      }
      this.found++
    }
    this.found += this.named.size
  }

  /** The groups of a schema that have something to show. */
  groupsOf(i: number, all = !this.filtering): Group[] {
    const schema = this.#ix.tree.schemas[i]!
    return groups.flatMap(({ id, title }): Group[] => {
      if (id === 'functions' || id === 'types') {
        const n = all ? schema[id] : (this.#members.get(`${i}/${id}`)?.length ?? 0)
        return n ? [{ id, title, n, relations: [] }] : []
      }
      let relations = this.#ix.groups[i]!.get(id) ?? []
      if (!all) relations = relations.filter((r) => this.relation(r))
      return relations.length ? [{ id, title, n: relations.length, relations }] : []
    })
  }

  /** The relation, a column of it or one of its partitions answers. */
  relation(i: number): boolean {
    if (this.named.has(i) || this.columns.has(i)) return true
    return partitionsOf(this.#ix, i).some((p) => this.relation(p))
  }

  /** Where the name of a schema answers; null when it does not. */
  schemaMarks(i: number): number[] | null {
    const words = this.#schemaWord ? [this.#schemaWord] : this.#words
    return contains(words, this.#ix.tree.schemas[i]!.name.toLowerCase())
  }

  /** The schema or something in it answers. */
  schema(i: number): boolean {
    if (this.#ix.tree.schemas[i]!.system && !this.#searchSystem) return false
    return this.schemaNamed(i) || this.groupsOf(i).length > 0
  }

  /** Its own name answers, and nothing is asked of what is in it. */
  schemaNamed(i: number): boolean {
    return this.schemaMarks(i) !== null && (!this.#schemaWord || this.#words.length === 0)
  }

  /** The functions or types of a schema that answer. */
  members(schema: number, group: GroupId): SearchHit[] | undefined {
    return this.#members.get(`${schema}/${group}`)
  }
}
