// The menu of a tab: what it closes, what it asks, and the keys that reach it.
import { screen } from './shots'
import { expect, test, type Tusk } from './tusk'

test.beforeEach(({ tusk }) => tusk.openSample())

const menu = (tusk: Tusk) => tusk.page.getByRole('menu', { name: /^Tab / })
const entry = (tusk: Tusk, name: string) => menu(tusk).getByRole('menuitem', { name })
const names = (tusk: Tusk) =>
  tusk.page.getByRole('tablist', { name: 'Open tabs' }).getByRole('tab').locator('.cut').allTextContents()

async function tabs(tusk: Tusk, n: number): Promise<void> {
  for (let i = 2; i <= n; i++) {
    await tusk.press('Control+t')
    await expect(tusk.tab(`Query ${i}`)).toHaveAttribute('aria-selected', 'true')
  }
  await expect(tusk.editor).toBeFocused()
}

test('a right click closes others, those to the right, or the tab itself, whichever is in view', async ({
  tusk,
}) => {
  await tabs(tusk, 5)
  await tusk.write('select 5')
  await tusk.tab('Query 2').click({ button: 'right' })
  await expect(menu(tusk)).toHaveAccessibleName('Tab Query 2')
  await expect(tusk.tab('Query 5')).toHaveAttribute('aria-selected', 'true')
  await expect(entry(tusk, 'Reopen closed tab')).toBeDisabled()
  await screen(tusk, 'tab-menu')
  await tusk.press('Escape')
  await expect(tusk.editor).toBeFocused()
  await tusk.tab('Query 2').click({ button: 'right' })
  await entry(tusk, 'Close').first().click()
  await expect.poll(() => names(tusk)).toEqual(['Query 1', 'Query 3', 'Query 4', 'Query 5'])
  await expect(tusk.editor).toBeFocused()
  await tusk.tab('Query 3').click({ button: 'right' })
  await entry(tusk, 'Close to the right').click()
  await expect.poll(() => names(tusk)).toEqual(['Query 1', 'Query 3'])
  await expect(tusk.tab('Query 3')).toHaveAttribute('aria-selected', 'true')
  await tusk.tab('Query 3').click({ button: 'right' })
  await expect(entry(tusk, 'Close to the right')).toBeDisabled()
  await entry(tusk, 'Reopen closed tab').click()
  await expect(tusk.editor).toContainText('select 5')
  await tusk.tab('Query 1').click({ button: 'right' })
  await entry(tusk, 'Close others').click()
  await expect.poll(() => names(tusk)).toEqual(['Query 1'])
  await expect(tusk.editor).toBeFocused()
})

test('the menu key of a tab opens its menu, and the focus comes back to the tab', async ({ tusk }) => {
  await tabs(tusk, 3)
  await tusk.tab('Query 3').focus()
  for (const key of ['ContextMenu', 'Shift+F10']) {
    await tusk.press(key)
    await expect(entry(tusk, 'Close').first()).toBeFocused()
    await tusk.press('Escape')
    await expect(tusk.tab('Query 3')).toBeFocused()
  }
  await tusk.press('ArrowLeft', 'Shift+F10', 'ArrowDown', 'Enter')
  await expect.poll(() => names(tusk)).toEqual(['Query 2'])
  await expect(tusk.tab('Query 2')).toBeFocused()
})

test('closing several asks once, and says of which something would be lost', async ({ tusk }) => {
  await tabs(tusk, 3)
  await tusk.run('begin')
  await expect(tusk.page.locator('.txchip')).toContainText('In transaction')
  await tusk.press('Control+t')
  await tusk.start('select pg_sleep(60)')
  await expect(tusk.page.locator('.btn-cancel')).toBeVisible()
  await tusk.tab('Query 1').click({ button: 'right' })
  await entry(tusk, 'Close others').click()
  const question = tusk.page.getByRole('alertdialog', { name: 'Close 3 tabs?' })
  await expect(question).toContainText(
    'In Query 3, Query 4: 1 statement is running and will be cancelled. 1 transaction is open and will be rolled back.',
  )
  await expect(question.getByRole('button', { name: 'Keep open' })).toBeFocused()
  await screen(tusk, 'close-tabs')
  await tusk.press('Enter')
  await expect.poll(() => names(tusk)).toHaveLength(4)
  await tusk.tab('Query 1').click()
  await tusk.palette()
  await tusk.page.keyboard.type('>close the tabs to the right')
  await tusk.press('Enter')
  await question.getByRole('button', { name: 'Roll back and close' }).click()
  await expect.poll(() => names(tusk)).toEqual(['Query 1'])
})
