// Connections that are saved, and what is known of the store their passwords are in.
import type { Backend } from '../api/backend'
import type { SecretHealth, StoredProfile } from '../api/types'
import type { Notices } from './notices.svelte'

export class Profiles {
  #backend: Backend
  #list = $state.raw<StoredProfile[]>([])
  #secrets = $state.raw<SecretHealth | null>(null)
  #warned = ''

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend
    backend.on('profile', (p) => (this.#list = this.#list.map((x) => (x.id === p.id ? p : x))))
    backend.on('secrets', (s) => {
      this.#secrets = s
      if (s.warning && s.warning !== this.#warned) notices.bar({ tone: 'warn', title: s.warning })
      this.#warned = s.warning || this.#warned
    })
  }

  /** in the order they are shown */
  get list(): StoredProfile[] {
    return this.#list
  }
  /** null until somebody has asked */
  get secrets(): SecretHealth | null {
    return this.#secrets
  }

  byId(id: string): StoredProfile | undefined {
    return this.#list.find((p) => p.id === id)
  }

  /** What the window was started with. */
  begin(list: StoredProfile[]): void {
    this.#list = list
  }

  /** Asks the store of passwords how it is. It never asks the person. */
  async check(): Promise<void> {
    this.#secrets = await this.#backend.system.checkSecrets()
  }

  /** Saves a connection; without more, its password stays where it is. Answers how it stands now. */
  async save(p: StoredProfile, password = '', remember = p.hasPassword): Promise<StoredProfile> {
    const saved = await this.#backend.connections.saveProfile({ profile: p, password, remember })
    await this.read()
    return saved
  }

  async remove(p: StoredProfile): Promise<void> {
    await this.#backend.connections.deleteProfile({ id: p.id })
    await this.read()
  }

  /** Saves connections beside those that are there; answers how many. */
  async take(profiles: StoredProfile[]): Promise<number> {
    const { count } = await this.#backend.connections.import({ profiles })
    await this.read()
    return count
  }

  async forgetPassword(p: StoredProfile): Promise<void> {
    await this.#backend.connections.forgetPassword({ id: p.id })
    await this.read()
  }

  /** Reads the list anew. */
  async read(): Promise<void> {
    this.#list = await this.#backend.connections.profiles()
  }
}
