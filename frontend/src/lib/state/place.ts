// Where one is in a text.
import type { SelectedRange } from '../api/types'

export interface Place {
  selection: SelectedRange[]
  /** the range that is the cursor */
  main: number
  /** where the first line in view begins */
  top: number
}

export const atStart: Place = { selection: [], main: 0, top: 0 }
