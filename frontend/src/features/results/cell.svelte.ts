// Reads one cell in parts, however long it is. What cannot be read is reported here, and null given.
import type { CellSource } from '../../components/viewer/source'
import type { Column } from '../../lib/api/types'
import type { ResultWindow } from '../../lib/state/result.svelte'
import type { Workspace } from '../../lib/state/workspace.svelte'
import { bytes } from '../../lib/text/format'

const part = 1 << 20

export class CellReader implements CellSource {
  readonly column: Column
  readonly row: number
  #ws: Workspace
  #at: { resultId: string; row: number; column: number }
  #text = $state.raw<string | null>('')
  #from = $state(0)
  #next = $state(0)
  #length = $state(0)
  #ready = $state(false)
  #round = 0

  constructor(ws: Workspace, source: ResultWindow, row: number, col: number) {
    this.#ws = ws
    this.#at = { resultId: source.id, row, column: col }
    this.row = row
    this.column = source.columns[col]!
    void this.read(0)
  }

  shows(row: number, col: number): boolean {
    return this.#at.row === row && this.#at.column === col
  }

  get name(): string {
    return this.column.name
  }
  get type(): string {
    return this.column.type
  }
  get class(): string {
    return this.column.class
  }
  get text(): string | null {
    return this.#text
  }
  get from(): number {
    return this.#from
  }
  get next(): number {
    return this.#next
  }
  get length(): number {
    return this.#length
  }
  get ready(): boolean {
    return this.#ready
  }

  async #ask<T>(answer: Promise<T>): Promise<T | null> {
    try {
      return await answer
    } catch (thrown) {
      this.#ws.notices.report(thrown)
      return null
    }
  }

  async read(from: number, align = false): Promise<boolean> {
    const round = ++this.#round
    const cell = await this.#ask(this.#ws.backend.queries.cell({ ...this.#at, from, count: part, align }))
    if (!cell || round !== this.#round) return false
    this.#text = cell.null ? null : cell.text
    this.#from = cell.from
    this.#next = cell.next
    this.#length = cell.length
    this.#ready = true
    return true
  }

  bytes(from: number, count: number) {
    return this.#ask(this.#ws.backend.queries.cellBytes({ ...this.#at, from, count, align: false }))
  }

  async open(at: number, rows: number) {
    return (await this.#ask(this.#ws.backend.queries.cellTree({ ...this.#at, at, rows })))?.containers ?? null
  }
  async members(kind: string, at: number, skip: number, count: number) {
    const req = { ...this.#at, kind, at, skip, count }
    return (await this.#ask(this.#ws.backend.queries.cellMembers(req)))?.members ?? null
  }
  async locate(at: number) {
    return (await this.#ask(this.#ws.backend.queries.cellLocate({ ...this.#at, at })))?.steps ?? null
  }

  find(text: string, exact: boolean) {
    return this.#ask(this.#ws.backend.queries.cellFind({ ...this.#at, text, case: exact }))
  }

  async copy(text?: string): Promise<void> {
    const { resultId, row, column } = this.#at
    const one = { top: row, left: column, bottom: row, right: column }
    const whole = { resultId, columns: [], ranges: [one], format: 'tsv', header: false, table: '' }
    const { queries, system } = this.#ws.backend
    const done =
      text === undefined
        ? await this.#ask(queries.copy(whole))
        : await this.#ask(system.setClipboard({ text }).then(() => true))
    if (done) this.#ws.notices.say(text === undefined ? 'Copied 1 cell' : `Copied ${said(text)}`)
  }

  async save(ending: string): Promise<void> {
    const { backend, notices } = this.#ws
    const name = `${this.name.replace(/[/\\:*?"<>|\s]+/g, '-') || 'value'}-${this.row + 1}${ending}`
    const ask = { title: 'Save the value', folder: '', name, kind: 'Any file', pattern: '*' }
    const chosen = await this.#ask(backend.system.chooseSave(ask))
    if (!chosen?.path) return
    // The dialog has asked already whether a file of that name is to be replaced.
    const saved = await this.#ask(backend.queries.saveCell({ ...this.#at, path: chosen.path, replace: true }))
    if (saved) notices.say(`Saved ${bytes(saved.bytes)} to ${saved.path}`)
  }

  async follow(url: string): Promise<void> {
    await this.#ask(this.#ws.backend.system.openURL({ text: url }))
  }
}

const said = (text: string) => (text.length > 40 || text.includes('\n') ? bytes(text.length) : text)
