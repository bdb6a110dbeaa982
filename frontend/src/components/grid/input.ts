import { wheelPixels } from './geometry'
import { action, type Action } from './keyboard'

/** What keys, wheel and the engine's own scrolling need of the view. */
export interface InputTarget {
  act(a: Action): void
  /** Focus came to the grid. */
  enter(): void
  scrollBy(x: number, y: number): void
  /** The element was scrolled: by us, or by the user past us. */
  scrolled(top: number, left: number): void
  readonly page: number
}

/** Attaches all input but the pointer. Returns the function that lets go. */
export function attachInput(host: HTMLElement, view: InputTarget): () => void {
  // The thumbs lie beside the host, over its cells: the wheel works there too.
  const outer = host.parentElement ?? host
  let carry = { x: 0, y: 0 }
  const key = (e: KeyboardEvent) => {
    const a = action(e)
    if (!a) return
    e.preventDefault()
    view.act(a)
  }
  // From a menu; the key is handled above.
  const copy = (e: ClipboardEvent) => {
    e.preventDefault()
    view.act({ do: 'copy', header: false })
  }
  const wheel = (e: WheelEvent) => {
    if (e.ctrlKey) return
    e.preventDefault()
    const swap = e.shiftKey && e.deltaX === 0
    // A trackpad moves by parts of a pixel: they add up, the rows stay on whole ones.
    const x = carry.x + wheelPixels(swap ? e.deltaY : e.deltaX, e.deltaMode, view.page)
    const y = carry.y + wheelPixels(swap ? 0 : e.deltaY, e.deltaMode, view.page)
    carry = { x: x - Math.trunc(x), y: y - Math.trunc(y) }
    view.scrollBy(Math.trunc(x), Math.trunc(y))
  }
  const scroll = () => view.scrolled(host.scrollTop, host.scrollLeft)
  const focus = () => view.enter()

  host.addEventListener('keydown', key)
  host.addEventListener('copy', copy)
  host.addEventListener('scroll', scroll, { passive: true })
  host.addEventListener('focus', focus)
  outer.addEventListener('wheel', wheel, { passive: false })
  return () => {
    host.removeEventListener('keydown', key)
    host.removeEventListener('copy', copy)
    host.removeEventListener('scroll', scroll)
    host.removeEventListener('focus', focus)
    outer.removeEventListener('wheel', wheel)
  }
}
