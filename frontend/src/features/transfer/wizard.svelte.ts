// An import while it is made up: the file, what it is, where its columns go, and what the server would say to that.
import { decode } from '../../lib/api/client'
import type {
  ErrorInfo,
  ImportCheck,
  ImportLook,
  ImportOptions,
  ImportPlan,
  ImportProblem,
  ImportState,
} from '../../lib/api/types'
import { fileName } from '../../lib/state/exports.svelte'
import type { RowsFrom } from '../../lib/state/imports.svelte'
import type { Workspace } from '../../lib/state/workspace.svelte'

export const steps = ['file', 'format', 'columns', 'load'] as const
export type Step = (typeof steps)[number]

/** Where a column of the file goes. */
export interface Place {
  use: boolean
  name: string
  type: string
}

/** The value that stands for a table that is not there yet. */
export const newTable = ''
/** How long nobody changes anything before the server is asked. */
const checkAfter = 350
/** Schemas that are the server's own. */
const system = /^(pg_|information_schema$)/
/** More tables than a list can hold. */
const mostTables = 2000

export class Wizard {
  readonly #ws: Workspace
  readonly connectionId: string
  step = $state<Step>('file')
  path = $state('')
  look = $state.raw<ImportLook | null>(null)
  error = $state.raw<ErrorInfo | null>(null)
  busy = $state(false)
  /** The table the rows go to; of a new one, its schema and name. */
  schema = $state('')
  table = $state('')
  create = $state(true)
  places = $state.raw<Place[]>([])
  conflict = $state('')
  keepGoing = $state(false)
  check = $state.raw<ImportCheck | null>(null)
  checkError = $state.raw<ErrorInfo | null>(null)
  checking = $state(false)
  jobId = $state('')
  /** what a person has changed of the options since the file was read last */
  #change = $state.raw<Partial<ImportOptions>>({})
  /** what a person has said of columns, by what they are columns of, and their place */
  #chosen = new Map<string, Partial<Place>[]>()
  #touched = $state(false)
  /** where the rows went before another table was chosen, until that one is read */
  #before: Pick<Wizard, 'create' | 'schema' | 'table' | 'conflict'> | null = null
  #left = false
  #asked = 0
  #checked = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(ws: Workspace, from: RowsFrom) {
    this.#ws = ws
    this.connectionId = from.connectionId
    this.schema = from.schema
    this.table = from.table
    this.create = !from.table
    this.path = from.path
    if (from.path) void this.open()
  }

  get job(): ImportState | undefined {
    return this.#ws.imports.of(this.jobId)
  }
  get name(): string {
    return fileName(this.path)
  }
  /** How the file is read, or is to be read as soon as that is over. What is still to be found out is as it was. */
  get options(): ImportOptions {
    const changed = Object.entries(this.#change).filter(([, v]) => v !== '')
    return { ...this.look!.options, ...Object.fromEntries(changed) }
  }
  /** schema.table, for a person */
  get tableName(): string {
    return this.schema ? `${this.schema}.${this.table}` : this.table
  }
  /** Whether rows can be told apart by a key. */
  get hasKey(): boolean {
    return !this.create && (this.look?.table?.key ?? []).length > 0
  }
  /** The schemas of the database that a person would make a table in. */
  get schemas(): string[] {
    const tree = this.#ws.catalogs.of(this.connectionId).tree
    const all = (tree?.schemas ?? []).map((s) => s.name)
    return all.filter((s) => !system.test(s))
  }
  /** The tables a person would put rows into, to choose from, as schema and name. */
  get tables(): { schema: string; name: string }[] {
    const tree = this.#ws.catalogs.of(this.connectionId).tree
    if (!tree) return []
    const found: { schema: string; name: string }[] = []
    for (let i = 0; i < tree.names.length && found.length < mostTables; i++) {
      const schema = tree.schemas[tree.schema[i]!]?.name ?? ''
      if ('rp'.includes(tree.kinds[i]!) && !system.test(schema)) found.push({ schema, name: tree.names[i]! })
    }
    return found.sort((a, b) => (a.schema + '.' + a.name < b.schema + '.' + b.name ? -1 : 1))
  }
  /** Nothing is missing. */
  get ready(): boolean {
    const used = this.places.filter((p) => p.use)
    return (
      this.look !== null &&
      this.table.trim() !== '' &&
      used.length > 0 &&
      used.every((p) => p.name.trim() !== '' && (!this.create || p.type.trim() !== ''))
    )
  }
  get plan(): ImportPlan {
    const { path, options, rejects } = this.look!
    return {
      connectionId: this.connectionId,
      path,
      options,
      schema: this.schema,
      table: this.table.trim(),
      create: this.create,
      columns: this.places.map((p) =>
        p.use ? { name: p.name.trim(), type: p.type.trim() } : { name: '', type: '' },
      ),
      keepGoing: this.keepGoing,
      conflict: this.hasKey ? this.conflict : '',
      key: [],
      rejects,
    }
  }

  /** A person has said more than which file: it would be lost with the dialog. */
  get changed(): boolean {
    return this.#touched || this.conflict !== '' || this.keepGoing
  }

  /** Lines were checked to their end, so that columns of which nothing is told fit. */
  get fits(): boolean {
    return this.check !== null && this.check.lines > this.check.rejected
  }

  problemOf(column: string): ImportProblem | undefined {
    return this.check?.problems.find((p) => p.column === column)
  }

  /** Reads the file at the path, and goes on to its format. The same file again is read as it was. */
  async open(): Promise<void> {
    const same = this.look?.path === this.path.trim()
    this.#change = {}
    if (await this.#read(same ? this.look!.options : emptyOptions)) this.step = 'format'
  }

  /** Reads the file in another way. Another format has other options. */
  async read(change: Partial<ImportOptions>): Promise<void> {
    this.#touched = true
    const now = this.look?.options ?? emptyOptions
    const { encoding, sheet } = now
    // Those whose answer has not come count too.
    const all = (this.#change = change.format ? change : { ...this.#change, ...change })
    await this.#read(all.format ? { ...emptyOptions, encoding, sheet, ...all } : { ...now, ...all })
  }

  async #read(options: ImportOptions): Promise<boolean> {
    const mine = ++this.#asked
    this.busy = true
    try {
      const { connectionId, schema } = this
      const table = this.create ? '' : this.table
      const look = await this.#ws.backend.imports.look({
        path: this.path.trim(),
        options,
        connectionId,
        schema,
        table,
      })
      const catalog = this.#ws.catalogs.of(connectionId)
      if (!catalog.tree) await catalog.read() // the schemas and tables to choose from
      if (mine !== this.#asked) return false
      this.#take(look)
      return true
    } catch (thrown) {
      if (mine === this.#asked) this.#fail(thrown)
      return false
    } finally {
      if (mine === this.#asked) {
        this.busy = false
        this.#change = {}
        this.#before = null
      }
    }
  }

  #take(look: ImportLook): void {
    const before = this.look
    this.look = look
    this.path = look.path
    this.error = null
    if (this.create && (!this.table || this.table === before?.proposedTable)) this.table = look.proposedTable
    if (this.create && !this.schema)
      this.schema = this.schemas.includes('public') ? 'public' : (this.schemas[0] ?? '')
    this.#place(look, before)
  }

  #fail(thrown: unknown): void {
    this.error = decode(thrown).info
    if (!this.#before) return
    Object.assign(this, this.#before)
    this.recheck()
  }

  /** Where the columns go; what a person has said of one stays, however else the file is read meanwhile. */
  #place(look: ImportLook, before: ImportLook | null): void {
    if (before && isOther(before, look)) this.#chosen.clear()
    const chosen = this.#chosen.get(shapeOf(look))
    this.places = look.columns.map((c, i) => ({ ...this.#proposal(c), ...chosen?.[i] }))
    this.check = null
    this.checkError = null
  }

  #proposal(c: ImportLook['columns'][0]): Place {
    if (this.create) return { use: true, name: c.proposed, type: c.type }
    return { use: c.match !== '', name: c.match, type: '' }
  }

  /** Chooses the table; without a name, a new one. */
  async choose(schema: string, name: string): Promise<void> {
    const { create, table, conflict } = this
    this.#touched = true
    this.#before ??= { create, schema: this.schema, table, conflict }
    this.#forgetCheck()
    this.create = name === newTable
    this.schema = schema
    this.table = name || this.look!.proposedTable
    this.conflict = ''
    if (await this.#read(this.look!.options)) this.recheck()
  }

  place(i: number, change: Partial<Place>): void {
    this.#touched = true
    const shape = shapeOf(this.look!)
    const chosen = this.#chosen.get(shape) ?? []
    chosen[i] = { ...chosen[i], ...change }
    this.#chosen.set(shape, chosen)
    this.places = this.places.map((p, n) => (n === i ? { ...p, ...change } : p))
    this.recheck()
  }

  /** Names the table that is to be made. */
  call(change: { schema?: string; table?: string }): void {
    this.#touched = true
    Object.assign(this, change)
    this.recheck()
  }

  toColumns(): void {
    this.step = 'columns'
    this.recheck(0)
  }

  /** Has the server look at the rows, once nobody changes anything any more. */
  recheck(after = checkAfter): void {
    if (!this.ready) return this.#forgetCheck()
    clearTimeout(this.#timer)
    const mine = ++this.#checked
    this.checking = true
    this.#timer = setTimeout(() => void this.#check(mine), after)
  }

  #forgetCheck(): void {
    clearTimeout(this.#timer)
    this.#checked++
    this.checking = false
    this.check = null
  }

  async #check(mine: number): Promise<void> {
    try {
      const check = await this.#ws.backend.imports.check(this.plan)
      if (mine === this.#checked) [this.check, this.checkError] = [check, null]
    } catch (thrown) {
      if (mine === this.#checked) [this.check, this.checkError] = [null, decode(thrown).info]
    } finally {
      if (mine === this.#checked) this.checking = false
    }
  }

  async load(): Promise<void> {
    if (!this.ready || this.busy) return
    this.busy = true
    this.error = null
    try {
      this.jobId = await this.#ws.imports.begin(this.plan)
      this.step = 'load'
    } catch (thrown) {
      if (this.#left) this.#ws.notices.report(thrown)
      else this.checkError = decode(thrown).info
    } finally {
      this.busy = false
    }
  }

  /** Back to the columns of an import that failed. */
  back(): void {
    const at = steps.indexOf(this.step)
    this.step = steps[Math.max(0, at - 1)]!
    this.error = null
    this.jobId = ''
  }

  /** The dialog is closed; an import that runs goes on. */
  leave(): void {
    this.#left = true
    clearTimeout(this.#timer)
    this.#checked++
    this.#asked++
    this.#ws.imports.leave()
  }
}

/** Of what columns are the same ones, at the same places: with names in the first row, or without. */
function shapeOf({ path, options: o, columns, table: t }: ImportLook): string {
  return JSON.stringify([path, o.format, o.delimiter, o.sheet, columns.length, t?.schema, t?.name])
}

/** Has the file changed, which was read in the same way? */
function isOther(a: ImportLook, b: ImportLook): boolean {
  const read = ({ path, options }: ImportLook) => JSON.stringify([path, Object.entries(options).sort()])
  const names = (l: ImportLook) => JSON.stringify(l.columns.map((c) => c.name))
  return read(a) === read(b) && names(a) !== names(b)
}

const emptyOptions: ImportOptions = {
  format: '',
  encoding: '',
  delimiter: '',
  quote: '',
  header: '',
  null: '',
  decimal: '',
  dates: '',
  sheet: '',
}
