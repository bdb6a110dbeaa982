import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import App from '../../App.svelte'
import {
  deferred,
  diagnosis,
  failure,
  FakeBackend,
  secretHealth,
  startup,
  storedProfile,
} from '../../lib/api/fake'
import type { Connection, ConnectRequest, Option, SavedProfile } from '../../lib/api/types'
import { Workspace } from '../../lib/state/workspace.svelte'

const option = (o: Partial<Option>): Option => ({
  key: '',
  label: '',
  group: 'general',
  kind: 'text',
  default: '',
  choices: [],
  help: '',
  ...o,
})
const options = [
  option({ key: 'host', label: 'Host', default: 'localhost' }),
  option({
    key: 'sslmode',
    label: 'Mode',
    group: 'tls',
    kind: 'choice',
    default: 'prefer',
    choices: [
      { value: 'prefer', label: 'prefer', help: '' },
      { value: 'verify-full', label: 'verify-full', help: '' },
    ],
  }),
  option({ key: 'sslrootcert', label: 'Root certificate', group: 'tls', kind: 'file' }),
  option({
    key: 'connect_timeout',
    label: 'Connect within',
    group: 'advanced',
    kind: 'number',
    default: '15',
  }),
]

let backend: FakeBackend
let ws: Workspace
const user = userEvent.setup()

async function open() {
  backend = new FakeBackend()
  backend.when('system.bootstrap', () => startup({ options }))
  ws = new Workspace(backend, false)
  render(App, { workspace: ws })
  await screen.findByText('Connect to PostgreSQL')
}
const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label)

afterEach(cleanup)
beforeEach(() => {
  Element.prototype.getClientRects = () => [{}] as unknown as DOMRectList
  Element.prototype.animate ??= vi.fn()
  return open()
})

describe('a pasted URL', () => {
  const url = 'postgresql+psycopg://app_rw:s3cret@db.roastery.example/roastery'

  it('is read back while it is typed and fills the form; nothing connects', async () => {
    backend.when('connections.parse', ({ text }) => ({
      profile: {
        name: '',
        color: '',
        settings: { host: text.length > 30 ? 'db.roastery.example' : '', user: 'app_rw' },
      },
      password: 's3cret',
      summary: 'app_rw at db.roastery.example, database roastery',
      notes: ['“+psycopg” is a driver name and was left out.'],
    }))
    await user.click(field('Connection URL'))
    await user.paste(url)
    await screen.findByText(/Read as app_rw at db\.roastery\.example/)
    expect(screen.getByText(/is a driver name/)).toBeTruthy()
    await user.keyboard('{Enter}')
    await screen.findByRole('dialog', { name: 'Connection' })
    expect(field('Host').value).toBe('db.roastery.example')
    expect(field('Role').value).toBe('app_rw')
    expect(field('Password').value).toBe('s3cret')
    expect(field('Password').type).toBe('password')
    expect(backend.called('connections.connect')).toEqual([])
  })

  it('goes into the field once, wherever it is pasted', async () => {
    ;(document.activeElement as HTMLElement).blur()
    const paste = new Event('paste', { bubbles: true, cancelable: true })
    Object.assign(paste, { clipboardData: { getData: () => url } })
    document.body.dispatchEvent(paste)
    await vi.waitFor(() => expect(field('Connection URL').value).toBe(url))
    // Else the engine pastes it too, into the field that has the focus by then.
    expect(paste.defaultPrevented).toBe(true)
  })

  it('that cannot be read says so beside it and stays', async () => {
    backend.when('connections.parse', () => {
      throw failure({ kind: 'config', title: 'This is no connection URL.' })
    })
    await user.click(field('Connection URL'))
    await user.paste('mysql://x')
    await screen.findByText(/This is no connection URL/)
    await user.keyboard('{Enter}')
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(field('Connection URL').value).toBe('mysql://x')
  })
})

