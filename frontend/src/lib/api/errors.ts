// Where an error is shown and what is offered beside it. A kind without a row does not compile.
import type { ErrorInfo, Kind } from './types'

/** inline: beside what it concerns. bar: above the tab. toast: in the corner. dialog: asks. silent: said elsewhere. */
export type Surface = 'inline' | 'bar' | 'toast' | 'dialog' | 'silent'
/** What a button beside the error does. */
export type Action = 'retry' | 'rollback' | 'health'

export interface Treatment {
  surface: Surface
  action?: Action
}

const inline: Treatment = { surface: 'inline' }
const retry: Treatment = { surface: 'inline', action: 'retry' }
const rollback: Treatment = { surface: 'inline', action: 'rollback' }

export const treatments: Record<Kind, Treatment> = {
  config: inline,
  usage: { surface: 'toast' },
  dns: retry,
  refused: retry,
  unreachable: retry,
  timeout: retry,
  not_postgres: inline,
  tls_refused: inline,
  tls_untrusted: inline,
  tls_hostname: inline,
  tls_expired: inline,
  tls_failed: inline,
  auth_failed: inline,
  auth_method: inline,
  auth_rule: inline,
  role_missing: inline,
  db_missing: inline,
  permission: inline,
  too_many: retry,
  starting: retry,
  shutdown: { surface: 'bar', action: 'retry' },
  lost: { surface: 'bar', action: 'retry' },
  busy: { surface: 'toast' },
  limit: retry,
  cancelled: { surface: 'silent', action: 'retry' },
  stmt_timeout: retry,
  lock_timeout: retry,
  serialization: rollback,
  deadlock: rollback,
  readonly: inline,
  constraint: inline,
  data: inline,
  syntax: inline,
  missing: inline,
  tx_failed: rollback,
  tx_state: inline,
  unsupported: inline,
  resource_server: retry,
  resource_client: { surface: 'bar', action: 'health' },
  file: { surface: 'toast' },
  file_missing: { surface: 'toast' },
  file_denied: { surface: 'toast' },
  file_full: { surface: 'toast' },
  file_exists: { surface: 'toast' },
  storage: { surface: 'bar', action: 'health' },
  secret: inline,
  no_server: { surface: 'toast', action: 'health' },
  protocol: { surface: 'bar', action: 'retry' },
  query: inline,
  internal: { surface: 'toast', action: 'health' },
}

export function isKind(kind: string): kind is Kind {
  return Object.hasOwn(treatments, kind)
}

/** The error as text for the clipboard, in the order the panel shows it. */
export function errorText(e: ErrorInfo, place = ''): string {
  const lines = [e.title]
  const add = (label: string, value?: string) => {
    if (value) lines.push(`${label}: ${value}`)
  }
  add('Message', e.message)
  add('Detail', e.detail)
  add('Server hint', e.serverHint)
  add('SQLSTATE', e.code)
  add('Place', place)
  add('Context', e.where)
  add('What to do', e.hint)
  return lines.join('\n')
}
