// WebKit by its own driver, which speaks the W3C WebDriver protocol over HTTP: just the commands that are needed.
import { existsSync, readdirSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Program } from './processes'

/** MiniBrowser is what WebKitGTK's own tests drive; it is in the package of the library, out of PATH. */
function miniBrowser(): string {
  for (const arch of readdirSync('/usr/lib')) {
    const path = join('/usr/lib', arch, 'webkit2gtk-4.1/MiniBrowser')
    if (existsSync(path)) return path
  }
  throw new Error('MiniBrowser of WebKitGTK 4.1 is not installed: run  make setup')
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

const elementKey = 'element-6066-11e4-a52e-4f735466cecf'

/** What the protocol calls keys that are no characters. */
export const keys = {
  control: '\uE009',
  shift: '\uE008',
  enter: '\uE007',
  escape: '\uE00C',
  end: '\uE010',
  home: '\uE011',
  right: '\uE014',
}

export class WebKit {
  #session = ''
  private constructor(
    readonly display: Program,
    readonly driver: Program,
    readonly address: string,
  ) {}

  static async start(): Promise<WebKit> {
    const binary = miniBrowser()
    // The number it picks is the first line it says; Xvfb is told to write it to standard output.
    const display = new Program('Xvfb', 'Xvfb', [
      '-displayfd',
      '1',
      '-screen',
      '0',
      '1280x800x24',
      '-nolisten',
      'tcp',
    ])
    const name = `:${(await display.line()).trim()}`
    const port = await freePort()
    const driver = new Program('WebKitWebDriver', 'WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], {
      DISPLAY: name,
      WAYLAND_DISPLAY: undefined,
      NO_AT_BRIDGE: '1',
      LC_ALL: 'C.UTF-8',
      GDK_BACKEND: 'x11',
    })
    const browser = new WebKit(display, driver, `http://127.0.0.1:${port}`)
    try {
      await browser.#ready()
      const options = { binary, args: ['--automation'] }
      const made = (await browser.#ask('POST', '/session', {
        capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } },
      })) as { sessionId: string }
      browser.#session = `/session/${made.sessionId}`
    } catch (e) {
      await browser.end()
      throw e
    }
    return browser
  }

  async #ready(): Promise<void> {
    const limit = Date.now() + 10_000
    for (;;) {
      const over = await Promise.race([this.driver.ended.then(() => true), this.#answers()])
      if (over === true) await this.driver.line() // says how it ended
      if (over === 'yes') return
      if (Date.now() > limit) throw new Error('WebKitWebDriver does not answer')
    }
  }

  #answers(): Promise<'yes' | 'no'> {
    return fetch(`${this.address}/status`).then(
      () => 'yes',
      () => new Promise((done) => setTimeout(() => done('no'), 20)),
    )
  }

  async #ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(this.address + path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    })
    const { value } = (await answer.json()) as { value: unknown }
    if (!answer.ok) throw new Error(`WebDriver ${method} ${path}: ${JSON.stringify(value)}`)
    return value
  }

  go(url: string): Promise<unknown> {
    return this.#ask('POST', `${this.#session}/url`, { url })
  }

  /** Runs the body of a function in the page. */
  run<T>(script: string, ...args: unknown[]): Promise<T> {
    return this.#ask('POST', `${this.#session}/execute/sync`, { script, args }) as Promise<T>
  }

  async click(selector: string): Promise<void> {
    const found = (await this.#ask('POST', `${this.#session}/element`, {
      using: 'css selector',
      value: selector,
    })) as Record<string, string>
    await this.#ask('POST', `${this.#session}/element/${found[elementKey]}/click`, {})
  }

  /** Presses the keys together and lets them go in reverse. */
  async press(...together: string[]): Promise<void> {
    const actions = [
      ...together.map((value) => ({ type: 'keyDown', value })),
      ...[...together].reverse().map((value) => ({ type: 'keyUp', value })),
    ]
    await this.#ask('POST', `${this.#session}/actions`, { actions: [{ type: 'key', id: 'keys', actions }] })
  }

  async type(text: string): Promise<void> {
    const actions = [...text].flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ])
    await this.#ask('POST', `${this.#session}/actions`, { actions: [{ type: 'key', id: 'keys', actions }] })
  }

  /** Waits until the expression is true in the page. */
  async until(what: string, expression: string, limit = 15_000): Promise<void> {
    const end = Date.now() + limit
    while (!(await this.run<boolean>(`return Boolean(${expression})`))) {
      if (Date.now() > end) {
        const text = await this.run<string>('return document.body.innerText')
        throw new Error(`waited in vain until ${what}; the page shows:\n${text}`)
      }
    }
  }

  /** What is on the screen, after the page has painted what it knows. */
  async picture(): Promise<Buffer> {
    await this.#ask('POST', `${this.#session}/execute/async`, {
      script:
        'const done = arguments[0]; let n = 6; const frame = () => (--n ? requestAnimationFrame(frame) : done()); frame()',
      args: [],
    })
    return Buffer.from((await this.#ask('GET', `${this.#session}/screenshot`)) as string, 'base64')
  }

  async end(): Promise<void> {
    if (this.#session) await this.#ask('DELETE', this.#session).catch(() => undefined)
    await this.driver.end()
    await this.display.end()
  }
}
