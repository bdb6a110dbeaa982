// Connections that are saved, and what is known of the store their passwords are in.
import type { Backend } from '../api/backend'
import type { SecretHealth, StoredProfile } from '../api/types'
import type { Notices } from './notices.svelte'

export class Profiles {
  #backend: Backend
  #notices: Notices
  #list = $state.raw<StoredProfile[]>([])
  #secrets = $state.raw<SecretHealth | null>(null)
  #warned = ''

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend
    this.#notices = notices
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

  /**
   * Saves a connection; without more, its password stays where it is. base is how it was when it was read to be changed.
   * What another window has changed since is told. Answers how it stands now.
   */
  async save(
    p: StoredProfile,
    password = '',
    remember = p.hasPassword,
    base: StoredProfile | null = this.byId(p.id) ?? null,
  ): Promise<StoredProfile> {
    const { profile, notes } = await this.#backend.connections.saveProfile({
      profile: p,
      base,
      password,
      remember,
    })
    if (notes.length > 0)
      this.#notices.toast({ tone: 'warn', title: 'Saved beside another window', detail: notes.join(' ') })
    await this.read()
    return profile
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
