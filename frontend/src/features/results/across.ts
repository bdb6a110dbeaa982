// A row of tabs that may be wider than its place.

/** The wheel goes across, and an edge beyond which there is more fades: `node` scrolls what is its only child. */
export function across(node: HTMLElement): () => void {
  const row = node.firstElementChild as HTMLElement
  const look = () => {
    const beyond = row.offsetWidth - node.clientWidth
    node.classList.toggle('more-before', node.scrollLeft > 1)
    node.classList.toggle('more-after', node.scrollLeft < beyond - 1)
  }
  const wheel = (e: WheelEvent) => {
    if (e.deltaX === 0) node.scrollLeft += e.deltaY
  }
  // Told after the window was laid out: what is measured then is at hand.
  const sizes = new ResizeObserver(look)
  sizes.observe(node)
  sizes.observe(row)
  node.addEventListener('scroll', look, { passive: true })
  node.addEventListener('wheel', wheel, { passive: true })
  return () => {
    sizes.disconnect()
    node.removeEventListener('scroll', look)
    node.removeEventListener('wheel', wheel)
  }
}
