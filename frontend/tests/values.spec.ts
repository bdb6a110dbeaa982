// Looking at one value: the way that suits it, whatever its length.
import { crc32, deflateSync } from 'node:zlib'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { screen } from './shots'
import { expect, test, type Tusk } from './tusk'

test.beforeEach(({ tusk }) => tusk.openSample())

const value = (tusk: Tusk) => tusk.viewer.getByLabel('Value', { exact: true })
const tab = (tusk: Tusk, name: string) => tusk.viewer.getByRole('tab', { name, exact: true })
const button = (tusk: Tusk, name: string) => tusk.viewer.getByRole('button', { name, exact: true })
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
    await expect.poll(() => tabs(tusk), sql).toEqual(names)
    await tusk.press('ArrowRight')
  }
})

test('keys go between cells, ways to look, and the value itself', async ({ tusk, page }) => {
  await tusk.run(`select '{"a": {"b": [1, 2]}}'::json as j, 'second' as t union all select '[7]', 'fourth'`)
  await tusk.press('Control+2', 'Control+Home', 'Enter')
  await expect(value(tusk)).toContainText('"a"')
  await expect(tusk.grid).toBeFocused()
  await tusk.press('Enter') // again: into it
  await expect(value(tusk)).toBeFocused()
  await tusk.press('Home', 'ArrowDown', 'ArrowDown', 'ArrowDown')
  await expect(tusk.viewer).toContainText('$.a.b[0]')
  await button(tusk, 'Copy path').click()
  await expect.poll(() => tusk.clipboard()).toBe('$.a.b[0]')
  await button(tusk, 'As SQL').click()
  await expect.poll(() => tusk.clipboard()).toBe(`j -> 'a' -> 'b' -> 0`)
  await value(tusk).focus()
  await tusk.press('Alt+PageDown')
  await expect(tab(tusk, 'Text')).toHaveAttribute('aria-selected', 'true')
  await value(tusk).focus()
  await tusk.press('Alt+ArrowRight')
  await expect(value(tusk)).toContainText('second')
  await tusk.press('Alt+ArrowDown')
  await expect(value(tusk)).toContainText('fourth')
  await expect(tusk.viewer).toContainText('row 2')
  await tusk.press('Alt+ArrowLeft')
  await expect(value(tusk)).toContainText('[7]') // as text: chosen for values of this type
  await tusk.press('Alt+ArrowDown') // there is none
  await expect(value(tusk)).toContainText('[7]')
  await value(tusk).focus()
  await page.keyboard.press('Escape')
  await expect(tusk.viewer).toHaveCount(0)
  await expect(tusk.grid).toBeFocused()
})

test('a text is found in parts that are not here', async ({ tusk, page }) => {
  await look(tusk, `select repeat('é', 1500000) || E' Needle\\n' || repeat('x', 900000) || ' needle' as t`)
  await expect(tusk.viewer).toContainText('0 B to 1 MB of 3.9 MB')
  await tusk.press('Enter')
  await expect(value(tusk)).toBeFocused()
  await page.keyboard.press('Control+f')
  await page.keyboard.type('needle')
  await expect(tusk.viewer).toContainText('1 of 2')
  await expect(value(tusk).locator('.vl-hit-now')).toHaveText('Needle')
  await page.keyboard.press('Enter')
  await expect(tusk.viewer).toContainText('2 of 2')
  await expect(value(tusk).locator('.vl-hit-now')).toHaveText('needle')
  await button(tusk, 'Aa').click()
  await expect(tusk.viewer).toContainText('1 of 1')
  await page.keyboard.press('Escape')
  await expect(tusk.viewer.getByRole('search')).toHaveCount(0)
  await expect(tusk.viewer).toBeVisible()
})

test('the exact bytes go to a file', async ({ tusk, page }) => {
  const dir = mkdtempSync(join(tmpdir(), 'tusk-values-'))
  const path = join(dir, 'photo.png')
  let asked = ''
  await page.route('**/api/call/System.ChooseSave', (route) => {
    asked = route.request().postData() ?? ''
    return route.fulfill({ json: { result: { path } } })
  })
  const image = png(300, 200)
  await look(tusk, `select ${bytea(image)} as "the photo"`)
  await expect(tusk.viewer.getByRole('img')).toHaveJSProperty('naturalWidth', 300)
  await expect(tusk.viewer).toContainText('PNG image, 300 × 200')
  await button(tusk, 'Save value').click()
  await expect(tusk.status).toContainText('Saved')
  expect(asked).toContain('the-photo-1.png')
  expect(readFileSync(path).equals(image)).toBe(true)
  rmSync(dir, { recursive: true })
})

test('images are shown of every kind, and nothing in them runs', async ({ tusk }) => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30" onload="alert(1)"><script>alert(2)</script><image href="https://example.org/x.png"/><rect width="40" height="30" fill="red"/></svg>`
  const gif = '474946383961010001008000000000ffffff2c00000000010001000002024401003b'
  const bmp =
    '424d3a0000000000000036000000280000000100000001000000010018000000000004000000130b0000130b000000000000000000000000ff00'
  await look(
    tusk,
    `select convert_to($$${svg}$$, 'UTF8') as svg, '\\x${gif}'::bytea as gif, '\\x${bmp}'::bytea as bmp,
  decode('89504e470d0a1a0a', 'hex') || 'broken'::bytea as broken, '\\x89504e470d0a1a0a0000000d4948445200ffffff00ffffff0802000000'::bytea as bomb`,
  )
  for (const [kind, size] of [
    ['SVG', '40 × 30'],
    ['GIF', '1 × 1'],
    ['BMP', '1 × 1'],
  ]) {
    await expect(tusk.viewer).toContainText(`${kind} image, ${size}`)
    await tusk.press('ArrowRight')
  }
  await expect(value(tusk)).toContainText('is damaged')
  await tusk.press('ArrowRight')
  await expect(value(tusk)).toContainText('An image of 16,777,215 × 16,777,215 is not shown here')
})

