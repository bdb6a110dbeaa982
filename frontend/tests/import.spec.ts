// Files of rows on their way into tables: what is proposed, what is told of what does not fit, what is there at the end.
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { screen } from './shots'
import { expect, shared, tcpURL, test, type Tusk } from './tusk'

const run = promisify(execFile)
const psql = async (database: string, sql: string) => {
  const at = shared().address.socket.replace(/\/roastery/, `/${database}`)
  return (
    await run('psql', ['-X', '-q', '-A', '-t', '-d', at, '-v', 'ON_ERROR_STOP=1', '-c', sql])
  ).stdout.trim()
}

let dir = ''
let database = ''
/** the file that a person chooses in the dialog of the system */
let chosen = ''
test.beforeEach(async ({ tusk, page }) => {
  await page.route('**/api/call/System.ChooseFile', (r) => r.fulfill({ json: { result: { path: chosen } } }))
  dir = mkdtempSync(join(tmpdir(), 'tusk-import-'))
  database = `import_${Date.now()}_${Math.floor(Math.random() * 1e6)}`
  await psql('roastery', `create database ${database}`)
  await psql(
    database,
    `create table products (sku text primary key, name text not null, price numeric(10,2), kg numeric, roasted_on date, tags text[]);
     insert into products values ('YIR-250', 'old name', 1, 1, null, null)`,
  )
  await tusk.open()
  await tusk.connect(tcpURL().replace('/roastery', `/${database}`))
  await expect(node(tusk, 'products')).toBeVisible() // all that a connection brings is there
})
test.afterEach(async ({ tusk, page }) => {
  tusk.leaving()
  await page.close()
  await psql('roastery', `drop database ${database} with (force)`)
  rmSync(dir, { recursive: true, force: true })
})

const file = (name: string, text: string | Buffer) => {
  writeFileSync(join(dir, name), text)
  return join(dir, name)
}
const products = `SKU;Product name;Price;KG;Roasted on;Tags;Internal ref
YIR-250;Yirga No. 4, 250 g;9.50;0.25;2026-11-20;{filter,light};#A-0091
YIR-1000;Yirga No. 4, 1 kg;34.00;1;2026-11-20;{filter,light,bulk};
GUJ-250;"Guji “Stonefruit”, 250 g";10.20;0.25;2026-11-18;{filter};
HSE-1000;House Espresso, 1 kg;27.90;1;2026-11-22;{espresso,dark};
DEC-250;Evening Decaf, 250 g;9.80;0.25;31.11.2026;{decaf};
SID-250;Sidamo Natural, 250 g;10.80;0.25;2026-11-19;{filter,fruity};
HUE-1000;Huehue Washed, 1 kg;31.50;1;2026-11-21;"{espresso,""all day""}";#B-1
`

const node = (tusk: Tusk, name: string) =>
  tusk.page
    .getByRole('tree', { name: 'Objects' })
    .locator('.node')
    .filter({ has: tusk.page.locator('.nm', { hasText: new RegExp(`^${name}$`) }) })
const next = (tusk: Tusk) => tusk.dialog.getByRole('button', { name: /^(Continue|Import|Open the table)/ })
const checked = (tusk: Tusk) => tusk.dialog.getByRole('columnheader', { name: /^Checked over/ })

/** Opens a file through the system's dialog. Of some requests Chromium tells the test nothing, and the server, which has no
 * dialog, answers them itself with no file: about one in forty. */
async function openFile(tusk: Tusk, path: string) {
  chosen = path
  await expect(async () => {
    await tusk.press('Control+o')
    await expect(next(tusk)).toBeVisible({ timeout: 3_000 })
  }).toPass()
}

async function palette(tusk: Tusk, command: string) {
  await tusk.palette()
  await tusk.page.keyboard.type(command)
  await expect(tusk.page.getByRole('option', { name: new RegExp(command) }).first()).toBeVisible()
  await tusk.press('Enter')
}

