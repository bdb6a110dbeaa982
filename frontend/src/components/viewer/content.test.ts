import { expect, it } from 'vitest'
import { HexRows, hexPage, markedText, placesIn, textRows } from './content'
import { hintOf } from './hint'
import { drawn } from './outline'
import { tableOf } from './table'

const draw = (nodes: (Node | string)[]) => {
  const el = document.createElement('div')
  el.append(...nodes)
  return el
}

it('finds bytes of the value in the text of a part', () => {
  const text = 'aé漢🐘z' // 1, 2, 3, 4, 1 bytes
  expect(placesIn(text, 0, [1, 3, 6, 10, 10, 11])).toEqual({ places: [1, 2, 3, 5, 5, 6], skipped: 0 })
  // a part that begins at byte 100; one place before it, one across its start, one across its end
  expect(placesIn(text, 100, [90, 95, 98, 101, 110, 300])).toEqual({ places: [0, 1, 5, 6], skipped: 1 })
})

it('marks places in a row, those across its edges too', () => {
  const el = draw(markedText('lo worl', 3, false, { places: [0, 5, 6, 7, 20, 30], at: 1 }))
  expect(el.textContent).toBe('lo worl')
  expect([...el.querySelectorAll('.vl-hit')].map((e) => e.textContent)).toEqual(['lo', 'w'])
  expect(el.querySelector('.vl-hit-now')?.textContent).toBe('w')
  expect(draw(markedText('a\tb ', 0, true, { places: [1, 2], at: -1 })).textContent).toBe('a⇥b·')
})

it('knows the row of a place', () => {
  const text = 'one two three\nfour five six seven eight'
  const rows = textRows(text, 20, true)
  for (let at = 0; at < text.length; at++) {
    const row = rows.rowOf(at)
    const marked = textRows(text, 20, true, { places: [at, at + 1], at: 0 })
    if (text[at] !== '\n')
      expect(draw(marked.render(row)).querySelector('.vl-hit-now')?.textContent).toBe(
        text[at] === ' ' ? ' ' : text[at],
      )
  }
})

it('reads a dump where it is looked at', async () => {
  const asked: number[] = []
  let changes = 0
  const rows = new HexRows(
    10_000_000,
    200,
    (from) => {
      asked.push(from)
      return Promise.resolve(Uint8Array.from({ length: hexPage }, (_, i) => (from + i) & 255))
    },
    () => changes++,
  )
  expect(rows.count).toBe(625_000)
  rows.render(500_000)
  rows.render(500_001)
  await Promise.resolve()
  await Promise.resolve()
  expect(asked).toEqual([Math.floor(8_000_000 / hexPage) * hexPage])
  expect(changes).toBe(1)
  expect(draw(rows.render(500_000)).textContent).toContain('00 01 02 03  04')
})

it('makes tables of arrays, rows and hstore', () => {
  expect(tableOf('text[]', '{a,NULL,"NULL"}')!.rows).toEqual([['a'], [null], ['NULL']])
  const square = tableOf('int4[]', '[0:1][3:4]={{1,2},{3,4}}')!
  expect(square.columns.map((c) => c.name)).toEqual(['at', '[3]', '[4]'])
  expect(square.rows).toEqual([
    ['[0]', '1', '2'],
    ['[1]', '3', '4'],
  ])
  expect(square.note).toBe('2 × 2 values, from [0][3] on')
  const cube = tableOf('int4[]', '{{{1,2},{3,4}},{{5,6},{7,8}}}')!
  expect(cube.rows.map((r) => r[0])).toEqual(['[1][1]', '[1][2]', '[2][1]', '[2][2]'])
  expect(tableOf('text[]', '[0:1]={a,b}')!.rows).toEqual([
    ['0', 'a'],
    ['1', 'b'],
  ])
  expect(tableOf('int4[]', '{}')!.note).toBe('An array without values.')
  const rows = tableOf('_record', '{"(a,1)","(\\"b c\\",)"}')!
  expect(rows.rows).toEqual([
    ['a', '1'],
    ['b c', null],
  ])
  // a row that is NULL is not one of NULLs
  expect(tableOf('pair[]', '{"(a,1)",NULL}')!.rows).toEqual([['(a,1)'], [null]])
  expect(tableOf('record', '(1,"x y",)')!.rows).toEqual([['1'], ['x y'], [null]])
  expect(tableOf('hstore', '"a"=>"1", "b"=>NULL')!.rows).toEqual([
    ['a', '1'],
    ['b', null],
  ])
  expect(tableOf('text', '(1,2)')).toBeNull()
  expect(tableOf('point', '(1,2)')).toBeNull()
  expect(tableOf('mood', 'happy')).toBeNull()
})

it('draws within the picture, whatever the numbers', () => {
  for (const size of [1e-300, 1, 1e150]) {
    const d = drawn([
      {
        kind: 'line',
        points: [
          [0, 0],
          [size, size / 2],
        ],
      },
    ])!
    expect(d.lines).toBe('M0.00 500.00L1000.00 0.00')
    expect(d.box).toBe('-40 -40 1080.00 580.00')
  }
  expect(drawn([{ kind: 'point', at: [5, 5] }])).toMatchObject({
    dots: 'M0.00 0.00h0',
    box: '-500 -500 1000.00 1000.00',
  })
  const odd = drawn([
    {
      kind: 'line',
      points: [
        [0, 0],
        [Infinity, 1],
        [NaN, 2],
        [1, 1],
      ],
    },
  ])!
  expect(odd.lines).not.toMatch(/NaN|Infinity/)
  expect(odd.note).toContain('not drawn')
  expect(drawn([{ kind: 'point', at: [NaN, 0] }])).toBeNull()
  expect(drawn([])).toBeNull()
  const circle = drawn([{ kind: 'circle', at: [1, 1], radius: 2 }])!
  expect(circle.areas).toContain('a500.00 500.00')
})

it('says in a few words what a value is', () => {
  const now = Date.UTC(2024, 0, 10)
  const hint = (type: string, text: string, kind = 'text', whole = true) =>
    hintOf({ type, class: kind, text, whole }, now)
  expect(hint('timestamptz', '2024-01-08 00:00:00+00', 'time')).toBe('2 days ago')
  expect(hint('int4range', '[1,5)')).toBe('from 1, inclusive, to 5, exclusive')
  expect(hint('bytea', '\\x89504e470d0a1a0a', 'bytes', false)).toBe('PNG image')
  expect(hint('text[]', '{a,b}')).toBe('2 values')
  expect(hint('cidr', '10.0.0.0/8')).toBe('')
  expect(hint('geometry', '0101000020E6100000CDCCCCCCCCCC2A40C3F5285C8F424A40')).toBe('Point')
  expect(hint('text', 'plain')).toBe('')
  expect(hint('text[]', '{a,b', 'text', false)).toBe('')
})
