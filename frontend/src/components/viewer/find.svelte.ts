// Looking for a text in one value, which may be far longer than what is here of it.
import type { CellSource } from './source'

const pause = 150

export class ValueFind {
  readonly #source: () => CellSource
  #text = $state('')
  #exact = $state(false)
  #places = $state.raw<number[]>([])
  #more = $state(false)
  #at = $state(-1)
  #known = $state(false)
  #looking = $state(false)
  #timer: ReturnType<typeof setTimeout> | undefined
  #round = 0
  open = $state(false)

  constructor(source: () => CellSource) {
    this.#source = source
  }

  get text(): string {
    return this.open ? this.#text : ''
  }
  get exact(): boolean {
    return this.#exact
  }
  /** bytes of the value: from and behind, by turns */
  get places(): number[] {
    return this.open ? this.#places : []
  }
  /** which pair of them the person is at; -1 for none */
  get at(): number {
    return this.#at
  }
  /** 3 of 17, 10,000+, none */
  get words(): string {
    if (this.#looking) return '…'
    if (!this.#known || this.#text === '') return ''
    const n = this.#places.length / 2
    if (n === 0) return 'none'
    const all = `${String(n).replace(/\B(?=(\d{3})+$)/g, ',')}${this.#more ? '+' : ''}`
    return this.#at < 0 ? all : `${this.#at + 1} of ${all}`
  }

  change(text: string, exact = this.#exact): void {
    this.#text = text
    this.#exact = exact
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.look(), pause)
  }

  /** Looks through the value, from a byte on for the first place to be at. */
  async look(from = 0): Promise<void> {
    clearTimeout(this.#timer)
    const round = ++this.#round
    this.#looking = true
    const found =
      this.#text === '' ? { places: [], more: false } : await this.#source().find(this.#text, this.#exact)
    if (round !== this.#round) return
    this.#looking = false
    if (!found) return
    this.#places = found.places
    this.#more = found.more
    this.#known = true
    const first = found.places.findIndex((p, i) => i % 2 === 0 && p >= from) / 2
    this.#at = found.places.length === 0 ? -1 : Math.max(0, first)
  }

  /** Goes to the next place, round the end. */
  step(back: boolean): void {
    const n = this.#places.length / 2
    if (n > 0) this.#at = (this.#at + (back ? n - 1 : 1)) % n
  }

  /** Another value: what was found in the last one is nothing here. */
  forget(): void {
    clearTimeout(this.#timer)
    this.#round++
    this.#looking = false
    this.#places = []
    this.#at = -1
    this.#known = false
    if (this.open && this.#text !== '') void this.look()
  }
}
