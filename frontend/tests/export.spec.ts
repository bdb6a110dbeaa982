// Results that go to files: what is in them, what stays when one cannot be written.
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, shared, test, type Tusk } from './tusk'

let dir = ''
test.beforeEach(async ({ tusk }) => {
  dir = mkdtempSync(join(tmpdir(), 'tusk-export-'))
  await tusk.openSample()
})
test.afterEach(() => rmSync(dir, { recursive: true, force: true }))

const table = `select * from (values
  (1, 'plain', 10.50::numeric, true),
  (2, E'a\\tb\\nc "q"', null, false),
  (3, '', 12345678901234567890.12, null),
  (4, '=1+1', 9007199254740993, true)) v(id, "some text", amount, ok)`

/** Rows for about fifty seconds. */
const slow = `select g, repeat('x', 9000) as filler, pg_sleep(0.05)::text from generate_series(1, 1000) g`

async function ask(tusk: Tusk, file: string, format = 'csv') {
  await expect(tusk.dialog).toHaveCount(0)
  await tusk.press('Control+Shift+s')
  await tusk.dialog.getByLabel('Format').selectOption(format)
  await tusk.dialog.getByLabel('File').fill(join(dir, file))
}
const go = (tusk: Tusk) => tusk.dialog.getByRole('button', { name: /^(Export|Replace it)/ }).click()
const toast = (tusk: Tusk) => tusk.page.getByRole('region', { name: 'Notifications' })
const read = (file: string) => readFileSync(join(dir, file), 'utf8')
const job = (tusk: Tusk) => tusk.status.getByRole('group', { name: 'Export' })

test('a CSV file has the bytes that psql writes', async ({ tusk }) => {
  await tusk.run(table)
  await tusk.results.getByRole('button', { name: 'Export' }).click()
  await expect(tusk.dialog.getByLabel('File')).toHaveValue('~/query-1.csv')
  await expect(tusk.dialog.getByLabel('File')).toBeFocused()
  await tusk.dialog.getByLabel('File').fill(join(dir, 'a.csv'))
  await tusk.press('Enter')
  await expect(tusk.dialog).toHaveCount(0)
  await expect(toast(tusk)).toContainText('Exported 4 rows')
  await expect(toast(tusk)).toContainText(join(dir, 'a.csv'))
  const want = join(dir, 'psql.csv')
  const copy = `\\copy (${table.replaceAll('\n', ' ')}) to '${want}' csv header`
  await promisify(execFile)('psql', ['-X', '-q', '-d', shared().address.socket, '-c', copy])
  expect(readFileSync(join(dir, 'a.csv'))).toEqual(readFileSync(want))
})

test('every format of the list is written, and numbers keep their digits', async ({ tusk }) => {
  await tusk.run(table)
  const expected: Record<string, string> = {
    tsv: '3\t\t12345678901234567890.12\t',
    json: '{"id":4,"some text":"=1+1","amount":9007199254740993,"ok":true}',
    ndjson: '{"id":3,"some text":"","amount":12345678901234567890.12,"ok":null}\n',
    markdown: '| ---: | --- | ---: | --- |\n| 1 | plain | 10.50 | t |\n',
    html: '<td class="n">12345678901234567890.12</td>',
    insert: `insert into result (id, "some text", amount, ok) values\n  (1, 'plain', 10.50, true),\n`,
    xml: '<some_x0020_text></some_x0020_text>\n  <amount>12345678901234567890.12</amount>\n  <ok xsi:nil="true"/>',
    copy: '2\ta\\tb\\nc "q"\t\\N\tf\n',
  }
  for (const [format, text] of Object.entries(expected)) {
    await ask(tusk, format, format)
    await go(tusk)
    await expect(tusk.dialog).toHaveCount(0)
    await expect.poll(() => existsSync(join(dir, format)) && read(format)).toContain(text)
  }
  await tusk.press('Control+Shift+s')
  // Workbooks and Parquet are read in Go's tests, by other libraries than those that write them.
  await tusk.dialog.getByLabel('Format').selectOption('parquet')
  await expect(tusk.dialog.getByLabel('File')).toHaveValue(/\.parquet$/)
  await tusk.dialog.getByLabel('Format').selectOption('xlsx')
  await tusk.dialog.getByLabel('Compression').selectOption('zstd')
  await expect(tusk.dialog.getByLabel('File')).toHaveValue(/\.xlsx\.zst$/)
  await tusk.dialog.getByLabel('Compression').selectOption('')
  await tusk.dialog.getByLabel('Format').selectOption('copy')
  const all = await tusk.dialog.getByLabel('Format').locator('option').count()
  expect(all).toBe(Object.keys(expected).length + 4)
  await expect(tusk.dialog.getByLabel('Format')).toHaveValue('copy') // as it was last
  await expect(tusk.dialog.getByLabel('File')).toHaveValue(join(dir, 'query-1.copy'))
})

