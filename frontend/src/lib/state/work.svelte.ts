// Keeps what lies open: what has changed is saved soon after, one save at a time, so that typing never waits.
import type { Backend } from '../api/backend'
import { decode } from '../api/client'
import type { Connection, Layout, OpenTab, Origin } from '../api/types'
import type { Notices } from './notices.svelte'
import type { Place } from './place'
import type { Tab } from './tab.svelte'

/** ms after the last change, and after the first that is not saved. */
const after = 200
const within = 500
/** A text longer than this, in characters, takes a while to hand over: it is saved in longer steps. */
const long = 1_000_000
const longer = 8
/** ms without a key after which none is on its way, and ms that keys are waited for. */
const quiet = 100
const arriving = 400
/** ms until a save that failed is tried again. */
const again = 3000

/** What is open, as far as saving goes. */
export interface Open {
  readonly tabs: Tab[]
  readonly layout: Layout
  /** nothing can be kept, and the person was told */
  readonly unkept: boolean
  textOf(tab: Tab): string
  placeOf(tab: Tab): Place
}

export class Work {
  #backend: Backend
  #notices: Notices
  #open: Open
  /** What a tab is beside its text, as it was seen last. */
  #seen = new Map<string, string>()
  #layout = ''
  #changed = new Set<string>()
  #layoutChanged = false
  #closed: OpenTab[] = []
  #gone = new Set<string>()
  #since = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #saving: Promise<void> | null = null
  #slow = 1
  #failing = false

  constructor(backend: Backend, notices: Notices, open: Open) {
    this.#backend = backend
    this.#notices = notices
    this.#open = open
  }

  /** Takes what was restored for saved. */
  restored(layout: Layout): void {
    for (const tab of this.#open.tabs) this.#seen.set(tab.id, meta(tab))
    this.#layout = JSON.stringify(layout)
  }

  /** The text of a tab, its cursor or what is in view of it has changed. */
  touch(id: string): void {
    this.#changed.add(id)
    this.#schedule()
  }

  /** The window has another size or place. */
  resized(): void {
    this.#layoutChanged = true
    this.#schedule()
  }

  /** Looks for changes of all that is no text. Reads what it depends on, so that an effect can call it. */
  look(): void {
    const { tabs, layout } = this.#open
    for (const tab of tabs) {
      const now = meta(tab)
      if (this.#seen.get(tab.id) === now) continue
      this.#seen.set(tab.id, now)
      this.touch(tab.id)
    }
    const now = JSON.stringify(layout)
    if (now !== this.#layout) {
      this.#layout = now
      this.resized()
    }
  }

  /** A tab was closed; it is kept for reopening when a record is given. */
  closed(id: string, record?: OpenTab): void {
    this.#seen.delete(id)
    this.#changed.delete(id)
    if (record) this.#closed.push(record)
    else this.#gone.add(id)
    this.#schedule()
  }

  /** The tab as it is kept. */
  record(tab: Tab): OpenTab {
    return {
      id: tab.id,
      title: tab.title,
      text: this.#open.textOf(tab),
      origin: tab.origin,
      connectionId: tab.connectionId,
      ...this.#open.placeOf(tab),
      manualCommit: tab.manualCommit,
      continueOnError: tab.continueOnError,
      file: tab.file,
      dirty: tab.dirty,
      closedAt: 0,
    }
  }

  /** Saves all that is not saved, now. */
  async flush(): Promise<void> {
    if (this.#saving) await this.#saving
    if (this.#pending) await this.#save()
  }

  /** The window goes: saves all that is not saved, and says so. Keys pressed before may still be on their way. */
  async leave(): Promise<void> {
    for (const until = Date.now() + arriving; ;) {
      await this.flush()
      await new Promise((done) => setTimeout(done, quiet))
      if (!this.#pending || Date.now() > until) break
    }
    await this.flush()
    await this.#backend.work.save({ tabs: [], gone: [], layout: null, leaving: true })
  }

  get #pending(): boolean {
    return this.#changed.size + this.#closed.length + this.#gone.size > 0 || this.#layoutChanged
  }

  #schedule(): void {
    const now = Date.now()
    if (!this.#since) this.#since = now
    if (this.#saving || this.#failing) return // which looks again when it is done
    clearTimeout(this.#timer)
    const wait = Math.min(after * this.#slow, this.#since + within * this.#slow - now)
    this.#timer = setTimeout(() => void this.flush(), Math.max(0, wait))
  }

  #save(): Promise<void> {
    clearTimeout(this.#timer)
    const closed = this.#closed
    const gone = [...this.#gone]
    const changed = [...this.#changed]
    const layoutChanged = this.#layoutChanged
    const tabs = this.#open.tabs.filter((t) => this.#changed.has(t.id)).map((t) => this.record(t))
    this.#slow = tabs.some((t) => t.text.length > long) ? longer : 1
    this.#closed = []
    this.#gone = new Set()
    this.#changed = new Set()
    this.#layoutChanged = false
    this.#since = 0
    const layout = layoutChanged ? this.#open.layout : null
    this.#saving = this.#backend.work
      .save({ tabs: [...tabs, ...closed], gone, layout, leaving: false })
      .then(() => this.#works())
      .catch((thrown: unknown) => {
        for (const id of changed) this.#changed.add(id)
        for (const id of gone) this.#gone.add(id)
        this.#closed = [...closed, ...this.#closed]
        this.#layoutChanged ||= layoutChanged
        this.#fails(thrown)
      })
      .finally(() => {
        this.#saving = null
        if (this.#pending) this.#schedule()
      })
    return this.#saving
  }

  #works(): void {
    if (!this.#failing) return
    this.#failing = false
    this.#notices.say('Open tabs are saved again')
  }

  #fails(thrown: unknown): void {
    const { info } = decode(thrown)
    if (!this.#failing && !this.#open.unkept)
      this.#notices.bar({
        tone: 'warn',
        title: info.title,
        detail: [info.message, 'What you type lasts for this run until they can be.']
          .filter(Boolean)
          .join(' '),
      })
    this.#failing = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), again)
  }
}

function meta(t: Tab): string {
  return JSON.stringify([
    t.title,
    t.origin,
    t.connectionId,
    t.manualCommit,
    t.continueOnError,
    t.file,
    t.dirty,
  ])
}

/** What is kept of a connection, to make it again. */
export function originOf(c: Connection): Origin {
  const { name, color, settings } = c.profile
  return { profileId: c.profileId, profile: { name, color, settings }, sample: c.sample }
}

/** May the connection stand in for the one a tab was on? */
export function isOf(origin: Origin | null | undefined, c: Connection): boolean {
  if (!origin) return true
  if (origin.sample || c.sample) return origin.sample && c.sample
  const place = (settings: Record<string, string>) =>
    ['host', 'port', 'dbname', 'user', 'service'].map((k) => settings[k] ?? '').join('\n')
  return place(origin.profile.settings ?? {}) === place(c.profile.settings)
}
