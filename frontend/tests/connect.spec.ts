// Reaching a server, and what is said when it cannot be reached. The servers are real, and so are the ones that are not.
import { createServer, type AddressInfo, type Server } from 'node:net'
import { expect, shared, tcpURL, test, type Tusk } from './tusk'

const field = (tusk: Tusk, name: string) => tusk.dialog.getByLabel(name, { exact: true })
const outcome = (tusk: Tusk) => tusk.dialog.locator('.outcome')
const connect = (tusk: Tusk) => tusk.dialog.getByRole('button', { name: /^Connect/ })

async function listen(): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined).resume())
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return server
}
const portOf = (s: Server) => String((s.address() as AddressInfo).port)

async function paste(tusk: Tusk, url: string): Promise<void> {
  await tusk.page.getByLabel('Connection URL').fill(url)
  await tusk.page.getByRole('button', { name: 'Continue' }).click()
  await expect(tusk.dialog).toBeVisible()
}

test.beforeEach(({ tusk }) => tusk.open())

test('a pasted URL is read back, a wrong password keeps everything typed, the right one connects', async ({
  tusk,
  page,
}) => {
  const { user, port, password } = shared().address
  await page
    .getByLabel('Connection URL')
    .fill(`psql "postgresql://${user}:wrong-word@127.0.0.1:${port}/roastery?sslmode=disable"`)
  await expect(page.locator('#paste-note')).toContainText(`Read as`)
  await expect(page.locator('#paste-note')).toContainText('roastery')
  await expect(page.locator('#paste-note')).not.toContainText('wrong-word')
  await page.getByRole('button', { name: 'Continue' }).click()

  await expect(field(tusk, 'Host')).toHaveValue('127.0.0.1')
  await expect(field(tusk, 'Port')).toHaveValue(port)
  await expect(field(tusk, 'Database')).toHaveValue('roastery')
  await expect(field(tusk, 'Role')).toHaveValue(user)
  await expect(field(tusk, 'Password')).toHaveValue('wrong-word')
  await expect(field(tusk, 'Password')).toHaveAttribute('type', 'password')
  await expect(outcome(tusk)).toContainText('Read from the URL')

  await field(tusk, 'Name').fill('My server')
  await connect(tusk).click()
  await expect(field(tusk, 'Password')).toHaveAttribute('aria-invalid', 'true')
  await expect(field(tusk, 'Password')).toBeFocused()
  const problem = tusk.dialog.getByRole('alert')
  await expect(problem).toContainText('The server refused the password')
  await expect(problem).toContainText('28P01')
  await expect(problem).toContainText(`password authentication failed for user "${user}"`)
  await expect(tusk.dialog).not.toContainText('wrong-word')
  await expect(field(tusk, 'Name')).toHaveValue('My server')
  await expect(field(tusk, 'Host')).toHaveValue('127.0.0.1')
  await expect(field(tusk, 'Password')).toHaveValue('wrong-word')

  await field(tusk, 'Password').fill(password)
  await tusk.dialog.getByRole('button', { name: 'Test connection' }).click()
  await expect(outcome(tusk)).toContainText('answers')
  await expect(outcome(tusk)).toContainText('PostgreSQL 18')
  await connect(tusk).click()
  await expect(tusk.editor).toBeFocused()
  await tusk.run('select current_database() || $$!$$')
  await expect(tusk.cell(1, 1)).toHaveText('roastery!')
})

test('a text that is no URL is refused with a reason, an unknown key is named', async ({ tusk, page }) => {
  await page.getByLabel('Connection URL').fill('mysql://root@localhost/shop')
  await expect(page.getByLabel('Connection URL')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.locator('#paste-note')).not.toBeEmpty()
  await page
    .getByLabel('Connection URL')
    .fill('jdbc:postgresql://db.example/shop?user=ann&reWriteBatchedInserts=true')
  await expect(page.locator('#paste-note')).toContainText('Read as')
  await expect(page.locator('#paste-note')).toContainText('reWriteBatchedInserts')
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(field(tusk, 'Host')).toHaveValue('db.example')
  await expect(field(tusk, 'Role')).toHaveValue('ann')
  await expect(outcome(tusk)).toContainText('reWriteBatchedInserts')
})

