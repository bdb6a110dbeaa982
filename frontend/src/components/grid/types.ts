/** What the grid knows of its data: text in places, never what it means. */

export interface GridColumn {
  name: string
  type: string
  /** 'number' stands right; 'text', 'bool', 'time', 'json' and 'bytes' stand left. */
  class: string
  /** which way it is sorted, and the how manieth of the sorted columns it is; 0 when it is the only one */
  sort?: { down: boolean; place: number }
  filtered?: boolean
  /** what the pointer is told over the header */
  hint?: string
}

/** How a found cell is drawn: one of many, or the one the person is at. */
export type Found = 'hit' | 'now'

/** Where a menu is asked for: on a cell, or on the header of a column. */
export interface MenuPlace {
  zone: 'cell' | 'column'
  row: number
  col: number
  x: number
  y: number
}

/** null is SQL NULL; undefined is not loaded yet. */
export type GridCell = string | null | undefined

export interface GridSource {
  readonly rows: number
  readonly columns: GridColumn[]
  /** So many of the first columns stay at the left, as far as there is room for others beside them. */
  readonly frozen?: number
  /** Grows when anything visible may have changed. */
  readonly version: number
  cell(row: number, col: number): GridCell
  /** The true length in bytes of a cell of which only a prefix is here. */
  cutLength(row: number, col: number): number | undefined
  /** How a cell of a comparison is tinted: added, removed, changed. */
  tint?(row: number, col: number): 'ins' | 'del' | 'upd' | ''
  found?(row: number, col: number): Found | undefined
  /** These rows are looked at. */
  ensure(from: number, to: number): void
}

/** All four ends are inclusive. */
export interface CellRange {
  top: number
  left: number
  bottom: number
  right: number
}

export interface GridSelection {
  ranges: CellRange[]
  active: { row: number; col: number } | null
  cells: number
}

export type CopyFormat = 'tsv' | 'csv' | 'json'