test('chosen columns, a selection, and the options of CSV', async ({ tusk }) => {
  await tusk.run(table)
  await ask(tusk, 'columns.csv')
  await tusk.dialog.getByLabel('Delimiter').selectOption(';')
  await tusk.dialog.getByLabel('NULL is').fill('NULL')
  await tusk.dialog.getByRole('button', { name: 'All 4' }).click()
  await tusk.dialog.getByRole('checkbox', { name: /some text/ }).uncheck()
  await tusk.dialog.getByRole('checkbox', { name: /^ok/ }).uncheck()
  await go(tusk)
  await expect(toast(tusk)).toContainText('columns.csv')
  expect(read('columns.csv')).toBe(
    'id;amount\n1;10.50\n2;NULL\n3;12345678901234567890.12\n4;9007199254740993\n',
  )
  await expect(tusk.dialog).toHaveCount(0)
  await tusk.press('Control+2', 'Control+Home', 'ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowRight')
  await ask(tusk, 'selection.sql', 'insert')
  await expect(tusk.dialog.getByLabel('Rows')).toHaveValue('selection')
  await tusk.dialog.getByLabel('Table').fill('"My table"')
  await go(tusk)
  await expect(toast(tusk)).toContainText('selection.sql')
  expect(read('selection.sql')).toBe(
    `insert into "My table" (id, "some text") values\n  (2, 'a\tb\nc "q"'),\n  (3, '');\n`,
  )
})

test('lines, quotes, encodings, and what spreadsheets and JavaScript make of values', async ({ tusk }) => {
  await tusk.run(table)
  await ask(tusk, 'a.csv')
  await tusk.dialog.getByLabel('Quotes').selectOption("'")
  await tusk.dialog.getByLabel('Around all values').check()
  await tusk.dialog.getByLabel('Encoding').selectOption('utf-8-bom')
  await tusk.dialog.getByLabel('Windows line ends').check()
  await tusk.dialog.getByLabel('No text becomes a formula').check()
  await go(tusk)
  await expect(toast(tusk)).toContainText('a.csv')
  expect(read('a.csv')).toContain("\ufeff'id','some text','amount','ok'\r\n'1','plain','10.50','t'\r\n")
  expect(read('a.csv')).toContain("'4','''=1+1','9007199254740993','t'\r\n")
  await ask(tusk, 'a.ndjson', 'ndjson')
  await expect(tusk.dialog.getByLabel('Encoding')).toHaveCount(0)
  await tusk.dialog.getByLabel('bigint and numeric as text').check()
  await go(tusk)
  await expect(toast(tusk)).toContainText('a.ndjson')
  expect(read('a.ndjson')).toContain('{"id":4,"some text":"=1+1","amount":"9007199254740993","ok":true}')
})

test('UPDATE finds its rows by the key of their table', async ({ tusk }) => {
  await tusk.run('select name as who, id from customers order by id limit 2')
  await tusk.press('Control+2', 'Control+Home')
  await tusk.choose(tusk.results.getByRole('button', { name: 'Copy', exact: true }), 'UPDATE by key')
  await expect
    .poll(() => tusk.clipboard())
    .toMatch(/^update public\.customers set name = '.*' where id = 1;\n$/)
  await tusk.run('select count(*) from customers')
  await ask(tusk, 'x.update.sql', 'update')
  await go(tusk)
  await expect(tusk.dialog.getByRole('alert')).toContainText('These columns come from no table.')
})

test('INSERT names the table the rows are of', async ({ tusk }) => {
  await expect(tusk.page.getByRole('treeitem', { name: /^public/ })).toBeVisible()
  await tusk.run('select id, name from customers order by id limit 2')
  await ask(tusk, 'x.sql', 'insert')
  await expect(tusk.dialog.getByLabel('Table')).toHaveValue('customers')
  await tusk.press('Escape')
  await tusk.choose(tusk.results.getByRole('button', { name: 'Copy', exact: true }), 'INSERT')
  await expect.poll(() => tusk.clipboard()).toContain('insert into customers (id')
})

test('a file that is there is replaced only when that was said', async ({ tusk }) => {
  writeFileSync(join(dir, 'old.csv'), 'old')
  await tusk.run('select 1 as a')
  await ask(tusk, 'old.csv')
  await go(tusk)
  await expect(tusk.dialog.getByRole('alert')).toContainText('already')
  expect(read('old.csv')).toBe('old')
  await tusk.dialog.getByRole('button', { name: /^Replace it/ }).click()
  await expect(tusk.dialog).toHaveCount(0)
  await expect.poll(() => read('old.csv')).toBe('a\n1\n')
  await ask(tusk, 'no/such/folder.csv')
  await go(tusk)
  await expect(tusk.dialog.getByRole('alert')).toContainText('There is no folder')
  await tusk.dialog.getByLabel('File').fill('/dev/full')
  await go(tusk)
  await expect(toast(tusk)).toContainText('There is no room left for /dev/full.')
  expect(readdirSync(dir)).toEqual(['old.csv'])
})

