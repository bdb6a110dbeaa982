// What the viewer is given: one value, of which any part can be asked for. Each answer is null when it could not be
// read; whoever gives the source has said so then. Places are bytes of the server's text.

export interface TreeMember {
  key: string
  kind: string
  at: number
  end: number
  text: string
  count: number
  keys: string[]
}

export interface TreeContainer {
  at: number
  kind: string
  count: number
  members: TreeMember[]
  marks: number[]
  stride: number
}

export interface CellSource {
  readonly name: string
  readonly type: string
  readonly class: string
  /** counted from 0 */
  readonly row: number
  /** false until the first part has come */
  readonly ready: boolean
  /** the part that is here, null for SQL NULL; it reaches from from to next */
  readonly text: string | null
  readonly from: number
  readonly next: number
  /** of the whole value, in bytes */
  readonly length: number

  /** Puts another part in place of the one that is here. Aligned, it begins with the next whole character. */
  read(from: number, align?: boolean): Promise<boolean>
  /** base64 of what the value stands for */
  bytes(from: number, count: number): Promise<{ data: string; length: number } | null>
  open(at: number, rows: number): Promise<TreeContainer[] | null>
  members(kind: string, at: number, skip: number, count: number): Promise<TreeMember[] | null>
  locate(at: number): Promise<{ at: number; index: number }[] | null>
  find(text: string, exact: boolean): Promise<{ places: number[]; more: boolean } | null>
  /** Copies the whole value, or a text that was made of it. */
  copy(text?: string): Promise<void>
  /** Asks where to, and writes the bytes of the whole value there. */
  save(ending: string): Promise<void>
  /** Opens an address in the browser. */
  follow(url: string): Promise<void>
}