test('a refused port, an unknown database and an unknown role are told at their fields', async ({ tusk }) => {
  const nobody = await listen()
  const port = portOf(nobody)
  await new Promise((done) => nobody.close(done))
  await paste(tusk, tcpURL(undefined, { port }))
  await connect(tusk).click()
  const problem = tusk.dialog.getByRole('alert')
  await expect(problem).toContainText(`Nothing answers on port ${port}`)
  await expect(tusk.dialog.locator('[aria-invalid=true]')).toHaveCount(1)
  await expect(tusk.dialog.locator('[aria-invalid=true]')).toBeFocused()

  await field(tusk, 'Port').fill(shared().address.port)
  await field(tusk, 'Database').fill('nowhere')
  await connect(tusk).click()
  await expect(field(tusk, 'Database')).toHaveAttribute('aria-invalid', 'true')
  await expect(problem).toContainText('3D000')
  await expect(problem).toContainText('database "nowhere" does not exist')

  await field(tusk, 'Database').fill('roastery')
  await field(tusk, 'Role').fill('nobody_of_that_name')
  await connect(tusk).click()
  await expect(problem).toContainText(/28P01|28000/)
})

test('the doctor opens the stage that fails on six broken servers, and its remedy cures one', async ({
  tusk,
}) => {
  const silent = await listen()
  const web = createServer((socket) =>
    socket.on('error', () => undefined).once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  )
  await new Promise<void>((done) => web.listen(0, '127.0.0.1', done))
  const nobody = await listen()
  const free = portOf(nobody)
  await new Promise((done) => nobody.close(done))
  const { user, port, password } = shared().address
  const url = (host: string, at: string, more = 'sslmode=disable', db = 'roastery', word = password) =>
    `postgres://${user}:${word}@${host}:${at}/${db}?connect_timeout=2&${more}`
  const broken = [
    [url('no-such-host.invalid', '5432'), 'DNS', 'is not known', 'spelling'],
    [url('127.0.0.1', free), 'TCP', `Nothing answers on port ${free}`, 'listen_addresses'],
    [url('127.0.0.1', portOf(silent), 'sslmode=require'), 'TLS', 'No answer', 'firewall'],
    [url('127.0.0.1', portOf(web)), 'Start-up', 'a web server (HTTP)', '5432'],
    [
      url('127.0.0.1', port, 'sslmode=disable', 'roastery', 'wrong-word'),
      'Authentication',
      'refused the password',
      '28P01',
    ],
    [url('127.0.0.1', port, 'sslmode=disable', 'nowhere'), 'Database', 'no database nowhere', '3D000'],
  ] as const
  const stages = tusk.dialog.locator('.stage')
  try {
    for (const [text, stage, says, more] of broken) {
      await paste(tusk, text)
      await tusk.dialog.getByRole('button', { name: 'Test connection' }).click()
      await expect(outcome(tusk)).toContainText(`stopped at ${stage}`)
      const open = stages.filter({ has: tusk.page.getByRole('alert') })
      await expect(open).toHaveCount(1)
      await expect(open).toContainText(stage)
      await expect(open).toContainText(says)
      await expect(open).toContainText(more)
      await expect(tusk.dialog.getByRole('alert')).toBeInViewport({ ratio: 0.99 })
      if (stage !== 'Database') await expect(stages.last()).toContainText('not reached')
      await expect(tusk.dialog).not.toContainText('wrong-word')
      if (stage !== 'Database') await tusk.press('Escape')
    }
    await tusk.dialog.getByRole('button', { name: 'Use postgres' }).click()
    await expect(field(tusk, 'Database')).toHaveValue('postgres')
    await tusk.dialog.getByRole('button', { name: 'Test connection' }).click()
    await expect(outcome(tusk)).toContainText('answers')
    await expect(stages).toHaveCount(6)
    await expect(stages.last()).toContainText('postgres on PostgreSQL 18')
  } finally {
    silent.close()
    web.close()
  }
})

test('a host that says nothing is given up within 300 ms', async ({ tusk }) => {
  const silent = await listen()
  try {
    await paste(tusk, tcpURL(undefined, { port: portOf(silent) }))
    const met = new Promise((done) => silent.once('connection', done))
    await connect(tusk).click()
    await met
    await expect(outcome(tusk)).toContainText('Trying')
    const took = await tusk.page.evaluate(async () => {
      const cancel = [...document.querySelectorAll<HTMLElement>('.dfoot button')].find(
        (b) => b.textContent.trim() === 'Cancel',
      )!
      const free = () =>
        [...document.querySelectorAll<HTMLButtonElement>('.dfoot button')].some(
          (b) =>
            b.textContent.trim().startsWith('Connect') &&
            !b.disabled &&
            !b.textContent.includes('Connecting'),
        )
      const begin = performance.now()
      cancel.click()
      while (!free()) await new Promise(requestAnimationFrame)
      return performance.now() - begin
    })
    expect(took).toBeLessThan(300)
    await expect(tusk.dialog).toContainText('Cancelled')
    await expect(tusk.dialog.getByRole('alert')).toHaveCount(0)
    await expect.poll(() => new Promise<number>((done) => silent.getConnections((_, n) => done(n)))).toBe(0) // its socket is gone too
  } finally {
    silent.close()
  }
})

