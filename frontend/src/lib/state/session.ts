// What a snapshot says of the session: its transaction, and whether it is still the one it was.
import type { Snapshot } from '../api/types'

export interface Transaction {
  status: 'I' | 'T' | 'E'
  since: number
  statements: number
}

/** Why the tab has a bar: its session, or the outcome of its last run, is not what one would think. */
export interface SessionNote {
  title: string
  detail: string
}

export const idle: Transaction = { status: 'I', since: 0, statements: 0 }

/** The transaction a snapshot tells of; nothing when it does not know. */
export function transactionOf(s: Snapshot): Transaction | undefined {
  if (s.txStatus === 'T' || s.txStatus === 'E') {
    return { status: s.txStatus, since: s.txSince, statements: s.txStatements }
  }
  return s.txStatus === 'I' || s.state === 'done' ? idle : undefined
}

export function noteOf(s: Snapshot): SessionNote | null {
  if (s.outcome === 'lost') {
    return {
      title: 'The session of this tab was lost.',
      detail: [s.error?.title, s.reset, 'Nothing is run again by itself.'].filter(Boolean).join(' '),
    }
  }
  if (s.outcome === 'killed') {
    return {
      title: 'Stopped; the session of this tab had to be given up for it.',
      detail:
        s.reset || 'Its transaction, temporary tables and SET values are gone. The next run opens a new one.',
    }
  }
  return s.reset ? { title: 'This tab has a new session.', detail: s.reset } : null
}

/** A run whose text is that of a button, not of the document: nothing of it can be pointed at there. */
export function apart(s: Snapshot): Snapshot {
  const statements = s.statements.map((st) => ({
    ...st,
    from: -1,
    to: -1,
    line: 0,
    error: st.error && { ...st.error, position: undefined },
  }))
  return { ...s, statements }
}
