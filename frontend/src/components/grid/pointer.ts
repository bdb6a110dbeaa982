import type { Cursor } from './cursor'
import { contains, type Kind } from './selection'
import type { MenuPlace } from './types'
import type { Viewport } from './viewport'

/** What the mouse needs of the view. */
export interface PointerTarget {
  readonly port: Viewport
  readonly cursor: Cursor
  readonly events: {
    open(row: number, col: number): void
    head(col: number, more: boolean): void
    menu(at: MenuPlace): void
  }
  scrollBy(x: number, y: number): void
  sizeColumn(col: number, width: number, done: boolean): void
  fitColumn(col: number): void
}

interface Gesture {
  id: number
  zone: Kind | 'grip'
  col: number
  x: number
  y: number
  startX: number
  startWidth: number
  /** a press on a header that has not moved yet: it sorts when it is let go, and a drag selects columns */
  click: { more: boolean } | null
}

/** How many pixels a press on a header may wander and still be a click. */
const DRAG = 4

/** Mouse and pen: press, drag with autoscroll, resize, double click. Returns the function that lets go. */
export function attachPointer(el: HTMLElement, view: PointerTarget): () => void {
  const { port, cursor } = view
  let gesture: Gesture | null = null
  let frame = 0

  const inside = (at: { x: number; y: number }): [number, number] => {
    const box = el.getBoundingClientRect()
    return [at.x - box.left, at.y - box.top]
  }
  const follow = () => {
    if (!gesture || gesture.zone === 'grip') return
    cursor.drag(port.nearest(...inside(gesture)), gesture.zone)
  }
  // Outside the cells the selection runs on, faster the farther out.
  const autoscroll = () => {
    frame = 0
    if (!gesture || gesture.zone === 'grip' || gesture.zone === 'all') return
    const out = port.outside(...inside(gesture))
    const x = gesture.zone === 'rows' ? 0 : out.x
    const y = gesture.zone === 'columns' ? 0 : out.y
    if (x === 0 && y === 0) return
    view.scrollBy(speed(x), speed(y))
    follow()
    frame = requestAnimationFrame(autoscroll)
  }
  const down = (e: PointerEvent) => {
    if (e.button !== 0) return
    const at = port.hit(...inside({ x: e.clientX, y: e.clientY }))
    if (!at) return
    const width = port.columns.width(at.col)
    gesture = {
      id: e.pointerId,
      zone: at.zone,
      col: at.col,
      x: e.clientX,
      y: e.clientY,
      startX: e.clientX,
      startWidth: width,
      click: at.zone === 'columns' && !e.ctrlKey && !e.metaKey ? { more: e.shiftKey } : null,
    }
    el.setPointerCapture(e.pointerId)
    if (at.zone === 'grip') view.sizeColumn(at.col, width, false)
    else if (gesture.click) el.focus({ preventScroll: true })
    else {
      cursor.press(at, { extend: e.shiftKey, add: e.ctrlKey || e.metaKey })
      el.focus({ preventScroll: true })
    }
  }
  const move = (e: PointerEvent) => {
    if (gesture?.id !== e.pointerId) return
    gesture.x = e.clientX
    gesture.y = e.clientY
    if (gesture.zone === 'grip') {
      view.sizeColumn(gesture.col, gesture.startWidth + e.clientX - gesture.startX, false)
      return
    }
    if (gesture.click) {
      if (Math.abs(e.clientX - gesture.startX) <= DRAG) return
      const [, y] = inside(gesture)
      const from = port.hit(inside({ x: gesture.startX, y: 0 })[0], y)
      if (from) cursor.press({ ...from, zone: 'columns' }, { extend: false, add: false })
      gesture.click = null
    }
    follow()
    if (!frame) frame = requestAnimationFrame(autoscroll)
  }
  const up = (e: PointerEvent) => {
    if (gesture?.id !== e.pointerId) return
    const { zone, col, click } = gesture
    gesture = null
    cancelAnimationFrame(frame)
    frame = 0
    if (zone === 'grip') view.sizeColumn(col, port.columns.width(col), true)
    else if (click && e.type === 'pointerup') view.events.head(col, click.more)
  }
  const menu = (e: MouseEvent) => {
    e.preventDefault()
    const at = port.hit(...inside({ x: e.clientX, y: e.clientY }))
    if (!at || at.zone === 'all') return
    el.focus({ preventScroll: true })
    const column = at.zone === 'columns' || at.zone === 'grip'
    if (!column && !contains(cursor.sel, at.row, at.col)) cursor.press(at, { extend: false, add: false })
    const zone = column ? 'column' : 'cell'
    view.events.menu({ zone, row: at.row, col: at.col, x: e.clientX, y: e.clientY })
  }
  const double = (e: MouseEvent) => {
    const at = port.hit(...inside({ x: e.clientX, y: e.clientY }))
    if (at?.zone === 'grip') view.fitColumn(at.col)
    else if (at?.zone === 'cells') view.events.open(at.row, at.col)
  }
  el.addEventListener('pointerdown', down)
  el.addEventListener('pointermove', move)
  el.addEventListener('pointerup', up)
  el.addEventListener('pointercancel', up)
  el.addEventListener('dblclick', double)
  el.addEventListener('contextmenu', menu)
  return () => {
    cancelAnimationFrame(frame)
    el.removeEventListener('pointerdown', down)
    el.removeEventListener('pointermove', move)
    el.removeEventListener('pointerup', up)
    el.removeEventListener('pointercancel', up)
    el.removeEventListener('dblclick', double)
    el.removeEventListener('contextmenu', menu)
  }
}

export function speed(distance: number): number {
  const far = Math.abs(distance)
  return Math.sign(distance) * Math.min(1200, Math.ceil(far / 4 + (far * far) / 200))
}
