// Groups, pivots and charts of a result: made of the rows that came, without another query.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pictures, screen } from './shots'
import { expect, test, type Tusk } from './tusk'

test.beforeEach(({ tusk }) => tusk.openSample())

const board = `select g as id, (array['queued', 'roasting', 'shipped', 'hold'])[1 + g % 4] as status,
  (array['web', 'shop', 'phone'])[1 + g % 3] as channel, timestamptz '2026-11-24 09:41:07+01' - g * interval '12 h' as placed_at,
  case when g % 9 > 0 then round((200 + 150 * sin(g / 40.0) + g % 17)::numeric, 2) end as total, (g * 7919 % 90)::float8 as weight
  from generate_series(1, 1500) g`

const show = (tusk: Tusk, name: 'Grid' | 'Group' | 'Chart') =>
  tusk.results.getByRole('group', { name: 'How the result is shown' }).getByRole('button', { name }).click()
const groups = (tusk: Tusk) => tusk.results.getByRole('toolbar', { name: 'Groups' })
const chart = (tusk: Tusk) => tusk.results.getByRole('toolbar', { name: 'Chart' })
const said = (tusk: Tusk) => tusk.results.locator('#chart-said')

test('groups are a result of their own: computed, sorted, copied, written as SQL', async ({ tusk }) => {
  await tusk.run(board)
  await expect(tusk.cell(1, 1)).toHaveText('1')
  await show(tusk, 'Group')
  await expect(groups(tusk)).toContainText('4 groups of 1,500 rows')
  await expect.poll(() => tusk.columns()).toEqual(['status text', 'count int8'])
  await expect
    .poll(() => tusk.rows())
    .toEqual([
      ['hold', '375'],
      ['queued', '375'],
      ['roasting', '375'],
      ['shipped', '375'],
    ])
  await groups(tusk).getByRole('button', { name: 'Compute something else too' }).click()
  await groups(tusk).getByLabel('What is computed, 2').selectOption('avg')
  await expect.poll(() => tusk.columns()).toEqual(['status text', 'count int8', 'avg_total numeric'])
  await groups(tusk).getByRole('button', { name: 'Group by another column' }).click()
  await groups(tusk).getByLabel('Column 2').selectOption('placed_at')
  await groups(tusk).getByLabel('How placed_at is taken').selectOption('year')
  await expect(groups(tusk)).toContainText('12 groups of 1,500 rows')
  await tusk.grid.getByRole('columnheader', { name: /^placed_at_year/ }).click()
  await expect.poll(async () => (await tusk.rows())[0]![1]).toBe('2024-01-01')
  await tusk.cell(1, 2).click()
  await tusk.press('Control+c')
  await expect.poll(() => tusk.clipboard()).toBe('2024-01-01')
  await groups(tusk).getByRole('button', { name: 'As SQL' }).click()
  await expect(tusk.editor).toContainText("date_trunc('year', placed_at)::date as placed_at_year")
  await tusk.run()
  await expect.poll(async () => (await tusk.rows()).length).toBe(12)
})

test('groups follow the filter, and a pivot makes columns of values', async ({ tusk }) => {
  await tusk.run(board)
  await tusk.cell(3, 3).click({ button: 'right' })
  await tusk.page.getByRole('menuitem', { name: 'Leave out rows with this value' }).click()
  await expect(tusk.results.getByRole('toolbar', { name: 'Order and filter' })).toContainText(
    '1,000 of 1,500 rows',
  )
  await show(tusk, 'Group')
  await expect(groups(tusk)).toContainText('4 groups of 1,000 rows')
  await groups(tusk).getByLabel('The values of a column as columns').selectOption('channel')
  await expect(groups(tusk)).toContainText('4 rows of 1,000 rows')
  await expect.poll(() => tusk.columns()).toEqual(['status text', 'phone int8', 'shop int8'])
  await groups(tusk).getByLabel('The values of a column as columns').selectOption('id')
  await expect(groups(tusk)).toContainText('the first 100 of 1,000 values of id are columns')
})

