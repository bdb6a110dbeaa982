// Working on a result: sorted, filtered, searched, summed up; what is copied and written is what is shown.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pictures, screen } from './shots'
import { expect, test, type Locator, type Tusk } from './tusk'

test.beforeEach(({ tusk }) => tusk.openSample())

const board = `select g as id, (g * 7919 % 1000 / 8.0)::numeric(12,2) as total,
  (array['queued', 'roasting', 'shipped', 'hold'])[1 + g % 4] as status,
  timestamptz '2026-11-24 09:41:07+01' - g * interval '97 s' as placed_at,
  case when g % 5 > 0 then json_build_object('gift', g % 2 = 0, 'channel', 'web') end as attributes
  from generate_series(1, 5000) g`

const bar = (tusk: Tusk) => tusk.results.getByRole('toolbar', { name: 'Order and filter' })
const head = (tusk: Tusk, name: string | RegExp): Locator => tusk.grid.getByRole('columnheader', { name })
const first = async (tusk: Tusk, col: number, n = 4) => (await tusk.rows()).slice(0, n).map((r) => r[col])
const entry = (tusk: Tusk, name: string | RegExp) => tusk.page.getByRole('menuitem', { name })

test('a click on a header sorts, with Shift besides the others, and it is undone', async ({ tusk }) => {
  await tusk.run(board)
  await head(tusk, /^total/).click()
  await expect(bar(tusk)).toContainText('5,000 rows')
  await expect.poll(() => first(tusk, 1)).toEqual(['0.00', '0.00', '0.00', '0.00'])
  await expect(head(tusk, /^total/)).toHaveAttribute('aria-sort', 'ascending')
  await expect(head(tusk, /^total/)).toHaveAttribute('title', /Sorted upwards, as numbers/)
  await head(tusk, /^id/).click({ modifiers: ['Shift'] })
  await head(tusk, /^id/).click({ modifiers: ['Shift'] })
  await expect.poll(() => first(tusk, 0)).toEqual(['5000', '4000', '3000', '2000'])
  await expect(head(tusk, /^total/)).toContainText('total1')
  await expect(head(tusk, /^id/)).toContainText('id2')
  await head(tusk, /^status/).click()
  await expect.poll(() => first(tusk, 2)).toEqual(['hold', 'hold', 'hold', 'hold'])
  await bar(tusk).getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => first(tusk, 0)).toEqual(['5000', '4000', '3000', '2000'])
  await tusk.page.screenshot({ path: '../build/shots/working-sort-light.png' })
  await bar(tusk).getByRole('button', { name: 'All rows as they came' }).click()
  await expect(bar(tusk)).toHaveCount(0)
  await expect.poll(() => first(tusk, 0)).toEqual(['1', '2', '3', '4'])
  // A drag over headers selects columns, as a click did before, and sorts nothing.
  const from = (await head(tusk, /^id/).boundingBox())!
  const to = (await head(tusk, /^total/).boundingBox())!
  await tusk.page.mouse.move(from.x + 10, from.y + 10)
  await tusk.page.mouse.down()
  await tusk.page.mouse.move(to.x + 20, to.y + 10, { steps: 5 })
  await tusk.page.mouse.up()
  await expect(tusk.status).toContainText('10,000 cells')
  await expect(bar(tusk)).toHaveCount(0)
})

