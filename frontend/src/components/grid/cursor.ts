import { target, type Move } from './keyboard'
import * as S from './selection'
import type { Hit, Viewport } from './viewport'

/** The selection as it is now, and how gestures change it. */
export class Cursor {
  sel = S.nothing

  constructor(
    readonly port: Viewport,
    readonly changed: () => void,
  ) {}

  choose(sel: S.Selection): void {
    if (S.same(sel, this.sel)) return
    this.sel = sel
    this.changed()
  }

  /** The size changed. */
  fit(): void {
    this.choose(S.fit(this.sel, this.port.size))
  }

  /** Something has to be active as soon as keys arrive: the first cell that is whole in view. */
  enter(): void {
    const { v, columns, x, size } = this.port
    if (this.sel.active) return
    const row = v.rowAt(v.rowHeight - 1)
    this.choose(S.pick(size, { row, col: columns.at(x) }))
  }

  press(at: Hit, how: { extend: boolean; add: boolean }): void {
    const kind = at.zone === 'grip' ? 'cells' : at.zone
    const place = { row: at.row, col: at.col }
    const { size } = this.port
    if (how.extend) this.choose(S.extend(this.sel, size, place, kind))
    else this.choose(how.add ? S.add(this.sel, size, place, kind) : S.pick(size, place, kind))
  }

  /** Shows a cell, alone. */
  go(to: S.Place): void {
    this.port.reveal(to)
    this.choose(S.pick(this.port.size, to))
  }

  drag(to: S.Place, kind: S.Kind): void {
    if (kind !== 'all') this.choose(S.extend(this.sel, this.port.size, to, kind))
  }

  all(): void {
    this.choose(S.all(this.port.size, this.sel.active))
  }
  widen(kind: 'rows' | 'columns'): void {
    this.choose(S.widen(this.sel, this.port.size, kind))
  }

  /** Moves the active cell, or with `extend` the far end of the range, and shows it. */
  move(move: Move, extend: boolean): void {
    const { size, v } = this.port
    if (size.rows === 0 || size.cols === 0) return
    const page = Math.floor(v.view / v.rowHeight) - 1
    const active = this.sel.active ?? { row: v.visible().from, col: 0 }
    const to = target(extend ? (this.sel.head ?? active) : active, move, size, page)
    if (move === 'pageDown') v.moveTo(v.real + page * v.rowHeight)
    if (move === 'pageUp') v.moveTo(v.real - page * v.rowHeight)
    this.port.reveal(to)
    this.choose(extend ? S.extend(this.sel, size, to) : S.pick(size, to))
  }
}
