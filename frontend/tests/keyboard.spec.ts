// From the first screen to the end of the program, without a mouse. Nothing here clicks; where the focus is, a person
// with a keyboard would be.
import { expect, test } from './tusk'

test('a whole session by keyboard alone', async ({ tusk, page }) => {
  await page.addInitScript(() => {
    for (const type of ['pointerdown', 'mousedown'])
      addEventListener(type, () => console.error('somebody used a mouse'), true)
  })
  await tusk.open()

  // The first screen: Tab reaches the ways to begin, in their order.
  await tusk.press('Tab')
  const reached: string[] = []
  for (let i = 0; i < 8; i++) {
    reached.push(
      await page.evaluate(() => {
        const e = document.activeElement!
        return (e.getAttribute('aria-label') ?? e.textContent).trim()
      }),
    )
    if (reached.at(-1)!.startsWith('Open the sample')) break
    await tusk.press('Tab')
  }
  expect(reached.findIndex((r) => r.startsWith('Connect to a server'))).toBeGreaterThanOrEqual(0)
  expect(reached).toContain('Connection URL')
  expect(reached.at(-1)).toContain('Open the sample database')
  await tusk.press('Enter')
  await expect(tusk.editor).toBeFocused()

  // Type, run, read.
  await tusk.press('Control+a')
  await page.keyboard.type("select g as n, 'row ' || g as name from generate_series(1, 500) g")
  await tusk.press('Control+Enter')
  await expect(tusk.cell(1, 2)).toHaveText('row 1')
  await tusk.press('Control+2')
  await expect(tusk.grid).toBeFocused()
  await tusk.press('Control+End')
  await expect(tusk.cell(500, 2)).toHaveText('row 500')
  await tusk.press('Control+Home', 'ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowRight', 'Control+Shift+c')
  await expect.poll(() => tusk.clipboard()).toBe('n\tname\n2\trow 2\n3\trow 3\n')
  await tusk.press('Enter')
  await expect(tusk.viewer).toBeVisible()
  await tusk.press('Escape', 'Escape')
  await expect(tusk.editor).toBeFocused()

  // The palette, help and menus.
  await tusk.palette()
  await expect(tusk.dialog.getByRole('combobox')).toBeFocused()
  await page.keyboard.type('theme dark')
  await tusk.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(tusk.editor).toBeFocused()
  await tusk.press('F1')
  await expect(tusk.dialog).toContainText('First steps')
  await page.keyboard.type('amber')
  await expect(tusk.dialog.getByRole('tabpanel')).toContainText('An open transaction is amber')
  await tusk.press('Escape')
  await expect(tusk.editor).toBeFocused()

  // A mistake, and back to it.
  await tusk.press('Control+a')
  await page.keyboard.type('select nmae from customers')
  await tusk.press('Control+Enter')
  await expect(tusk.error).toContainText('42703')
  await tusk.press('Control+2')
  await expect(tusk.panel('Error')).toBeFocused()
  await tusk.press('ArrowRight')
  await expect(tusk.panel(/^Messages/)).toBeFocused()
  await tusk.press('F8')
  await expect(tusk.editor).toBeFocused()
  await expect(tusk.status).toContainText('Ln 1, Col 8')

  // Panes, tabs.
  const split = page.getByRole('separator', { name: 'Height of the editor' })
  await split.focus()
  const before = Number(await split.getAttribute('aria-valuenow'))
  await tusk.press('ArrowDown', 'ArrowDown')
  await expect.poll(async () => Number(await split.getAttribute('aria-valuenow'))).toBeGreaterThan(before)
  await tusk.press('Control+t')
  await expect(tusk.tab('Query 2')).toHaveAttribute('aria-selected', 'true')
  await tusk.press('Control+w')
  await expect(tusk.tab('Query 2')).toHaveCount(0)
  await expect(tusk.editor).toBeFocused()

  // An open transaction, and the end.
  await tusk.press('Control+a')
  await page.keyboard.type('begin')
  await tusk.press('Control+Enter')
  await expect(page.locator('.txchip')).toBeVisible()
  await tusk.host.close()
  await expect(page.getByRole('alertdialog')).toContainText('Close Tusk?')
  await expect(page.getByRole('button', { name: 'Keep open' })).toBeFocused()
  await tusk.press('Tab')
  await expect(page.getByRole('button', { name: 'Roll back and close' })).toBeFocused()
  tusk.leaving()
  await tusk.press('Enter')
  expect(await tusk.host.program.ended).toBe(0)
})

