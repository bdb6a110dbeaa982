/** Lucide (ISC), the few that are drawn outside components. */
const shapes = {
  search: ['m21 21-4.34-4.34', 'M3 11a8 8 0 1 0 16 0a8 8 0 1 0-16 0'],
  up: ['m18 15-6-6-6 6'],
  down: ['m6 9 6 6 6-6'],
  right: ['m9 18 6-6-6-6'],
  x: ['M18 6 6 18', 'm6 6 12 12'],
}

export function icon(name: keyof typeof shapes, className = 'i i-s'): SVGElement {
  const ns = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(ns, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', className)
  svg.setAttribute('aria-hidden', 'true')
  for (const d of shapes[name]) {
    const path = document.createElementNS(ns, 'path')
    path.setAttribute('d', d)
    svg.append(path)
  }
  return svg
}
