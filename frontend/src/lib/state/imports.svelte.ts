// Files on their way into tables. Go loads them; here is what is asked for, how far each is, and what is told at the end.
import type { Backend } from '../api/backend'
import type { ImportPlan, ImportState } from '../api/types'
import { duration, plural } from '../text/format'
import { fileName } from './exports.svelte'
import { newId } from './id'
import type { Notices } from './notices.svelte'
import type { Target } from './objects'
import type { Workspace } from './workspace.svelte'

/** Where an import begins; '' for what a person has still to choose. */
export interface RowsFrom {
  connectionId: string
  path: string
  schema: string
  table: string
}

export class Imports {
  readonly #backend: Backend
  readonly #notices: Notices
  #states = $state.raw<ImportState[]>([])
  /** the import that is in view: nothing else is told of it */
  watched = $state('')

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend
    this.#notices = notices
    backend.on('import', (s) => this.#take(s))
  }

  /** Those under way, oldest first. */
  get running(): ImportState[] {
    return this.#states.filter((s) => s.state === 'running')
  }

  /** How far one is; for the one in view its end too. */
  of(jobId: string): ImportState | undefined {
    return this.#states.find((s) => s.jobId === jobId)
  }

  /** Resolves with the id of the import once its file is open. It is in view from now on. */
  async begin(plan: ImportPlan): Promise<string> {
    const jobId = newId()
    this.watched = jobId
    await this.#backend.imports.begin({ jobId, plan })
    return jobId
  }

  cancel(jobId: string): void {
    this.#backend.imports.cancel({ jobId }).catch((thrown: unknown) => this.#notices.report(thrown))
  }

  /** It is out of view; its end is told in the corner. */
  leave(): void {
    this.watched = ''
    this.#states = this.running
  }

  #take(s: ImportState): void {
    const known = this.#states.some((r) => r.jobId === s.jobId)
    this.#states = known ? this.#states.map((r) => (r.jobId === s.jobId ? s : r)) : [...this.#states, s]
    if (s.state === 'running' || s.jobId === this.watched) return
    this.#states = this.#states.filter((r) => r.jobId !== s.jobId)
    if (s.state === 'cancelled')
      this.#notices.say(`Import of ${fileName(s.path)} cancelled; ${s.table} is as it was`)
    else if (s.error) this.#notices.failed(s.error)
    else
      this.#notices.toast({
        tone: s.rejected ? 'warn' : 'ok',
        title: `Imported ${plural(s.rows, 'row')} into ${s.table}`,
        detail: [...leftOut(s), duration(s.elapsedMs * 1000)].join(' · '),
      })
  }
}

/** What of a file is not in the table, in words. */
export function leftOut(s: ImportState): string[] {
  const words: string[] = []
  if (s.skipped) words.push(`${plural(s.skipped, 'row')} skipped, whose key was there`)
  if (s.rejected) words.push(`${plural(s.rejected, 'row')} rejected, now in ${s.rejects}`)
  return words
}

/** Rows can be put into it. */
export const takesRows = (t: Target): boolean => t.kind === 'relation' && 'rpf'.includes(t.variant)

/** Opens the wizard: for a table, for a new one in a schema, or for whatever a person chooses. */
export function importRows(ws: Workspace, target: Target | null = null, path = ''): void {
  const connectionId = target?.connectionId ?? ws.connection?.id
  if (!connectionId) return
  const table = target && takesRows(target) ? target.name : ''
  const schema = target?.kind === 'schema' ? target.name : table ? target!.schema : ''
  ws.dialog = { kind: 'importRows', from: { connectionId, path, schema, table } }
}
