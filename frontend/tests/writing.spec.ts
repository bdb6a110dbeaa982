// What helps while SQL is written: lists, hints, proposals, values, layout.
import { expect, test, type Tusk } from './tusk'

test.beforeEach(({ tusk }) => tusk.openSample())

const list = (tusk: Tusk) => tusk.page.locator('.cm-complete')
const options = (tusk: Tusk) => list(tusk).getByRole('option')
const type = (tusk: Tusk, what: string) => tusk.page.keyboard.type(what, { delay: 25 })
/** Until the catalog is read, less is known: asked again then. */
async function known(tusk: Tusk): Promise<void> {
  await tusk.write('select 1 from orders o join ')
  await expect(async () => {
    await tusk.press('Escape', 'Control+Space')
    await expect(options(tusk).first()).toContainText('foreign key', { timeout: 500 })
  }).toPass()
  await tusk.press('Escape')
}
async function take(tusk: Tusk, label: string | RegExp): Promise<void> {
  const wanted = options(tusk).filter({ hasText: label }).first()
  await expect(wanted).toBeVisible()
  await tusk.page.waitForTimeout(120) // keys count a moment after the list opened
  for (let i = 0; i < 20 && (await wanted.getAttribute('aria-selected')) !== 'true'; i++)
    await tusk.press('ArrowDown')
  await tusk.press('Tab')
  await expect(list(tusk)).toHaveCount(0)
}

test('a join of four tables is written with its foreign keys, and runs', async ({ tusk }) => {
  await known(tusk)
  await tusk.write('select count(*) from orders o')
  for (const other of ['customers', 'order_items', 'products']) {
    await tusk.press('Enter')
    await type(tusk, 'join ')
    await take(tusk, new RegExp(`${other} \\w+ on `))
  }
  const lines = (await tusk.editor.locator('.cm-line').allTextContents()).map((l) => l.trim())
  expect(lines[1]).toMatch(/^join customers \w+ on \w+\.id = o\.customer_id/)
  expect(lines[2]).toMatch(/^join order_items \w+ on \w+\.order_id = o\.id/)
  expect(lines[3]).toMatch(/^join products \w+ on \w+\.id = \w+\.product_id/)
  await tusk.press('Enter')
  await type(tusk, 'where o.sta')
  await take(tusk, /^status/)
  await type(tusk, ' is not null')
  await tusk.run()
  await expect(tusk.cell(1, 1)).toHaveText(/^\d{4,}$/)
})

test('the list says below what is known of a choice, and Escape closes it alone', async ({ tusk }) => {
  await known(tusk)
  await tusk.write('select * from orders o')
  await type(tusk, ' join ')
  await expect(tusk.page.locator('.cm-completionInfo')).toContainText('fkey')
  await tusk.press('Escape')
  await expect(list(tusk)).toHaveCount(0)
  await expect(tusk.editor).toBeFocused()
})

test('a name that is mistyped is put right with one key, and the run goes on', async ({ tusk, page }) => {
  await known(tusk)
  await tusk.run('select o.id, c.nmae from orders o join customers c on c.id = o.customer_id limit 3')
  await expect(page.locator('.cm-ghost-error')).toContainText('Did you mean')
  await expect.poll(() => tusk.underlined()).toBe('c.nmae')
  const meant = tusk.results.locator('.meant')
  await expect(meant).toContainText('c.name')
  await tusk.press('Control+1', 'Alt+Enter')
  await expect(tusk.editor).toContainText('c.name from')
  await expect(meant).toHaveCount(0)
  await tusk.run()
  await expect(tusk.cell(1, 2)).not.toBeEmpty()

  await tusk.run('begin; select nmae from customers limit 1', 'Control+Shift+Enter')
  await meant.getByRole('button', { name: 'Replace, roll back and run again' }).click()
  await tusk.idle()
  await expect.poll(() => tusk.columns()).toEqual(['name text'])
  await expect(tusk.page.getByRole('group', { name: 'Transaction' })).toHaveCount(0)
})

