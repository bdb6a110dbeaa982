// Saved connections and their passwords, with a real keyring and without one.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Keyring } from './keyring'
import { Host, makeDirectory, removeDirectory } from './processes'
import { pictures } from './shots'
import { expect, shared, tcpURL, test as base, Tusk } from './tusk'

const field = (tusk: Tusk, name: string) => tusk.dialog.getByLabel(name, { exact: true })
const save = (tusk: Tusk) => tusk.dialog.getByRole('button', { name: 'Save', exact: true }).click()

const test = base.extend<{ keyring: Keyring }>({
  // eslint-disable-next-line no-empty-pattern
  keyring: async ({}, use) => {
    const keyring = await Keyring.start()
    await use(keyring)
    keyring.end()
  },
})
const kept = test.extend<{ host: Host }>({
  host: async ({ keyring }, use) => {
    const host = await Host.start(shared().dir, [], keyring.env)
    await use(host)
    await host.end()
  },
})

/** Puts the sample's server into the form under a name. */
async function fill(tusk: Tusk, name: string, url = tcpURL()): Promise<void> {
  await tusk.open()
  await tusk.page.getByLabel('Connection URL').fill(url)
  await tusk.page.getByRole('button', { name: 'Continue' }).click()
  await field(tusk, 'Name').fill(name)
}

kept(
  'a password goes into the keyring, opens the connection by one click, and is forgotten',
  async ({ tusk, page }) => {
    await fill(tusk, 'Roastery kept')
    await expect(tusk.dialog).toContainText('Kept in the keyring, once the connection is saved.')
    await save(tusk)
    await expect(tusk.dialog).toContainText('Saved, with its password.')
    await expect(tusk.dialog).toContainText('Kept in the keyring. Type to replace it.')
    await expect(field(tusk, 'Password')).toHaveValue('')
    await pictures(tusk, '05-connection-kept')
    await tusk.press('Escape')
    await page.reload()
    const saved = page.getByRole('button', { name: /Roastery kept/ })
    await saved.click()
    await expect(tusk.editor).toBeFocused()
    await tusk.press('Control+Shift+d')
    await saved.click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Forget its password' }).click()
    await saved.click()
    await expect(tusk.dialog.getByRole('alert')).toContainText('password')
    await expect(field(tusk, 'Password')).toBeFocused()
  },
)

kept('a keyring that is locked is told of once, and what is typed works', async ({ tusk, page, keyring }) => {
  await fill(tusk, 'Roastery kept')
  await save(tusk)
  await expect(tusk.dialog).toContainText('Saved, with its password.')
  await tusk.press('Escape')
  keyring.lock()
  await page.getByRole('button', { name: /Roastery kept/ }).click()
  await expect(tusk.dialog.getByRole('alert')).toContainText('The keyring is locked.')
  await expect(page.locator('.notices, .notice').first()).toContainText('The keyring is locked.')
  await pictures(tusk, '05-connection-locked')
  await field(tusk, 'Password').fill(shared().address.password)
  await tusk.dialog.getByRole('button', { name: /^Connect/ }).click()
  await expect(tusk.editor).toBeFocused()
})

test('without a keyring it is said why, once, and the password lasts until Tusk closes', async ({
  tusk,
  page,
}) => {
  await fill(tusk, 'Roastery')
  await expect(tusk.dialog).toContainText('There is no session bus')
  await expect(tusk.dialog.getByLabel('Remember password')).toBeDisabled()
  await pictures(tusk, '05-connection-no-keyring')
  await save(tusk)
  await expect(tusk.dialog).toContainText('The password lasts until Tusk closes.')
  await tusk.press('Escape')
  await page.getByRole('button', { name: /Roastery/ }).click()
  await expect(tusk.editor).toBeFocused()
  await tusk.palette()
  await page.keyboard.type('health')
  await tusk.press('Enter')
  await expect(page.getByText('Passwords in the keyring')).toBeVisible()
  await pictures(tusk, '09-health-no-keyring')
})

