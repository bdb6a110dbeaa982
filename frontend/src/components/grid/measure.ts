let pen: CanvasRenderingContext2D | null = null

/** Measures column names in the header's font. */
export function nameMeasure(host: HTMLElement): (name: string) => number {
  const rough = (name: string) => name.length * 7
  if (typeof CanvasRenderingContext2D === 'undefined') return rough
  pen ??= document.createElement('canvas').getContext('2d')
  const p = pen
  if (!p) return rough
  p.font = `500 12px ${getComputedStyle(host).getPropertyValue('--font-ui')}`
  return (name) => p.measureText(name).width + 1
}
