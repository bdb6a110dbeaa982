export interface GridColumn {
  name: string
  type: string
  class: string
}
export type GridCell = string | null | undefined
export interface GridSource {
  readonly rows: number
  readonly columns: GridColumn[]
  readonly version: number
  cell(row: number, col: number): GridCell
  cutLength(row: number, col: number): number | undefined
  ensure(from: number, to: number): void
}
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
