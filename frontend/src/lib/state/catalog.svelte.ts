// What is known of the objects of a connection, and what of them the explorer has open. Read when looked at; read again
// when Go says that the catalog changed, without losing what is open.
import type { Backend } from '../api/backend'
import { decode } from '../api/client'
import type { CatalogEvent, Description, ErrorInfo, Member, SearchHit, Tree } from '../api/types'
import type { Target } from './objects'

/** What a node of the tree has below it and is read when it opens. */
export interface Need {
  kind: 'relation' | 'function' | 'type' | 'extension' | 'role'
  /** of the relation, or of the schema whose functions or types these are; 0 for what the whole database has */
  oid: number
}

export type MemberKind = Exclude<Need['kind'], 'relation'>

/** A part that is read on its own: value once it came, error when it did not. */
export interface Part<T> {
  value?: T
  error?: ErrorInfo
  /** It takes long enough to say so. */
  slow?: boolean
}

const slowAfter = 150
const searchAfter = 60
const needKey = (n: Need) => `${n.kind}:${n.oid}`

export class Catalog {
  readonly connectionId: string
  /** key of the row the keyboard is at */
  at = $state('')
  /** what that row is, for commands */
  target = $state.raw<Target | null>(null)
  /** where the tree is scrolled to; only its view reads it */
  scroll = 0
  #backend: Backend
  #tree = $state.raw<Tree | null>(null)
  #error = $state.raw<ErrorInfo | null>(null)
  #reading = $state(false)
  /** columns, functions and types are on their way: a search may find less than there is */
  #partial = $state(false)
  #opened = $state.raw<ReadonlyMap<string, Need | undefined>>(new Map())
  #begun = false
  #parts = $state.raw<ReadonlyMap<string, Part<Description | Member[]>>>(new Map())
  #filter = $state('')
  /** nodes a person opened or closed among the matches of the filter */
  #turned = $state.raw<ReadonlyMap<string, boolean>>(new Map())
  #hits = $state.raw<Part<SearchHit[]>>({})
  #asked = new Map<string, number>()
  #ask = 0
  #objects = $derived(this.#tree ? objectsIn(this.#tree) : 0)
  #searching: ReturnType<typeof setTimeout> | undefined

  constructor(backend: Backend, connectionId: string) {
    this.#backend = backend
    this.connectionId = connectionId
  }

  get tree(): Tree | null {
    return this.#tree
  }
  /** why there is no tree */
  get error(): ErrorInfo | null {
    return this.#error
  }
  get reading(): boolean {
    return this.#reading
  }
  get partial(): boolean {
    return this.#partial
  }
  /** how many objects of the person's own there are */
  get objects(): number {
    return this.#objects
  }
  get version(): number {
    return this.#tree?.version ?? 0
  }
  get opened(): ReadonlyMap<string, Need | undefined> {
    return this.#opened
  }
  get turned(): ReadonlyMap<string, boolean> {
    return this.#turned
  }
  get filter(): string {
    return this.#filter
  }
  /** Columns, functions and types that answer the filter; Go finds them. */
  get hits(): Part<SearchHit[]> {
    return this.#hits
  }

  /** What was read of a relation; undefined before it was asked for, as with members. */
  description(oid: number): Part<Description> | undefined {
    return this.#parts.get(needKey({ kind: 'relation', oid })) as Part<Description> | undefined
  }
  members(kind: MemberKind, oid: number): Part<Member[]> | undefined {
    return this.#parts.get(needKey({ kind, oid })) as Part<Member[]> | undefined
  }

