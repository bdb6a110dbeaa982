/** Lucide (ISC), the few that are drawn outside components. */
const shapes = {
  search: ['m21 21-4.34-4.34', 'M3 11a8 8 0 1 0 16 0a8 8 0 1 0-16 0'],
  up: ['m18 15-6-6-6 6'],
  down: ['m6 9 6 6 6-6'],
  right: ['m9 18 6-6-6-6'],
  table: [
    'M15 3v18',
    'M3 5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z',
    'M21 9H3',
    'M21 15H3',
  ],
  eye: [
    'M2.062 12.348a1 1 0 0 1 0-.696 10.75 10.75 0 0 1 19.876 0 1 1 0 0 1 0 .696 10.75 10.75 0 0 1-19.876 0',
    'M9 12a3 3 0 1 0 6 0a3 3 0 1 0-6 0',
  ],
  column: ['M12 3v18', 'M3 5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z'],
  link: ['M9 17H7A5 5 0 0 1 7 7h2', 'M15 7h2a5 5 0 1 1 0 10h-2', 'M8 12h8'],
  function: [
    'M3 5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z',
    'M9 17c2 0 2.8-1 2.8-2.8V10c0-2 1-3.3 3.2-3',
    'M9 11.2h5.7',
  ],
  type: ['M12 4v16', 'M4 7V5a1 1 0 0 1 1-1h14a1 1 0 0 1 1 1v2', 'M9 20h6'],
  schema: [
    'M21 8a2 2 0 0 0-1-1.73l-7-4a2 2 0 0 0-2 0l-7 4A2 2 0 0 0 3 8v8a2 2 0 0 0 1 1.73l7 4a2 2 0 0 0 2 0l7-4A2 2 0 0 0 21 16z',
    'm3.3 7 8.7 5 8.7-5',
    'M12 22V12',
  ],
  snippet: ['m16 18 6-6-6-6', 'm8 6-6 6 6 6'],
  word: ['M15 12h6', 'M15 6h6', 'm3 13 3.553-7.724a.5.5 0 0 1 .894 0L11 13', 'M3 18h18', 'M3.92 11h6.16'],
  x: ['M18 6 6 18', 'm6 6 12 12'],
}

export type Shape = keyof typeof shapes

export function icon(name: Shape, className = 'i i-s'): SVGElement {
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
