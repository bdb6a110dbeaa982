// What a connection's encryption is called.

export interface TlsWords {
  short: string
  long: string
  /** nobody can listen, or nobody needs to care */
  good: boolean
}

export function tlsWords(report: { tls: string; tlsVersion: string }): TlsWords {
  const version = report.tlsVersion || 'TLS'
  switch (report.tls) {
    case 'verified':
      return { short: 'TLS verified', long: `${version}, the server proved its name`, good: true }
    case 'encrypted':
      return { short: 'TLS not verified', long: `${version}, nobody checked who answers`, good: false }
    case 'local':
      return { short: 'Local', long: 'not needed, the server is on this computer', good: true }
    default:
      return { short: 'No TLS', long: 'none, the network between can read everything', good: false }
  }
}
