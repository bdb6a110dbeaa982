let pen: CanvasRenderingContext2D | null = null

/** The advance of the data font at 12 px, and of the type line at 11 px, should it not be there yet. */
const CELL = 7.21
const TYPE = 6.61

export interface Measures {
  /** A column's name, in the header's font. */
  name: (text: string) => number
  /** One character of a cell, and of a type. Some engines round it to whole pixels. */
  cell: number
  type: number
}

export const rough: Measures = { name: (text) => text.length * 7, cell: CELL, type: TYPE }

/** Measures with the fonts of an element. */
export function measures(host: HTMLElement): Measures {
  if (typeof CanvasRenderingContext2D === 'undefined') return rough
  pen ??= document.createElement('canvas').getContext('2d')
  const p = pen
  if (!p) return rough
  const style = getComputedStyle(host)
  const mono = style.getPropertyValue('--font-mono')
  const advance = (size: number) => {
    p.font = `${size}px ${mono}`
    return p.measureText('0'.repeat(20)).width / 20 + 0.01
  }
  const size = parseFloat(style.getPropertyValue('--t-cell')) || 12
  const cell = Math.max((CELL * size) / 12, advance(size))
  const type = Math.max(TYPE, advance(11))
  const ui = `500 12px ${style.getPropertyValue('--font-ui')}`
  const name = (text: string) => {
    if (p.font !== ui) p.font = ui
    return p.measureText(text).width + 1
  }
  return { name, cell, type }
}
