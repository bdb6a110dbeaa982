// The tree as flat rows: what is open, or what answers the filter. Pure; the view draws those that are looked at.
import { objectIcon, type IconName } from '../../components/icons'
import type { ColumnInfo, Description, ErrorInfo, Member, SearchHit } from '../../lib/api/types'
import type { Catalog, MemberKind, Need } from '../../lib/state/catalog.svelte'
import type { Target } from '../../lib/state/objects'
import { about, count } from '../../lib/text/format'
import { shortType } from '../../lib/text/types'
import { Answers, type Group } from './answers'
import {
  databaseKey,
  groupKey,
  partitionsOf,
  relationKey,
  schemaKey,
  systemKey,
  type Index,
} from './treeindex'

export interface Row {
  /** stays the same when the tree is read again */
  key: string
  level: number
  name: string
  icon?: IconName
  /** undefined for one that has nothing below it */
  open?: boolean
  /** the matched characters of the name */
  marks?: readonly number[]
  /** grey, at the right */
  meta?: string
  /** of a column, in mono at the right */
  type?: string
  /** a function's arguments, in mono after the name */
  args?: string
  tip?: string
  /** a heading; something that cannot be read; something that is being read */
  look?: 'group' | 'problem' | 'reading'
  target?: Target
  need?: Need
  /** place among its siblings, from 1, and how many they are */
  pos: number
  size: number
}

/** What the rows are made of, beside the tree itself. */
export type Held = Pick<
  Catalog,
  'connectionId' | 'opened' | 'description' | 'members' | 'filter' | 'turned' | 'hits'
>

export interface Rows {
  rows: Row[]
  /** how many objects answer the filter */
  found: number
}

export function rowsOf(ix: Index, held: Held): Rows {
  return new Maker(ix, held).make()
}

interface Children {
  rows: (level: number) => void
}

/** All rows have one shape, which engines like when there are many. */
const blank = (key: string, level: number, name: string): Row => ({
  key,
  level,
  name,
  icon: undefined,
  open: undefined,
  marks: undefined,
  meta: undefined,
  type: undefined,
  args: undefined,
  tip: undefined,
  look: undefined,
  target: undefined,
  need: undefined,
  pos: 0,
  size: 0,
})

class Maker {
  rows: Row[] = []
  // Read once: behind the catalog's are signals, and there are very many rows.
  #opened: Held['opened']
  #turned: Held['turned']
  readonly #filtering: boolean
  readonly #answers: Answers
  /** schemas whose name answers */
  #schemas = 0

  constructor(
    readonly ix: Index,
    readonly held: Held,
  ) {
    this.#opened = held.opened
    this.#turned = held.turned
    this.#answers = new Answers(ix, held)
    this.#filtering = this.#answers.filtering
  }

