// What is open over the window, and what waits to be.
import { tick } from 'svelte'
import type { Closing } from '../api/types'
import type { Dialog } from './dialog'

export class Dialogs {
  #open = $state.raw<Dialog | null>(null)
  #waiting: Dialog[] = []
  /** what would end with Tusk; it is asked over whatever is open, which stays */
  closing = $state.raw<Closing | null>(null)

  get open(): Dialog | null {
    return this.#open
  }
  /** Nothing below has the keys. */
  get any(): boolean {
    return this.#open !== null || this.closing !== null
  }

  /** Shows one. While another is open it waits, so that nothing that was typed is put away. */
  show(dialog: Dialog): void {
    // A palette that is not drawn yet takes what is typed.
    if (!this.#open || (this.#open.kind === 'palette' && dialog.kind === 'palette')) this.#open = dialog
    else this.#waiting.push(dialog)
  }

  /** Closes what is open. The next that waits follows, unless another is shown at once. */
  close(): void {
    this.#open = null
    if (this.#waiting.length > 0) void tick().then(() => (this.#open ??= this.#waiting.shift() ?? null))
  }
}
