// What a tab has on the server: its session, its transaction, and what happens to them.
import { expect, tcpURL, test, testWithServer, type Tusk } from './tusk'

const chip = '.txchip'

test('two tabs have a session each', async ({ tusk }) => {
  await tusk.openSample()
  await tusk.runAll(`create temp table mine as select 'first tab' as whose; set time zone 'Asia/Tokyo'`)
  await tusk.press('Control+t')
  await expect(tusk.tab('Query 2')).toHaveAttribute('aria-selected', 'true')
  await tusk.run('select whose from mine')
  await expect(tusk.error).toContainText('42P01')
  await tusk.run('show time zone')
  await expect(tusk.cell(1, 1)).not.toHaveText('Asia/Tokyo')
  await tusk.press('Control+Tab')
  await expect(tusk.tab('Query 1')).toHaveAttribute('aria-selected', 'true')
  await tusk.run(`select whose, current_setting('TimeZone') from mine`)
  await expect(tusk.cell(1, 1)).toHaveText('first tab')
  await expect(tusk.cell(1, 2)).toHaveText('Asia/Tokyo')
})

test('a transaction is shown with its clock, fails, is rolled back and committed', async ({ tusk, page }) => {
  await tusk.openSample()
  await tusk.run('create temp table t (n int primary key)')
  await tusk.run('begin')
  await expect(page.locator(chip)).toHaveText(/In transaction\s*00:0\d/)
  await tusk.run('insert into t values (1)')
  await expect(tusk.status).toContainText(/In transaction\s*00:\d\d · 1 statement/)
  await expect(page.locator(chip)).toHaveText(/00:0[1-9]/) // the clock goes
  await expect(tusk.tab('Query 1').getByRole('img', { name: 'transaction open' })).toBeVisible()

  await tusk.run('insert into t values (1)')
  await expect(page.locator(chip)).toHaveText('Transaction failed')
  await expect(tusk.error).toContainText('23505')
  await expect(tusk.error).toContainText('The server refuses every statement until you roll back.')
  await expect(tusk.toolbar.getByRole('button', { name: 'Commit', exact: true })).toHaveCount(0)
  await tusk.run('select 1')
  await expect(tusk.error).toContainText('25P02')
  await expect(tusk.error).toContainText(/First error.*23505/)
  await tusk.toolbar.getByRole('button', { name: 'Roll back' }).click()
  await expect(page.locator(chip)).toHaveCount(0)
  await tusk.run('select count(*) from t')
  await expect(tusk.cell(1, 1)).toHaveText('0')

  await tusk.press('Control+Shift+b')
  await expect(page.locator(chip)).toHaveText(/In transaction/)
  await tusk.run('insert into t values (2)')
  await tusk.toolbar.getByRole('button', { name: 'Commit', exact: true }).click()
  await expect(page.locator(chip)).toHaveCount(0)
  await tusk.run('select n from t')
  await expect(tusk.cell(1, 1)).toHaveText('2')
})

test('a time limit of the server is told with who set it; an error inside a function with its query', async ({
  tusk,
}) => {
  await tusk.openSample()
  await tusk.runAll('set statement_timeout = 200; select pg_sleep(60)')
  await expect(tusk.error).toContainText('statement_timeout is 200ms')
  await expect(tusk.error).toContainText(/Limit\s*200ms, from a SET in this session/)
  await tusk.run('do $$ begin perform nowhere from orders; end $$')
  await expect(tusk.error).toContainText(/Inner query.*nowhere/)
})

test('in manual commit a statement begins a transaction by itself', async ({ tusk, page }) => {
  await tusk.openSample()
  await tusk.run('create temp table t (n int)')
  await tusk.choose(tusk.toolbar.getByRole('button', { name: 'Auto-commit' }), /Manual commit/)
  await tusk.run('insert into t values (7)')
  await expect(page.locator(chip)).toContainText('In transaction')
  await tusk.press('Control+Shift+r')
  await expect(page.locator(chip)).toHaveCount(0)
  await tusk.run('insert into t values (8)')
  await tusk.press('Control+Shift+c')
  await expect(page.locator(chip)).toHaveCount(0)
  await tusk.run('select n from t')
  await expect(tusk.cell(1, 1)).toHaveText('8')
  await expect.poll(() => tusk.rows()).toEqual([['8']])
})

test('run all as one transaction keeps nothing of a script that fails', async ({ tusk }) => {
  await tusk.openSample()
  await tusk.run('create temp table t (n int)')
  await tusk.write('insert into t values (1);\ninsert into t values (2);\nselect 1/0;')
  await tusk.choose(tusk.page.getByRole('button', { name: 'More ways to run' }), 'Run all as one transaction')
  await expect(tusk.error).toContainText('22012')
  await tusk.idle()
  await tusk.run('select count(*) from t')
  await expect(tusk.cell(1, 1)).toHaveText('0')
})

