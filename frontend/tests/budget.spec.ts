// Results that have used up their room on disk: the run waits, and the person goes on or stops.
import { screen } from './shots'
import { expect, test, type Tusk } from './tusk'

const wide = "select g, repeat('x', 1000) from generate_series(1, 20000) g"

/** Four megabytes in place of the gigabyte that is chosen. */
async function little(tusk: Tusk): Promise<void> {
  await tusk.page.route('**/api/call/System.SetPreferences', async (route) => {
    const [all] = JSON.parse(route.request().postData()!) as [Record<string, unknown>]
    await route.continue({ postData: JSON.stringify([{ ...all, resultsBudget: 4 }]) })
  })
  await tusk.press('Control+,')
  await tusk.page.getByRole('tab', { name: 'Results', exact: true }).click()
  await tusk.page.getByLabel('Room for results').selectOption('1 GB')
  await tusk.tab('Query 1').click()
}

test('a run waits for room, and goes on when it is told to', async ({ tusk, page }) => {
  await tusk.openSample()
  await little(tusk)
  await tusk.start(wide)
  const bar = page.getByRole('status').filter({ hasText: 'Results have used up their room' })
  await expect(bar).toBeVisible()
  await expect(tusk.cell(1, 1)).toHaveText('1')
  await screen(tusk, '10-room')
  await bar.getByRole('button', { name: 'Go on' }).click()
  await tusk.idle()
  await expect(bar).toBeHidden()
  await expect(tusk.status).toContainText('20,000 rows')

  await tusk.start(wide)
  await bar.getByRole('button', { name: 'Stop' }).click()
  await tusk.idle()
  await expect(tusk.status).not.toContainText('20,000 rows')
  await expect(tusk.cell(1, 1)).toHaveText('1')
  await tusk.run('select 41 + 1')
  await expect(tusk.cell(1, 1)).toHaveText('42')
})
