// Results on their way into files. Go writes them; here is what is asked for, how far each is, and what is told at the end.
import type { Backend } from '../api/backend'
import type { CellRange, Column, ExportRequest, ExportState, Tree } from '../api/types'
import { bytes, duration, plural } from '../text/format'
import { quoteQualified } from '../text/quote'
import { newId } from './id'
import type { Notices } from './notices.svelte'
import type { ResultWindow } from './result.svelte'

/** A table whose rows go to a file without being shown. */
export interface TableSubject {
  connectionId: string
  schema: string
  relation: string
}

/** What an export is asked for. */
export interface Subject {
  /** the result, or the view of it that is shown; or a table */
  source: ResultWindow | TableSubject
  /** those that are shown, by number, in their order; ranges count them */
  columns: readonly number[]
  /** of the tab; the file is called after it */
  title: string
  /** what INSERT writes to, as SQL; '' when the rows are of no single table */
  table: string
  ranges: CellRange[]
  /** how many cells are selected */
  cells: number
}

/** The choices that are kept from one export to the next, while the window is open. */
export interface Choices {
  format: string
  folder: string
  header: boolean
  /** gzip, zstd or '' */
  compress: string
  delimiter: string
  /** a single quote, or '' for a double one */
  quote: string
  nullText: string
  quoteAll: boolean
  /** '' for UTF-8 */
  encoding: string
  crlf: boolean
  /** nothing begins as formulas do */
  safe: boolean
  numbersAsText: boolean
}

export const isTable = (s: ResultWindow | TableSubject): s is TableSubject => 'relation' in s

export class Exports {
  readonly #backend: Backend
  readonly #notices: Notices
  #running = $state.raw<ExportState[]>([])
  last: Choices = {
    format: 'csv',
    folder: '~',
    header: true,
    compress: '',
    delimiter: ',',
    quote: '',
    nullText: '',
    quoteAll: false,
    encoding: '',
    crlf: false,
    safe: false,
    numbersAsText: false,
  }

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend
    this.#notices = notices
    backend.on('export', (s) => this.#take(s))
  }

  /** Those under way, oldest first. */
  get running(): ExportState[] {
    return this.#running
  }

  /** Resolves once the file is begun. */
  begin(req: Omit<ExportRequest, 'jobId'>): Promise<void> {
    return this.#backend.queries.export({ ...req, jobId: newId() })
  }

  cancel(jobId: string): void {
    this.#backend.queries.cancelExport({ jobId }).catch((thrown: unknown) => this.#notices.report(thrown))
  }

  #take(s: ExportState): void {
    const others = this.#running.filter((r) => r.jobId !== s.jobId)
    if (s.state === 'running') {
      const known = others.length < this.#running.length
      this.#running = known ? this.#running.map((r) => (r.jobId === s.jobId ? s : r)) : [...others, s]
      return
    }
    this.#running = others
    if (s.state === 'cancelled') this.#notices.say(`Export cancelled; ${fileName(s.path)} is as it was`)
    else if (s.error) this.#notices.failed(s.error)
    else
      this.#notices.toast({
        tone: s.partial ? 'warn' : 'ok',
        title: `Exported ${plural(s.rows, 'row')}${s.partial ? '; the end is missing' : ''}`,
        detail: `${s.path} · ${bytes(s.bytes)} · ${duration(s.elapsedMs * 1000)}`,
      })
  }
}

export const fileName = (path: string) => path.split(/[/\\]/).at(-1) ?? path

/** The table that all columns come from, as SQL; '' when there is none, or it is not known yet. */
export function tableOf(columns: Column[], tree: Tree | null): string {
  const oid = columns[0]?.tableOid ?? 0
  if (!tree || !oid || columns.some((c) => c.tableOid !== oid)) return ''
  const at = tree.oids.indexOf(oid)
  const schema = tree.schemas[tree.schema[at] ?? -1]?.name
  if (at < 0 || schema === undefined) return ''
  return quoteQualified(schema === 'public' ? '' : schema, tree.names[at]!)
}