test.describe('closing a tab with a transaction open asks', () => {
  test.beforeEach(async ({ tusk }, info) => {
    await tusk.openSample()
    // A table others can see, to learn what became of the transaction; each test has its own.
    const table = `closing_${info.testId.replace(/\W/g, '').slice(-12)}_${info.workerIndex}`
    info.annotations.push({ type: 'table', description: table })
    await tusk.run(`drop table if exists ${table}; create table ${table} (n int)`, 'Control+Shift+Enter')
    await tusk.press('Control+t')
    await tusk.runAll(`begin; insert into ${table} values (1)`)
    await tusk.press('Control+w')
    await expect(tusk.page.getByRole('alertdialog')).toContainText('Close Query 2?')
    await expect(tusk.page.getByRole('alertdialog')).toContainText('with 1 statement. Closing rolls it back.')
    await expect(tusk.page.getByRole('button', { name: 'Keep open' })).toBeFocused()
  })

  const counted = async (tusk: Tusk, table: string) => {
    await tusk.press('Control+t')
    await tusk.run(`select 'rows: ' || count(*) from ${table}`)
    await expect(tusk.cell(1, 1)).toContainText('rows: ')
    return tusk.cell(1, 1).textContent()
  }
  const tableOf = () => test.info().annotations.find((a) => a.type === 'table')!.description!

  test('keep open keeps it', async ({ tusk, page }) => {
    await tusk.press('Enter')
    await expect(page.getByRole('alertdialog')).toHaveCount(0)
    await expect(tusk.tab('Query 2')).toHaveAttribute('aria-selected', 'true')
    await expect(page.locator(chip)).toContainText('In transaction')
    await tusk.run(`insert into ${tableOf()} values (2)`)
    await tusk.press('Control+Shift+c')
    await expect(page.locator(chip)).toHaveCount(0)
    expect(await counted(tusk, tableOf())).toBe('rows: 2')
  })

  test('escape keeps it too', async ({ tusk, page }) => {
    await tusk.press('Escape')
    await expect(page.getByRole('alertdialog')).toHaveCount(0)
    await expect(page.locator(chip)).toContainText('In transaction')
    await tusk.press('Control+Shift+r')
    await expect(page.locator(chip)).toHaveCount(0)
  })

  test('roll back and close does', async ({ tusk, page }) => {
    await page.getByRole('button', { name: 'Roll back and close' }).click()
    await expect(tusk.tab('Query 2')).toHaveCount(0)
    expect(await counted(tusk, tableOf())).toBe('rows: 0')
  })

  test('commit and close does', async ({ tusk, page }) => {
    await page.getByRole('button', { name: 'Commit and close' }).click()
    await expect(tusk.tab('Query 2')).toHaveCount(0)
    expect(await counted(tusk, tableOf())).toBe('rows: 1')
  })
})

test('cancelling pg_sleep takes less than two seconds and the session goes on', async ({ tusk, page }) => {
  await tusk.openSample()
  await tusk.run('create temp table still_here as select pg_backend_pid() as pid')
  await tusk.start('select pg_sleep(600)')
  await expect(page.locator('.btn-cancel')).toBeVisible()
  await expect(page.locator('.btn-cancel')).toHaveText(/00:0[1-9]/) // it is under way, and its clock goes
  const begin = Date.now()
  await tusk.press('Control+.')
  await tusk.idle()
  expect(Date.now() - begin).toBeLessThan(2000)
  const stopped = tusk.results.getByRole('heading', { name: /^Stopped after \d\.\d s$/ })
  await expect(stopped).toBeVisible()
  await expect(tusk.results).toContainText('The session goes on.')
  // One time in every place that has it.
  const took = (await stopped.textContent())!.replace('Stopped', 'stopped')
  await expect(page.locator('.cm-content')).toContainText(took)
  await tusk.run('select pid = pg_backend_pid() from still_here')
  await expect(tusk.cell(1, 1)).toHaveText(/^t/)
})

test('the close button asks while something is open, and rolling back ends it', async ({ tusk, page }) => {
  await tusk.openSample()
  await tusk.runAll('begin; select 1')
  await tusk.host.close()
  const ask = page.getByRole('alertdialog')
  await expect(ask).toContainText('Close Tusk?')
  await expect(ask).toContainText('1 transaction is open and will be rolled back.')
  await page.getByRole('button', { name: 'Keep open' }).click()
  await tusk.run('select 2 * 21')
  await expect(tusk.cell(1, 1)).toHaveText('42')
  await tusk.host.close()
  tusk.leaving()
  await page.getByRole('button', { name: 'Roll back and close' }).click()
  expect(await tusk.host.program.ended).toBe(0)
})

testWithServer(
  'a server restarted under a run: the loss is named, rows and text stay',
  async ({ tusk, server, page }) => {
    await tusk.open()
    await tusk.connect(tcpURL(server.address.password, server.address))
    const script = `select g from generate_series(1, 300) g;\nselect pg_sleep(600);`
    await tusk.start(script, 'Control+Shift+Enter')
    await expect(tusk.cell(1, 1)).toHaveText('1')
    await server.restart()
    await tusk.idle()
    await expect(page.getByText('The session of this tab was lost.')).toBeVisible()
    await expect(page.locator('.notice')).toContainText('Nothing is run again by itself.')
    await expect(tusk.error).toBeVisible()
    await tusk.panel(/^Result/).click()
    await expect(tusk.cell(1, 1)).toHaveText('1')
    await tusk.press('Control+2', 'Control+End')
    await expect(tusk.cell(300, 1)).toHaveText('300')
    await expect(tusk.editor).toContainText('generate_series(1, 300)')
    await expect(tusk.editor).toContainText('pg_sleep(600)')
    await tusk.run(`select 'back again'`)
    await expect(tusk.cell(1, 1)).toHaveText('back again')
  },
)
