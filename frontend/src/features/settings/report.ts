import type { Health } from '../../lib/api/types'
import { bytes, clock } from '../../lib/text/format'

/** The health as text for a letter to somebody who helps. No names of roles or databases are in it. */
export function reportText(h: Health): string {
  const lines = [
    `Tusk ${h.version}, ${h.goVersion}, open for ${clock(h.uptimeMs)}`,
    `memory ${bytes(h.memoryBytes)}, goroutines ${h.goroutines}`,
    `results on disk ${h.spool.results}, ${bytes(h.spool.bytes)}, ${bytes(h.spool.free)} free`,
    `settings file: ${h.store.ok ? 'saved' : h.store.memory ? 'in memory only' : 'read only'}, change ${h.store.generation}`,
    `passwords: ${h.secrets.store} ${h.secrets.state}, ${h.secrets.held} in memory, ${h.secrets.queued} to delete`,
    `log ${h.log.level}${h.log.ok ? '' : `, ${h.log.note}`}`,
    ...(h.warnings ?? []).map((w) => `warning: ${w}`),
  ]
  for (const c of h.connections ?? []) {
    const trip = c.roundTripUs < 0 ? 'no answer' : `${c.roundTripUs} µs`
    lines.push(
      `connection: PostgreSQL ${c.connection.report.serverVersion}, ${c.connection.state}, TLS ${c.connection.report.tls}, ${trip}, ${c.open} of ${c.limit} in use`,
    )
  }
  return lines.join('\n')
}