test('a mistake is underlined while it is written, and nothing is run for it', async ({ tusk, page }) => {
  await known(tusk)
  await tusk.write('select nosuch from customers; ')
  const doubt = page.locator('.cm-doubt')
  await tusk.press('Control+Home', 'ArrowDown', 'End')
  await tusk.press('Home')
  await type(tusk, ' ')
  await expect(doubt).toHaveText('nosuch')
  await expect(doubt).toHaveAttribute('title', /nosuch/)
  await expect(tusk.results).toContainText('No result yet')
})

test('parameters are asked for with their types, and remembered', async ({ tusk }) => {
  const sql = 'select id, name from customers where id = :id and :none::text is null'
  await tusk.write(sql)
  await tusk.press('Control+Enter')
  await expect(tusk.dialog).toContainText(':id')
  await expect(tusk.dialog).toContainText('int8')
  await expect(tusk.dialog).toContainText(':none')
  await expect(tusk.dialog.getByLabel(':id', { exact: true })).toBeFocused()
  await tusk.page.keyboard.type('7')
  await tusk.dialog.getByLabel(':none is NULL').check()
  await tusk.dialog.getByLabel(':id', { exact: true }).press('Enter')
  await expect(tusk.cell(1, 1)).toHaveText('7')
  await tusk.press('Control+1', 'Control+Enter')
  await expect(tusk.dialog.getByLabel(':id', { exact: true })).toHaveValue('7')
  await expect(tusk.dialog.getByLabel(':none is NULL')).toBeChecked()
  await tusk.press('Escape')
  await expect(tusk.dialog).toHaveCount(0)
})

test('format, comment, capitals, a star: the text changes and can be undone', async ({ tusk }) => {
  await known(tusk)
  await tusk.write('select  id,name from customers where id=1')
  await tusk.press('Control+Shift+f')
  await expect.poll(() => tusk.editor.locator('.cm-line').count()).toBe(7)
  await tusk.press('Control+z')
  await expect(tusk.editor).toContainText('select  id,name')
  await tusk.press('Control+/')
  await expect(tusk.editor).toContainText('-- select')
  await tusk.press('Control+/')
  await tusk.palette()
  await tusk.page.keyboard.type('keywords in capitals')
  await tusk.press('Enter')
  await expect(tusk.editor).toContainText('SELECT  id,name FROM customers WHERE')
  await tusk.write('select * from shipments')
  for (let i = 0; i < 15; i++) await tusk.press('ArrowLeft')
  await tusk.press('Control+Alt+e')
  await expect(tusk.editor).toContainText('select id, order_id')
})

test('a name says what it is, and a call which argument is next', async ({ tusk, page }) => {
  await known(tusk)
  await tusk.write('select c.email from customers c')
  const at = await tusk.editor.evaluate((el) => {
    const walk = document.createTreeWalker(el, NodeFilter.SHOW_TEXT)
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
      const from = n.textContent!.indexOf('email')
      if (from < 0) continue
      const range = document.createRange()
      range.setStart(n, from)
      range.setEnd(n, from + 5)
      const { x, y, width, height } = range.getBoundingClientRect()
      return { x: x + width / 2, y: y + height / 2 }
    }
    return { x: 0, y: 0 }
  })
  await page.mouse.move(at.x - 3, at.y)
  await page.mouse.move(at.x, at.y)
  await expect(page.locator('.cm-about')).toContainText('customers')
  await page.mouse.move(5, 5)
  await tusk.write('select ')
  await type(tusk, 'date_trunc(')
  await expect(page.locator('.cm-args')).toContainText('date_trunc(')
  await type(tusk, "'day', ")
  await expect(page.locator('.cm-arg-here').first()).toContainText('timestamp')
  await tusk.press('Escape')
  await expect(page.locator('.cm-args')).toHaveCount(0)
})
