// Numbers and times as Tusk writes them; data is never written with these.
const two = (n: number) => String(n).padStart(2, '0')

/** 1,284,000 */
export function count(n: number): string {
  return String(Math.trunc(n)).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** 1 row, 2 rows, 1,284,000 rows */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`
}

/** 312, 9.2 k, 41 k, 2.0 M: an estimate, which is not known better than that */
export function about(n: number): string {
  const units = ['', ' k', ' M', ' bn']
  let i = 0
  while (n >= 999.5 && i < units.length - 1) {
    n /= 1000
    i++
  }
  return (i === 0 || n >= 9.95 ? String(Math.round(n)) : n.toFixed(1)) + units[i]
}

/** just now, 2 min ago, 3 h ago, 2 days ago */
export function ago(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return `${minutes} min ago`
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ago`
  return `${Math.floor(minutes / 1440)} days ago`
}

/** 0.4 ms, 41 ms, 1.2 s, 02:05; none, when whole milliseconds are counted, is under one. */
export function duration(us: number): string {
  if (us === 0) return '<1 ms'
  if (us < 995) return `${(Math.max(us, 0) / 1000).toFixed(us < 95 ? 2 : 1)} ms`
  if (us < 9_950) return `${(us / 1000).toFixed(1).replace(/\.0$/, '')} ms`
  if (us < 999_500) return `${Math.round(us / 1000)} ms`
  if (us < 59_950_000) return `${(us / 1e6).toFixed(1)} s`
  return clock(us / 1000)
}

/** 00:14, 10:04, 1:02:03; with tenths 00:14.2 */
export function clock(ms: number, tenths = false): string {
  const t = Math.max(0, Math.floor(ms / 100))
  const s = Math.floor(t / 10)
  const h = Math.floor(s / 3600)
  const base = `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
  return (h ? `${h}:` : '') + base + (tenths ? `.${t % 10}` : '')
}

/** 310 B, 2.4 kB, 212 MB */
export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let i = 0
  while (n >= 999.5 && i < units.length - 1) {
    n /= 1000
    i++
  }
  return `${i === 0 || n >= 99.5 ? Math.round(n) : n.toFixed(1).replace(/\.0$/, '')} ${units[i]}`
}

/** 2026-11-24 09:41:03, in the clock of this computer */
export function dateTime(ms: number): string {
  const d = new Date(ms)
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`
}

/** 09:41:03.1, in the clock of this computer */
export function timeOfDay(ms: number): string {
  const d = new Date(ms)
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}.${Math.floor(d.getMilliseconds() / 100)}`
}
