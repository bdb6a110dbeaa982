// Looking at one value: the way that suits it, whatever its length.
import { crc32, deflateSync } from 'node:zlib'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { screensIn } from './shots'
import { expect, test, type Tusk } from './tusk'

test.beforeEach(({ tusk }) => tusk.openSample())

const value = (tusk: Tusk) => tusk.viewer.getByLabel('Value', { exact: true })
const tab = (tusk: Tusk, name: string) => tusk.viewer.getByRole('tab', { name, exact: true })
const tabs = (tusk: Tusk) => tusk.viewer.getByRole('tab').allTextContents()

/** A PNG of a soft wave. */
function png(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const out = Buffer.alloc(body.length + 8)
    out.writeUInt32BE(data.length)
    body.copy(out, 4)
    out.writeUInt32BE(crc32(body), body.length + 4)
    return out
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  head.set([8, 2], 8)
  const rows = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const wave = Math.sin(x / 20) * 30 + height / 2 > y ? 1 : 0
      rows.set(
        [120 + (80 * x) / width, 70 + wave * 90, 40 + (120 * y) / height],
        y * (width * 3 + 1) + 1 + 3 * x,
      )
    }
  const parts = [chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts])
}
const bytea = (b: Buffer) => `decode('${b.toString('hex')}', 'hex')`

/** Runs, and opens the first cell. */
async function look(tusk: Tusk, sql: string) {
  await tusk.run(sql)
  await expect(tusk.status).toContainText(/\d rows?/)
  await tusk.press('Control+2', 'Control+Home', 'Enter')
  await expect(value(tusk)).toBeVisible()
}

test('every kind of value opens in the way that suits it', async ({ tusk }) => {
  const kinds: [sql: string, tabs: string[], shows: RegExp | string][] = [
    [`'{"a": [1, 2]}'::jsonb`, ['Tree', 'Text', 'Hex'], '"a"'],
    [`'{"a": 12.50}'::text`, ['Tree', 'Text', 'Hex'], '12.50'],
    [`'12.50'::jsonb`, [], '12.50'],
    [`'plain'::text`, ['Text', 'Hex'], 'plain'],
    [`'\\x414243'::bytea`, ['Hex', 'Text'], '41 42 43'],
    [`array['x', null, 'NULL', 'a "b"']`, ['Table', 'Text', 'Hex'], 'a "b"'],
    [`'[0:1][3:4]={{1,2},{3,4}}'::int[]`, ['Table', 'Text', 'Hex'], '[4]'],
    [`row(1, 'two', null)`, ['Table', 'Text', 'Hex'], 'two'],
    [`int4range(1, 5)`, ['Facts', 'Text'], 'from 1, inclusive, to 5, exclusive'],
    [`'{[1,2),[4,)}'::int4multirange`, ['Facts', 'Text'], 'from 4, inclusive, without an end'],
    [`point(1, 2)`, ['Shape', 'Text'], '(1,2)'],
    [`'((0,0),(4,0),(4,3))'::polygon`, ['Shape', 'Text'], 'Area'],
    [`timestamptz '2024-02-29 12:00:00+00'`, ['Facts', 'Text'], '2024-02-29 12:00:00+00'],
    [`interval '1 mon 2 days 03:04:05'`, ['Facts', 'Text'], '3 h 4 min 5 s'],
    [`inet '10.1.2.3/8'`, ['Facts', 'Text'], '10.255.255.255'],
    [`'017F22E2-79B0-7CC3-98C4-DC0C0C07398F'::uuid`, ['Facts', 'Text'], '2022-02-22 19:22:22+00'],
    [`'https://example.org/a?b=c'::text`, ['Text', 'Facts', 'Hex'], 'https://example.org/a?b=c'],
    [`'<a><b>x</b></a>'::xml`, ['Laid out', 'Text', 'Hex'], '  <b>x</b>'],
    [`(1 << 20)`, [], '1048576'],
    [`''::text`, [], "''"],
    [`null::text`, [], 'NULL'],
  ]
  await tusk.run(`select * from (values ${kinds.map((_, i) => `(${i})`).join(', ')}) v(n)`)
  await tusk.run(`select ${kinds.map(([sql], i) => `${sql} as c${i}`).join(',\n ')}`)
  await expect(tusk.cell(1, 1)).toBeVisible()
  await tusk.press('Control+2', 'Control+Home', 'Enter')
  for (const [i, [sql, names, shows]] of kinds.entries()) {
    await expect(tusk.viewer.getByRole('heading'), sql).toHaveText(`c${i}`)
    await expect(value(tusk), sql).toContainText(shows)
    expect(await tabs(tusk), sql).toEqual(names)
    await tusk.press('ArrowRight')
  }
})

for (const theme of ['light', 'dark'] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme })
    test.setTimeout(120_000)
    const screen = screensIn(theme)

    test('pictures', async ({ tusk }) => {
      const polygon = `'((13.1,52.4),(13.3,52.62),(13.6,52.6),(13.74,52.42),(13.5,52.35),(13.3,52.42))'::polygon`
      await look(
        tusk,
        `select jsonb_build_object('lots', (select jsonb_agg(jsonb_build_object('id', g, 'origin', 'Sidamo ' || g, 'score', 84.50, 'notes', jsonb_build_array('jasmine', 'lemon'))) from generate_series(1, 3000) g), 'season', '2026', 'weight', 12.50000000000000000001) as attributes,
  ${bytea(png(320, 200))} as photo, array[['washed', 'natural'], ['honey', null]] as methods, array[row('Abebe', 3), row('Tola, "the younger"', 5)] as farmers,
  ${polygon} as area, '0103000020E610000002000000050000000000000000000000000000000000000000000000000024400000000000000000000000000000244000000000000024400000000000000000000000000000244000000000000000000000000000000000050000000000000000000040000000000000004000000000000000400000000000001040000000000000104000000000000010400000000000001040000000000000004000000000000000400000000000000040' as geom,
  timestamptz '2026-11-24 09:41:07.318204+01' as placed_at, tstzrange('2026-11-24', null) as valid, inet '10.1.2.3/20' as host,
  E'A note with a tab\tand a \u200Bzero width space,\r\nand a second line that is rather long, so that it has to be broken somewhere  ' as note,
  'https://example.org/lots/4?tab=history#top'::text as link, '<lot id="4"><origin country="ET">Sidamo</origin><score>86.5</score><empty/></lot>'::xml as document`,
      )
      await expect(value(tusk)).toContainText('3,000 values')
      await tusk.viewer.getByRole('button', { name: 'Unfold' }).first().click()
      await expect(value(tusk)).toContainText('{ id, notes, score')
      await tusk.viewer.getByRole('button', { name: 'Find in the value' }).click()
      await tusk.page.keyboard.type('sidamo 2999')
      await expect(tusk.viewer.getByRole('status').first()).toContainText('1 of 1')
      await expect(value(tusk)).toContainText('"Sidamo 2999"')
      await screen(tusk, '17-value-tree')
      await tusk.press('Escape', 'Escape')
      const names = [
        'tree',
        'image',
        'table',
        'rows',
        'polygon',
        'ewkb',
        'time',
        'range',
        'network',
        'text',
        'link',
        'xml',
      ]
      await tusk.press('Control+Home', 'Enter')
      for (const [i, name] of names.entries()) {
        if (i > 0) {
          await tusk.press('ArrowRight')
          await expect(value(tusk)).toBeVisible()
          await tusk.page.waitForTimeout(150)
          await screen(tusk, `17-value-${name}`)
        }
      }
    })
  })
}