test('charts of rows and groups', async ({ tusk }) => {
  test.slow() // axe looks at seven screens
  await tusk.run(board)
  await expect(tusk.cell(1, 1)).toHaveText('1')
  await show(tusk, 'Group')
  await groups(tusk).getByRole('button', { name: 'Compute something else too' }).click()
  await expect(groups(tusk)).toContainText('4 groups of 1,500 rows')
  await expect(tusk.cell(4, 1)).toHaveText('shipped')
  await screen(tusk, 'group')
  await groups(tusk).getByLabel('The values of a column as columns').selectOption('placed_at')
  await expect(groups(tusk)).toContainText('4 rows of 1,500 rows')
  await screen(tusk, 'pivot')
  await show(tusk, 'Chart')
  await expect(said(tusk)).toContainText('4 rows, 8 bars for each.')
  await screen(tusk, 'chart-bar')
  await chart(tusk).getByLabel('What is drawn').selectOption('rows')
  await expect(said(tusk)).toHaveText('Each of 1,500 rows is drawn. 166 values NULL: a gap.')
  await tusk.results.getByRole('application').focus()
  await tusk.press('ArrowRight', 'ArrowRight')
  await expect(tusk.results.locator('.tip')).toContainText('placed_at 2024-11-0')
  await expect(tusk.results.locator('.tip')).toContainText(/total\d+\.\d\d/)
  await screen(tusk, 'chart-line')
  await chart(tusk).getByRole('button', { name: 'Scatter' }).click()
  await chart(tusk).getByLabel('Along the foot').selectOption('total')
  await expect(said(tusk)).toContainText('Each of 1,334 rows is drawn. 166 rows left out: no finite total.')
  await screen(tusk, 'chart-scatter')
  await show(tusk, 'Grid')
  await expect(tusk.cell(1, 1)).toHaveText('1')
})

test('a chart of many rows says what it leaves out, and is saved as a picture', async ({ tusk }) => {
  const dir = mkdtempSync(join(tmpdir(), 'tusk-chart-'))
  try {
    await tusk.run(
      `select timestamp '2024-01-01' + g * interval '1 min' as at, sin(g / 5000.0) * 100 + g % 7 as v from generate_series(1, 100000) g`,
    )
    await show(tusk, 'Chart')
    await expect(said(tusk)).toContainText(/^100,000 rows in [\d,]+ parts: of each part the smallest/)
    await tusk.page.screenshot({ path: '../build/shots/chart-many-light.png' })
    const file = join(dir, 'chart.png')
    // The system's own dialog is not there in a browser; the person's answer to it is.
    await tusk.page.route('**/api/call/System.ChooseSave', (r) =>
      r.fulfill({ json: { result: { path: file } } }),
    )
    await chart(tusk).getByRole('button', { name: 'Save as PNG' }).click()
    await expect(tusk.page.getByText(`Saved ${file}`)).toBeVisible()
    expect(readFileSync(file).subarray(1, 4).toString()).toBe('PNG')
    copyFileSync(file, '../build/shots/chart-saved.png')
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('bars of NULL and of texts that look like it are told apart', async ({ tusk }) => {
  await tusk.run(`select * from (values (null, 3), ('NULL', 2), ('', 4)) v(word, n)`)
  await expect(tusk.cell(1, 2)).toHaveText('3')
  await show(tusk, 'Chart')
  await expect(said(tusk)).toHaveText('3 rows, a bar for each.')
  await tusk.results.getByRole('application').focus()
  for (const word of ['NULL', "'NULL'", "''"]) {
    await tusk.press('ArrowRight')
    await expect(tusk.results.locator('.tip b')).toHaveText(`word ${word}`)
  }
  await pictures(tusk, 'chart-null')
})

test('keys reach each dot of a chart, and series of one name are told apart', async ({ tusk }) => {
  await tusk.run('select g / 4 as id, g as v, -g as v from generate_series(0, 11) g')
  await expect(tusk.cell(1, 1)).toHaveText('0')
  await show(tusk, 'Chart')
  await chart(tusk).getByRole('button', { name: 'Scatter' }).click()
  await expect(said(tusk)).toContainText('Each of 12 rows is drawn.')
  const legend = tusk.results.getByRole('group', { name: 'Series that are shown' })
  await expect(legend.getByRole('button', { pressed: true })).toHaveCount(2)
  await tusk.results.getByRole('application').focus()
  const tip = tusk.results.locator('.tip')
  for (let i = 0; i < 12; i++) await tusk.press('ArrowRight')
  await expect(tip).toContainText('id 2')
  await expect(tip).toContainText('v11')
  await expect(tip).toContainText('v-11')
  await legend.getByRole('button').first().click()
  await expect(legend.getByRole('button', { pressed: true })).toHaveCount(1)
})