test('an address is opened when it is asked for, and of the web only', async ({ tusk, page }) => {
  const opened: string[] = []
  await page.route('**/api/call/System.OpenURL', (route) => {
    opened.push(route.request().postData() ?? '')
    return route.continue()
  })
  await look(tusk, `select 'https://example.org/a?b=c' as good, 'javascript:alert(1)' as bad`)
  await button(tusk, 'Open').click()
  await expect.poll(() => opened).toEqual([JSON.stringify([{ text: 'https://example.org/a?b=c' }])])
  await tusk.press('Control+2', 'ArrowRight')
  await expect(value(tusk)).toContainText('javascript:alert(1)')
  await expect(button(tusk, 'Open')).toHaveCount(0)
})

test('PostGIS values are drawn, and values inside values opened', async ({ tusk }) => {
  // The type is an enum of that name: what PostGIS prints is all that is needed of it.
  await tusk.runAll(`create temp table t (x int);
create type pg_temp.geometry as enum ('0101000020E6100000CDCCCCCCCCCC2A40C3F5285C8F424A40');
select '0101000020E6100000CDCCCCCCCCCC2A40C3F5285C8F424A40'::pg_temp.geometry as place,
  row(1, array['a', 'b c'], row('deep', null)) as nested`)
  await tusk.press('Control+2', 'Control+Home', 'Enter')
  await expect(value(tusk)).toContainText('SRID=4326;POINT(13.4 52.52)')
  await expect(tusk.viewer.getByRole('img', { name: 'Outline of the point' })).toBeVisible()
  await tusk.press('ArrowRight')
  const table = tusk.viewer.getByRole('grid')
  const cells = () => table.locator('.g-cell:visible').allTextContents()
  await expect.poll(cells).toContain('{a,"b c"}')
  await table.getByText('{a,"b c"}').dblclick()
  await expect.poll(cells).toContain('b c')
  await button(tusk, 'Back').click()
  await table.getByText('(deep,)').dblclick()
  await expect.poll(cells).toContain('deep')
})

test('a document of 100 MB is looked into without being felt', async ({ tusk, page }) => {
  test.setTimeout(180_000)
  await page.addInitScript(() => {
    const tasks: number[] = []
    Object.assign(globalThis, { longTasks: tasks })
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((e) => e.duration))).observe({
      type: 'longtask',
    })
  })
  await page.reload()
  await tusk.editor.waitFor()
  await tusk.run(
    `select ('{"beans": [' || (select string_agg('{"id": ' || g || ', "name": "bean of some kind ' || g || '", "tags": ["x", "y"], "price": 12.5000, "nested": {"a": null, "b": [1, 2, 3]}}', ', ') from generate_series(1, 880000) g) || '], "last": 1.0}')::json as doc`,
  )
  await expect(tusk.cell(1, 1)).toContainText('beans', { timeout: 60_000 })
  const tasks = () =>
    page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks.splice(0))
  await page.evaluate(() =>
    setTimeout(() => {
      const until = performance.now() + 150
      while (performance.now() < until);
    }),
  )
  await expect.poll(async () => Math.max(0, ...(await tasks()))).toBeGreaterThan(140) // a long one is seen
  const clock = async (what: string, act: () => Promise<void>) => {
    const begun = Date.now()
    await act()
    console.log(`${what}: ${Date.now() - begun} ms`)
  }
  await tusk.press('Control+2', 'Control+Home')
  await clock('open', async () => {
    await tusk.press('Enter')
    await expect(value(tusk)).toContainText('880,000 values')
  })
  await expect(tusk.viewer).toContainText(/json · 11\d MB/)
  await clock('unfold 880,000', async () => {
    await button(tusk, 'Unfold').click()
    await expect(value(tusk)).toContainText('{ id, name, tags, … }')
  })
  await value(tusk).focus()
  await clock('to the end', async () => {
    await tusk.press('End')
    await expect(value(tusk)).toContainText('"last": 1.0')
    await expect(value(tusk)).not.toContainText('…,')
  })
  for (let i = 0; i < 20; i++) await tusk.press('PageUp')
  await clock('find', async () => {
    await tusk.press('Control+f')
    await page.keyboard.type('kind 777777"')
    await expect(value(tusk).locator('.vl-now')).toContainText('"bean of some kind 777777"', {
      timeout: 20_000,
    })
  })
  await expect(tusk.viewer).toContainText('$.beans[777776].name')
  const longest = Math.max(0, ...(await tasks()))
  console.log(`longest task on the main thread: ${longest} ms`)
  expect(longest).toBeLessThan(250)
})

test('pictures', async ({ tusk }) => {
  test.setTimeout(120_000)
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
  await tusk.press('Escape', 'Control+Home', 'ArrowRight', 'Enter')
  await tab(tusk, 'Hex').click()
  await expect(value(tusk)).toContainText('89 50 4e 47')
  await screen(tusk, '17-value-hex')
  await tusk.press('Escape', 'Control+Shift+i')
  await expect(tusk.results).toContainText('bytea · PNG image')
  await screen(tusk, '17-row')
})
