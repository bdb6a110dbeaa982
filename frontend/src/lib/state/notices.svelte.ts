// What the window tells: toasts in the corner, bars under the title, and one passing line in the status bar.
import { decode } from '../api/client'
import { treatments } from '../api/errors'
import type { ErrorInfo } from '../api/types'

export type Tone = 'ok' | 'warn' | 'error' | 'info'
export interface NoticeAction {
  label: string
  run: () => void
}
export interface Told {
  id: number
  tone: Tone
  title: string
  detail?: string
  actions?: NoticeAction[]
}

/** How long a toast is there that needs nothing done. */
const toastMs = 6000

export class Notices {
  #toasts = $state.raw<Told[]>([])
  #bars = $state.raw<Told[]>([])
  #said = $state('')
  /** those that stay, since a person wanted to read all of them */
  readonly #read = new Set<number>()
  #next = 1
  #saying: ReturnType<typeof setTimeout> | undefined
  /** opens the health panel; set by the workspace */
  openHealth: () => void = () => undefined
  /** a dialog lies over the toasts; set by the workspace */
  covered: () => boolean = () => false

  get toasts(): Told[] {
    return this.#toasts
  }
  get bars(): Told[] {
    return this.#bars
  }
  /** a passing line, such as what was copied */
  get said(): string {
    return this.#said
  }

  /** Errors and toasts with an action stay until they are dismissed, others go by themselves. What is told again is new. */
  toast(told: Omit<Told, 'id'>): void {
    const id = this.#next++
    const others = this.#toasts.filter((t) => t.title !== told.title || t.detail !== told.detail)
    this.#toasts = [...others.slice(-3), { ...told, id }]
    if (told.tone !== 'error' && !told.actions) this.#fade(id)
  }

  /** A toast that lies under a dialog waits until it was seen, and one that is read stays. */
  #fade(id: number): void {
    setTimeout(() => {
      if (this.covered()) this.#fade(id)
      else if (!this.#read.has(id)) this.dismiss(id)
    }, toastMs)
  }
  keep(id: number): void {
    this.#read.add(id)
  }

  /** Answers its id; a bar that says the same is not shown twice. */
  bar(told: Omit<Told, 'id'>): number {
    const same = this.#bars.find((b) => b.title === told.title)
    if (same) return same.id
    const id = this.#next++
    this.#bars = [...this.#bars, { ...told, id }]
    return id
  }

  dismiss(id: number): void {
    this.#read.delete(id)
    this.#toasts = this.#toasts.filter((t) => t.id !== id)
    this.#bars = this.#bars.filter((b) => b.id !== id)
  }

  say(text: string): void {
    clearTimeout(this.#saying)
    this.#said = text
    this.#saying = setTimeout(() => (this.#said = ''), 5000)
  }

  /** Shows an error that has no place of its own, where its kind says. */
  report(thrown: unknown): void {
    const { info } = decode(thrown)
    const { surface, action } = treatments[info.kind]
    if (surface === 'silent') return
    const actions = action === 'health' ? [{ label: 'Open health', run: () => this.openHealth() }] : undefined
    const { title, message, hint } = info
    if (surface === 'bar')
      this.bar({ tone: 'error', title, detail: [message, hint].filter(Boolean).join(' '), actions })
    else this.failed(info, actions)
  }

  /** Tells of an error in the corner: what to do comes before the words of whoever refused. */
  failed({ title, message, hint }: ErrorInfo, actions?: NoticeAction[]): void {
    this.toast({ tone: 'error', title, detail: [hint, message].filter(Boolean).join('\n'), actions })
  }
}