  make(): Rows {
    const { tree } = this.ix
    const schemas = tree.schemas.map((_, i) => i)
    const own = schemas.filter((i) => !tree.schemas[i]!.system)
    const system = schemas.filter((i) => tree.schemas[i]!.system)
    this.#node(
      { key: databaseKey, name: tree.database, icon: 'database' },
      {
        rows: (level) => {
          this.#siblings(() => {
            for (const i of own) this.#schema(i, level)
            if (system.length) this.#system(system, level)
            for (const text of this.#problems()) this.#problem(`${databaseKey}/${text}`, level, text)
          }, level)
        },
      },
      0,
      true,
    )
    if (!this.#filtering) {
      this.#list('Roles', 'role', 'users')
      this.#list('Extensions', 'extension', 'puzzle')
    }
    this.#count(0, 0)
    return { rows: this.rows, found: this.#answers.found + this.#schemas }
  }

  #problems(): string[] {
    const { error } = this.held.hits
    return [...this.ix.tree.problems, ...(error ? [`Columns were not searched: ${error.title}`] : [])]
  }

  /** Adds a row and, when it is open, what is below it. */
  #node(
    row: Omit<Row, 'level' | 'pos' | 'size' | 'open'>,
    children: Children | undefined,
    level: number,
    matched = false,
  ): void {
    const open = children && this.#open(row.key, matched)
    this.rows.push(Object.assign(blank(row.key, level, row.name), row, { open }))
    if (open) children!.rows(level + 1)
  }

  #open(key: string, matched: boolean): boolean {
    return this.#filtering ? (this.#turned.get(key) ?? matched) : this.#opened.has(key)
  }

  #siblings(make: () => void, level: number): void {
    const from = this.rows.length
    make()
    this.#count(from, level)
  }

  #count(from: number, level: number): void {
    let size = 0
    for (let i = from; i < this.rows.length; i++)
      if (this.rows[i]!.level === level) this.rows[i]!.pos = ++size
    for (let i = from; i < this.rows.length; i++) if (this.rows[i]!.level === level) this.rows[i]!.size = size
  }

  #problem(key: string, level: number, name: string, tip = name): void {
    const icon = 'triangle-alert'
    this.rows.push({ key, level, name, tip, icon, look: 'problem', pos: 0, size: 0 })
  }

  #failed(key: string, level: number, e: ErrorInfo): void {
    this.#problem(`${key}/problem`, level, e.title, [e.title, e.message, e.hint].filter(Boolean).join('\n'))
  }

  #system(schemas: number[], level: number): void {
    const shown = this.#filtering && schemas.some((i) => this.#answers.schema(i))
    if (this.#filtering && !shown) return
    const below: Children = {
      rows: (l) => this.#siblings(() => schemas.forEach((i) => this.#schema(i, l)), l),
    }
    const meta = count(schemas.length)
    this.#node({ key: systemKey, name: 'System schemas', look: 'group', meta }, below, level, shown)
  }

  #schema(i: number, level: number): void {
    const schema = this.ix.tree.schemas[i]!
    const marks = this.#filtering ? (this.#answers.schemaMarks(i) ?? []) : []
    const filtered = this.#answers.groupsOf(i)
    if (this.#filtering) {
      if (!this.#answers.schema(i)) return
      if (this.#answers.schemaNamed(i)) this.#schemas++
    }
    const key = schemaKey(schema.oid)
    const { oid, name } = schema
    const target: Target = {
      connectionId: this.held.connectionId,
      kind: 'schema',
      oid,
      schema: '',
      name,
      variant: '',
    }
    const below: Children = {
      rows: (l) =>
        this.#siblings(() => {
          // One whose name alone answers shows all that it has.
          const all = this.#filtering && filtered.length === 0
          for (const g of all ? this.#answers.groupsOf(i, true) : filtered) this.#group(i, key, g, l, all)
        }, l),
    }
    const tip = schema.comment || undefined
    const empty = !this.#filtering && filtered.length === 0
    const row = { key, name, icon: 'box' as const, marks, tip, target, meta: empty ? 'empty' : undefined }
    this.#node(row, empty ? undefined : below, level, filtered.length > 0)
  }

  #group(schema: number, of: string, g: Group, level: number, all: boolean): void {
    const key = groupKey(of, g.id)
    const row = { key, name: g.title, look: 'group' as const, meta: count(g.n) }
    if (g.id !== 'functions' && g.id !== 'types') {
      const below: Children = {
        rows: (l) => this.#siblings(() => g.relations.forEach((r) => this.#relation(r, l)), l),
      }
      return this.#node(row, below, level, !all)
    }
    const kind: MemberKind = g.id === 'functions' ? 'function' : 'type'
    const { oid, name } = this.ix.tree.schemas[schema]!
    const need: Need = { kind, oid }
    const hits = this.#answers.members(schema, g.id)
    const below: Children = {
      rows: (l) => {
        if (this.#filtering && hits) this.#siblings(() => hits.forEach((h) => this.#hit(h, l)), l)
        else this.#membersOf(key, kind, oid, name, l)
      },
    }
    this.#node({ ...row, need }, below, level, !all)
  }

  #hit(h: SearchHit, level: number): void {
    const kind = h.kind as Target['kind']
    const variant = kind === 'function' ? 'function' : ''
    this.#member(
      kind,
      { oid: h.oid, name: h.name, detail: h.detail, variant, comment: '' },
      h.schema,
      level,
      h.marks,
    )
  }

  #membersOf(key: string, kind: MemberKind, oid: number, schema: string, level: number): void {
    const part = this.held.members(kind, oid)
    if (part?.error) return this.#failed(key, level, part.error)
    if (part?.slow) return this.#reading(key, level)
    this.#siblings(() => {
      for (const m of part?.value ?? []) this.#member(kind, m, schema, level)
    }, level)
  }

  #reading(key: string, level: number): void {
    this.rows.push({ key: `${key}/reading`, level, name: 'Reading', look: 'reading', pos: 1, size: 1 })
  }

  #member(kind: Target['kind'], m: Member, schema: string, level: number, marks?: readonly number[]): void {
    const { connectionId } = this.held
    const { oid, name, variant, detail } = m
    const signature = kind === 'function' && detail.startsWith('(')
    this.rows.push({
      key: `${kind}:${oid}`,
      level,
      name,
      icon: objectIcon(kind, variant),
      marks,
      args: signature ? detail : undefined,
      meta:
        kind === 'function' && variant !== 'function' ? variant : signature ? undefined : detail || undefined,
      tip: [signature ? name + detail : '', m.comment].filter(Boolean).join('\n') || undefined,
      target: { connectionId, kind, oid, schema, name, variant, detail },
      pos: 0,
      size: 0,
    })
  }

  #list(name: string, kind: 'role' | 'extension', icon: IconName): void {
    const key = `${kind}s`
    const need: Need = { kind, oid: 0 }
    const n = this.held.members(kind, 0)?.value?.length
    const below: Children = { rows: (l) => this.#membersOf(key, kind, 0, '', l) }
    this.#node({ key, name, icon, need, meta: n === undefined ? undefined : count(n) }, below, 0)
  }

  #relation(i: number, level: number): void {
    const { tree } = this.ix
    const oid = tree.oids[i]!
    const variant = tree.kinds[i]!
    const key = relationKey(oid)
    const name = tree.names[i]!
    const schema = tree.schemas[tree.schema[i]!]!.name
    const target: Target = {
      connectionId: this.held.connectionId,
      kind: 'relation',
      oid,
      schema,
      name,
      variant,
    }
    const partitions = partitionsOf(this.ix, i)
    const rows = tree.rows[i]!
    const row = blank(key, level, name)
    row.icon = objectIcon('relation', variant)
    row.marks = this.#answers.named.get(i)
    row.target = target
    if (variant === 'p')
      row.meta = `${count(partitions.length)} ${partitions.length === 1 ? 'part' : 'parts'}`
    else if (rows >= 0 && 'rmf'.includes(variant)) row.meta = about(rows)
    this.rows.push(row)
    if (variant === 'S') return
    const hits = this.#answers.columns.get(i)
    const found = this.#filtering ? partitions.filter((p) => this.#answers.relation(p)) : partitions
    const matched = hits !== undefined || (this.#filtering && found.length > 0)
    row.need = { kind: 'relation', oid }
    row.open = this.#open(key, matched)
    if (!row.open) return
    row.tip = this.held.description(oid)?.value?.comment || undefined
    const some = this.#filtering && this.#turned.get(key) !== true
    this.#siblings(() => {
      if (!some) this.#described(key, target, level + 1)
      else for (const h of hits ?? []) this.#column(target, h, level + 1)
      if (found.length) this.#partitions(key, found, level + 1, some)
    }, level + 1)
  }

  #partitions(of: string, partitions: number[], level: number, matched: boolean): void {
    const below: Children = {
      rows: (l) => this.#siblings(() => partitions.forEach((p) => this.#relation(p, l)), l),
    }
    const row = { key: groupKey(of, 'partitions'), name: 'Partitions', look: 'group' as const }
    this.#node({ ...row, meta: count(partitions.length) }, below, level, matched)
  }

  /** A column that a search found. */
  #column(of: Target, h: SearchHit, level: number): void {
    const target: Target = { ...of, kind: 'column', name: h.name, relation: of.name }
    const key = `column:${of.oid}:${h.name}`
    this.rows.push({
      key,
      level,
      name: h.name,
      type: shortType(h.detail, of.schema),
      marks: h.marks,
      target,
      pos: 0,
      size: 0,
    })
  }

  #described(key: string, of: Target, level: number): void {
    const part = this.held.description(of.oid)
    if (part?.error) return this.#failed(key, level, part.error)
    if (part?.slow) return this.#reading(key, level)
    const d = part?.value
    if (!d) return
    for (const c of d.columns) this.#columnOf(of, c, level)
    const foreign = d.constraints.filter((c) => c.type === 'foreign')
    const others = d.constraints.filter((c) => c.type !== 'foreign' && c.type !== 'not null')
    const folder = (
      id: string,
      title: string,
      items: { name: string; definition: string; note?: string }[],
    ) => this.#folder(key, id, title, items, d.problems[id === 'foreign' ? '' : id], level)
    const problem = d.problems.columns
    if (problem) this.#failed(`${key}/columns`, level, problem)
    folder(
      'indexes',
      'Indexes',
      d.indexes.map((i) => ({ ...i, note: i.valid ? (i.unique ? 'unique' : '') : 'invalid' })),
    )
    folder(
      'constraints',
      'Constraints',
      others.map((c) => ({ ...c, note: c.type })),
    )
    folder(
      'foreign',
      'Foreign keys',
      foreign.map((c) => ({ ...c, note: c.otherTable })),
    )
    folder(
      'referrers',
      'Referenced by',
      d.referrers.map((c) => ({ ...c, note: c.otherTable })),
    )
    const off = (items: Description['triggers']) => items.map((t) => ({ ...t, note: t.enabled ? '' : 'off' }))
    folder('triggers', 'Triggers', off(d.triggers))
    folder('rules', 'Rules', off(d.rules))
    folder('policies', 'Policies', off(d.policies))
  }

  #columnOf(of: Target, c: ColumnInfo, level: number): void {
    const target: Target = { ...of, kind: 'column', name: c.name, relation: of.name }
    const about = [
      `${c.name} ${c.type}${c.notNull ? ' not null' : ''}`,
      c.default && `default ${c.default}`,
      c.comment,
    ]
    this.rows.push({
      key: `column:${of.oid}:${c.name}`,
      level,
      name: c.name,
      icon: c.key ? 'key-round' : c.foreign ? 'link-2' : undefined,
      type: shortType(c.type, of.schema),
      tip: about.filter(Boolean).join('\n'),
      target,
      pos: 0,
      size: 0,
    })
  }

  #folder(
    of: string,
    id: string,
    name: string,
    items: { name: string; definition: string; note?: string }[],
    problem: ErrorInfo | undefined,
    level: number,
  ): void {
    if (items.length === 0 && !problem) return
    const key = groupKey(of, id)
    const below: Children = {
      rows: (l) =>
        this.#siblings(() => {
          for (const item of items) {
            const meta = item.note || undefined
            const tip = item.definition
            this.rows.push({
              key: `${key}/${item.name}`,
              level: l,
              name: item.name,
              meta,
              tip,
              pos: 0,
              size: 0,
            })
          }
          if (problem) this.#failed(key, l, problem)
        }, l),
    }
    const meta = problem ? undefined : count(items.length)
    this.#node({ key, name, look: 'group', meta }, below, level)
  }
}
