// The programs of the tests: each is a child of this process and is ended by it.
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'
import { chmodSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const browserhost = join(root, 'build/bin/browserhost')

/** A directory that the server's own user may pass through. */
export function makeDirectory(): string {
  const dir = mkdtempSync(join(tmpdir(), 'tuske2e'))
  chmodSync(dir, 0o755)
  return dir
}

export const removeDirectory = (dir: string) => rmSync(dir, { recursive: true, force: true })

/** A program that says things in lines. */
export class Program {
  readonly process: ChildProcess
  readonly ended: Promise<number | null>
  #lines: Interface
  #waiting: ((line: string | Error) => void)[] = []
  #early: string[] = []
  #over: Error | undefined
  #log = ''

  constructor(
    readonly name: string,
    command: string,
    args: string[],
    env: NodeJS.ProcessEnv = {},
    stdio: 'pipe' | 'ignore' = 'pipe',
  ) {
    this.process = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: [stdio, 'pipe', 'pipe'],
    })
    this.process.stderr!.on('data', (b: Buffer) => (this.#log = (this.#log + b.toString()).slice(-8000)))
    this.#lines = createInterface({ input: this.process.stdout! })
    this.#lines.on('line', (line) => {
      const next = this.#waiting.shift()
      if (next) next(line)
      else this.#early.push(line)
    })
    this.ended = new Promise((done) => {
      const over = (why: string, code: number | null) => {
        this.#over = new Error(`${name} ${why}\n${this.#log}`)
        for (const w of this.#waiting.splice(0)) w(this.#over)
        done(code)
      }
      this.process.once('error', (e) => over(`could not be started: ${e.message}`, null))
      this.process.once('close', (code, signal) => over(`ended with ${code ?? signal}`, code))
    })
  }

  /** The next line it says; fails when it ends instead. */
  line(): Promise<string> {
    const early = this.#early.shift()
    if (early !== undefined) return Promise.resolve(early)
    if (this.#over) return Promise.reject(this.#over)
    return new Promise((done, fail) => this.#waiting.push((l) => (typeof l === 'string' ? done(l) : fail(l))))
  }

  say(line: string): void {
    this.process.stdin!.write(line + '\n')
  }

  async end(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.stdin?.end()
      this.process.kill('SIGTERM')
      const hard = setTimeout(() => this.process.kill('SIGKILL'), 5000)
      await this.ended
      clearTimeout(hard)
    }
  }
}

export interface Address {
  socket: string
  user: string
  port: string
  password: string
}

/** A private PostgreSQL with the sample database, on a socket and on loopback with a password. */
export class Postgres {
  private constructor(
    readonly dir: string,
    readonly address: Address,
    readonly program: Program,
  ) {}

  static async start(): Promise<Postgres> {
    const dir = makeDirectory()
    const program = new Program('the test server', browserhost, ['server', dir])
    return new Postgres(dir, JSON.parse(await program.line()) as Address, program)
  }

  /** Takes the server away under its users, and brings it back. */
  async restart(): Promise<void> {
    for (const order of ['stop', 'start']) {
      this.program.say(order)
      await this.program.line()
    }
  }

  async end(): Promise<void> {
    this.program.say('stop')
    await this.program.line()
    this.program.process.stdin!.end()
    await this.program.ended
    removeDirectory(this.dir)
  }
}

/** No keyring, whatever this computer has. */
const noBus = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' }

/** One Tusk: its data directory is its own, the sample's server is shared. */
export class Host {
  url = ''
  /** of all its runs */
  readonly origins: string[] = []
  program!: Program

  private constructor(
    readonly dir: string,
    readonly args: string[],
    readonly env: NodeJS.ProcessEnv,
  ) {}

  static async start(sampleDir: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Host> {
    const dir = makeDirectory()
    symlinkSync(join(sampleDir, 'sample'), join(dir, 'sample'))
    const host = new Host(dir, args, env)
    await host.#run()
    return host
  }

  async #run(): Promise<void> {
    this.program = new Program(
      'browserhost',
      browserhost,
      ['-dist', 'frontend/dist', '-data-dir', this.dir, ...this.args],
      {
        PGHOST: undefined,
        PGUSER: undefined,
        PGDATABASE: undefined,
        PGPORT: undefined,
        ...noBus,
        ...this.env,
      },
      'ignore',
    )
    this.url = await this.program.line()
    this.origins.push(new URL(this.url).origin)
  }

  /** Ends it, by force if told so, and starts another on its directory. */
  async again(signal?: 'SIGKILL'): Promise<void> {
    if (signal) {
      this.program.process.kill(signal)
      await this.program.ended
    } else await this.program.end()
    await this.#run()
  }

  async #ask(method: string, path: string): Promise<string> {
    const url = new URL(this.url)
    url.pathname = path
    const answer = await fetch(url, { method })
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
    return answer.text()
  }

  clipboard(): Promise<string> {
    return this.#ask('GET', '/api/clipboard')
  }
  /** The window's close button. */
  close(): Promise<string> {
    return this.#ask('POST', '/api/close')
  }

  async end(): Promise<void> {
    await this.program.end()
    removeDirectory(this.dir)
  }
}
