// The formats of files, by the names they have in backend/transfer.
export interface FileFormat {
  name: string
  label: string
  ext: string
  /** the names of the columns may be left out */
  header?: boolean
}

export const fileFormats: FileFormat[] = [
  { name: 'csv', label: 'CSV', ext: 'csv', header: true },
  { name: 'tsv', label: 'TSV', ext: 'tsv', header: true },
  { name: 'json', label: 'JSON', ext: 'json' },
  { name: 'ndjson', label: 'JSON, an object a line', ext: 'ndjson' },
  { name: 'markdown', label: 'Markdown', ext: 'md' },
  { name: 'html', label: 'HTML', ext: 'html', header: true },
  { name: 'insert', label: 'SQL INSERT', ext: 'sql' },
  { name: 'copy', label: 'COPY text', ext: 'copy' },
  { name: 'xlsx', label: 'Excel workbook', ext: 'xlsx', header: true },
]

export const formatOf = (name: string): FileFormat => fileFormats.find((f) => f.name === name)!

/** The endings of compressed files, by the names of the ways. */
export const compressions: Record<string, string> = { '': '', gzip: '.gz', zstd: '.zst' }

/** The ending a file of the format has. */
export const endingOf = (f: FileFormat, compress: string) => `.${f.ext}${compressions[compress] ?? ''}`

/** The path with the ending in place of one that another format gave it; an ending of the person's own stays. */
export function withEnding(path: string, ending: string): string {
  for (const f of fileFormats)
    for (const compress of ['gzip', 'zstd', '']) {
      const old = endingOf(f, compress)
      if (path.endsWith(old)) return path.slice(0, -old.length) + ending
    }
  return path
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
