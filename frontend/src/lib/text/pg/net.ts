/** Addresses and networks, as inet and cidr write them. */

export interface Network {
  family: 4 | 6
  address: bigint
  bits: number
  /** first and last address of the network */
  first: bigint
  last: bigint
}

function v4(text: string): bigint | null {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((p) => /^\d{1,3}$/.test(p) && Number(p) < 256)) return null
  return parts.reduce((n, p) => (n << 8n) | BigInt(p), 0n)
}

function v6(text: string): bigint | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const groups = (half: string): bigint[] | null => {
    if (half === '') return []
    const out: bigint[] = []
    for (const g of half.split(':')) {
      const last = g.includes('.') ? v4(g) : null
      if (last !== null) out.push(last >> 16n, last & 0xffffn)
      else if (/^[0-9a-f]{1,4}$/i.test(g)) out.push(BigInt(`0x${g}`))
      else return null
    }
    return out
  }
  const head = groups(halves[0]!)
  const tail = halves.length === 2 ? groups(halves[1]!) : []
  if (!head || !tail) return null
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null
  const all = [...head, ...Array<bigint>(missing).fill(0n), ...tail]
  return all.reduce((n, g) => (n << 16n) | g, 0n)
}

export function readNetwork(text: string): Network | null {
  const [host, mask] = text.split('/') as [string, string | undefined]
  const family = host.includes(':') ? 6 : 4
  const address = family === 6 ? v6(host) : v4(host)
  const size = family === 6 ? 128 : 32
  const bits = mask === undefined ? size : /^\d+$/.test(mask) ? Number(mask) : -1
  if (address === null || bits < 0 || bits > size) return null
  const hosts = (1n << BigInt(size - bits)) - 1n
  const first = address & ~hosts
  return { family, address, bits, first, last: first | hosts }
}

/** 10.0.0.1, or 2001:db8::1 with the longest run of zeros left out. */
export function writeAddress(n: bigint, family: 4 | 6): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((s) => String((n >> s) & 255n)).join('.')
  const groups = Array.from({ length: 8 }, (_, i) => ((n >> BigInt(112 - 16 * i)) & 0xffffn).toString(16))
  let best = { at: 0, length: 1 } // one zero alone stays
  for (let at = 0; at < 8; at++) {
    let length = 0
    while (groups[at + length] === '0') length++
    if (length > best.length) best = { at, length }
  }
  if (best.length < 2) return groups.join(':')
  return `${groups.slice(0, best.at).join(':')}::${groups.slice(best.at + best.length).join(':')}`
}
