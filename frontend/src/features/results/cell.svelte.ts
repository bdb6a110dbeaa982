// Reads one cell in parts, however long it is.
import type { Backend } from '../../lib/api/backend'
import type { Column } from '../../lib/api/types'
import type { Notices } from '../../lib/state/notices.svelte'
import type { ResultWindow } from '../../lib/state/result.svelte'

const part = 1 << 20

export class CellReader {
  readonly column: Column
  #backend: Backend
  #notices: Notices
  #at: { resultId: string; row: number; column: number }
  #text = $state.raw<string | null>('')
  #length = $state(0)
  #next = $state(0)
  #whole = $state(false)
  #reading = false

  constructor(backend: Backend, notices: Notices, source: ResultWindow, row: number, col: number) {
    this.#backend = backend
    this.#notices = notices
    this.#at = { resultId: source.id, row, column: col }
    this.column = source.columns[col]!
    const shown = source.cell(row, col)
    const cut = source.cutLength(row, col)
    this.#text = shown ?? (shown === null ? null : '')
    this.#length = cut ?? 0
    this.#whole = shown !== undefined && cut === undefined
    void this.more()
  }

  shows(row: number, col: number): boolean {
    return this.#at.row === row && this.#at.column === col
  }

  get text(): string | null {
    return this.#text
  }
  /** of the whole cell, in bytes */
  get length(): number {
    return this.#length
  }
  get whole(): boolean {
    return this.#whole
  }

  async more(): Promise<void> {
    if (this.#reading) return
    this.#reading = true
    try {
      const cell = await this.#backend.queries.cell({
        ...this.#at,
        from: this.#next,
        count: part,
        align: false,
      })
      const before = this.#next === 0 ? '' : (this.#text ?? '')
      this.#text = cell.null ? null : before + cell.text
      this.#length = cell.length
      this.#next = cell.next
      this.#whole = cell.null || cell.next >= cell.length
    } catch (thrown) {
      this.#notices.report(thrown)
    } finally {
      this.#reading = false
    }
  }

  /** Copies the whole cell, not only the part that is here. */
  async copy(): Promise<void> {
    const { resultId, row, column } = this.#at
    const one = { top: row, left: column, bottom: row, right: column }
    try {
      await this.#backend.queries.copy({
        resultId,
        columns: [],
        ranges: [one],
        format: 'tsv',
        header: false,
        table: '',
      })
      this.#notices.say('Copied 1 cell')
    } catch (thrown) {
      this.#notices.report(thrown)
    }
  }
}
