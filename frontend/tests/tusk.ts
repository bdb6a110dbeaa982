// A person at the window. Every test gets a Tusk of its own; an error in the page or a violation of its content security
// policy fails the test, whatever else it looks at.
import { test as base, expect, type Locator, type Page } from '@playwright/test'
import { Host, Postgres, type Address } from './processes'

export { expect, type Locator, type Page }

interface Shared {
  dir: string
  address: Address
}
export const shared = (): Shared => JSON.parse(process.env.TUSK_E2E!) as Shared

/** The URL of the sample database over TCP, with the right password or another one. */
export function tcpURL(
  password: string | null = shared().address.password,
  change: Partial<Address> = {},
): string {
  const a = { ...shared().address, ...change }
  const secret = password === null ? '' : `:${encodeURIComponent(password)}`
  return `postgresql://${a.user}${secret}@127.0.0.1:${a.port}/roastery?sslmode=disable`
}

export class Tusk {
  readonly editor: Locator
  readonly results: Locator
  readonly grid: Locator
  readonly dialog: Locator
  readonly status: Locator
  readonly toolbar: Locator
  readonly error: Locator
  readonly viewer: Locator

  constructor(
    readonly page: Page,
    readonly host: Host,
  ) {
    this.editor = page.locator('.cm-content')
    this.results = page.getByRole('region', { name: 'Results', exact: true })
    this.grid = page.getByRole('grid')
    this.dialog = page.locator('.dialog')
    this.status = page.getByRole('contentinfo', { name: 'Status' })
    this.toolbar = page.getByRole('toolbar', { name: 'Query' })
    this.error = page.locator('.errp')
    this.viewer = page.getByRole('complementary', { name: 'Cell viewer' })
  }

  #leaving = false
  /** The program is about to end under the page, which will complain that nobody answers. */
  leaving(): void {
    this.#leaving = true
  }
  get left(): boolean {
    return this.#leaving
  }

