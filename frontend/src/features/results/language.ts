// uPlot asks Intl for the page's language as soon as it is read. In WebKit without a locale that is "C", which Intl refuses.
try {
  new Intl.NumberFormat(navigator.language)
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true })
}