test('a read-only connection is kept so by the server until a tab is unlocked', async ({ tusk, page }) => {
  await fill(tusk, 'Roastery live')
  await tusk.dialog.getByRole('radio', { name: 'red' }).click()
  await field(tusk, 'Group').fill('Roastery')
  await tusk.dialog.getByRole('switch', { name: 'Read-only' }).click()
  await tusk.dialog.getByRole('tab', { name: 'Advanced' }).click()
  await field(tusk, 'Start-up SQL').fill("set lock_timeout = '5s';\nselect nosuch")
  await field(tusk, 'Notes').fill('Ask Ada before you change anything.')
  await pictures(tusk, '05-connection-startup')
  await save(tusk)
  await tusk.press('Escape')
  await expect(page.getByRole('heading', { name: 'Roastery', exact: true })).toBeVisible()
  await pictures(tusk, '01-first-start-saved')
  await page.getByRole('button', { name: /^Roastery live/ }).click()
  await expect(tusk.editor).toBeFocused()
  const badge = tusk.toolbar.getByRole('button', { name: 'read-only' })
  await expect(badge).toBeVisible()
  await page.keyboard.type('create table tusk_writes_here (); drop table tusk_writes_here')
  await tusk.press('Escape', 'Control+Shift+Enter')
  await expect(tusk.error).toContainText('25006')
  await pictures(tusk, '03-failed-readonly')
  await badge.click()
  await pictures(tusk, '10-unlock')
  await page.getByRole('button', { name: 'Allow writes' }).click()
  await tusk.editor.focus()
  await tusk.press('Control+Shift+Enter')
  await expect(tusk.results).toContainText('DROP TABLE')
  await tusk.toolbar.getByRole('button', { name: /^Writes allowed/ }).click()
  await expect(badge).toBeVisible()
})

test('connections are imported from what libpq has, from URLs, and from a file, after a look', async ({
  page,
}) => {
  const dir = makeDirectory()
  writeFileSync(join(dir, '.pgpass'), 'db.roastery.example:5432:roastery:app_rw:geheim\n', { mode: 0o600 })
  writeFileSync(
    join(dir, '.pg_service.conf'),
    '[roastery]\nhost=db.roastery.example\nuser=app_rw\npassword=geheim\n\n[warehouse]\nhost=wh.example\n',
  )
  const host = await Host.start(shared().dir, [], { HOME: dir })
  try {
    const tusk = new Tusk(page, host)
    await tusk.open()
    await expect(page.getByText('.pgpass', { exact: true })).toBeVisible()
    await pictures(tusk, '01-first-start-found')
    await page.getByRole('button', { name: 'Import pg_service.conf' }).click()
    await expect(tusk.dialog).toContainText('app_rw at db.roastery.example')
    await expect(tusk.dialog).not.toContainText('geheim')
    await pictures(tusk, '13-import-connections')
    await tusk.dialog.getByRole('button', { name: 'Import 2 connections' }).click()
    await expect(page.getByRole('button', { name: /^warehouse/ })).toBeVisible()
    await page.getByRole('button', { name: 'Import pg_service.conf' }).click()
    await expect(tusk.dialog.getByText('saved already')).toHaveCount(2)
    await expect(tusk.dialog.getByRole('button', { name: 'Import 0 connections' })).toBeDisabled()
    await tusk.press('Escape')
    await tusk.palette()
    await page.keyboard.type('from urls')
    await tusk.press('Enter')
    await tusk.dialog.getByRole('textbox').fill('postgres://ada:geheim@shop.example/shop\nmysql://x')
    await expect(tusk.dialog).toContainText('ada at shop.example, database shop')
    await tusk.dialog.getByRole('button', { name: 'Import 1 connection' }).click()
    await expect(page.getByRole('button', { name: /^shop/ })).toBeVisible()
  } finally {
    await host.end()
    removeDirectory(dir)
  }
})
