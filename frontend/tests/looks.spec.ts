// Every screen in both themes: a picture into build/shots, and axe, which may find nothing serious. Then sizes.
import { screen, shot } from './shots'
import { expect, shared, tcpURL, test } from './tusk'

test.setTimeout(90_000)

test('working on a result', async ({ tusk, page }) => {
  await tusk.openSample()
  await tusk.run(
    `select g as id, g % 7 as n, 'bean ' || g % 5 as name, null as nothing from generate_series(1, 900) g`,
  )
  await page.getByRole('columnheader', { name: /^n int4/ }).click()
  await page.getByRole('columnheader', { name: /^id/ }).click({ modifiers: ['Shift'] })
  await tusk.cell(1, 3).click({ button: 'right' })
  await screen(tusk, '16-cell-menu')
  await page.getByRole('menuitem', { name: 'Keep rows with this value' }).click()
  await expect(tusk.results).toContainText('180 of 900 rows')
  await tusk.press('Control+f')
  await expect(page.getByRole('textbox', { name: 'Find in the result' })).toBeFocused()
  await page.keyboard.type('7')
  await expect(page.locator('.g-now')).toBeVisible()
  await tusk.press('Escape', 'Control+Shift+l')
  await screen(tusk, '16-working')
  await tusk.press('Escape', 'Control+2', 'Control+f')
  await expect(page.locator('.g-now')).toBeVisible()
  await page.getByRole('columnheader', { name: /^n\s*1/ }).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Summary' }).click()
  await expect(tusk.results.getByRole('complementary', { name: 'Summary of n' })).toContainText('Sum')
  await screen(tusk, '16-summary')
  await tusk.press('Escape', 'Control+Shift+i')
  await expect(tusk.results.getByLabel('Find a column')).toBeFocused()
  await screen(tusk, '16-row')
})

test('first start and connecting', async ({ tusk, page }) => {
  await tusk.open()
  await screen(tusk, '01-first-start')
  await page.getByLabel('Connection URL').fill(tcpURL('wrong').replace('sslmode', 'nonsense=1&sslmode'))
  await expect(page.locator('#paste-note')).toContainText('Read as')
  await screen(tusk, '01-first-start-pasted')
  await page.getByRole('button', { name: 'Continue' }).click()
  await screen(tusk, '05-connection')
  await tusk.dialog.getByRole('button', { name: /^Connect/ }).click()
  await expect(tusk.dialog.getByRole('alert')).toBeVisible()
  await screen(tusk, '05-connection-failed')
  await tusk.dialog.getByRole('button', { name: 'Test connection' }).click()
  await expect(tusk.dialog.locator('.outcome')).toContainText('stopped at Authentication')
  await screen(tusk, '05-connection-doctor')
  await tusk.dialog.getByRole('tab', { name: 'TLS' }).click()
  await screen(tusk, '05-connection-tls')
  await tusk.dialog.getByRole('tab', { name: 'Advanced' }).click()
  await screen(tusk, '05-connection-advanced')
  await tusk.dialog.getByRole('tab', { name: 'General' }).click()
  await tusk.dialog.getByLabel('Password', { exact: true }).fill(shared().address.password)
  await tusk.dialog.getByRole('button', { name: 'Test connection' }).click()
  await expect(tusk.dialog.locator('.outcome')).toContainText('answers')
  await screen(tusk, '05-connection-tested')
  await tusk.dialog.getByRole('button', { name: 'Save' }).click()
  await expect(tusk.dialog).toContainText('Saved. The password lasts')
  await tusk.press('Escape')
  await screen(tusk, '01-first-start-saved')
})