test('something that is not PostgreSQL is named as such', async ({ tusk }) => {
  const web = createServer((s) => {
    s.on('error', () => undefined)
    s.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')
  })
  await new Promise<void>((done) => web.listen(0, '127.0.0.1', done))
  try {
    await paste(tusk, tcpURL(undefined, { port: portOf(web) }))
    await connect(tusk).click()
    await expect(tusk.dialog.getByRole('alert')).toContainText(/not.*PostgreSQL|PostgreSQL.*not/)
  } finally {
    web.close()
  }
})

test('two connections at once, and closing one leaves the other', async ({ tusk, page }) => {
  await tusk.connect(shared().address.socket)
  await tusk.run(
    'create temp table only_here as select 41 + 1 as n; select n from only_here',
    'Control+Shift+Enter',
  )
  await expect(tusk.cell(1, 1)).toHaveText('42')
  await tusk.connect(tcpURL())
  await tusk.write('select inet_server_port()')
  await tusk.run()
  await expect(tusk.cell(1, 1)).toHaveText(shared().address.port)
  await expect(tusk.tab('Query 2')).toHaveAttribute('aria-selected', 'true')

  const switcher = page.locator('.connsw')
  await switcher.click()
  await expect(page.getByRole('menuitemradio')).toHaveCount(2)
  await page.getByRole('menuitem', { name: /^Disconnect/ }).click()
  await expect(page.getByText(/ is not connected\./)).toBeVisible()
  await expect(tusk.editor).toContainText('inet_server_port') // its text is kept
  await expect(tusk.toolbar.getByRole('button', { name: /^Run/ }).first()).toBeDisabled()

  await tusk.tab('Query 1').click()
  await tusk.run('select n + 1 from only_here')
  await expect(tusk.cell(1, 1)).toHaveText('43')
})

test('disconnecting with something open asks, and each button does what it says', async ({ tusk, page }) => {
  await tusk.connect(shared().address.socket)
  await tusk.runAll('begin; select 1')
  const ask = async () => {
    await page.locator('.connsw').click()
    await page.getByRole('menuitem', { name: /^Disconnect/ }).click()
    await expect(page.getByRole('alertdialog')).toContainText(
      '1 transaction is open and will be rolled back.',
    )
  }
  await ask()
  await page.getByRole('button', { name: 'Stay connected' }).click()
  await expect(page.locator('.txchip')).toContainText('In transaction')
  await ask()
  await page.getByRole('button', { name: 'Disconnect', exact: true }).click()
  await expect(page.getByText(/ is not connected\./)).toBeVisible()
  await expect(page.locator('.txchip')).toHaveCount(0)
})

test('a connection that is saved is there after the next start, and asks for its password', async ({
  tusk,
  page,
}) => {
  await paste(tusk, tcpURL(null))
  await field(tusk, 'Name').fill('Roastery saved')
  await tusk.dialog.getByRole('button', { name: 'Save' }).click()
  await expect(tusk.dialog).toContainText('Saved.')
  await tusk.press('Escape')
  const saved = page.getByRole('button', { name: /Roastery saved/ })
  await expect(saved).toBeVisible()
  await page.reload()
  await saved.click()
  await expect(field(tusk, 'Name')).toHaveValue('Roastery saved')
  await expect(field(tusk, 'Password')).toHaveValue('')
  await expect(field(tusk, 'Password')).toBeFocused()
  await field(tusk, 'Password').fill(shared().address.password)
  await connect(tusk).click()
  await expect(tusk.editor).toBeFocused()
  await expect(page.getByText('Roastery saved').first()).toBeVisible()
  await tusk.press('Control+Shift+d')
  await saved.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Edit…' }).click()
  await tusk.dialog.getByRole('button', { name: 'Delete' }).click()
  await expect(tusk.dialog).toContainText('Deleted.')
  await tusk.press('Escape')
  await expect(saved).toHaveCount(0)
})