describe('the connection dialog', () => {
  async function filled() {
    await user.keyboard('{Control>}n{/Control}')
    await screen.findByRole('dialog', { name: 'Connection' })
    await user.type(field('Host'), 'db.roastery.example')
    await user.type(field('Role'), 'app_rw')
    await user.type(field('Password'), 'wrong')
  }

  it('keeps everything typed when the server says no, and says what it said', async () => {
    backend.when('connections.connect', () => {
      throw failure({
        kind: 'auth_failed',
        title: 'The server refused the password.',
        hint: 'Type it again.',
        message: 'password authentication failed',
        code: '28P01',
        fields: { setting: 'password' },
      })
    })
    await filled()
    await user.keyboard('{Control>}{Enter}{/Control}')
    await screen.findAllByText('The server refused the password.')
    expect(screen.getByText('28P01')).toBeTruthy()
    expect(screen.getByText('Type it again.')).toBeTruthy()
    expect(field('Host').value).toBe('db.roastery.example')
    expect(field('Password').value).toBe('wrong')
    expect(field('Password').getAttribute('aria-invalid')).toBe('true')
    expect(field('Host').getAttribute('aria-invalid')).toBe('false')
  })

  it('goes to the tab of the setting that is wrong', async () => {
    backend.when('connections.test', () => {
      throw failure({ kind: 'config', title: 'That file is not there.', fields: { setting: 'sslrootcert' } })
    })
    await filled()
    await user.click(screen.getByRole('button', { name: /Test connection/ }))
    await screen.findAllByText('That file is not there.')
    expect(screen.getByRole('tab', { name: /TLS/ }).getAttribute('aria-selected')).toBe('true')
    expect(field('Root certificate').getAttribute('aria-invalid')).toBe('true')
  })

  it('sends what is set and nothing else, and opens a tab', async () => {
    await filled()
    await user.click(screen.getByRole('tab', { name: 'TLS' }))
    await user.selectOptions(screen.getByLabelText('Mode', { selector: 'select' }), 'verify-full')
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: /^Connect/ }))
    await waitFor(() => expect(ws.tabs).toHaveLength(1))
    const [req] = backend.called<ConnectRequest>('connections.connect')
    expect(req!.profile.settings).toEqual({
      host: 'db.roastery.example',
      user: 'app_rw',
      sslmode: 'verify-full',
    })
    expect(req!.password).toBe('wrong')
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('cancels a connect and gives the form back as it was', async () => {
    const never = deferred<Connection>()
    backend.when('connections.connect', () => never.promise)
    await filled()
    await user.keyboard('{Control>}{Enter}{/Control}')
    await screen.findByText(/^Trying/)
    await user.keyboard('{Escape}')
    expect(ws.connections.attempt).toBeNull()
    expect(screen.getByRole('dialog', { name: 'Connection' })).toBeTruthy()
    expect(field('Role').value).toBe('app_rw')
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    await user.keyboard('{Control>}n{/Control}')
    await screen.findByRole('dialog', { name: 'Connection' })
    expect(field('Role').value).toBe('app_rw')
  })
})

