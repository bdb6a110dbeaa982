// A tab that shows an object: what it is made of, its sizes and counters, the SQL that makes it.
import type { Backend } from '../api/backend'
import { decode } from '../api/client'
import type { Definition, Description, Statistics } from '../api/types'
import type { Part } from './catalog.svelte'
import type { Target } from './objects'

/** The object pages' ids: one page an object. */
export const objectId = (t: Target): string => `object-${t.connectionId}-${t.kind}-${t.oid}`

export class ObjectPage {
  readonly kind = 'object'
  readonly id: string
  readonly target: Target
  /** the section that is shown */
  section = $state('')
  /** the column to point at, when one was looked for */
  column = $state('')
  #backend: Backend
  #description = $state.raw<Part<Description>>({})
  #statistics = $state.raw<Part<Statistics>>({})
  #definition = $state.raw<Part<Definition>>({})
  #version = -1

  constructor(backend: Backend, target: Target) {
    this.#backend = backend
    this.target = target
    this.id = objectId(target)
  }

  get title(): string {
    return this.target.name
  }
  get connectionId(): string {
    return this.target.connectionId
  }
  get description(): Part<Description> {
    return this.#description
  }
  get statistics(): Part<Statistics> {
    return this.#statistics
  }
  get definition(): Part<Definition> {
    return this.#definition
  }

  /** Reads all of it, once for a version of the catalog. What is shown stays until the new comes. */
  read(version: number): void {
    if (version === this.#version) return
    this.#version = version
    const { connectionId, kind, oid } = this.target
    const ref = { connectionId, kind, oid }
    const schema = this.#backend.schema
    const take = <T>(asked: Promise<T>, put: (part: Part<T>) => void) => {
      const mine = () => this.#version === version
      asked.then(
        (value) => mine() && put({ value }),
        (thrown: unknown) => mine() && put({ error: decode(thrown).info }),
      )
    }
    if (kind === 'relation') {
      take(schema.describe(ref), (p) => (this.#description = p))
      take(schema.statistics(ref), (p) => (this.#statistics = p))
    }
    take(schema.definition(ref), (p) => (this.#definition = p))
  }
}