test('conditions are made, changed and removed; a wrong one says why and nothing is lost', async ({
  tusk,
}) => {
  await tusk.run(board)
  await tusk.cell(2, 3).click({ button: 'right' })
  await entry(tusk, 'Keep rows with this value').click()
  await expect(bar(tusk)).toContainText('status = shipped')
  await expect(bar(tusk)).toContainText('1,250 of 5,000 rows')
  await expect.poll(() => first(tusk, 0)).toEqual(['2', '6', '10', '14'])
  await tusk.press('Control+Shift+l')
  const form = tusk.results.getByRole('form', { name: 'Condition' })
  await form.getByLabel('Column', { exact: true }).selectOption('total')
  await form.getByLabel('Condition', { exact: true }).selectOption('<')
  await form.getByLabel('Value').fill('ten')
  await tusk.press('Enter')
  await expect(form.getByRole('alert')).toContainText('“ten” is nothing that total could be compared with')
  await expect(form.getByLabel('Value')).toHaveValue('ten')
  await expect(bar(tusk)).toContainText('1,250 of 5,000 rows')
  await tusk.page.screenshot({ path: '../build/shots/working-wrong-light.png' })
  await form.getByLabel('Value').fill('10.5')
  await tusk.press('Enter')
  await expect(form).toHaveCount(0)
  await expect(bar(tusk)).toContainText('total < 10.5')
  await expect(tusk.grid).toBeFocused()
  await bar(tusk).getByRole('button', { name: 'total < 10.5', exact: true }).click()
  await form.getByLabel('Condition', { exact: true }).selectOption('≥')
  await tusk.press('Escape')
  await expect(form).toHaveCount(0)
  await bar(tusk)
    .getByRole('button', { name: /^Remove the condition status/ })
    .click()
  await expect(bar(tusk)).not.toContainText('shipped')
  await expect(bar(tusk).getByRole('button', { name: /^Remove the condition total/ })).toBeFocused()
  await expect(bar(tusk)).toContainText('420 of 5,000 rows')
  await tusk.press('Control+2', 'Control+z')
  await expect(bar(tusk)).toContainText('status = shipped')
  // NULL has a condition of its own.
  await tusk.cell(5, 5).click({ button: 'right' })
  await tusk.press('Escape')
})

test('a condition that is made while another one is worked on stays open', async ({ tusk }) => {
  await tusk.run(board)
  await expect(tusk.cell(1, 1)).toHaveText('1')
  let go = () => {}
  const held = new Promise<void>((done) => (go = done))
  await tusk.page.route('**/api/call/Queries.View', async (route) => {
    await held
    await route.continue()
  })
  const form = tusk.results.getByRole('form', { name: 'Condition' })
  await tusk.press('Control+Shift+l')
  await form.getByLabel('Condition', { exact: true }).selectOption('<')
  await form.getByLabel('Value').fill('100')
  await tusk.press('Enter')
  await bar(tusk).getByRole('button', { name: 'Add a condition' }).click()
  await expect(form.getByLabel('Value')).toHaveValue('')
  await form.getByLabel('Value').fill('typed meanwhile')
  go()
  await expect(bar(tusk)).toContainText('99 of 5,000 rows')
  await expect(form.getByLabel('Value')).toHaveValue('typed meanwhile')
  await tusk.press('Escape')
  // Whose button goes away is not left without the focus.
  await bar(tusk)
    .getByRole('button', { name: /^Remove the condition/ })
    .click()
  await expect(bar(tusk)).toHaveCount(0)
  await expect(tusk.grid).toBeFocused()
})

test('long values of one beginning are told apart in a summary, and cannot be kept by a part', async ({
  tusk,
}) => {
  await tusk.run("select repeat('x', 300) || g % 2 as t from generate_series(1, 10) g")
  await tusk.cell(1, 1).click({ button: 'right' })
  await entry(tusk, 'Summary').click()
  const panel = tusk.results.getByRole('complementary', { name: 'Summary of t' })
  await expect(panel.getByRole('list').getByRole('button')).toHaveCount(2)
  await expect(panel.getByRole('list').getByRole('button').first()).toBeDisabled()
  await expect(panel.getByRole('list').getByRole('button').first()).toContainText('5')
})