test('a file goes into a table that is there, without what does not fit', async ({ tusk, page }) => {
  await node(tusk, 'products').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Import rows…' }).click()
  await tusk.dialog.getByLabel('File').fill(join(dir, 'nosuch.csv'))
  await tusk.press('Enter')
  await expect(tusk.dialog.getByRole('alert')).toContainText('There is no file')
  await screen(tusk, 'import-file')
  await tusk.dialog.getByLabel('File').fill(file('products-november.csv', products))
  await tusk.press('Enter')
  await expect(tusk.dialog.getByLabel('Delimiter')).toHaveValue(';')
  await expect(tusk.dialog.getByLabel('First row', { exact: true })).toHaveValue('yes')
  await expect(tusk.dialog.getByRole('region', { name: 'The first rows' })).toContainText('Yirga No. 4, 1 kg')
  await expect(tusk.dialog.getByRole('group', { name: 'Step 2 of 4' })).toBeFocused() // the field is gone
  await screen(tusk, 'import-format')

  await next(tusk).click()
  await expect(tusk.dialog.getByLabel('Table', { exact: true }).locator('option:checked')).toHaveText(
    'public.products',
  )
  await expect(tusk.dialog.getByLabel('Column for Product name')).toHaveValue('')
  await tusk.dialog.getByLabel('Column for Product name').selectOption('name')
  await expect(tusk.dialog.getByLabel('Import Internal ref')).not.toBeChecked()
  await tusk.dialog.getByRole('button', { name: 'Update' }).click()
  await expect(checked(tusk)).toHaveText('Checked over all 7 lines')
  await expect(tusk.dialog.getByRole('row', { name: /Roasted on/ })).toContainText(
    'line 6: date/time field value out of range',
  )
  await tusk.dialog.getByLabel(/Leave out lines/).check()
  await expect(next(tusk)).toContainText('Import 6 rows')
  await screen(tusk, 'import-columns')

  await next(tusk).click()
  await expect(
    tusk.dialog.getByRole('heading', { name: 'Imported 6 rows into public.products' }),
  ).toBeVisible()
  const rejects = join(dir, 'products-november.rejected.csv')
  await expect(tusk.dialog).toContainText(`1 row rejected, now in ${rejects}`)
  await screen(tusk, 'import-done')
  expect(readFileSync(rejects, 'utf8')).toContain('6,roasted_on,')
  expect(
    await psql(database, `select count(*), max(name) filter (where sku = 'YIR-250') from products`),
  ).toBe('6|Yirga No. 4, 250 g')
  await next(tusk).click()
  await expect(tusk.cell(1, 1)).toBeVisible()
  await expect(tusk.tab('products')).toHaveAttribute('aria-selected', 'true')
})

test('a new table is made as it was proposed and changed', async ({ tusk }) => {
  const path = file(
    'Green coffee.json',
    '[{"id": 1, "Crop year": "2025", "kg": 12.5}, {"id": 2, "Crop year": "2026", "kg": null}]',
  )
  await openFile(tusk, path) // a file of rows is not for the editor
  await expect(tusk.dialog.getByLabel('Format')).toHaveValue('json')
  await next(tusk).click()
  await expect(tusk.dialog.getByLabel('Name of the new table')).toHaveValue('green_coffee')
  await expect(tusk.dialog.getByLabel('Column for Crop year')).toHaveValue('crop_year')
  await expect(tusk.dialog.getByLabel('Type of id')).toHaveValue('integer')
  await expect(checked(tusk)).toBeVisible()
  await tusk.dialog.getByLabel('Type of Crop year').fill('nosuchtype')
  await expect(tusk.dialog.getByRole('alert')).toContainText('type "nosuchtype" does not exist')
  await tusk.dialog.getByLabel('Type of Crop year').fill('smallint')
  await expect(tusk.dialog.getByRole('alert')).toHaveCount(0)
  await expect(next(tusk)).toContainText('Import 2 rows')
  await tusk.press('Control+Enter')
  await expect(
    tusk.dialog.getByRole('heading', { name: 'Imported 2 rows into public.green_coffee' }),
  ).toBeVisible()
  await tusk.dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
  await expect(node(tusk, 'green_coffee')).toBeVisible()
  expect(await psql(database, 'select sum(crop_year), pg_typeof(max(crop_year)) from green_coffee')).toBe(
    '4051|smallint',
  )
})

