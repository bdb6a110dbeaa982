// What lies open outlives the program, however it ends.
import { pictures } from './shots'
import { expect, test, type Tusk } from './tusk'

/** What is promised: a second after a change it is kept. */
const second = (tusk: Tusk) => tusk.page.waitForTimeout(1000)

async function killed(tusk: Tusk, signal?: 'SIGKILL'): Promise<void> {
  tusk.leaving()
  await tusk.host.again(signal)
  await tusk.page.goto(tusk.host.url)
}

test('after kill -9 everything is there, and nothing connects or runs by itself', async ({ tusk }) => {
  await tusk.openSample()
  await tusk.write('select 1 -- first')
  await tusk.press('Control+t')
  await tusk.write('select\n  name\nfrom customers\nwhere id < 100 -- the second, é𝒳')
  await tusk.press('Control+t')
  await tusk.write(Array.from({ length: 300 }, (_, i) => `select ${i};`).join('\n'))
  await tusk.press('Control+End')
  await tusk.press('Control+Shift+Tab')
  await tusk.press('Control+Home', 'ArrowDown', 'End')
  await tusk.press('Shift+ArrowLeft', 'Shift+ArrowLeft')
  await second(tusk)

  await killed(tusk, 'SIGKILL')
  await expect(tusk.tab('Query 2')).toHaveAttribute('aria-selected', 'true')
  await expect(tusk.page.getByRole('tablist', { name: 'Open tabs' }).getByRole('tab')).toHaveCount(3)
  await expect(tusk.editor).toContainText('the second, é𝒳')
  await expect(tusk.status).toContainText('Ln 2, Col 5')
  expect(await tusk.page.evaluate(() => getSelection()!.toString())).toBe('me')
  const bar = tusk.page.getByRole('status').filter({ hasText: 'The sample database is not connected.' })
  await expect(bar).toBeVisible()
  await expect(tusk.status).toContainText('Not connected')
  await pictures(tusk, 'work-restored')

  await tusk.tab('Query 3').click()
  await expect(tusk.editor).toContainText('select 299;') // where it was scrolled to
  await expect(tusk.status).toContainText('Ln 300')
  await tusk.tab('Query 2').click()
  await tusk.editor.focus()
  await tusk.press('Control+z')
  await expect(tusk.editor).toContainText('the second') // what was restored is no change

  await bar.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(bar).toHaveCount(0)
  await tusk.tab('Query 1').click()
  await tusk.run()
  await expect(tusk.cell(1, 1)).toHaveText('1')
  await expect(tusk.page.getByRole('tablist', { name: 'Open tabs' }).getByRole('tab')).toHaveCount(3)
})

test('what was typed last is kept when the window closes at once', async ({ tusk }) => {
  await tusk.openSample()
  await tusk.write('select 1')
  await tusk.page.keyboard.type(' + 41')
  tusk.leaving()
  await tusk.host.close()
  await killed(tusk)
  await expect(tusk.editor).toContainText('select 1 + 41')
})

test('a closed tab can be reopened after another start', async ({ tusk }) => {
  await tusk.openSample()
  await tusk.write('select 1 -- stays')
  await tusk.press('Control+t')
  await tusk.write('select 2 -- closed')
  await tusk.press('Control+w')
  await second(tusk)
  await expect(tusk.tab('Query 2')).toHaveCount(0)
  await killed(tusk, 'SIGKILL')
  await expect(tusk.editor).toContainText('stays')
  await tusk.press('Control+Shift+t')
  await expect(tusk.editor).toContainText('select 2 -- closed')
  await expect(tusk.tab('Query 2')).toHaveAttribute('aria-selected', 'true')
})

test('a page that is loaded again keeps its sessions', async ({ tusk }) => {
  await tusk.openSample()
  await tusk.run('begin')
  await tusk.write('select txid_current_if_assigned() is null as same')
  await second(tusk)
  await tusk.page.reload()
  await expect(tusk.editor).toContainText('txid_current_if_assigned')
  await expect(tusk.status).toContainText('Connected')
  await tusk.run()
  await expect(tusk.status).toContainText('In transaction')
})
