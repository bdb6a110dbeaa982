// A value in memory, for tests: what Go answers, in the plainest way.
import { vi } from 'vitest'
import type { CellSource, TreeContainer, TreeMember } from './source'

/** The containers of a JSON text by where they start; texts of ASCII only. */
function containers(text: string): Map<number, TreeContainer> {
  const all = new Map<number, TreeContainer>()
  let at = 0
  const blank = () => {
    while (' \n\t\r'.includes(text[at] ?? '-')) at++
  }
  const scalar = () => {
    const m = /^(?:"(?:\\.|[^"\\])*"|[-+.\w]+)/.exec(text.slice(at))
    if (!m) throw new Error(`no JSON at ${at}`)
    at += m[0].length
    return m[0]
  }
  function value(key: string): TreeMember {
    blank()
    const from = at
    const c = text[at]!
    if (c !== '{' && c !== '[') {
      const said = scalar()
      const kind = c === '"' ? 'string' : /[-\d]/.test(c) ? 'number' : 'word'
      return { key, kind, at: from, end: at, text: said, count: 0, keys: [] }
    }
    at++
    const members: TreeMember[] = []
    for (blank(); text[at] !== '}' && text[at] !== ']'; blank()) {
      if (members.length > 0) at++ // the comma
      blank()
      let name = ''
      if (c === '{') {
        name = scalar()
        blank()
        at++ // the colon
      }
      members.push(value(name))
    }
    at++
    const kind = c === '{' ? 'object' : 'array'
    all.set(from, {
      at: from,
      kind,
      count: members.length,
      members,
      marks: members.map((m) => m.at),
      stride: 1,
    })
    const keys = kind === 'object' ? members.slice(0, 3).map((m) => m.key.slice(1, -1)) : []
    return { key, kind, at: from, end: at, text: '', count: members.length, keys }
  }
  value('')
  return all
}

export interface FakeOptions {
  type?: string
  class?: string
  /** members that come with a container; the others are asked for */
  first?: number
}

export function fakeSource(
  text: string | null,
  { type = 'text', class: kind = 'text', first = 100 }: FakeOptions = {},
) {
  const known = text && /^\s*[{[]/.test(text) ? containers(text) : new Map<number, TreeContainer>()
  const length = text?.length ?? 0
  const source = {
    name: 'note',
    type,
    class: kind,
    row: 0,
    ready: true,
    text,
    from: 0,
    next: length,
    length,
    read: vi.fn(() => Promise.resolve(true)),
    bytes: vi.fn((from: number, count: number) => {
      const all =
        kind === 'bytes'
          ? (text ?? '').slice(2).replace(/../g, (h) => String.fromCharCode(parseInt(h, 16)))
          : (text ?? '')
      return Promise.resolve({ data: btoa(all.slice(from, from + count)), length: all.length })
    }),
    open: vi.fn((at: number) => {
      const c = known.get(at)
      return Promise.resolve(c ? [{ ...c, members: c.members.slice(0, first) }] : null)
    }),
    members: vi.fn((_: string, at: number, skip: number, count: number) => {
      const c = [...known.values()].find((k) => k.marks.includes(at))!
      const from = c.marks.indexOf(at) + skip
      return Promise.resolve(c.members.slice(from, from + count))
    }),
    locate: vi.fn((at: number) => {
      const inside = [...known.values()].filter((c) => c.members.some((m) => m.at <= at && at < m.end))
      const steps = inside
        .sort((a, b) => a.at - b.at)
        .map((c) => ({ at: c.at, index: c.members.findIndex((m) => m.at <= at && at < m.end) }))
      return Promise.resolve(steps)
    }),
    find: vi.fn((wanted: string) => {
      const at = (text ?? '').indexOf(wanted)
      return Promise.resolve({ places: at < 0 ? [] : [at, at + wanted.length], more: false })
    }),
    copy: vi.fn(() => Promise.resolve()),
    save: vi.fn(() => Promise.resolve()),
    follow: vi.fn(() => Promise.resolve()),
  } satisfies CellSource
  return source
}