test('a file of a spreadsheet that writes commas and days first comes in as numbers and dates', async ({
  tusk,
}) => {
  await palette(tusk, 'Import rows')
  const path = file('Preise.csv', 'Sorte;Preis;Seit\nYirga;1.034,50;03.11.2026\nGuji;9,9;30.11.2026\n')
  await tusk.dialog.getByLabel('File').fill(path)
  await tusk.press('Enter')
  await expect(tusk.dialog.getByLabel('Numbers')).toHaveValue(',')
  await expect(tusk.dialog.getByLabel('Dates')).toHaveValue('DMY')
  await next(tusk).click()
  await expect(tusk.dialog.getByLabel('Type of Preis')).toHaveValue('numeric')
  await expect(tusk.dialog.getByLabel('Type of Seit')).toHaveValue('date')
  await expect(checked(tusk)).toHaveText('Checked over all 2 lines')
  await expect(tusk.dialog.getByRole('cell', { name: '1034.50' })).toBeVisible()
  await expect(tusk.dialog.getByRole('cell', { name: '2026-11-30' })).toBeVisible()
  await expect(tusk.dialog).not.toContainText('does not fit')
  await tusk.press('Control+Enter')
  await expect(tusk.dialog.getByRole('heading', { name: 'Imported 2 rows into public.preise' })).toBeVisible()
  expect(await psql(database, `select sum(preis), max(to_char(seit, 'YYYY-MM-DD')) from preise`)).toBe(
    '1044.40|2026-11-30',
  )
})

test('thousands apart are numbers, and a day that there is not is told before the import', async ({
  tusk,
}) => {
  await palette(tusk, 'Import rows')
  const rows = ['1 234,50;03.11.2026', '12\u00a0000;31.11.2026', '9,9;30.11.2026']
  await tusk.dialog.getByLabel('File').fill(file('Preise.csv', ['Preis;Seit', ...rows, ''].join('\n')))
  await tusk.press('Enter')
  await expect(tusk.dialog.getByLabel('Numbers')).toHaveValue(',')
  await expect(tusk.dialog).toContainText(
    'Numbers have their thousands apart, in Preis: 1 234,50 is read as 1234.50.',
  )
  await expect(tusk.dialog).toContainText(
    'There is no such day as 31.11.2026, in line 3, column Seit. It does not fit a column of dates.',
  )
  await screen(tusk, 'import-apart')
  await next(tusk).click()
  await expect(tusk.dialog.getByLabel('Type of Preis')).toHaveValue('numeric')
  await expect(tusk.dialog.getByLabel('Type of Seit')).toHaveValue('date')
  await expect(checked(tusk)).toHaveText('Checked over all 3 lines')
  await expect(tusk.dialog.getByRole('cell', { name: '1234.50' })).toBeVisible()
  await expect(tusk.dialog).toContainText('line 3: date/time field value out of range: "31.11.2026"')
  await expect(tusk.dialog).toContainText('1 does not fit')
  await screen(tusk, 'import-apart-checked')
})

test('the first line that does not fit is named, and nothing is imported', async ({ tusk }) => {
  await palette(tusk, 'Import rows')
  await tusk.dialog.getByLabel('File').fill(file('a.csv', 'sku,name\nA,one\nYIR-250,two\n'))
  await tusk.press('Enter')
  await expect(tusk.dialog.getByLabel('Delimiter')).toBeVisible()
  await next(tusk).click()
  await tusk.dialog.getByLabel('Table', { exact: true }).selectOption({ label: 'public.products' })
  await expect(checked(tusk)).toHaveText('Checked over all 2 lines')
  await tusk.press('Control+Enter')
  await expect(tusk.dialog.getByRole('alert')).toContainText('Line 3: products has that value already')
  expect(await psql(database, 'select count(*) from products')).toBe('1')
  await tusk.dialog.getByRole('button', { name: 'Back' }).click()
  await tusk.dialog.getByRole('button', { name: 'Skip' }).click()
  await expect(checked(tusk)).toBeVisible()
  await tusk.press('Control+Enter')
  await expect(tusk.dialog).toContainText('1 row skipped, whose key was there')
})

