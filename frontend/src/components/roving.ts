// One tab stop for a row of tabs, radios or swatches; arrows move between them and choose.
const roles = '[role=tab], [role=radio]'

export function roving(node: HTMLElement): () => void {
  const onkeydown = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return
    const items = [...node.querySelectorAll<HTMLElement>(roles)].filter((i) => i.ariaDisabled !== 'true')
    const at = items.indexOf(document.activeElement as HTMLElement)
    if (at < 0) return
    const to = target(e.key, at, items.length)
    if (to === undefined) return
    e.preventDefault()
    e.stopPropagation()
    items[to]!.focus()
    items[to]!.click()
  }
  node.addEventListener('keydown', onkeydown)
  return () => node.removeEventListener('keydown', onkeydown)
}

function target(key: string, at: number, n: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return (at + 1) % n
    case 'ArrowLeft':
    case 'ArrowUp':
      return (at - 1 + n) % n
    case 'Home':
      return 0
    case 'End':
      return n - 1
    default:
      return undefined
  }
}
