// The pages of the manual: a little Markdown, in which [[id]] stands for a command and its key.

export type Part = { kind: 'text' | 'code'; text: string } | { kind: 'command'; id: string }
export interface Block {
  kind: 'heading' | 'text' | 'item'
  parts: Part[]
}
export interface Page {
  id: string
  title: string
  blocks: Block[]
}

const kinds: Record<string, Block['kind']> = { '## ': 'heading', '- ': 'item' }

const files = import.meta.glob<string>('../../help/*.md', { query: '?raw', import: 'default', eager: true })

export const pages: Page[] = Object.entries(files)
  .sort(([a], [b]) => a.localeCompare(b))
  .map(([path, text]) => parse(path.replace(/^.*\/\d+-|\.md$/g, ''), text))

export function parse(id: string, text: string): Page {
  const page: Page = { id, title: '', blocks: [] }
  for (const line of text.split('\n')) {
    const [, mark = '', rest = ''] = /^(# |## |- )?(.*)$/.exec(line)!
    if (rest.trim() === '') continue
    if (mark === '# ') page.title = rest
    else page.blocks.push({ kind: kinds[mark] ?? 'text', parts: partsOf(rest) })
  }
  return page
}

function partsOf(text: string): Part[] {
  return text
    .split(/(`[^`]+`|\[\[[\w.]+\]\])/)
    .filter((t) => t !== '')
    .map((t): Part => {
      if (t.startsWith('`')) return { kind: 'code', text: t.slice(1, -1) }
      if (t.startsWith('[[')) return { kind: 'command', id: t.slice(2, -2) }
      return { kind: 'text', text: t }
    })
}

/** What a block says, with the titles of the commands in it. */
export function plain(block: Block, titleOf: (id: string) => string): string {
  return block.parts.map((p) => (p.kind === 'command' ? titleOf(p.id) : p.text)).join('')
}

/** The pages that have every word somewhere, those with it in the title first. */
export function search(all: Page[], words: string, titleOf: (id: string) => string): Page[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  const titled = (p: Page) => wanted.some((w) => p.title.toLowerCase().includes(w))
  return all
    .filter((p) => {
      const text = [p.title, ...p.blocks.map((b) => plain(b, titleOf))].join('\n').toLowerCase()
      return wanted.every((w) => text.includes(w))
    })
    .sort((a, b) => Number(titled(b)) - Number(titled(a)))
}

/** A text cut where words are found in it, for marking them: every second piece is a hit. */
export function cut(text: string, words: string): string[] {
  const wanted = words.split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return [text]
  const pattern = wanted.map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  return text.split(new RegExp(`(${pattern})`, 'i'))
}
