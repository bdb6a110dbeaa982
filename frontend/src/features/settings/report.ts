import type { Health } from '../../lib/api/types'
import { bytes, clock } from '../../lib/text/format'

/** How many of the last errors are told. */
const errors = 10

/** A line of the log as far as it may be shown to others: what was done and how it went wrong, not to whom. */
function errorLine(line: string): string[] {
  try {
    const { time, level, op, kind, message } = JSON.parse(line) as Record<string, string | undefined>
    if (level !== 'error' && level !== 'warn') return []
    return [[time, level, op, kind, message].filter(Boolean).join(' ')]
  } catch {
    return [] // cut by a rotation
  }
}

/** The health as text for a letter to somebody who helps. No names of people, roles or databases are in it. */
export function reportText(h: Health, log: string[]): string {
  const lines = [
    `Tusk ${h.version}, ${h.goVersion}, open for ${clock(h.uptimeMs)}`,
    `memory ${bytes(h.memoryBytes)}, goroutines ${h.goroutines}`,
    `results on disk ${h.spool.results}, ${bytes(h.spool.bytes)}, ${bytes(h.spool.free)} free`,
    `settings file: ${h.store.ok ? 'saved' : h.store.memory ? 'in memory only' : 'read only'}, change ${h.store.generation}`,
    `passwords: ${h.secrets.store} ${h.secrets.state}, ${h.secrets.held} in memory, ${h.secrets.queued} to delete`,
    `log ${h.log.level}${h.log.ok ? '' : `, ${h.log.note}`}`,
    ...(h.warnings ?? []).map((w) => `warning: ${w.replaceAll(h.dataDir, 'DATA')}`),
  ]
  for (const c of h.connections ?? []) {
    const trip = c.roundTripUs < 0 ? 'no answer' : `${c.roundTripUs} µs`
    lines.push(
      `connection: PostgreSQL ${c.connection.report.serverVersion}, ${c.connection.state}, TLS ${c.connection.report.tls}, ${trip}, ${c.open} of ${c.limit} in use`,
    )
  }
  for (const line of log.flatMap(errorLine).slice(-errors)) lines.push(line)
  return lines.join('\n')
}