test('an export runs beside the query, and a cancelled one keeps the old file', async ({ tusk }) => {
  writeFileSync(join(dir, 'old.csv'), 'old')
  await tusk.start(slow)
  await expect(tusk.cell(1, 1)).toHaveText('1')
  await ask(tusk, 'old.csv')
  await expect(tusk.dialog.getByLabel('Rows')).toContainText('with those still to come')
  await go(tusk)
  await tusk.dialog.getByRole('button', { name: /^Replace it/ }).click()
  await expect(job(tusk)).toContainText(/old\.csv\s*\d+ rows/)
  // Those so far go to a file of their own meanwhile.
  await ask(tusk, 'some.csv')
  await tusk.dialog.getByLabel('Rows').selectOption('now')
  await go(tusk)
  await expect(toast(tusk)).toContainText('some.csv')
  expect(read('some.csv')).toMatch(/^g,filler,pg_sleep\n1,x+,\S*\n/)
  await job(tusk)
    .getByRole('button', { name: /^Cancel/ })
    .click()
  await expect(tusk.status).toContainText('Export cancelled; old.csv is as it was')
  await expect(job(tusk)).toHaveCount(0)
  expect(read('old.csv')).toBe('old')
  expect(readdirSync(dir).sort()).toEqual(['old.csv', 'some.csv'])
  // The query was left alone; what came of it is said to lack its end.
  await ask(tusk, 'part.csv')
  await go(tusk)
  await expect(job(tusk)).toBeVisible()
  await tusk.press('Control+.')
  await expect(toast(tusk)).toContainText('the end is missing')
  expect(read('part.csv')).toContain('\n2,')
})

test('a table goes to a file from the explorer, and no result is made of it', async ({ tusk }) => {
  const table = tusk.page.getByRole('treeitem', { name: /^farms/ })
  await table.click({ button: 'right' })
  await tusk.page.getByRole('menuitem', { name: 'Export rows…' }).click()
  await expect(tusk.dialog.getByRole('heading')).toHaveText('Export farms')
  await expect(tusk.dialog.getByLabel('File')).toHaveValue('~/farms.csv')
  await expect(tusk.dialog.getByLabel('Rows')).toHaveCount(0)
  await tusk.dialog.getByLabel('File').fill(join(dir, 'farms.csv'))
  await tusk.page.screenshot({ path: '../build/shots/16-export-table-light.png', animations: 'disabled' })
  await go(tusk)
  await expect(toast(tusk)).toContainText('Exported 64 rows')
  const want = join(dir, 'psql.csv')
  const copy = `\\copy farms to '${want}' csv header`
  await promisify(execFile)('psql', ['-X', '-q', '-d', shared().address.socket, '-c', copy])
  expect(readFileSync(join(dir, 'farms.csv'))).toEqual(readFileSync(want))
  await expect(tusk.results).toContainText('No result yet')
})

test('what is told of an export that failed lies over no button of a dialog', async ({ tusk, page }) => {
  await tusk.run('select 1 as a')
  await ask(tusk, 'a.csv')
  await tusk.dialog.getByLabel('File').fill('/dev/full')
  await go(tusk)
  await expect(toast(tusk)).toContainText('There is no room left')
  await tusk.palette()
  await page.keyboard.type('Import rows from')
  await tusk.press('Enter')
  const next = tusk.dialog.getByRole('button', { name: 'Continue' })
  for (const [width, height] of [
    [1280, 800],
    [900, 600],
  ] as const) {
    await page.setViewportSize({ width, height })
    await tusk.dialog.evaluate((d) => Promise.all(d.getAnimations().map((a) => a.finished)))
    expect(
      await next.evaluate((button) => {
        const { left, right, top, bottom } = button.getBoundingClientRect()
        const corners = [left + 2, right - 2].flatMap((x) =>
          [top + 2, bottom - 2].map((y) => [x, y] as const),
        )
        return corners.filter(
          ([x, y]) => !button.closest('.dialog')!.contains(document.elementFromPoint(x, y)),
        )
      }),
    ).toEqual([])
  }
  await tusk.press('Escape')
  await toast(tusk).getByRole('button', { name: 'Dismiss' }).click({ timeout: 5000 })
  await expect(toast(tusk)).not.toContainText('There is no room left')
})
