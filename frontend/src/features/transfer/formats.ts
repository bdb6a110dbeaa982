// The formats of files, by the names they have in backend/transfer.
import type { ExportRequest } from '../../lib/api/types'
import type { Choices } from '../../lib/state/exports.svelte'

export interface FileFormat {
  name: string
  label: string
  ext: string
  /** the names of the columns may be left out */
  header?: boolean
  /** it can be in other encodings, and has lines that end */
  encoded?: boolean
  json?: boolean
}

export const fileFormats: FileFormat[] = [
  { name: 'csv', label: 'CSV', ext: 'csv', header: true, encoded: true },
  { name: 'tsv', label: 'TSV', ext: 'tsv', header: true, encoded: true },
  { name: 'json', label: 'JSON', ext: 'json', json: true },
  { name: 'ndjson', label: 'JSON, an object a line', ext: 'ndjson', json: true },
  { name: 'markdown', label: 'Markdown', ext: 'md' },
  { name: 'html', label: 'HTML', ext: 'html', header: true },
  { name: 'xml', label: 'XML', ext: 'xml' },
  { name: 'insert', label: 'SQL INSERT', ext: 'sql' },
  { name: 'update', label: 'SQL UPDATE by key', ext: 'update.sql' },
  { name: 'copy', label: 'COPY text', ext: 'copy' },
  { name: 'xlsx', label: 'Excel workbook', ext: 'xlsx', header: true },
  { name: 'parquet', label: 'Parquet', ext: 'parquet' },
]

export const formatOf = (name: string): FileFormat => fileFormats.find((f) => f.name === name)!

/** The endings of compressed files, by the names of the ways. */
export const compressions: Record<string, string> = { '': '', gzip: '.gz', zstd: '.zst' }

/** The ending a file of the format has. */
export const endingOf = (f: FileFormat, compress: string) => `.${f.ext}${compressions[compress] ?? ''}`

/** The path with the ending in place of one that another format gave it; an ending of the person's own stays. */
export function withEnding(path: string, ending: string): string {
  const all = fileFormats.flatMap((f) => Object.keys(compressions).map((c) => endingOf(f, c)))
  const old = all.sort((a, b) => b.length - a.length).find((e) => path.endsWith(e))
  return old ? path.slice(0, -old.length) + ending : path
}

/** What an export is asked for beside what is written and where. */
type Options = Pick<
  ExportRequest,
  | 'format'
  | 'header'
  | 'compress'
  | 'delimiter'
  | 'quote'
  | 'null'
  | 'quoteAll'
  | 'encoding'
  | 'crlf'
  | 'safe'
  | 'numbersAsText'
>

/** What of the choices counts for their format. */
export function optionsOf(c: Choices): Options {
  const f = formatOf(c.format)
  const csv = c.format === 'csv'
  return {
    format: c.format,
    header: c.header || !f.header,
    compress: c.compress,
    delimiter: csv ? c.delimiter : '',
    quote: csv ? c.quote : '',
    null: csv ? c.nullText : '',
    quoteAll: csv && c.quoteAll,
    encoding: f.encoded ? c.encoding : '',
    crlf: !!f.encoded && c.crlf,
    safe: !!f.encoded && c.safe,
    numbersAsText: !!f.json && c.numbersAsText,
  }
}

/** A name for a file, from the title of a tab: roast-board, query-1. */
export function nameFor(title: string): string {
  const name = title
    .replace(/\.sql$/i, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_-]+/gu, '-')
    .replace(/^-+|-+$/g, '')
  return name || 'result'
}

/** Everything before the name, without the slash; '' for the root and for a lone name. */
export const folderOf = (path: string) => path.replace(/[/\\]?[^/\\]*$/, '')
