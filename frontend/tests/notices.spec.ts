// What is told in the corner.
import { screen } from './shots'
import { expect, test } from './tusk'

test('a long error takes a few lines, and all of it is behind a button', async ({ tusk, page }) => {
  await page.setViewportSize({ width: 900, height: 600 })
  await tusk.openSample()
  await tusk.run('select 1 as a, 2 as b')
  await expect(tusk.cell(1, 2)).toHaveText('2')
  await tusk.results.getByRole('button', { name: 'Chart' }).click()
  // The system's own dialog is not there in a browser; the person's answer to it is.
  const path = `/tmp/${'quarterly reports of the roastery/'.repeat(14)}chart.png`
  await page.route('**/api/call/System.ChooseSave', (r) => r.fulfill({ json: { result: { path } } }))
  await tusk.results.getByRole('button', { name: 'Save as PNG' }).click()
  const toast = page.locator('.toast')
  const details = toast.getByRole('button', { name: 'Details' })
  await expect(details).toBeVisible()
  const height = () => toast.evaluate((e) => e.getBoundingClientRect().height)
  expect(await height()).toBeLessThan(160)
  await screen(tusk, 'toast-long')
  await details.click()
  await screen(tusk, 'toast-whole')
  expect(await height()).toBeLessThan(320)
  const words = toast.locator('.words')
  await words.evaluate((e) => e.scrollTo(0, e.scrollHeight))
  expect(
    await words.evaluate((e) => {
      const [last, box] = [e.lastElementChild!.getBoundingClientRect(), e.getBoundingClientRect()]
      return last.bottom <= box.bottom + 1
    }),
  ).toBe(true)
  await toast.getByRole('button', { name: 'Less' }).click()
  await expect(details).toBeVisible()
  // Told again, it is there once.
  await tusk.results.getByRole('button', { name: 'Save as PNG' }).click()
  await expect(toast).toHaveCount(1)
  await toast.getByRole('button', { name: 'Dismiss' }).click()
  await expect(toast).toHaveCount(0)
})