describe('the doctor', () => {
  const broken = diagnosis({
    stages: [
      { name: 'tcp', label: 'TCP', state: 'ok', elapsedUs: 800, says: 'port 5432 accepted', facts: [] },
      {
        name: 'tls',
        label: 'TLS',
        state: 'failed',
        elapsedUs: 48_000,
        says: 'The certificate is for another name.',
        facts: [{ label: 'It says', value: 'pg-1.example' }],
        remedy: { label: 'Use pg-1.example', setting: 'host', value: 'pg-1.example' },
      },
      { name: 'auth', label: 'Authentication', state: 'unreached', elapsedUs: 0, says: '', facts: [] },
    ],
    error: failure({
      kind: 'tls_hostname',
      group: 'tls',
      title: 'The certificate is for another name.',
      hint: 'Use the name in the certificate.',
      fields: { setting: 'host' },
    }).info,
    report: undefined,
  })

  it('opens the stage that failed, marks its field, and sets what it proposes', async () => {
    backend.when('connections.test', () => broken)
    await user.keyboard('{Control>}n{/Control}')
    await user.click(await screen.findByRole('button', { name: 'Test connection' }))
    const open = await screen.findByRole('alert')
    expect(open.textContent).toContain('pg-1.example')
    expect(open.textContent).toContain('Use the name in the certificate.')
    expect(screen.getByText('stopped at TLS')).toBeTruthy()
    expect(screen.getByText('not reached')).toBeTruthy()
    expect(field('Host').getAttribute('aria-invalid')).toBe('true')
    await user.click(within(open).getByRole('button', { name: 'Use pg-1.example' }))
    expect(field('Host').value).toBe('pg-1.example')
    expect(screen.queryByRole('alert')).toBeNull()
    expect(field('Host').getAttribute('aria-invalid')).not.toBe('true')
  })
})

