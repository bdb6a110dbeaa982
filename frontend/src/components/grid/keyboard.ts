import type { Place, Size } from './selection'

export interface Key {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  altKey: boolean
}
export type Move =
  | 'left'
  | 'right'
  | 'up'
  | 'down'
  | 'rowStart'
  | 'rowEnd'
  | 'top'
  | 'bottom'
  | 'pageUp'
  | 'pageDown'
  | 'first'
  | 'last'
export type Action =
  | { do: 'move'; move: Move; extend: boolean }
  | { do: 'copy'; header: boolean }
  | { do: 'resize'; by: number }
  | { do: 'all' | 'rows' | 'columns' | 'open' | 'escape' | 'menu' }

const plain: Record<string, Move> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'rowStart',
  End: 'rowEnd',
  PageUp: 'pageUp',
  PageDown: 'pageDown',
}
const withCtrl: Record<string, Move> = {
  ArrowLeft: 'rowStart',
  ArrowRight: 'rowEnd',
  ArrowUp: 'top',
  ArrowDown: 'bottom',
  Home: 'first',
  End: 'last',
}

/** What a key asks of the grid; null leaves it to the window. */
export function action(e: Key): Action | null {
  const ctrl = e.ctrlKey || e.metaKey
  if (e.altKey) {
    const by = e.key === 'ArrowLeft' ? -8 : e.key === 'ArrowRight' ? 8 : 0
    return by !== 0 && !ctrl && !e.shiftKey ? { do: 'resize', by } : null
  }
  const move = ctrl ? withCtrl[e.key] : plain[e.key]
  if (move) return { do: 'move', move, extend: e.shiftKey }
  if (ctrl && e.key.toLowerCase() === 'c') return { do: 'copy', header: e.shiftKey }
  if (ctrl && e.key.toLowerCase() === 'a' && !e.shiftKey) return { do: 'all' }
  if (e.key === ' ') {
    if (ctrl && e.shiftKey) return { do: 'all' }
    return { do: ctrl ? 'columns' : e.shiftKey ? 'rows' : 'open' }
  }
  if (e.key === 'ContextMenu' || (e.key === 'F10' && e.shiftKey && !ctrl)) return { do: 'menu' }
  if (ctrl || e.shiftKey) return null
  if (e.key === 'Enter' || e.key === 'F4') return { do: 'open' }
  return e.key === 'Escape' ? { do: 'escape' } : null
}

/** Where a move leads from a cell; a page is so many rows. */
export function target(from: Place, move: Move, size: Size, page: number): Place {
  const lastRow = Math.max(0, size.rows - 1)
  const lastCol = Math.max(0, size.cols - 1)
  const row = (n: number) => ({ row: Math.max(0, Math.min(lastRow, n)), col: from.col })
  const col = (n: number) => ({ row: from.row, col: Math.max(0, Math.min(lastCol, n)) })
  switch (move) {
    case 'left':
      return col(from.col - 1)
    case 'right':
      return col(from.col + 1)
    case 'up':
      return row(from.row - 1)
    case 'down':
      return row(from.row + 1)
    case 'rowStart':
      return col(0)
    case 'rowEnd':
      return col(lastCol)
    case 'top':
      return row(0)
    case 'bottom':
      return row(lastRow)
    case 'pageUp':
      return row(from.row - Math.max(1, page))
    case 'pageDown':
      return row(from.row + Math.max(1, page))
    case 'first':
      return { row: 0, col: 0 }
    case 'last':
      return { row: lastRow, col: lastCol }
  }
}
