// The sum of selected cells, exact or not at all.

/** Types whose text is an exact decimal. */
export const isExact = (type: string): boolean =>
  /^(numeric|decimal|smallint|integer|bigint|int[248])\b(?!.*\[\])/.test(type)

/** Adds decimals as written; NULL counts nothing. Undefined when a value is missing or no decimal, or when there is none. */
export function exactSum(values: Iterable<string | null | undefined>): string | undefined {
  const terms: { digits: string; scale: number }[] = []
  let scale = 0
  for (const v of values) {
    if (v === null) continue
    const parts = /^(-?\d+)(?:\.(\d+))?$/.exec(v ?? '')
    if (!parts) return undefined
    const fraction = parts[2] ?? ''
    scale = Math.max(scale, fraction.length)
    terms.push({ digits: parts[1]! + fraction, scale: fraction.length })
  }
  if (terms.length === 0) return undefined
  let sum = 0n
  for (const t of terms) sum += BigInt(t.digits) * 10n ** BigInt(scale - t.scale)
  const text = (sum < 0n ? -sum : sum).toString().padStart(scale + 1, '0')
  const sign = sum < 0n ? '-' : ''
  return scale === 0 ? sign + text : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`
}
