// A session bus and a real GNOME Keyring of a test's own.
import { spawn, execFileSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeDirectory, removeDirectory } from './processes'

export class Keyring {
  readonly env: NodeJS.ProcessEnv
  #dir: string
  #bus: ChildProcess
  #daemon: ChildProcess

  private constructor(dir: string, env: NodeJS.ProcessEnv, bus: ChildProcess, daemon: ChildProcess) {
    this.#dir = dir
    this.env = env
    this.#bus = bus
    this.#daemon = daemon
  }

  /** A keyring that is open and, without a display, cannot ask. */
  static async start(): Promise<Keyring> {
    const dir = makeDirectory()
    const run = join(dir, 'run')
    mkdirSync(run, { mode: 0o700 })
    const conf = join(dir, 'bus.conf')
    writeFileSync(
      conf,
      `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=${run}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`,
    )
    const env = {
      HOME: dir,
      XDG_RUNTIME_DIR: run,
      XDG_DATA_HOME: join(dir, 'data'),
      DBUS_SESSION_BUS_ADDRESS: `unix:path=${run}/bus`,
    }
    const options = { env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '', ...env } }
    const bus = spawn('dbus-daemon', [`--config-file=${conf}`, '--nofork'], { ...options, stdio: 'ignore' })
    await until('the bus is there', () => existsSync(join(run, 'bus')))
    const daemon = spawn('gnome-keyring-daemon', ['--unlock', '--foreground', '--components=secrets'], {
      ...options,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    daemon.stdin.end('open sesame')
    const keyring = new Keyring(dir, env, bus, daemon)
    await until('the keyring is there', () => keyring.#call('ReadAlias', 'default').includes('collection/'))
    return keyring
  }

  lock(): void {
    this.#call('Lock', '[objectpath "/org/freedesktop/secrets/collection/login"]')
  }

  #call(method: string, argument: string): string {
    const to = ['--dest', 'org.freedesktop.secrets', '--object-path', '/org/freedesktop/secrets']
    const name = `org.freedesktop.Secret.Service.${method}`
    const env = { ...process.env, ...this.env }
    try {
      return execFileSync('gdbus', ['call', '--session', ...to, '--method', name, argument], {
        env,
        stdio: 'pipe',
      }).toString()
    } catch (thrown) {
      return String(thrown)
    }
  }

  end(): void {
    this.#daemon.kill('SIGKILL')
    this.#bus.kill('SIGKILL')
    removeDirectory(this.#dir)
  }
}

async function until(what: string, ok: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !ok();) {
    if (Date.now() > deadline)
      throw new Error(`waited in vain until ${what}: run build/scripts/setup.sh test`)
    await new Promise((done) => setTimeout(done, 20))
  }
}
