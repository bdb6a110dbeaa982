// jsdom has no layout: CodeMirror asks ranges for their boxes.
const none = { x: 0, y: 0, top: 0, left: 0, bottom: 0, right: 0, width: 0, height: 0, toJSON: () => '' }
Range.prototype.getBoundingClientRect = () => none
Range.prototype.getClientRects = () => [] as unknown as DOMRectList

globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
}