describe('a saved connection', () => {
  const kept = storedProfile({ id: 'p9', hasPassword: true, group: 'Roastery', order: 1 })

  async function begun(list = [kept]) {
    cleanup()
    backend = new FakeBackend()
    backend.when('system.bootstrap', () => startup({ options, profiles: list }))
    backend.when('connections.profiles', () => list)
    ws = new Workspace(backend, false)
    render(App, { workspace: ws })
    return screen.findByRole('button', { name: /^Roastery staging/ })
  }

  it('is opened by one click, as itself and without a password of the window', async () => {
    await user.click(await begun())
    await waitFor(() => expect(ws.tabs).toHaveLength(1))
    const [req] = backend.called<ConnectRequest>('connections.connect')
    expect(req).toMatchObject({ profileId: 'p9', password: '', remember: false })
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('that cannot be opened as it is comes into the form, with why', async () => {
    const button = await begun()
    backend.when('connections.connect', () => {
      throw failure({ kind: 'secret', title: 'The keyring is locked.', fields: { setting: 'password' } })
    })
    await user.click(button)
    await screen.findAllByText('The keyring is locked.')
    expect(field('Password').getAttribute('aria-invalid')).toBe('true')
    backend.when('connections.connect', () => deferred<Connection>().promise)
    await user.type(field('Password'), 'typed')
    await user.keyboard('{Control>}{Enter}{/Control}')
    const req = backend.called<ConnectRequest>('connections.connect').at(-1)
    expect(req).toMatchObject({ profileId: 'p9', password: 'typed', remember: true })
  })

  it('can have its password typed while the keyring is waited for', async () => {
    const button = await begun()
    backend.when('connections.connect', () => deferred<Connection>().promise)
    await user.click(button)
    backend.emit('secrets', secretHealth({ state: 'locked', waiting: true }))
    await screen.findByText(/Waiting for the keyring/)
    await user.click(screen.getByRole('button', { name: 'Type the password instead' }))
    await screen.findByRole('dialog', { name: 'Connection' })
    expect(ws.connections.attempt).toBeNull()
    expect(backend.called('connections.disconnect')).toHaveLength(1)
  })

  it('keeps its password in the keyring, or says why not', async () => {
    await begun()
    backend.when('system.checkSecrets', () =>
      secretHealth({ state: 'unavailable', reason: 'No keyring is running.', remedy: 'Start one.' }),
    )
    await user.keyboard('{Control>}n{/Control}')
    await screen.findByText(/No keyring is running\. Start one\./)
    expect(field('Remember password').disabled).toBe(true)
    backend.emit('secrets', secretHealth())
    await waitFor(() => expect(field('Remember password').disabled).toBe(false))
    await user.type(field('Password'), 'geheim')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    await screen.findByText('Saved, with its password.')
    expect(backend.called('connections.saveProfile')).toMatchObject([
      { password: 'geheim', remember: true, profile: { id: '' } },
    ])
    expect(field('Password').value).toBe('')
  })

  it('says what another window has changed, and shows it', async () => {
    await begun([kept])
    const theirs = { ...kept, group: 'Elsewhere', profile: { ...kept.profile, settings: { host: 'moved' } } }
    backend.when('connections.saveProfile', () => ({
      profile: theirs,
      notes: ['Another window has changed “Host”; that is kept.'],
    }))
    await user.click(screen.getAllByRole('button', { name: 'More' })[0]!)
    await user.click(screen.getByRole('menuitem', { name: /^Edit/ }))
    await user.type(field('Name'), '!')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    await screen.findByText('Another window has changed “Host”; that is kept.')
    expect(backend.called('connections.saveProfile')[0]).toMatchObject({
      base: kept,
      profile: { profile: { name: `${kept.profile.name}!` } },
    })
    expect([field('Host').value, field('Group').value]).toEqual(['moved', 'Elsewhere'])
  })

  it('saves once, and keeps what is typed meanwhile', async () => {
    await begun([kept])
    const slow = deferred<SavedProfile>()
    backend.when('connections.saveProfile', () => slow.promise)
    await user.click(screen.getAllByRole('button', { name: 'More' })[0]!)
    await user.click(screen.getByRole('menuitem', { name: /^Edit/ }))
    await user.dblClick(screen.getByRole('button', { name: 'Save' }))
    expect(backend.called('connections.saveProfile')).toHaveLength(1)
    await user.clear(field('Host'))
    await user.type(field('Host'), 'typed.meanwhile')
    slow.resolve({ profile: { ...kept, group: 'Elsewhere' }, notes: [] })
    await waitFor(() => expect(field('Group').value).toBe('Elsewhere'))
    expect(field('Host').value).toBe('typed.meanwhile')
  })

  it('goes through SSH, and says so', async () => {
    const ssh = { host: 'db', ssh_host: 'bastion', ssh_user: 'ada' }
    await begun([{ ...kept, profile: { ...kept.profile, settings: ssh } }])
    await user.click(screen.getAllByRole('button', { name: 'More' })[0]!)
    await user.click(screen.getByRole('menuitem', { name: /^Edit/ }))
    await screen.findByText('SSH ada@bastion')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(backend.called('connections.saveProfile')).toHaveLength(1))
    expect(backend.called('connections.saveProfile')).toMatchObject([
      { profile: { profile: { settings: ssh } } },
    ])
    await user.click(screen.getByRole('button', { name: 'Connect without SSH' }))
    expect(screen.queryByText('SSH ada@bastion')).toBeNull()
  })

  it('is told of once when the keyring cannot be used', async () => {
    await begun()
    for (const held of [1, 2])
      backend.emit('secrets', secretHealth({ warning: 'No keyring. Start one.', held }))
    expect(await screen.findAllByText('No keyring. Start one.')).toHaveLength(1)
  })

  it('moves among those of its group, and is brought back after it was deleted', async () => {
    const other = storedProfile({ id: 'p8', group: 'Roastery', profile: { ...kept.profile, name: 'Other' } })
    await begun([other, kept])
    await user.click(screen.getAllByRole('button', { name: 'More' })[1]!)
    await user.click(screen.getByRole('menuitem', { name: 'Move up' }))
    await waitFor(() => expect(backend.called('connections.saveProfile')).toHaveLength(2))
    expect(backend.called('connections.saveProfile')).toMatchObject([
      { profile: { id: 'p9', order: 0 }, remember: true },
      { profile: { id: 'p8', order: 1 }, remember: false },
    ])
    await user.click(screen.getAllByRole('button', { name: 'More' })[1]!)
    await user.click(screen.getByRole('menuitem', { name: 'Delete' }))
    await user.click(await screen.findByRole('button', { name: 'Bring it back' }))
    expect(backend.called('connections.saveProfile').at(-1)).toMatchObject({
      profile: { id: 'p9' },
      remember: false,
    })
  })
})
