// What a snapshot says, in the parts the results area shows. Pure: everything here is told by its arguments.
import type { ErrorInfo, Snapshot, Statement } from '../api/types'
import { count, duration, plural } from '../text/format'

export interface Panel {
  id: string
  kind: 'error' | 'result' | 'command' | 'messages' | 'empty'
  label: string
  count?: number
  running?: boolean
  statement?: Statement
  resultId?: string
}

export const messagesId = 'messages'
export const errorId = 'error'
export const emptyId = 'empty'
/** Commands get a tab each while there are few; more of them are in the list of statements only. */
const maxCommandTabs = 6

/** The statement that failed first, or nothing. */
export function failedStatement(s: Snapshot | null): Statement | undefined {
  return s?.statements.find((st) => st.error)
}

/** What the error panel shows: a statement's error, or the run's own. */
export function runError(s: Snapshot | null): ErrorInfo | undefined {
  return (failedStatement(s)?.error ?? s?.error) as ErrorInfo | undefined
}

const verb = (tag: string) => tag.replace(/[\s\d]+$/, '')

export function panelsOf(s: Snapshot | null, failure: ErrorInfo | null): Panel[] {
  const panels: Panel[] = []
  const error = failure ?? runError(s)
  if (error && !isStop(error)) {
    panels.push({ id: errorId, kind: 'error', label: 'Error', statement: failedStatement(s) })
  }
  const results = s?.statements.reduce((n, st) => n + st.results.length, 0) ?? 0
  const commands = s?.statements.filter(isCommand).length ?? 0
  let n = 0
  for (const st of s?.statements ?? []) {
    for (const r of st.results) {
      n++
      const label = results > 1 ? `Result ${n}` : 'Result'
      const running = !r.complete && s?.state !== 'done'
      panels.push({
        id: r.id,
        kind: 'result',
        label,
        count: r.rows,
        running,
        statement: st,
        resultId: r.id,
      })
    }
    if (isCommand(st) && commands <= maxCommandTabs) panels.push(commandPanel(st))
  }
  if (panels.length === 0) {
    const label = s?.state === 'done' && commands > 0 ? 'Done' : 'Result'
    panels.push({ id: emptyId, kind: 'empty', label, running: s !== null && s.state !== 'done' })
  }
  panels.push({ id: messagesId, kind: 'messages', label: 'Messages', count: s?.noticeCount ?? 0 })
  return panels
}

export function commandPanel(st: Statement): Panel {
  const counted = /\d$/.test(st.tag)
  return {
    id: `command-${st.index}`,
    kind: 'command',
    label: verb(st.tag),
    count: counted ? st.rows : undefined,
    statement: st,
  }
}

export function isCommand(st: Statement): boolean {
  return st.state === 'finished' && st.results.length === 0 && st.tag !== ''
}

/** The person stopped it: that is said in the strip of the result, not as an error. */
export function isStop(e: ErrorInfo): boolean {
  return e.kind === 'cancelled'
}

/** The panel to show while the person has not chosen one. */
export function defaultPanel(panels: Panel[]): string {
  const first =
    panels.find((p) => p.kind === 'error') ??
    panels.find((p) => p.kind === 'result') ??
    panels.find((p) => p.kind === 'empty') ??
    (panels.find((p) => p.kind === 'messages')?.count
      ? undefined
      : panels.findLast((p) => p.kind === 'command'))
  return first?.id ?? messagesId
}

/** The panel of a statement, for the list at the left. */
export function panelOfStatement(st: Statement): string | undefined {
  if (st.error && !isStop(st.error as ErrorInfo)) return errorId
  if (st.results[0]) return st.results[0].id
  return isCommand(st) ? `command-${st.index}` : undefined
}

/** 2 done · 1 failed · 2 not run */
export function tally(s: Snapshot): string {
  const n = (state: string) => s.statements.filter((st) => st.state === state).length
  const parts: [number, string][] = [
    [n('finished'), 'done'],
    [n('running'), 'running'],
    [n('failed'), 'failed'],
    [n('stopped') + n('killed'), 'stopped'],
    [n('lost'), 'lost'],
    [n('waiting'), 'waiting'],
    [n('notrun'), 'not run'],
  ]
  return parts
    .filter(([k]) => k > 0)
    .map(([k, word]) => `${count(k)} ${word}`)
    .join(' · ')
}

export interface Mark {
  from: number
  to: number
  state: 'running' | 'done' | 'failed' | 'notrun' | 'stopped'
  text: string
}

/** What the editor writes after the last line of each statement. */
export function marksOf(s: Snapshot | null): Mark[] {
  return (s?.statements ?? []).flatMap((st): Mark[] => {
    const at = { from: st.from, to: st.to }
    if (st.from < 0) return []
    switch (st.state) {
      case 'running':
        return [
          {
            ...at,
            state: 'running',
            // Nothing is heard before the first row, so a time would stand still: Cancel has the clock.
            text: st.results.length ? `receiving rows · ${duration(st.elapsedUs)}` : 'running',
          },
        ]
      case 'finished':
        return [{ ...at, state: 'done', text: statementNote(st) }]
      case 'failed':
      case 'lost':
        return [{ ...at, state: 'failed', text: `failed after ${duration(st.elapsedUs)}` }]
      case 'stopped':
      case 'killed':
        return [{ ...at, state: 'stopped', text: `stopped after ${duration(st.elapsedUs)}` }]
      case 'notrun':
        return [{ ...at, state: 'notrun', text: 'not run' }]
      default:
        return []
    }
  })
}

const isStopped = (st: Statement) => st.state === 'stopped' || st.state === 'killed'

/** How long the statement ran that was stopped; the run, when none had begun. */
export function stoppedAfter(s: Snapshot): string {
  return duration((s.statements.find(isStopped) ?? s).elapsedUs)
}

/** 118 rows · 6 ms, or 4.1 s · 6 notices */
export function statementNote(st: Statement): string {
  const parts: string[] = []
  if (st.results.length > 0 || /\d$/.test(st.tag)) parts.push(plural(st.rows, 'row'))
  parts.push(duration(st.elapsedUs))
  if (st.notices > 0) parts.push(plural(st.notices, 'notice'))
  return parts.join(' · ')
}