test('results, errors and runs', async ({ tusk, page }) => {
  await tusk.openSample()
  await screen(tusk, '02-main-empty')
  await tusk.run()
  await tusk.press('Control+2', 'Control+Home', 'ArrowRight', 'ArrowRight', 'ArrowRight')
  await tusk.press('ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown')
  await expect(tusk.status).toContainText('3 cells')
  await screen(tusk, '02-main')
  await tusk.press('Control+Home', 'Control+ArrowRight', 'Enter')
  await expect(tusk.viewer).toBeVisible()
  await screen(tusk, '15-cell-json')
  await tusk.press('Escape')
  await tusk.run(
    `select name, story as text, null::int as nothing, '' as empty, location, varieties from farms limit 40`,
  )
  await tusk.press('Control+2', 'Control+Home', 'Enter')
  await expect(tusk.viewer).toBeVisible()
  await screen(tusk, '15-cell-text')
  await tusk.press('Escape')
  await tusk.runAll(
    `create temp table beans (id int primary key, name text);
insert into beans select g, 'bean ' || g from generate_series(1, 400) g;
do $$ begin raise notice 'roasting % beans', 400; raise warning 'the drum is hot'; end $$;
update beans set name = upper(name) where id > 40;
select b.id, b.nmae
  from beans b
 where b.id > 2;
select count(*) from beans;`,
  )
  await expect(tusk.error).toBeVisible()
  await screen(tusk, '03-failed')
  await tusk.panel(/^Messages/).click()
  await expect(page.getByRole('log')).toContainText('hot')
  await screen(tusk, '03-messages')
  await tusk.panel(/^UPDATE/).click()
  await screen(tusk, '03-command')
  await tusk.runAll('begin; insert into beans values (401, null); select 1/0')
  await expect(page.locator('.txchip')).toContainText('failed')
  await screen(tusk, '03-transaction-failed')
  await tusk.press('Control+Shift+r')
  await expect(page.locator('.txchip')).toHaveCount(0)
  await tusk.start(
    `select g as n, md5(g::text) as hash, case when g % 2000 = 0 then pg_sleep(0.1)::text end as wait\n  from generate_series(1, 100000) g`,
  )
  await expect(page.locator('.arrive')).toContainText('Receiving')
  await screen(tusk, '04-running')
  await tusk.press('Control+.')
  await tusk.idle()
  await screen(tusk, '04-stopped')
  await tusk.start('select pg_sleep(600)')
  await expect(tusk.results).toContainText('Waiting for the first row')
  await screen(tusk, '04-waiting')
  await tusk.press('Control+.')
  await tusk.idle()
  await screen(tusk, '04-stopped-empty')
})

test('writing', async ({ tusk, page }) => {
  await tusk.openSample()
  await tusk.write('select o.id, c.name, o.total\n  from orders o\n  join ')
  await expect(async () => {
    await tusk.press('Escape', 'Control+Space')
    await expect(page.locator('.cm-complete [role=option]').first()).toContainText('foreign key', {
      timeout: 500,
    })
  }).toPass()
  await screen(tusk, '15-completion')
  await tusk.press('Escape')
  await tusk.write('select date_trunc(')
  await page.keyboard.type("'day', ")
  await expect(page.locator('.cm-args')).toBeVisible()
  await screen(tusk, '15-arguments')
  await tusk.write('select id, name from customers where id = :id and :none::text is null')
  await tusk.press('Control+Enter')
  await expect(tusk.dialog).toContainText('int8')
  await screen(tusk, '15-parameters')
  await tusk.press('Escape')
  await tusk.run(
    `begin;
select o.id, c.nmae, o.total
  from orders o
  join customers c on c.id = o.customer_id;
commit;`,
    'Control+Shift+Enter',
  )
  await expect(tusk.results.locator('.meant')).toBeVisible()
  await screen(tusk, '03-meant')
})

test('what is in the database', async ({ tusk, page }) => {
  await tusk.openSample()
  const tree = page.getByRole('tree', { name: 'Objects' })
  const node = (name: string) => tree.locator('.node').filter({ hasText: new RegExp(`^\\s*${name}\\b`) })
  await node('orders').locator('.tw').click()
  await node('Indexes').locator('.tw').click()
  await node('orders').click()
  await expect(node('customer_id')).toBeVisible()
  await screen(tusk, '02-explorer')
  await node('lots').click({ button: 'right' })
  await expect(page.getByRole('menu')).toBeVisible()
  await screen(tusk, '02-explorer-menu')
  await tusk.press('Escape')
  const filter = page.getByRole('textbox', { name: 'Filter objects' })
  await filter.fill('cust')
  await expect(node('customer_id')).toHaveCount(2)
  await screen(tusk, '02-explorer-filter')
  await filter.fill('custommers')
  await expect(page.getByText('Nothing is called')).toBeVisible()
  await screen(tusk, '02-explorer-nothing')
  await filter.fill('')
  await node('orders').dblclick()
  const page1 = page.getByRole('region', { name: 'orders', exact: true })
  for (const section of [
    'Columns',
    'Indexes',
    'Foreign keys',
    'Triggers and rules',
    'Statistics',
    'Definition',
  ]) {
    await page1.getByRole('tab', { name: section }).click()
    await screen(tusk, `02-object-${section.toLowerCase().replaceAll(' ', '-')}`)
  }
  await tusk.palette('Control+p')
  await screen(tusk, '06-objects-empty')
  await page.keyboard.insertText('ord')
  await expect(tusk.dialog.getByRole('option').first()).toContainText('orders')
  await screen(tusk, '06-objects')
  await tusk.press('Escape')
  await tusk.palette()
  await page.keyboard.insertText('ord')
  await expect(tusk.dialog.getByRole('group', { name: 'Objects' })).toBeVisible()
  await screen(tusk, '06-palette-found')
  await tusk.press('Escape', 'Control+0', 'Delete')
  await expect(tusk.dialog.locator('.snip')).toBeVisible()
  await screen(tusk, '02-drop')
  await tusk.press('Escape')
  await page.setViewportSize({ width: 800, height: 600 })
  await tusk.press('Control+0')
  await screen(tusk, '02-explorer-over')
})

