/** Asked when the scrolling rests this long, or in the middle of it when the last time is SEEN ago. */
const REST = 60
const SEEN = 120

/** Tells the source which rows are looked at: at once for the first look, not for every row flown over. */
export class Asking {
  #from = -1
  #to = -1
  #data = -1
  #at = -Infinity
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(readonly ensure: (from: number, to: number) => void) {}

  look(from: number, to: number, data: number): void {
    if (from === this.#from && to === this.#to && data === this.#data) return
    const same = from === this.#from && to === this.#to
    this.#from = from
    this.#to = to
    this.#data = data
    clearTimeout(this.#timer)
    if (to <= from) return
    if (!same && performance.now() - this.#at > SEEN) this.#ask()
    else this.#timer = setTimeout(() => this.#ask(), REST)
  }

  forget(): void {
    clearTimeout(this.#timer)
    this.#from = -1
    this.#at = -Infinity
  }

  #ask(): void {
    this.#at = performance.now()
    this.ensure(this.#from, this.#to)
  }
}
