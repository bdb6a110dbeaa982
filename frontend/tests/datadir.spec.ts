// A data directory that cannot be made: the window works, says so once, and offers what can be done.
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeDirectory, removeDirectory } from './processes'
import { expect, test } from './tusk'
import { screen } from './shots'

const root = makeDirectory()
const file = join(root, 'file')
const dir = join(file, 'tusk')
test.afterAll(() => removeDirectory(root))

test.use({ hostArgs: ['--data-dir', dir] })
test.beforeEach(() => {
  rmSync(file, { recursive: true, force: true })
  writeFileSync(file, '')
})

test('is told of once, and what was set and typed is saved when it can be', async ({ tusk, page }) => {
  await tusk.open()
  const bar = page.getByRole('status').filter({ hasText: 'Nothing can be kept in' })
  await expect(bar).toContainText('not a directory')
  await expect(page.locator('.notice')).toHaveCount(1)
  await screen(tusk, '10-data-directory')
  await bar.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('not a directory')
  await tusk.press('Control+,')
  await page.getByRole('button', { name: 'Comfortable 28' }).click()
  await tusk.press('Control+t')
  await tusk.write("select 'typed before'")
  await expect(page.locator('.notice')).toHaveCount(2) // and the tab's own, that it has no connection
  rmSync(file)
  await bar.getByRole('button', { name: 'Try again' }).click()
  await expect(bar).toBeHidden()
  await expect(page.getByText(`Everything is kept in ${dir}`)).toBeVisible()
  expect(existsSync(join(dir, 'tusk.db'))).toBe(true)
  await expect(page.locator('html')).toHaveAttribute('data-density', 'comfortable')
  await expect
    .poll(async () => {
      await page.reload()
      await expect(page.locator('.cm-content')).toBeVisible()
      return page.locator('.cm-content').textContent()
    })
    .toBe("select 'typed before'")
})
