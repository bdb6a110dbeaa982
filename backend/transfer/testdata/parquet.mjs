// Reads a Parquet file with another library than the one that wrote it, and prints its columns and rows as JSON.
import { parquetMetadata, parquetReadObjects } from '../../../frontend/node_modules/hyparquet/src/index.js'
import { readFileSync } from 'node:fs'

const b = readFileSync(process.argv[2])
const file = b.buffer.slice(b.byteOffset, b.byteOffset + b.byteLength)
const metadata = parquetMetadata(file)
function seen(v) {
  if (typeof v === 'bigint') return `${v}n`
  if (v instanceof Date) return v.toISOString()
  if (v instanceof Uint8Array) return `x${Buffer.from(v).toString('hex')}`
  if (typeof v === 'number' && (!Number.isFinite(v) || Object.is(v, -0))) return Object.is(v, -0) ? '-0' : String(v)
  return v && typeof v === 'object' ? JSON.stringify(v) : (v ?? null)
}
const rows = await parquetReadObjects({ file, metadata, utf8: false, geoparquet: false })
console.log(
  JSON.stringify({
    schema: metadata.schema.slice(1).map((s) => [s.name, s.logical_type?.type ?? s.type].join(' ')),
    groups: metadata.row_groups.map((g) => Number(g.num_rows)),
    rows: rows.slice(0, 10).map((r) => Object.values(r).map(seen)),
    count: rows.length,
  }),
)
