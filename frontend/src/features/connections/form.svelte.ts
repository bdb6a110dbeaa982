// What is typed in the connection dialog. It lives as long as the window, so that nothing typed is lost.
import type { Diagnosis, ErrorInfo, Option, Profile, Remedy, StoredProfile } from '../../lib/api/types'
import type { Identity } from '../../lib/state/connections.svelte'
import type { Seed } from '../../lib/state/dialog'
import type { Workspace } from '../../lib/state/workspace.svelte'

export const colors = ['red', 'orange', 'amber', 'green', 'teal', 'blue', 'violet', 'gray'] as const
export type Group = 'general' | 'tls' | 'advanced'
/** Settings that have a place of their own in the first tab. */
const placed = new Set(['host', 'port', 'dbname', 'user', 'password'])

export class ConnectForm {
  name = $state('')
  color = $state('')
  password = $state('')
  /** the password goes into the system's store, or stays there */
  remember = $state(true)
  settings = $state<Record<string, string>>({})
  notes = $state.raw<string[]>([])
  error = $state.raw<ErrorInfo | null>(null)
  /** the saved connection that is in the form; null for one that is not saved */
  stored = $state.raw<StoredProfile | null>(null)
  diagnosis = $state.raw<Diagnosis | null>(null)
  group = $state<Group>('general')
  /** the heading it is saved under */
  folder = $state('')
  remarks = $state('')

  fill(seed: Seed): void {
    this.name = seed.profile.name
    this.color = seed.profile.color || this.color
    this.settings = { ...seed.profile.settings }
    this.password = seed.password
    this.notes = seed.notes ?? []
    this.folder = seed.stored?.group ?? ''
    this.remarks = seed.stored?.notes ?? ''
    this.stored = seed.stored ?? null
    this.remember = this.stored?.hasPassword ?? true
    this.error = seed.error ?? null
    this.diagnosis = null
  }

  /** What to connect with; empty fields are left to their defaults. */
  get profile(): Profile {
    const settings = Object.entries(this.settings).filter(([, v]) => v.trim() !== '')
    return { name: this.name.trim(), color: this.color, settings: Object.fromEntries(settings) }
  }

  /** Whom to connect as. */
  get identity(): Identity {
    return { profileId: this.stored?.id ?? '', password: this.password, remember: this.remember }
  }

  /** What to save: the saved one with what the form says, or a new one. */
  get toSave(): StoredProfile {
    const fresh = {
      id: '',
      group: '',
      order: 0,
      favourite: false,
      notes: '',
      hasPassword: false,
    }
    const { folder, remarks } = this
    return { ...fresh, ...this.stored, profile: this.profile, group: folder.trim(), notes: remarks }
  }

  /** Shows how it stands now that it was saved as asked. What was typed since then stays. */
  took(asked: StoredProfile, password: string, now: StoredProfile): void {
    const [before, after] = [asked.profile.settings, now.profile.settings]
    for (const key of Object.keys({ ...this.settings, ...after })) {
      const here = this.settings[key]?.trim() ? this.settings[key] : ''
      if (here === (before[key] ?? '')) this.settings[key] = after[key] ?? ''
    }
    if (this.folder.trim() === asked.group) this.folder = now.group
    if (this.remarks === asked.notes) this.remarks = now.notes
    if (now.hasPassword && this.password === password) this.password = ''
    this.stored = now
  }

  /** The sentence beside the field the error is about. */
  errorOf(key: string): string {
    const error = this.error ?? this.diagnosis?.error
    return error?.fields?.setting === key ? error.title : ''
  }

  /** What a test found. A failure goes to the field it names. */
  found(diagnosis: Diagnosis, options: Option[]): void {
    if (diagnosis.error) this.#goTo(diagnosis.error.fields?.setting, options)
    this.error = null
    this.diagnosis = diagnosis
  }

  /** Sets what the doctor proposes; what was found no longer holds. */
  remedy(r: Remedy): void {
    this.settings[r.setting] = r.value
    this.diagnosis = null
  }

  /** Keeps the error and goes to the tab of the field it names. */
  fail(error: ErrorInfo, options: Option[]): void {
    this.error = error
    this.diagnosis = null
    this.#goTo(error.fields?.setting, options)
  }

  #goTo(setting: string | undefined, options: Option[]): void {
    const group = options.find((o) => o.key === setting)?.group
    if (group === 'ssh') this.group = 'general'
    else if (group) this.group = group as Group
    else if (setting && placed.has(setting)) this.group = 'general'
  }
}

/** The options a tab shows as plain rows. */
export function optionsOf(options: Option[], group: Group): Option[] {
  return options.filter((o) => o.group === group && !placed.has(o.key))
}

const forms = new WeakMap<Workspace, ConnectForm>()

export function formOf(workspace: Workspace): ConnectForm {
  const form = forms.get(workspace) ?? new ConnectForm()
  forms.set(workspace, form)
  return form
}

export function forgetForm(workspace: Workspace): void {
  forms.delete(workspace)
}
