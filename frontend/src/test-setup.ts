import { configure } from '@testing-library/svelte'
import { afterEach, vi } from 'vitest'

// Files share a worker and its document: most of the time went to making one for each.
afterEach(() => {
  vi.useRealTimers()
  document.body.replaceChildren()
})

// A busy machine may take long; what does not come at all still fails.
configure({ asyncUtilTimeout: 15_000 })

// jsdom has no layout: CodeMirror asks ranges for their boxes.
const none = { x: 0, y: 0, top: 0, left: 0, bottom: 0, right: 0, width: 0, height: 0, toJSON: () => '' }
Range.prototype.getBoundingClientRect = () => none
Range.prototype.getClientRects = () => [] as unknown as DOMRectList

globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
}
