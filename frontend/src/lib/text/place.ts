/** line 6, column 14, of a position in UTF-16 units; the column counts characters as a person does. */
export function placeOf(text: string, position: number): string {
  const before = text.slice(0, position)
  const line = before.split(/\r\n|\r|\n/).length
  const start = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1
  return `line ${line}, column ${[...before.slice(start)].length + 1}`
}
