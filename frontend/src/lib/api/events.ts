// Names and payloads of what Go sends unasked; backend/events.go is the other half.
import type {
  CatalogEvent,
  Closing,
  Connection,
  ExportState,
  ImportState,
  SecretHealth,
  Snapshot,
  StoredProfile,
  StoreHealth,
  WorkState,
} from './types'

export interface Events {
  run: Snapshot
  connection: Connection
  catalog: CatalogEvent
  store: StoreHealth
  secrets: SecretHealth
  profile: StoredProfile
  closing: Closing
  export: ExportState
  import: ImportState
  work: WorkState
  handedOver: null
  leaving: null
}

export type EventName = keyof Events
export const eventNames: readonly EventName[] = [
  'run',
  'connection',
  'catalog',
  'store',
  'secrets',
  'profile',
  'closing',
  'export',
  'import',
  'work',
  'handedOver',
  'leaving',
]

export type Stop = () => void

/** Listeners by name; both bridges and the fake deliver into one of these. */
export class Listeners {
  #byName = new Map<EventName, Set<(data: never) => void>>()

  on<K extends EventName>(name: K, fn: (data: Events[K]) => void): Stop {
    const set = this.#byName.get(name) ?? new Set()
    this.#byName.set(name, set)
    set.add(fn)
    return () => set.delete(fn)
  }

  emit<K extends EventName>(name: K, data: Events[K]): void {
    for (const fn of this.#byName.get(name) ?? []) fn(data as never)
  }
}