test('what was exported compressed comes back as it was, TSV with its quotes too', async ({ tusk }) => {
  await tusk.run(`select g as id, '"no. ' || g || '"' as label from generate_series(1, 20000) g`)
  await expect(tusk.cell(1, 1)).toBeVisible()
  await expect(tusk.status).toContainText('20,000 rows')
  const path = join(dir, 'labels.tsv.gz')
  await tusk.press('Control+Shift+s')
  await tusk.dialog.getByLabel('Format').selectOption('tsv')
  await expect(tusk.dialog).toContainText('NULL and empty texts look alike')
  await screen(tusk, 'export-tsv')
  await tusk.dialog.getByLabel('Compression').selectOption('gzip')
  await tusk.dialog.getByLabel('File').fill(path)
  await tusk.press('Enter')
  await expect.poll(() => existsSync(path)).toBe(true)
  await openFile(tusk, path)
  await expect(tusk.dialog.getByLabel('Format')).toHaveValue('tsv')
  await expect(tusk.dialog.getByLabel('Quote')).toHaveValue('none')
  await expect(tusk.dialog).toContainText(/ kB · gzip · UTF-8/)
  await expect(tusk.dialog).toContainText('A quote at the beginning of a value is part of it')
  await screen(tusk, 'import-packed')
  await next(tusk).click()
  await expect(tusk.dialog.getByLabel('Name of the new table')).toHaveValue('labels')
  await expect(checked(tusk)).toHaveText('Checked over all 20,000 lines')
  await tusk.press('Control+Enter')
  await expect(
    tusk.dialog.getByRole('heading', { name: 'Imported 20,000 rows into public.labels' }),
  ).toBeVisible()
  expect(await psql(database, 'select count(*), max(label) from labels')).toBe('20000|"no. 9999"')
})

test('nothing is said to fit that no line could be read for', async ({ tusk }) => {
  await palette(tusk, 'Import rows')
  await tusk.dialog.getByLabel('File').fill(file('short.csv', 'sku,name,kg\nA,one\nB,two\n'))
  await tusk.press('Enter')
  await expect(tusk.dialog.getByLabel('Delimiter')).toBeVisible()
  await next(tusk).click()
  await expect(checked(tusk)).toHaveText('Checked over all 2 lines')
  await expect(tusk.dialog).toContainText('2 lines, the first is 2: It has 2 values instead of 3.')
  const columns = tusk.dialog.getByRole('table', { name: 'Columns' })
  await expect(columns.getByRole('cell', { name: 'not known' })).toHaveCount(3)
  await expect(columns.getByRole('cell', { name: 'fits', exact: true })).toHaveCount(0)
  await screen(tusk, 'import-unread')
})

test('an import goes on behind the window, and is cancelled from the status line', async ({ tusk }) => {
  const lines = Buffer.from('1,some text that is a little longer than most\n'.repeat(100_000))
  const path = file('large.csv', Buffer.concat(Array.from({ length: 30 }, () => lines)))
  await palette(tusk, 'Import rows')
  await tusk.dialog.getByLabel('File').fill(path)
  await tusk.press('Enter')
  await expect(tusk.dialog.getByLabel('Delimiter')).toBeVisible()
  await next(tusk).click()
  await expect(checked(tusk)).toHaveText(/Checked over the first/)
  await tusk.press('Control+Enter')
  await expect(tusk.dialog.getByRole('progressbar')).toBeVisible()
  await expect(tusk.dialog.getByText(/^[\d,]+ rows · /)).toBeVisible()
  await expect(tusk.dialog.locator('[aria-live]').getByText(/rows ·/)).toHaveCount(0)
  await tusk.press('Escape')
  const job = tusk.status.getByRole('group', { name: 'Import' })
  await expect(job).toContainText('large.csv')
  await job.getByRole('button', { name: 'Cancel the import of large.csv' }).click()
  await expect(job).toHaveCount(0)
  await expect(tusk.status).toContainText('large is as it was')
  expect(await psql(database, `select to_regclass('large') is null`)).toBe('t')
  expect(existsSync(join(dir, 'large.rejected.csv'))).toBe(false)
})

