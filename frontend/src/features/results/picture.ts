// A chart as a PNG: what is drawn, with the names of the series above and the caption below, in the colours of the theme.

interface Picture {
  host: HTMLElement
  canvas: HTMLCanvasElement
  names: readonly { name: string; color: string }[]
  caption: string
}

const headHeight = 32
const footHeight = 28

export async function picture({ host, canvas, names, caption }: Picture): Promise<Blob> {
  const ratio = devicePixelRatio
  const style = getComputedStyle(host)
  const color = (name: string) => style.getPropertyValue(name).trim()
  const out = document.createElement('canvas')
  out.width = canvas.width
  out.height = canvas.height + (headHeight + footHeight) * ratio
  const pen = out.getContext('2d')
  if (!pen) throw new Error('the page cannot draw')
  pen.fillStyle = color('--bg-canvas')
  pen.fillRect(0, 0, out.width, out.height)
  pen.drawImage(canvas, 0, headHeight * ratio)
  pen.scale(ratio, ratio)
  pen.font = `12px ${color('--font-ui')}`
  pen.textBaseline = 'middle'
  let x = 16
  for (const s of names) {
    pen.fillStyle = color(s.color)
    pen.fillRect(x, headHeight / 2 - 5, 10, 10)
    pen.fillStyle = color('--text')
    pen.fillText(s.name, x + 16, headHeight / 2)
    x += pen.measureText(s.name).width + 36
  }
  pen.font = `11px ${color('--font-ui')}`
  pen.fillStyle = color('--text-3')
  pen.fillText(caption, 16, out.height / ratio - footHeight / 2)
  return new Promise((done, failed) =>
    out.toBlob((b) => (b ? done(b) : failed(new Error('the picture could not be made'))), 'image/png'),
  )
}

export async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ''
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return btoa(text)
}
