import { part } from './cells'

const SHORTEST = 44

/** How long a thumb is and where it stands on its track. */
export function thumb(view: number, total: number, offset: number, track: number) {
  const length = Math.min(track, Math.max(SHORTEST, (view / Math.max(total, 1)) * track))
  const most = Math.max(0, total - view)
  return { length, at: most === 0 ? 0 : (Math.min(offset, most) / most) * (track - length) }
}

/** Where dragging a thumb to a place leads. */
export function dragTo(at: number, length: number, track: number, most: number): number {
  return track <= length ? 0 : (Math.max(0, Math.min(track - length, at)) / (track - length)) * most
}

/**
 * A floating thumb. It works on the real offset: a native bar knows only the scaled one, and some engines show none.
 */
export class Thumb {
  readonly el: HTMLElement
  readonly #bar = part('g-thumb')
  readonly #vertical: boolean
  #view = 0
  #total = 0
  #track = 0
  #offset = 0

  constructor(vertical: boolean, moved: (offset: number) => void) {
    this.#vertical = vertical
    this.el = part(vertical ? 'g-track g-track-v' : 'g-track g-track-h')
    this.el.setAttribute('aria-hidden', 'true')
    this.el.append(this.#bar)
    let grabbed = 0
    this.el.addEventListener('pointerdown', (e) => {
      if (e.button !== 0) return
      e.preventDefault()
      e.stopPropagation()
      this.el.setPointerCapture(e.pointerId)
      const { at, length } = this.#thumb()
      const p = this.#place(e)
      // Beside the thumb: it comes to the pointer.
      grabbed = p >= at && p <= at + length ? p - at : length / 2
      this.el.classList.add('g-held')
      moved(dragTo(p - grabbed, length, this.#track, this.#total - this.#view))
    })
    this.el.addEventListener('pointermove', (e) => {
      if (!this.el.hasPointerCapture(e.pointerId)) return
      const { length } = this.#thumb()
      moved(dragTo(this.#place(e) - grabbed, length, this.#track, this.#total - this.#view))
    })
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'])
      this.el.addEventListener(end, () => this.el.classList.remove('g-held'))
  }

  draw(view: number, total: number, offset: number, track: number): void {
    if (view === this.#view && total === this.#total && offset === this.#offset && track === this.#track)
      return
    this.#view = view
    this.#total = total
    this.#offset = offset
    this.#track = track
    this.el.hidden = total <= view
    const { length, at } = this.#thumb()
    this.#bar.style.transform = this.#vertical ? `translateY(${at}px)` : `translateX(${at}px)`
    this.#bar.style[this.#vertical ? 'height' : 'width'] = `${length}px`
  }

  #thumb() {
    return thumb(this.#view, this.#total, this.#offset, this.#track)
  }

  #place(e: PointerEvent): number {
    const box = this.el.getBoundingClientRect()
    return this.#vertical ? e.clientY - box.top : e.clientX - box.left
  }
}