test('what is done with a result is not offered where there is none', async ({ tusk }) => {
  await tusk.run(board)
  await expect(tusk.cell(1, 1)).toHaveText('1')
  const offered = async (is: boolean) => {
    await tusk.palette()
    await tusk.page.keyboard.type('Group the result')
    await expect(tusk.page.getByRole('option', { name: /^Group the result/ })).toHaveCount(is ? 1 : 0)
    await expect(tusk.dialog.getByText('Nothing is called')).toHaveCount(is ? 0 : 1)
    await tusk.press('Escape')
  }
  await offered(true)
  await tusk.page.getByRole('tree', { name: 'Objects' }).getByText('customers', { exact: true }).dblclick()
  await expect(tusk.tab('customers')).toHaveAttribute('aria-selected', 'true')
  await expect(tusk.results).toHaveCount(0)
  await offered(false)
})

test('what is copied, written and summed up is what is shown', async ({ tusk }) => {
  const dir = mkdtempSync(join(tmpdir(), 'tusk-working-'))
  try {
    await tusk.run(board)
    await head(tusk, /^id/).click()
    await head(tusk, /^id/).click()
    await expect(tusk.cell(1, 1)).toHaveText('5000')
    await tusk.cell(1, 3).click({ button: 'right' })
    await entry(tusk, 'Keep rows with this value').click()
    await expect(bar(tusk)).toContainText('1,250 of 5,000 rows')
    await head(tusk, /^placed_at/).click({ button: 'right' })
    await entry(tusk, 'Hide').click()
    await head(tusk, /^total/).click({ button: 'right' })
    await entry(tusk, 'Move left').click()
    await expect
      .poll(() => tusk.columns())
      .toEqual(['total numeric(12,2)', 'id int4', 'status text', 'attributes json'])
    await tusk.press('Control+Home', 'Shift+ArrowRight', 'Shift+ArrowDown', 'Control+c')
    await expect.poll(() => tusk.clipboard()).toBe('0.00\t5000\n40.50\t4996\n')
    await tusk.press('Control+Shift+s')
    await tusk.dialog.getByLabel('Rows').selectOption('all')
    await tusk.dialog.getByLabel('File').fill(join(dir, 'view.csv'))
    await tusk.dialog.getByRole('button', { name: /^Export/ }).click()
    await expect(tusk.page.getByRole('region', { name: 'Notifications' })).toContainText(
      'Exported 1,250 rows',
    )
    expect(readFileSync(join(dir, 'view.csv'), 'utf8').split('\n').slice(0, 3)).toEqual([
      'total,id,status,attributes',
      '0.00,5000,queued,',
      '40.50,4996,queued,"{""gift"" : true, ""channel"" : ""web""}"',
    ])
    await head(tusk, /^total/).click({ button: 'right' })
    await entry(tusk, 'Summary').click()
    const pane = tusk.results.getByRole('complementary', { name: 'Summary of total' })
    await expect(pane).toContainText('1,250')
    await expect(pane).toContainText('Sum')
    await expect(pane).toContainText('77812.50')
    await tusk.press('Escape')
    await expect(pane).toHaveCount(0)
    await expect(tusk.grid).toBeFocused()
    await tusk.press('Control+Shift+i')
    const row = tusk.results.getByRole('complementary', { name: 'Row 1' })
    await row.getByLabel('Find a column').fill('plac')
    await expect(row).toContainText('placed_at')
    await expect(row).not.toContainText('status')
    await row.getByRole('button', { name: 'The next row' }).click()
    await expect(tusk.results.getByRole('complementary', { name: 'Row 2' })).toBeVisible()
    await tusk.page.screenshot({ path: '../build/shots/working-row-light.png' })
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

test('a text is found with its count, next and previous, and only its rows are kept', async ({ tusk }) => {
  await tusk.run(board)
  await tusk.press('Control+2', 'Control+Home', 'Control+f')
  const find = tusk.results.getByRole('search', { name: 'Find in the result' })
  const field = find.getByLabel('Find in the result', { exact: true })
  await expect(field).toBeFocused()
  await tusk.page.keyboard.type('ROASTING')
  await expect(find).toContainText('1 of 1,250')
  await expect(tusk.grid.locator('.g-hit.g-now')).toHaveText('roasting')
  await tusk.press('Enter')
  await expect(find).toContainText('2 of 1,250')
  await expect.poll(() => tusk.grid.locator('.g-hit:visible').count()).toBeGreaterThan(2)
  await tusk.page.screenshot({ path: '../build/shots/working-find-light.png' })
  await tusk.press('Shift+Enter', 'Shift+Enter')
  await expect(find).toContainText('1,250 of 1,250')
  await expect(tusk.cell(4997, 3)).toHaveClass(/g-now/)
  await find.getByRole('button', { name: '.*' }).click()
  await field.fill('^(hold|shipped)$')
  await expect(find).toContainText('of 2,500')
  await field.fill('(')
  await expect(find).toContainText('not valid')
  await field.fill('queued')
  await find.getByRole('button', { name: 'Keep only these' }).click()
  await expect(bar(tusk)).toContainText('1,250 of 5,000 rows')
  await expect(bar(tusk)).toContainText('any cell matches queued')
  await field.focus()
  await tusk.press('Escape')
  await expect(find).toHaveCount(0)
  await expect(tusk.grid).toBeFocused()
})

test('the order and the filter are a query that gives the same rows', async ({ tusk }) => {
  await tusk.run(board)
  await head(tusk, /^total/).click()
  await expect(tusk.cell(1, 2)).toHaveText('0.00')
  await tusk.cell(1, 3).click({ button: 'right' })
  await entry(tusk, 'Leave out rows with this value').click()
  await expect(bar(tusk)).toContainText('status ≠')
  await expect(bar(tusk)).toContainText('3,750 of 5,000 rows')
  const rows = ['0.13', '0.13', '0.13', '0.13', '0.13', '0.25', '0.25', '0.25']
  await expect.poll(() => first(tusk, 1, 8)).toEqual(rows)
  await bar(tusk).getByRole('button', { name: 'As SQL' }).click()
  await expect(tusk.editor).toContainText(/where status <> '.*'/)
  await expect(tusk.editor).toContainText('order by total')
  await tusk.run()
  await expect.poll(() => first(tusk, 1, 8)).toEqual(rows)
})

test('a view of rows that still arrive says so, and takes in the rest at the end', async ({ tusk }) => {
  await tusk.start(
    `select g as id, repeat('x', 2000) as filler, pg_sleep(case when g % 100 = 0 then 0.25 else 0 end)::text as s from generate_series(1, 1500) g`,
  )
  await expect(tusk.cell(1, 1)).toHaveText('1')
  await head(tusk, /^id/).click()
  await head(tusk, /^id/).click()
  await expect(bar(tusk)).toContainText('so far')
  await tusk.page.screenshot({ path: '../build/shots/working-arriving-light.png' })
  await tusk.idle()
  await expect(bar(tusk)).toContainText('1,500 rows')
  await expect(bar(tusk)).not.toContainText('so far')
  await expect.poll(() => first(tusk, 0, 2)).toEqual(['1500', '1499'])
})

test('long work says how far it is and is stopped; the rows stay as they were', async ({ tusk }) => {
  await tusk.run(
    `select g as id, md5(g::text) as a, md5((g * 2)::text) as b from generate_series(1, 600000) g`,
  )
  await tusk.press('Control+Shift+l')
  const form = tusk.results.getByRole('form', { name: 'Condition' })
  await form.getByLabel('Column', { exact: true }).selectOption('a')
  await form.getByLabel('Condition', { exact: true }).selectOption('matches')
  await form.getByLabel('Value').fill('(a|b)+(c|d)*(e|f)+9$')
  await tusk.press('Enter')
  await expect(bar(tusk)).toContainText(/Filtering\s+\d+ %/)
  await tusk.page.screenshot({ path: '../build/shots/working-progress-light.png' })
  await bar(tusk).getByRole('button', { name: 'Cancel' }).click()
  await expect(bar(tusk)).toHaveCount(0)
  await expect(tusk.cell(1, 1)).toHaveText('1')
})

test('a pinned result stays, and is compared with what the query gives later', async ({ tusk }) => {
  const rows = (changed: boolean) => `select g as id, case when g % 40 = 3 and ${changed} then 'shipped'
    else 'queued' end as status, (g * 1.5)::numeric(8,2) as total from generate_series(1, 200) g
    where g <> ${changed ? 7 : 201} and g <> ${changed ? 0 : 200}`
  await tusk.run(rows(false))
  await tusk.results.getByRole('button', { name: 'Pin the result' }).click()
  await expect(tusk.panel(/^Pinned/)).toContainText('199')
  await tusk.run(rows(true))
  await expect(tusk.panel('Result')).toHaveAttribute('aria-selected', 'true')
  await tusk.choose(tusk.results.getByRole('button', { name: 'Compare' }), 'Rows with the same id')
  await expect(tusk.panel(/^Differences/)).toHaveAttribute('aria-selected', 'true')
  await expect(tusk.results).toContainText('1 row added · 1 removed · 5 changed · 193 the same')
  await expect(tusk.results).toContainText('Matched by id')
  await expect
    .poll(async () => (await tusk.rows()).slice(0, 4).map((r) => r.join(' ')))
    .toEqual([
      'before 3 queued 4.50',
      'after 3 shipped 4.50',
      'removed 7 queued 10.50',
      'before 43 queued 64.50',
    ])
  await expect(tusk.cell(2, 3)).toHaveClass(/g-upd/)
  await expect(tusk.cell(2, 4)).not.toHaveClass(/g-upd/)
  await expect(tusk.cell(3, 2)).toHaveClass(/g-del/)
  await pictures(tusk, 'working-compare')
  await tusk.press('Control+2', 'Control+a', 'Control+Shift+c')
  await expect.poll(() => tusk.clipboard()).toContain('change\tid\tstatus\ttotal\nbefore\t3\tqueued')
  await tusk.panel(/^Pinned/).click()
  await expect(tusk.cell(7, 1)).toHaveText('7')
  await tusk.results.getByRole('button', { name: 'Let it go' }).click()
  await expect(tusk.panel(/^Pinned/)).toHaveCount(0)
  await expect(tusk.panel(/^Differences/)).toHaveCount(1)
})

test('tabs of results in a small window: a pinned one is read whole, and edges fade where there are more', async ({
  tusk,
  page,
}) => {
  await page.setViewportSize({ width: 900, height: 600 })
  await tusk.run('select g as id from generate_series(1, 500) g')
  await tusk.results.getByRole('button', { name: 'Pin the result' }).click()
  await expect(tusk.panel(/^Pinned/)).toBeVisible()
  await tusk.run('select g as id from generate_series(1, 400) g')
  await expect(tusk.panel('Result')).toContainText('400')
  const strip = tusk.results.locator('.strip')
  const faded = () => strip.evaluate((e) => [...e.classList].filter((c) => c.startsWith('more-')).sort())
  const within = (name: RegExp) =>
    tusk.panel(name).evaluate((tab) => {
      const [box, t] = [tab.closest('.strip')!.getBoundingClientRect(), tab.getBoundingClientRect()]
      return t.left >= box.left - 1 && t.right <= box.right + 1
    })
  expect(await faded()).toEqual([])
  expect(await within(/^Pinned \d\d:\d\d:\d\d ?500$/)).toBe(true)
  await screen(tusk, 'results-900')
  await tusk.runAll('select 1; select 2; select 3; select 4; select 5; select 6')
  await expect(tusk.panel('Result 6')).toBeVisible()
  await expect.poll(faded).toEqual(['more-after'])
  await screen(tusk, 'results-900-many')
  await strip.hover()
  await page.mouse.wheel(0, 120)
  await expect.poll(faded).toEqual(['more-after', 'more-before'])
  await tusk.panel(/^Pinned/).click()
  await expect.poll(faded).toEqual(['more-before'])
  expect(await within(/^Pinned/)).toBe(true)
  await page.setViewportSize({ width: 800, height: 600 })
  await screen(tusk, 'results-800-many')
})

test('the menu of a cell at the edge of a small window is all within it', async ({ tusk, page }) => {
  await page.setViewportSize({ width: 900, height: 600 })
  await tusk.run(`select repeat('x', 200) as "A name that is long enough for two lines of a menu", 1 as id`)
  await expect(tusk.cell(1, 2)).toHaveText('1')
  const cell = (await tusk.cell(1, 1).boundingBox())!
  const menu = page.getByRole('menu')
  await page.mouse.click(Math.min(890, cell.x + cell.width) - 10, cell.y + 8, { button: 'right' })
  await expect(menu.getByRole('menuitem').first()).toBeFocused()
  const box = (await menu.boundingBox())!
  expect(box.x + box.width).toBeLessThan(900)
  await tusk.press('Escape')
})

test('looks', async ({ tusk }) => {
  await tusk.run(board)
  await tusk.press('Control+b') // more room, if there is such a key
  await head(tusk, /^total/).click()
  await head(tusk, /^status/).click({ modifiers: ['Shift'] })
  await tusk.cell(1, 3).click({ button: 'right' })
  await entry(tusk, 'Keep rows with this value').click()
  await tusk.press('Control+f')
  await expect(tusk.page.getByRole('textbox', { name: 'Find in the result' })).toBeFocused()
  await tusk.page.keyboard.type('web')
  await expect(tusk.grid.locator('.g-hit.g-now')).toBeVisible()
  await head(tusk, /^placed_at/).click({ button: 'right' })
  await expect(entry(tusk, 'Summary')).toBeVisible()
  await pictures(tusk, 'working')
  await tusk.press('Escape')
  await head(tusk, /^total/).click({ button: 'right' })
  await entry(tusk, 'Summary').click()
  await expect(tusk.results.getByRole('complementary', { name: 'Summary of total' })).toContainText('Sum')
  await pictures(tusk, 'working-summary')
})

test('a filter that no row fits says so, and its conditions can be read in a small window', async ({
  tusk,
  page,
}) => {
  await page.setViewportSize({ width: 900, height: 600 })
  await tusk.run(
    `select g as id, 'delivered' as status, 'long text of it ' || g as note from generate_series(1, 30) g`,
  )
  await expect(tusk.cell(1, 1)).toHaveText('1')
  const form = tusk.results.getByRole('form', { name: 'Condition' })
  for (const [column, value] of [
    ['status', 'delivered'],
    ['id', '20'],
    ['note', 'a text that none of them has and that is long'],
  ] as const) {
    await tusk.press('Control+Shift+l')
    await form.getByLabel('Column', { exact: true }).selectOption({ label: column })
    await form.getByLabel('Value', { exact: true }).fill(value)
    await tusk.press('Enter')
    await expect(form).toHaveCount(0)
  }
  await expect(tusk.results).toContainText('None of the 30 rows has what is asked for.')
  const chips = bar(tusk).locator('.chip')
  await expect(chips).toHaveCount(3)
  for (const name of ['status = delivered', 'id = 20']) {
    const words = chips.getByText(name)
    expect(await words.evaluate((e) => e.scrollWidth - e.clientWidth), name).toBe(0)
  }
  await tusk.results.getByRole('button', { name: 'Show all rows' }).click()
  await expect(tusk.cell(1, 1)).toHaveText('1')
  await expect(tusk.grid).toBeFocused()
})

test('only results of the same columns are offered to be compared', async ({ tusk }) => {
  await tusk.run('select 1::int as id')
  await tusk.results.getByRole('button', { name: /^Pin/ }).click()
  await expect(tusk.panel(/^Pinned/)).toBeVisible()
  await tusk.run('select 2::bigint as id')
  await expect(tusk.cell(1, 1)).toHaveText('2')
  await expect(tusk.results.getByRole('button', { name: 'Compare' })).toHaveCount(0)
  await tusk.run('select 3::int as id')
  await expect(tusk.cell(1, 1)).toHaveText('3')
  await expect(tusk.results.getByRole('button', { name: 'Compare' })).toBeVisible()
})