test('a file of as many columns as a table can have is drawn at once, and each is within reach', async ({
  tusk,
}) => {
  const names = Array.from({ length: 1600 }, (_, i) => `column_${i}`)
  await psql(database, `create table wide (${names.map((n) => `${n} int`).join(', ')})`)
  await tusk.page.getByRole('button', { name: 'Refresh', exact: true }).click()
  await expect(node(tusk, 'wide')).toBeVisible()
  const rows = Array.from({ length: 60 }, (_, r) => names.map((_, i) => r * i).join(','))
  await palette(tusk, 'Import rows')
  await tusk.dialog.getByLabel('File').fill(file('wide.csv', [names.join(','), ...rows].join('\n')))
  await tusk.press('Enter')
  await expect(tusk.dialog.getByLabel('Delimiter')).toBeVisible()
  await next(tusk).click()
  await expect(tusk.dialog.getByLabel('Name of the new table')).toHaveValue('wide')
  await tusk.dialog.getByLabel('Table', { exact: true }).selectOption({ label: 'public.wide' })
  await expect(checked(tusk)).toHaveText('Checked over all 60 lines')
  // What is not in view is not there, and neither are the choices of lists that nobody uses.
  expect(await tusk.dialog.locator('*').count()).toBeLessThan(9_000)
  await tusk.dialog.getByRole('table', { name: 'Columns' }).evaluate((e) => {
    e.parentElement!.scrollTop = 1e6
  })
  const last = tusk.dialog.getByLabel('Column for column_1599')
  await expect(last).toHaveValue('column_1599')
  await last.press('ArrowUp') // on the keys alone
  await expect(last).toHaveValue('column_1598')
  await last.press('ArrowDown')
  await expect(last).toHaveValue('column_1599')
  await tusk.dialog.getByLabel('Import column_1599').uncheck()
  await expect(checked(tusk)).toHaveText('Checked over all 60 lines')
  await tusk.press('Control+Enter')
  await expect(tusk.dialog.getByRole('heading', { name: 'Imported 60 rows into public.wide' })).toBeVisible()
  expect(await psql(database, 'select max(column_1598), count(column_1599) from wide')).toBe('94282|0')
})

test('Escape closes a list that is open first, and asks before what was chosen is lost', async ({
  tusk,
  page,
}) => {
  const path = file('products.csv', products)
  await openFile(tusk, path)
  await next(tusk).click()
  const question = page.getByRole('alertdialog', { name: 'Close the import?' })
  await tusk.dialog.getByLabel('Schema').click() // its list opens
  await tusk.press('Escape')
  await expect(tusk.dialog.getByLabel('Schema')).toBeFocused()
  const leftOut = tusk.dialog.getByLabel('Import Internal ref')
  await leftOut.uncheck()
  await tusk.press('Escape')
  await expect(question.getByRole('button', { name: 'Go on with it' })).toBeFocused()
  await tusk.press('Escape')
  await expect(question).toHaveCount(0)
  await expect(leftOut).not.toBeChecked()
  await expect(leftOut).toBeFocused()
  await tusk.dialog.getByRole('button', { name: 'Close', exact: true }).click()
  await question.getByRole('button', { name: 'Close the import' }).click()
  await expect(tusk.dialog).toHaveCount(0)
})
