import type { CellSource, TreeContainer, TreeMember } from './source'

/**
 * The lines of a JSON value of any length: containers are looked into when they are opened, members read when they come
 * into view. Nothing is read as a value: what is shown is what is written.
 */

const page = 100

export interface Opened extends TreeContainer {
  parent: Opened | null
  /** which member of the parent it is */
  index: number
  inside: Map<number, Opened>
  /** the numbers of what is open inside, in order */
  order: number[]
  /** how many lines stand between its brackets */
  lines: number
  read: Map<number, TreeMember>
  /** the first ones of the pages that were asked for */
  asked: Set<number>
}

/** What stands in a line: the bracket that opens the whole, a member, or the bracket that closes a container. */
export interface Line {
  kind: 'open' | 'member' | 'close'
  in: Opened
  index: number
  depth: number
}

export class Tree {
  private constructor(
    readonly source: CellSource,
    readonly root: Opened,
    readonly changed: () => void,
  ) {}

  /** Null when the value is no object or array. So many lines are opened at once. */
  static async of(source: CellSource, lines: number, changed: () => void): Promise<Tree | null> {
    const list = await source.open(0, lines)
    if (!list?.[0]) return null
    const tree = new Tree(source, opened(list[0], null, 0), changed)
    const known = new Map([[tree.root.at, tree.root]])
    // Outer ones come first, so that each finds what it is in.
    const places = new Map<number, { parent: Opened; index: number }>()
    const note = (c: Opened) => c.members.forEach((m, index) => places.set(m.at, { parent: c, index }))
    note(tree.root)
    for (const c of list.slice(1)) {
      const place = places.get(c.at)
      if (!place) continue
      const inner = opened(c, place.parent, place.index)
      known.set(c.at, inner)
      note(inner)
      tree.#put(inner)
    }
    return tree
  }

  /** with the brackets of the whole */
  get count(): number {
    return this.root.lines + 2
  }

  line(row: number): Line {
    if (row === 0) return { kind: 'open', in: this.root, index: 0, depth: 0 }
    if (row >= this.count - 1) return { kind: 'close', in: this.root, index: 0, depth: 0 }
    let c = this.root
    let left = row - 1
    for (let depth = 1; ; depth++) {
      let more = 0 // lines of what is open before
      let next: Opened | null = null
      for (const index of c.order) {
        const inner = c.inside.get(index)!
        const at = index + more
        if (left <= at) break
        if (left <= at + inner.lines) {
          left -= at + 1
          next = inner
          break
        }
        if (left === at + inner.lines + 1) return { kind: 'close', in: inner, index: 0, depth }
        more += inner.lines + 1
      }
      if (!next) return { kind: 'member', in: c, index: left - more, depth }
      c = next
    }
  }

  /** In which line a member stands. */
  rowOf(c: Opened, index: number): number {
    let row = 1 + index
    for (const before of c.order) if (before < index) row += c.inside.get(before)!.lines + 1
    return c.parent ? row + this.rowOf(c.parent, c.index) : row
  }

  /** A member, or undefined while it is on its way. */
  member(c: Opened, index: number): TreeMember | undefined {
    const m = c.members[index] ?? c.read.get(index)
    if (!m) void this.#read(c, index)
    return m
  }

  async #read(c: Opened, index: number): Promise<void> {
    const from = index - (index % page)
    if (c.asked.has(from)) return
    c.asked.add(from)
    const mark = Math.floor(from / c.stride)
    const list = await this.source.members(c.kind, c.marks[mark]!, from - mark * c.stride, page)
    list?.forEach((m, i) => c.read.set(from + i, m))
    if (list) this.changed()
  }

  async toggle(c: Opened, index: number): Promise<void> {
    const inner = c.inside.get(index)
    if (inner) this.#take(inner)
    else await this.#open(c, index)
    this.changed()
  }

  async #open(c: Opened, index: number): Promise<Opened | null> {
    const there = c.inside.get(index)
    if (there) return there
    const m = c.members[index] ?? c.read.get(index) ?? (await this.#one(c, index))
    if (!m || m.count === 0) return null
    const list = await this.source.open(m.at, page)
    if (!list?.[0]) return null
    const now = c.inside.get(index)
    if (now) return now // opened twice at a time
    const inner = opened(list[0], c, index)
    this.#put(inner)
    return inner
  }

  async #one(c: Opened, index: number): Promise<TreeMember | undefined> {
    c.asked.delete(index - (index % page))
    await this.#read(c, index)
    return c.read.get(index)
  }

  /** Opens all that a byte stands in, and tells the line; -1 when it is in none. */
  async reveal(at: number): Promise<number> {
    const steps = await this.source.locate(at)
    let c: Opened | null = this.root
    for (const [i, step] of (steps ?? []).entries()) {
      if (i === steps!.length - 1) {
        this.changed()
        return this.rowOf(c, step.index)
      }
      c = await this.#open(c, step.index)
      if (!c) return -1
    }
    return -1
  }

  /** The way from the root to what stands in a line: keys as they are written, numbers of elements. */
  path(row: number): (string | number)[] | null {
    const line = this.line(row)
    const way: (string | number)[] = []
    let c: Opened | null = line.in
    if (line.kind === 'member') {
      const m = this.member(c, line.index)
      if (!m) return null
      way.push(c.kind === 'object' ? m.key : line.index)
    }
    for (; c.parent; c = c.parent) {
      const key = this.member(c.parent, c.index)?.key
      if (key === undefined) return null
      way.unshift(c.parent.kind === 'object' ? key : c.index)
    }
    return way
  }

  #put(inner: Opened): void {
    const { parent, index } = inner
    if (!parent) return
    parent.inside.set(index, inner)
    parent.order = [...parent.inside.keys()].sort((a, b) => a - b)
    this.#grow(parent, inner.lines + 1)
  }

  #take(inner: Opened): void {
    const { parent, index } = inner
    if (!parent) return
    parent.inside.delete(index)
    parent.order = parent.order.filter((i) => i !== index)
    this.#grow(parent, -inner.lines - 1)
  }

  #grow(c: Opened | null, by: number): void {
    for (; c; c = c.parent) c.lines += by
  }
}

const opened = (c: TreeContainer, parent: Opened | null, index: number): Opened => ({
  ...c,
  parent,
  index,
  inside: new Map(),
  order: [],
  lines: c.count,
  read: new Map(),
  asked: new Set(),
})

/** A key as JSON writes it, as the text that it is; one that was cut stays as it is written. */
function unquoted(key: string): string {
  try {
    return JSON.parse(key) as string
  } catch {
    return key
  }
}

/** $.roast.levels[0]."odd key", as jsonpath takes it */
export function jsonPath(way: (string | number)[]): string {
  return way.reduce<string>((out, step) => {
    if (typeof step === 'number') return `${out}[${step}]`
    return /^"[A-Za-z_]\w*"$/.test(step) ? `${out}.${step.slice(1, -1)}` : `${out}.${step}`
  }, '$')
}

/** attributes -> 'roast' -> 'levels' -> 0 */
export function arrowPath(column: string, way: (string | number)[]): string {
  const steps = way.map((s) => {
    if (typeof s === 'number') return String(s)
    const text = unquoted(s).replaceAll("'", "''")
    return text.includes('\\') ? `E'${text.replaceAll('\\', '\\\\')}'` : `'${text}'`
  })
  return [column, ...steps].join(' -> ')
}