test('history and saved queries', async ({ tusk, page }) => {
  await tusk.openSample()
  await tusk.run('select 1')
  await tusk.run('select * from nowhere')
  await tusk.press('Control+Alt+s')
  await tusk.dialog.getByLabel('Name').fill('One')
  await screen(tusk, 'saved-dialog')
  await tusk.press('Enter')
  await expect(tusk.dialog).toHaveCount(0)
  await tusk.press('Control+Shift+y')
  await expect(page.getByRole('listbox', { name: 'Runs' }).getByRole('option')).toHaveCount(2)
  await screen(tusk, 'history')
  await tusk.press('Control+Shift+k')
  await expect(page.getByRole('listbox', { name: 'Saved queries' }).getByRole('option')).toHaveCount(1)
  await screen(tusk, 'saved')
})

test('dialogs', async ({ tusk, page }) => {
  await tusk.openSample()
  await tusk.runAll('begin; select * from lots')
  await expect(page.locator('.txchip')).toBeVisible()
  await screen(tusk, '02-transaction')
  await tusk.palette()
  await screen(tusk, '06-palette')
  await page.keyboard.insertText('no such thing')
  await screen(tusk, '06-palette-empty')
  await tusk.press('Escape', 'F1')
  await expect(tusk.dialog).toContainText('First steps')
  await screen(tusk, '14-manual')
  await page.keyboard.insertText('commit')
  await expect(tusk.dialog.locator('mark').first()).toBeVisible()
  await screen(tusk, '14-manual-found')
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Delete')
  await tusk.dialog.getByRole('tab', { name: 'All keys' }).click()
  await screen(tusk, '14-manual-keys')
  await tusk.press('Escape')
  await page.locator('.connsw').click()
  await expect(page.getByRole('menu')).toBeVisible()
  await screen(tusk, '14-switcher')
  await tusk.press('Escape')
  await tusk.results.getByRole('button', { name: 'Copy', exact: true }).click()
  await screen(tusk, '14-copy-menu')
  await tusk.press('Escape')
})

test('exports', async ({ tusk, page }) => {
  await tusk.openSample()
  await expect(page.getByRole('treeitem', { name: /^public/ })).toBeVisible()
  await tusk.run('select * from lots')
  await tusk.press('Control+Shift+s')
  await screen(tusk, '16-export')
  await tusk.dialog.getByLabel('Format').selectOption('insert')
  await tusk.dialog.getByRole('button', { name: /^All/ }).click()
  await screen(tusk, '16-export-columns')
  await tusk.dialog.getByLabel('File').fill('/proc/lots.sql')
  await tusk.press('Enter')
  await expect(tusk.dialog.getByRole('alert')).toBeVisible()
  await screen(tusk, '16-export-error')
  await tusk.dialog.getByLabel('File').fill('/dev/null')
  await tusk.press('Enter')
  await expect(page.getByText(/^Exported/)).toBeVisible()
  await screen(tusk, '16-exported')
  await tusk.start(`select g, repeat('x', 9000), pg_sleep(0.05)::text from generate_series(1, 1000) g`)
  await expect(tusk.cell(1, 1)).toHaveText('1')
  await tusk.press('Control+Shift+s')
  await tusk.dialog.getByLabel('File').fill('/dev/null')
  await tusk.press('Enter')
  await expect(tusk.status.getByRole('group', { name: 'Export' })).toContainText(/[1-9]\d* rows/)
  await screen(tusk, '16-exporting')
  await tusk.press('Control+.')
  await tusk.idle()
})

