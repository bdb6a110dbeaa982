// What is typed in the connection dialog. It lives as long as the window, so that nothing typed is lost.
import type { ErrorInfo, Option, Profile, Report } from '../../lib/api/types'
import type { Seed, Workspace } from '../../lib/state/workspace.svelte'

export const colors = ['red', 'orange', 'amber', 'green', 'teal', 'blue', 'violet', 'gray'] as const
export type Group = 'general' | 'tls' | 'advanced'
/** Settings that have a place of their own in the first tab. */
const placed = new Set(['host', 'port', 'dbname', 'user', 'password'])

export class ConnectForm {
  name = $state('')
  color = $state('')
  password = $state('')
  settings = $state<Record<string, string>>({})
  notes = $state.raw<string[]>([])
  error = $state.raw<ErrorInfo | null>(null)
  report = $state.raw<Report | null>(null)
  group = $state<Group>('general')

  fill(seed: Seed): void {
    this.name = seed.profile.name
    this.color = seed.profile.color || this.color
    this.settings = { ...seed.profile.settings }
    this.password = seed.password
    this.notes = seed.notes ?? []
    this.error = null
    this.report = null
  }

  /** What to connect with; empty fields are left to their defaults. */
  get profile(): Profile {
    const settings = Object.entries(this.settings).filter(([, v]) => v.trim() !== '')
    return { name: this.name.trim(), color: this.color, settings: Object.fromEntries(settings) }
  }

  /** The sentence beside the field the error is about. */
  errorOf(key: string): string {
    return this.error?.fields?.setting === key ? this.error.title : ''
  }

  /** Keeps the error and goes to the tab of the field it names. */
  fail(error: ErrorInfo, options: Option[]): void {
    this.error = error
    this.report = null
    const setting = error.fields?.setting
    const group = options.find((o) => o.key === setting)?.group
    if (group) this.group = group as Group
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
