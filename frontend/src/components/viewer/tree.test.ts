import { describe, expect, it, vi } from 'vitest'
import { fakeSource } from './fake'
import { arrowPath, jsonPath, Tree, type Opened } from './tree'
import { occurrences, TreeRows } from './treerows'

const none = { text: '', exact: false }
const lines = (tree: Tree) =>
  Array.from({ length: tree.count }, (_, row) => {
    const el = document.createElement('div')
    el.append(...new TreeRows(tree, -1, none, () => {}).render(row))
    return el.textContent
  })
const settle = () => new Promise((done) => setTimeout(done))

/** Opens everything, in an order of its own. */
async function openAll(tree: Tree, pick: (n: number) => number = () => 0) {
  for (;;) {
    const folded: [Opened, number][] = []
    for (let row = 0; row < tree.count; row++) {
      const l = tree.line(row)
      if (l.kind !== 'member') continue
      if (!tree.member(l.in, l.index)) await settle()
      const m = tree.member(l.in, l.index)!
      if (m.count > 0 && !l.in.inside.has(l.index)) folded.push([l.in, l.index])
    }
    if (folded.length === 0) return
    await tree.toggle(...folded[pick(folded.length)]!)
  }
}

const deep = '{"a": 1.500, "n": {"x": [], "list": [1, {"deep": null}, [2, 3]]}, "n": {}, "t": "a\\"b"}'

describe('the lines of a tree', () => {
  it('together are the text again', async () => {
    const tree = (await Tree.of(fakeSource(deep), 10, () => {}))!
    expect(lines(tree)).toEqual([
      '  {',
      '    "a": 1.500,',
      '  "n": { x, list },',
      '    "n": {},',
      '    "t": "a\\"b"',
      '  }',
    ])
    await openAll(tree)
    expect(lines(tree).join('').replace(/\s/g, '')).toBe(deep.replace(/\s/g, ''))
    expect(
      lines(tree)
        .map((l) => l!.trim())
        .slice(2, 12),
    ).toEqual(['"n": {', '"x": [],', '"list": [', '1,', '{', '"deep": null', '},', '[', '2,', '3'])
  })

  it('are found again, in whatever order containers were opened and folded', async () => {
    let seed = 7
    const next = (n: number) => (seed = (seed * 16807) % 2147483647) % n
    const value = (level: number): unknown => {
      if (level > 3) return next(9)
      const list = Array.from({ length: 1 + next(4) }, () => value(level + 1 + next(3)))
      return next(2) ? list : Object.fromEntries(list.map((v, i) => [`k${i}`, v]))
    }
    for (let round = 0; round < 40; round++) {
      const text = JSON.stringify([value(0), value(0)])
      const tree = (await Tree.of(fakeSource(text, { first: 2 }), 10, () => {}))!
      await openAll(tree, next)
      const check = () => {
        for (let row = 0; row < tree.count; row++) {
          const l = tree.line(row)
          if (l.kind === 'member') expect(tree.rowOf(l.in, l.index)).toBe(row)
        }
      }
      check()
      expect(lines(tree).join('').replace(/\s/g, '')).toBe(text)
      const before = lines(tree)
      for (let i = 0; i < 5; i++) {
        const l = tree.line(next(tree.count))
        if (l.kind !== 'member' || !l.in.inside.has(l.index)) continue
        await tree.toggle(l.in, l.index)
        check()
      }
      await openAll(tree, next)
      expect(lines(tree)).toEqual(before)
    }
  })

  it('of a million members are read where they are looked at', async () => {
    const source = fakeSource('[0]')
    source.open.mockResolvedValue([
      {
        at: 0,
        kind: 'array',
        count: 1_000_000,
        members: [],
        marks: Array.from({ length: 3907 }, (_, i) => 256 * i),
        stride: 256,
      },
    ])
    source.members.mockImplementation((_, at, skip, count) =>
      Promise.resolve(
        Array.from({ length: count }, (_, i) => ({
          key: '',
          kind: 'number',
          at: 0,
          end: 0,
          text: String(at + skip + i),
          count: 0,
          keys: [],
        })),
      ),
    )
    const changed = vi.fn()
    const tree = (await Tree.of(source, 10, changed))!
    expect(tree.count).toBe(1_000_002)
    expect(tree.member(tree.root, 777_777)).toBeUndefined()
    await settle()
    expect(changed).toHaveBeenCalledOnce()
    expect(tree.member(tree.root, 777_777)!.text).toBe('777777')
    expect(tree.member(tree.root, 777_700)!.text).toBe('777700')
    expect(source.members).toHaveBeenCalledOnce()
  })

  it('shows what stands at a byte', async () => {
    const tree = (await Tree.of(fakeSource(deep), 10, () => {}))!
    const row = await tree.reveal(deep.indexOf('null'))
    expect(lines(tree)[row]!.trim()).toBe('"deep": null')
    expect(tree.path(row)).toEqual(['"n"', '"list"', 1, '"deep"'])
    expect(tree.path(0)).toEqual([])
  })

  it('has none for a value that is no container', async () => {
    expect(await Tree.of(fakeSource('12'), 10, () => {})).toBeNull()
  })
})

it('writes paths as jsonpath and as SQL', () => {
  const way = ['"a"', 0, '"odd key"', '"it\'s"', '"q\\"\\\\"']
  expect(jsonPath(way)).toBe('$.a[0]."odd key"."it\'s"."q\\"\\\\"')
  expect(arrowPath('"Attrs"', way)).toBe(`"Attrs" -> 'a' -> 0 -> 'odd key' -> 'it''s' -> E'q"\\\\'`)
  expect(jsonPath([])).toBe('$')
})

it('marks what was looked for', () => {
  expect(occurrences('Bean bean', 'BEAN', false)).toEqual([0, 4, 5, 9])
  expect(occurrences('Bean bean', 'bean', true)).toEqual([5, 9])
  expect(occurrences('aaaa', 'aa', true)).toEqual([0, 2, 2, 4])
  expect(occurrences('x', '', true)).toEqual([])
})