  press(...keys: string[]): Promise<void> {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve())
  }

  async open(): Promise<void> {
    await this.page.goto(this.host.url)
    await expect(this.page.getByRole('heading', { name: 'Connect to PostgreSQL' })).toBeVisible()
  }

  /** First start, then the sample database with an empty tab. */
  async openSample(): Promise<void> {
    await this.open()
    await this.page.getByRole('button', { name: 'Open the sample database' }).click()
    await expect(this.editor).toBeFocused()
  }

  /** Connects to a pasted URL through the dialog. */
  async connect(url: string): Promise<void> {
    await this.press('Control+n')
    await this.dialog.getByRole('button', { name: 'Paste URL' }).click()
    await this.dialog.getByLabel('Connection URL').fill(url)
    await this.dialog.getByRole('button', { name: 'Continue' }).click()
    await expect(this.dialog.getByLabel('Connection URL')).toHaveCount(0) // it was read
    await this.dialog.getByRole('button', { name: /^Connect/ }).click()
    await expect(this.dialog).toHaveCount(0)
    await expect(this.editor).toBeFocused()
  }

  /** Opens the palette, for all or for objects alone, ready to be typed into. */
  async palette(key = 'Control+k'): Promise<void> {
    await this.press(key)
    await expect(this.dialog.getByRole('combobox')).toBeFocused()
  }

  /** Puts a text in place of what the editor holds, as a paste does, so that not a character of it changes. */
  async write(sql: string): Promise<void> {
    await this.press('Control+1', 'Control+a', 'Delete')
    await this.editor.evaluate((el, text) => {
      const data = new DataTransfer()
      data.setData('text/plain', text)
      el.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    }, sql)
  }

  /** Runs and waits until the run is over. Without a text: what is in the editor. */
  async run(sql?: string, key = 'Control+Enter'): Promise<void> {
    await this.start(sql, key)
    await this.idle()
  }
  runAll(sql?: string): Promise<void> {
    return this.run(sql, 'Control+Shift+Enter')
  }

  /** Runs and waits until the program is asked. The window says so when it lasts. */
  async start(sql?: string, key = 'Control+Enter'): Promise<void> {
    if (sql !== undefined) await this.write(sql)
    const sent = this.page.waitForRequest('**/api/call/Queries.Execute')
    await this.press(key)
    await sent
  }

  async idle(): Promise<void> {
    await expect(this.page.locator('.results[aria-busy]')).toHaveCount(0, { timeout: 20_000 })
  }

  /** A cell, counted from 1. */
  cell(row: number, col: number): Locator {
    return this.grid
      .locator(`.g-row[aria-rowindex="${row + 1}"] .g-cell[aria-colindex="${col + 1}"]`)
      .filter({ visible: true })
  }

  /** The rows that are drawn. */
  rows(): Promise<string[][]> {
    return this.grid.evaluate((grid) => {
      const shown = (e: Element) => (e as HTMLElement).style.display !== 'none'
      const at = (e: Element, name: string) => Number(e.getAttribute(name))
      const by = (name: string) => (a: Element, b: Element) => at(a, name) - at(b, name)
      return [...grid.querySelectorAll('.g-row')]
        .filter(shown)
        .sort(by('aria-rowindex'))
        .map((row) =>
          [...row.querySelectorAll('.g-cell')]
            .filter(shown)
            .sort(by('aria-colindex'))
            .map((c) => c.textContent),
        )
    })
  }

  /** name and type of each column */
  columns(): Promise<string[]> {
    return this.grid.evaluate((grid) =>
      [...grid.querySelectorAll<HTMLElement>('.g-hc')]
        .filter((c) => c.style.display !== 'none')
        .sort((a, b) => Number(a.ariaColIndex) - Number(b.ariaColIndex))
        .map((c) =>
          [...c.children]
            .map((part) => part.textContent)
            .join(' ')
            .trim(),
        ),
    )
  }

  /** The part of the text that has the squiggle under it. */
  underlined(): Promise<string> {
    return this.page
      .locator('.cm-squiggle')
      .allTextContents()
      .then((parts) => parts.join(''))
  }

  panel(name: string | RegExp): Locator {
    return this.results.getByRole('tab', { name })
  }

  tab(name: string): Locator {
    return this.page.getByRole('tablist', { name: 'Open tabs' }).getByRole('tab', { name })
  }

  clipboard(): Promise<string> {
    return this.host.clipboard()
  }

  /** Picks an entry of a menu. */
  async choose(opener: Locator, entry: string | RegExp, nth = 0): Promise<void> {
    await opener.click()
    await this.page
      .getByRole('menuitem', { name: entry })
      .or(this.page.getByRole('menuitemradio', { name: entry }))
      .or(this.page.getByRole('menuitemcheckbox', { name: entry }))
      .nth(nth)
      .click()
  }
}

interface Fixtures {
  /** how browserhost is started */
  hostArgs: string[]
  host: Host
  tusk: Tusk
}

export const test = base.extend<Fixtures>({
  hostArgs: [[], { option: true }],
  host: async ({ hostArgs }, use) => {
    const host = await Host.start(shared().dir, hostArgs)
    await use(host)
    await host.end()
  },
  tusk: async ({ page, host }, use) => {
    const wrong: string[] = []
    page.on('pageerror', (e) => wrong.push(`page error: ${e.stack ?? e.message}`))
    page.on('console', (m) => {
      if (m.type() === 'error') wrong.push(`console: ${m.text()}`)
    })
    page.on('dialog', (d) => {
      wrong.push(`a script opened a dialog: ${d.message()}`)
      void d.dismiss()
    })
    page.on('request', (r) => {
      if (
        !host.origins.includes(new URL(r.url()).origin) &&
        !r.url().startsWith('data:') &&
        r.url() !== 'about:blank'
      )
        wrong.push(`request to ${r.url()}`)
    })
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (e) => {
        console.error(`content security policy: ${e.violatedDirective} ${e.blockedURI}`)
      })
    })
    const tusk = new Tusk(page, host)
    await use(tusk)
    const lost = /Failed to load resource|ERR_/
    expect(tusk.left ? wrong.filter((w) => !lost.test(w)) : wrong).toEqual([])
  },
})

/** A PostgreSQL of the test's own, for one that restarts it. */
export const testWithServer = test.extend<{ server: Postgres }>({
  server: async ({ browserName }, use) => {
    void browserName
    const server = await Postgres.start()
    await use(server)
    await server.end()
  },
})
