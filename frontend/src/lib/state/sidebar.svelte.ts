// The explorer's place at the left: its width, and whether it is there.
export class Sidebar {
  /** px the person chose; 0 for what the style sheet has for this width of the window */
  width = $state(0)
  #hidden = $state(false)
  #over = $state(false)
  #narrow = $state(false)

  constructor() {
    const query = globalThis.matchMedia?.('(max-width: 899px)')
    if (!query) return
    this.#narrow = query.matches
    query.addEventListener('change', (e) => {
      this.#narrow = e.matches
      this.#over = false
    })
  }

  /** The window is too narrow for it beside the editor. */
  get narrow(): boolean {
    return this.#narrow
  }
  /** The person has hidden it, whatever the width. */
  get hidden(): boolean {
    return this.#hidden
  }
  get shown(): boolean {
    return this.#narrow ? this.#over : !this.#hidden
  }

  show(): void {
    if (this.#narrow) this.#over = true
    else this.#hidden = false
  }

  hide(): void {
    if (this.#narrow) this.#over = false
    else this.#hidden = true
  }

  /** What lies over the editor goes when something in it was chosen. */
  leave(): void {
    this.#over = false
  }
}
