import { VerticalScroll, wheelPixels } from '../grid/geometry'

export interface ListRows {
  count: number
  /** The content of a row, made when it comes into view. */
  render(row: number): (Node | string)[]
  /** the row the person is at */
  readonly current?: number
}

const ROW = 20

/** Lines of equal height, of which only the visible ones exist. */
export class LineList {
  readonly #v = new VerticalScroll()
  readonly #space = document.createElement('div')
  readonly #stage = document.createElement('div')
  #rows: ListRows = { count: 0, render: () => [] }
  #drawn = { from: 0, to: 0 }

  constructor(readonly host: HTMLElement) {
    this.#space.className = 'vl-space'
    this.#stage.className = 'vl-stage'
    this.#space.append(this.#stage)
    host.append(this.#space)
    host.addEventListener('scroll', () => {
      if (this.#v.dragged(host.scrollTop)) this.#draw(false)
    })
    host.addEventListener(
      'wheel',
      (e) => {
        // Where one scrolled pixel is many real ones, the wheel goes past the engine.
        if (this.#v.ratio === 1 || e.ctrlKey) return
        e.preventDefault()
        this.#v.moveTo(this.#v.real + wheelPixels(e.deltaY, e.deltaMode, this.#v.view))
        host.scrollTop = this.#v.top
        this.#draw(false)
      },
      { passive: false },
    )
  }

  show(rows: ListRows, keep = false): void {
    this.#rows = rows
    this.#v.resize(rows.count, ROW, this.#v.view)
    if (!keep) this.#v.moveTo(0)
    this.#fit()
  }

  resize(height: number): void {
    this.#v.resize(this.#rows.count, ROW, height)
    this.#fit()
  }

  /** Draws what is in view again: its content has changed. */
  redraw(): void {
    this.#draw(true)
  }

  /** Shows a row, with some of what is around it when it was out of view. */
  reveal(row: number): void {
    const before = this.#v.real
    this.#v.reveal(row)
    if (this.#v.real === before) return
    if (this.#v.visible().to - row < 2 || Math.abs(this.#v.real - before) > ROW)
      this.#v.moveTo(row * ROW - this.#v.view / 2)
    this.host.scrollTop = this.#v.top
    this.#draw(false)
  }

  /** The row at a height of the window. */
  rowAt(clientY: number): number {
    return this.#v.rowAt(clientY - this.host.getBoundingClientRect().top)
  }
  get page(): number {
    return Math.max(1, Math.floor(this.#v.view / ROW) - 1)
  }

  #fit(): void {
    this.#space.style.height = `${this.#v.space}px`
    this.host.scrollTop = this.#v.top
    this.#draw(true)
  }

  #draw(all: boolean): void {
    const { from, to } = this.#v.visible()
    if (all || from !== this.#drawn.from || to !== this.#drawn.to) {
      const rows: HTMLElement[] = []
      for (let row = from; row < to; row++) {
        const el = document.createElement('div')
        el.className = row === this.#rows.current ? 'vl-row vl-now' : 'vl-row'
        el.append(...this.#rows.render(row))
        rows.push(el)
      }
      this.#stage.replaceChildren(...rows)
      this.#drawn = { from, to }
    }
    this.#stage.style.transform = `translateY(${this.#v.top + this.#v.y(from)}px)`
  }
}