test('menus, health', async ({ tusk, page }) => {
  await tusk.openSample()
  await tusk.runAll('begin; select * from lots')
  await page.getByRole('button', { name: 'More ways to run' }).click()
  await screen(tusk, '14-run-menu')
  await tusk.press('Escape')
  await page.getByRole('button', { name: 'Settings' }).click()
  await screen(tusk, '14-settings-menu')
  await tusk.press('Escape')
  await tusk.press('Control+1', 'Control+f')
  await expect(page.locator('.cm-find')).toBeVisible()
  await page.keyboard.insertText('select')
  await screen(tusk, '15-find')
  await tusk.press('Escape', 'Control+w')
  await expect(page.getByRole('alertdialog')).toBeVisible()
  await screen(tusk, '14-close-tab')
  await tusk.press('Escape')
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByRole('menuitem', { name: 'Settings' }).click()
  for (const section of ['General', 'Editor', 'Results', 'Keys', 'Transactions']) {
    await page.getByRole('tab', { name: section }).click()
    await expect(page.getByRole('heading', { name: section, level: 1 })).toBeVisible()
    await screen(tusk, `09-settings-${section.toLowerCase()}`)
  }
  await page.getByLabel('Find a setting').fill('commit')
  await screen(tusk, '09-settings-found')
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByRole('menuitem', { name: 'Health' }).click()
  await expect(page.getByRole('heading', { name: 'Health' })).toBeVisible()
  await expect(page.getByText('Result files on disk')).toBeVisible()
  await screen(tusk, '09-health')
})

test('themes switch at once, and follow the system when told to', async ({ tusk, page }) => {
  await tusk.open()
  const html = page.locator('html')
  const settings = page.getByRole('button', { name: 'Settings' })
  const paper = () => page.locator('.app').evaluate((e) => getComputedStyle(e).backgroundColor)
  await expect(html).toHaveAttribute('data-theme', 'light')
  const light = await paper()
  await tusk.choose(settings, 'Dark')
  await expect(html).toHaveAttribute('data-theme', 'dark')
  await expect.poll(() => paper()).not.toBe(light)
  await page.emulateMedia({ colorScheme: 'dark' })
  await tusk.choose(settings, 'Light')
  await expect(html).toHaveAttribute('data-theme', 'light')
  await tusk.choose(settings, 'As the system')
  await expect(html).toHaveAttribute('data-theme', 'dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await expect(html).toHaveAttribute('data-theme', 'light')
})

test('the window fits every size, and its panes can be resized', async ({ tusk, page }) => {
  await tusk.openSample()
  await tusk.runAll('select * from orders o join customers c on c.id = o.customer_id limit 500; select 2')
  for (const [width, height] of [
    [720, 480],
    [900, 600],
    [1920, 1080],
    [3840, 2160],
  ] as const) {
    await page.setViewportSize({ width, height })
    await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width)
    const over = await page.evaluate(() => {
      const d = document.documentElement
      return [d.scrollWidth - d.clientWidth, d.scrollHeight - d.clientHeight]
    })
    expect(over, `page scroll at ${width} × ${height}`).toEqual([0, 0])
    // Nothing that can be pressed lies outside of the window.
    const outside = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('button, [role=tab], .statusbar > span')]
        .filter((e) => e.getClientRects().length > 0 && !e.closest('.strip'))
        .filter((e) => {
          const b = e.getBoundingClientRect()
          return (
            b.width > 0 &&
            (b.right > innerWidth + 1 || b.bottom > innerHeight + 1 || b.left < -1 || b.top < -1)
          )
        })
        .map((e) => e.className + ': ' + e.textContent.trim()),
    )
    expect(outside, `outside at ${width} × ${height}`).toEqual([])
    await page.screenshot({ path: shot(`02-main-${width}-light.png`), animations: 'disabled' })
  }
  await page.setViewportSize({ width: 1280, height: 800 })

  const split = page.getByRole('separator', { name: 'Height of the editor' })
  const height = async () => (await page.locator('.cm-editor').boundingBox())!.height
  const before = await height()
  const box = (await split.boundingBox())!
  await page.mouse.move(box.x + 300, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(box.x + 300, box.y + box.height / 2 + 100, { steps: 4 })
  await page.mouse.up()
  await expect.poll(async () => Math.abs((await height()) - before - 100)).toBeLessThan(2)
  await expect(split).toBeFocused()
  await tusk.press('ArrowUp')
  await expect.poll(async () => Math.abs((await height()) - before - 80)).toBeLessThan(2)
  await tusk.press('Enter')
  await expect.poll(async () => Math.abs((await height()) - before)).toBeLessThan(2)
})