  /** Reads the tree if that has not been done. */
  show(): void {
    if (!this.#tree && !this.#reading && !this.#error) void this.read()
  }

  /** Takes the tree as Go has it; with again, Go asks the server. */
  async read(again = false): Promise<void> {
    const ask = (this.#ask += 1)
    this.#reading = true
    try {
      const schema = this.#backend.schema
      const req = { connectionId: this.connectionId }
      const tree = await (again ? schema.refresh(req) : schema.tree(req))
      if (ask !== this.#ask) return
      const newer = this.#tree !== null && (again || tree.version !== this.#tree.version)
      this.#tree = tree
      this.#error = null
      if (newer) this.#readParts()
    } catch (thrown) {
      if (ask === this.#ask) this.#error = decode(thrown).info
    } finally {
      if (ask === this.#ask) this.#reading = false
    }
  }

  changed(e: CatalogEvent): void {
    this.#partial = !e.complete
    if (this.#tree && e.version > this.#tree.version) void this.read()
    else if (e.complete && this.#filter) this.#search() // now columns are known too
  }

  /** Reads again what is open, and lets go of the rest. */
  #readParts(): void {
    const needs = [...this.#opened.values()].filter((n) => n !== undefined)
    const keep = new Set(needs.map(needKey))
    this.#parts = new Map([...this.#parts].filter(([key]) => keep.has(key)))
    for (const need of needs) void this.#readPart(need)
    if (this.#filter) this.#search()
  }

  /** Opens what is open at first; later calls do nothing. */
  begin(keys: string[]): void {
    if (this.#begun) return
    this.#begun = true
    this.#opened = new Map(keys.map((k) => [k, undefined]))
  }

  /** Opens a node for good, also while a filter is on. */
  open(key: string): void {
    this.#opened = new Map(this.#opened).set(key, undefined)
  }

  /** Opens or closes a node. */
  turn(key: string, open: boolean, need?: Need): void {
    if (this.#filter) this.#turned = new Map(this.#turned).set(key, open)
    else {
      const next = new Map(this.#opened)
      if (open) next.set(key, need)
      else next.delete(key)
      this.#opened = next
    }
    if (open && need && !this.#parts.get(needKey(need))?.value) void this.#readPart(need)
  }

  async #readPart(need: Need): Promise<void> {
    const key = needKey(need)
    const ask = (this.#asked.get(key) ?? 0) + 1
    this.#asked.set(key, ask)
    const current = () => this.#asked.get(key) === ask
    const put = (part: Part<Description | Member[]>) => (this.#parts = new Map(this.#parts).set(key, part))
    const had = this.#parts.get(key)?.value
    const slow = setTimeout(() => {
      if (current() && !had) put({ slow: true })
    }, slowAfter)
    try {
      const { connectionId } = this
      const value =
        need.kind === 'relation'
          ? await this.#backend.schema.describe({ connectionId, kind: 'relation', oid: need.oid })
          : (await this.#backend.schema.members({ connectionId, kind: need.kind, schemaOid: need.oid }))
              .members
      if (current()) put({ value })
    } catch (thrown) {
      if (current()) put({ error: decode(thrown).info })
    } finally {
      clearTimeout(slow)
    }
  }

  setFilter(text: string): void {
    if (text === this.#filter) return
    this.#filter = text
    this.#turned = new Map()
    this.#search()
  }

  #search(): void {
    clearTimeout(this.#searching)
    const text = this.#filter.trim()
    if (text.length < 2) {
      this.#hits = {}
      return
    }
    this.#searching = setTimeout(async () => {
      const current = () => this.#filter.trim() === text
      try {
        const { hits } = await this.#backend.schema.search({
          connectionId: this.connectionId,
          text,
          limit: 200,
        })
        if (current()) this.#hits = { value: hits }
      } catch (thrown) {
        if (current()) this.#hits = { error: decode(thrown).info }
      }
    }, searchAfter)
  }
}

function objectsIn({ schemas, schema }: Tree): number {
  let n = 0
  for (const s of schemas) if (!s.system) n += s.functions + s.types
  for (const i of schema) if (!schemas[i]!.system) n++
  return n
}

/** The catalogs of all connections. */
export class Catalogs {
  #backend: Backend
  #byId = new Map<string, Catalog>()

  constructor(backend: Backend) {
    this.#backend = backend
    backend.on('catalog', (e) => this.#byId.get(e.connectionId)?.changed(e))
  }

  of(connectionId: string): Catalog {
    const held = this.#byId.get(connectionId)
    if (held) return held
    const made = new Catalog(this.#backend, connectionId)
    this.#byId.set(connectionId, made)
    return made
  }

  forget(connectionId: string): void {
    this.#byId.delete(connectionId)
  }
}