test('a key is changed where all of them stand, and counts at once', async ({ tusk, page }) => {
  await tusk.openSample()
  await tusk.palette()
  await page.keyboard.type('change them')
  await tusk.press('Enter')
  const change = tusk.dialog.getByRole('button', { name: 'Change the key of New query tab' })
  await change.click()
  await tusk.press('x')
  await expect(tusk.dialog).toContainText('By itself this key is typed')
  await tusk.press('Control+w')
  await expect(tusk.dialog).toContainText('Close the tab has it')
  await tusk.press('Control+j')
  await tusk.press('Escape')
  await expect(tusk.dialog).toHaveCount(0)
  await tusk.press('Control+j')
  await expect(tusk.tab('Query 2')).toBeVisible()
  await tusk.press('Control+t')
  await expect(tusk.tab('Query 3')).toHaveCount(0)
  await page.reload()
  await expect(tusk.editor).toBeVisible()
  await tusk.press('Control+j')
  await expect(tusk.tab('Query 2')).toBeVisible() // the key is kept
})

test('what is typed between the key of the palette and the palette is its', async ({ tusk, page }) => {
  await tusk.openSample()
  await tusk.write('select 1')
  await page.waitForTimeout(1000) // it is kept
  let read = () => {}
  const held = new Promise<void>((done) => (read = done))
  await page.route('**/assets/later-*.js', async (r) => {
    await held
    await r.continue()
  })
  await page.reload()
  await expect(tusk.editor).toBeFocused()
  await tusk.press('Control+k')
  await page.keyboard.type('histpo')
  await tusk.press('Backspace', 'Backspace', 'Enter')
  await expect(tusk.editor).toHaveText('select 1')
  read()
  const field = tusk.dialog.getByRole('combobox')
  await expect(field).toBeFocused()
  await expect(field).toHaveValue('hist')
  await page.keyboard.type('ory')
  await tusk.press('Enter')
  await expect(tusk.tab('History')).toHaveAttribute('aria-selected', 'true')
})

test('the tab that keys go to comes into view, and so does a result that is chosen', async ({
  tusk,
  page,
}) => {
  await page.setViewportSize({ width: 900, height: 600 })
  await tusk.openSample()
  for (let i = 0; i < 9; i++) await tusk.press('Control+t')
  await expect(tusk.tab('Query 10')).toHaveAttribute('aria-selected', 'true')
  await tusk.press('Control+Tab')
  await expect(page.getByRole('tab', { name: 'Query 1', exact: true })).toBeInViewport({ ratio: 0.9 })
  await tusk.press('Control+Shift+Tab')
  await expect(tusk.tab('Query 10')).toBeInViewport({ ratio: 0.9 })

  await tusk.run('select g as id, g % 3 as v from generate_series(1, 20) g')
  await tusk.results.getByRole('button', { name: 'Pin the result' }).click()
  await tusk.run('select g as id, g % 4 as v from generate_series(1, 20) g')
  await expect(tusk.cell(3, 2)).toHaveText('3')
  await tusk.choose(tusk.results.getByRole('button', { name: 'Compare' }), 'Rows with the same id')
  await expect(tusk.panel(/^Differences/)).toHaveAttribute('aria-selected', 'true')
  await expect(tusk.panel(/^Differences/)).toBeInViewport({ ratio: 0.9 })
})
