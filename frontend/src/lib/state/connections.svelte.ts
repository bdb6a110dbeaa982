// Connections that are open, and the one that is being made.
import type { Backend } from '../api/backend'
import { decode } from '../api/client'
import { newId } from './id'
import type { Connection, ConnectRequest, Diagnosis, Profile } from '../api/types'

/** A connection on its way. Its id was made here, so cancelling can never miss it. */
export interface Attempt {
  id: string
  what: string
  since: number
  /** the saved connection it is; '' for another */
  profileId: string
}

/** Who connects: with a password that was typed, or as a saved connection with the one that is kept for it. */
export type Identity = Pick<ConnectRequest, 'profileId' | 'password' | 'remember'>
const nobody: Identity = { profileId: '', password: '', remember: false }

/** How often, and how long apart in ms, a server that is starting up is asked. */
const startingTries = 10
const startingWait = 1000

export class Connections {
  #backend: Backend
  #list = $state.raw<Connection[]>([])
  #attempt = $state.raw<Attempt | null>(null)
  #test = $state.raw<Attempt | null>(null)

  constructor(backend: Backend) {
    this.#backend = backend
    backend.on('connection', (c) => {
      if (this.byId(c.id)) this.#put(c)
    })
  }

  get list(): Connection[] {
    return this.#list
  }
  get attempt(): Attempt | null {
    return this.#attempt
  }
  get test(): Attempt | null {
    return this.#test
  }

  byId(id: string): Connection | undefined {
    return this.#list.find((c) => c.id === id)
  }

  /** Connects; undefined when it was cancelled. Only one is made at a time. */
  connect(profile: Profile, as: Partial<Identity> = {}): Promise<Connection | undefined> {
    return this.#open(
      nameOf(profile),
      (id) => this.#backend.connections.connect({ ...nobody, ...as, connectionId: id, profile }),
      as.profileId,
    )
  }

  openSample(): Promise<Connection | undefined> {
    return this.#open('the sample database', (id) =>
      this.#backend.connections.openSample({ connectionId: id }),
    )
  }

  async #open(
    what: string,
    make: (id: string) => Promise<Connection>,
    profileId = '',
  ): Promise<Connection | undefined> {
    if (this.#attempt) return undefined
    const id = newId()
    this.#attempt = { id, what, since: Date.now(), profileId }
    try {
      const made = await this.#untilStarted(id, what, make)
      if (!made) return undefined
      if (this.#attempt?.id !== id) {
        void this.#backend.connections.disconnect({ connectionId: id }).catch(() => undefined)
        return undefined
      }
      this.#put(made)
      return made
    } catch (thrown) {
      if (this.#attempt?.id !== id) return undefined
      throw thrown
    } finally {
      if (this.#attempt?.id === id) this.#attempt = null
    }
  }

  /** Tries again while the server says that it is starting up; undefined when that was cancelled. */
  async #untilStarted(
    id: string,
    what: string,
    make: (id: string) => Promise<Connection>,
  ): Promise<Connection | undefined> {
    for (let n = 1; ; n++) {
      try {
        return await make(id)
      } catch (thrown) {
        if (this.#attempt?.id !== id) return undefined
        if (n === startingTries || decode(thrown).info.kind !== 'starting') throw thrown
        this.#attempt = { ...this.#attempt, what: `${what}, which is starting up: try ${n + 1}` }
        await new Promise((done) => setTimeout(done, startingWait))
        if (this.#attempt?.id !== id) return undefined
      }
    }
  }

  /** Gives the form back at once; the server side ends on its own. */
  cancel(): void {
    const attempt = this.#attempt
    if (!attempt) return
    this.#attempt = null
    void this.#backend.connections.disconnect({ connectionId: attempt.id }).catch(() => undefined)
  }

  /** Tries a connection without keeping it; undefined when it was cancelled. */
  async tryOut(profile: Profile, as: Partial<Identity> = {}): Promise<Diagnosis | undefined> {
    this.cancelTest()
    const id = newId()
    this.#test = { id, what: nameOf(profile), since: Date.now(), profileId: as.profileId ?? '' }
    try {
      const found = await this.#backend.connections.test({ ...nobody, ...as, connectionId: id, profile })
      return this.#test?.id === id ? found : undefined
    } catch (thrown) {
      if (this.#test?.id !== id) return undefined
      throw thrown
    } finally {
      if (this.#test?.id === id) this.#test = null
    }
  }

  cancelTest(): void {
    const test = this.#test
    if (!test) return
    this.#test = null
    void this.#backend.connections.disconnect({ connectionId: test.id }).catch(() => undefined)
  }

  async disconnect(id: string): Promise<void> {
    this.#list = this.#list.filter((c) => c.id !== id)
    await this.#backend.connections.disconnect({ connectionId: id })
  }

  /** What Go holds already, after the page was loaded again. */
  async refresh(): Promise<void> {
    for (const c of (await this.#backend.connections.list()) ?? []) this.#put(c)
  }

  #put(c: Connection): void {
    const at = this.#list.findIndex((x) => x.id === c.id)
    this.#list = at < 0 ? [...this.#list, c] : this.#list.map((x) => (x.id === c.id ? c : x))
  }
}

/** A profile's name, or what it is made of. */
export function nameOf(profile: Profile): string {
  const s = profile.settings
  return profile.name || s.dbname || s.host || s.user || 'the server'
}

/** The variable that holds a connection's colour; gray without one. */
export function colorOf(c: Pick<Connection, 'profile'> | undefined): string {
  return `var(--conn-${c?.profile.color || 'gray'})`
}
