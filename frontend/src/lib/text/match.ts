// Finding names by parts of them. Places are UTF-16 units.

export interface Match {
  /** less is better; ranks with a thousand between them, see match() */
  score: number
  /** the characters that were matched, ascending */
  marks: number[]
}

const rank = { whole: 0, start: 1000, word: 2000, inside: 3000, starts: 4000, letters: 5000 }

const wordStart = (lower: string, i: number) => i === 0 || !/[\p{L}\p{N}]/u.test(lower[i - 1]!)

function run(from: number, length: number): number[] {
  const out: number[] = []
  for (let i = 0; i < length; i++) out.push(from + i)
  return out
}

/** Whether all words are in the text, and where. Both must be in lower case. */
export function contains(words: readonly string[], lower: string): number[] | null {
  let marks: number[] = []
  for (const word of words) {
    const at = lower.indexOf(word)
    if (at < 0) return null
    marks = marks.length ? marks.concat(run(at, word.length)) : run(at, word.length)
  }
  return words.length > 1 ? [...new Set(marks)].sort((a, b) => a - b) : marks
}

/**
 * How well a text answers a query: each of its words must be the start of the text, the start of a word in it, a part of it,
 * the starts of its words (oi: order_items), or at least its letters close together, in this order of rank.
 */
export function match(query: string, text: string): Match | null {
  const lower = text.toLowerCase()
  let score = text.length / 100
  const marks = new Set<number>()
  for (const word of query.toLowerCase().split(/\s+/)) {
    if (!word) continue
    const found = one(word, lower)
    if (!found) return null
    score += found.score
    for (const m of found.marks) marks.add(m)
  }
  return { score, marks: [...marks].sort((a, b) => a - b) }
}

function one(word: string, lower: string): Match | null {
  const first = lower.indexOf(word)
  if (first === 0) {
    return { score: lower.length === word.length ? rank.whole : rank.start, marks: run(0, word.length) }
  }
  for (let i = first; i > 0; i = lower.indexOf(word, i + 1))
    if (wordStart(lower, i)) return { score: rank.word + i, marks: run(i, word.length) }
  if (first > 0) return { score: rank.inside + first, marks: run(first, word.length) }
  if (word.length < 2) return null
  return starts(word, lower) ?? letters(word, lower)
}

/** Each letter follows the one before, or begins a word; the first begins one. */
function starts(word: string, lower: string): Match | null {
  const marks: number[] = []
  const dead = new Set<number>()
  const place = (w: number, from: number): boolean => {
    if (w === word.length) return true
    const key = w * (lower.length + 1) + from
    if (dead.has(key)) return false
    dead.add(key)
    for (let i = from; i < lower.length; i++) {
      const next = w > 0 && i === from
      if (lower[i] !== word[w] || !(next || wordStart(lower, i))) continue
      marks[w] = i
      if (place(w + 1, i + 1)) return true
    }
    return false
  }
  return place(0, 0) ? { score: rank.starts + marks[0]!, marks } : null
}

/** The letters in their order, within twice their number. */
function letters(word: string, lower: string): Match | null {
  let best: number[] | null = null
  for (let from = lower.indexOf(word[0]!); from >= 0; from = lower.indexOf(word[0]!, from + 1)) {
    const marks = [from]
    for (let w = 1; w < word.length; w++) {
      const at = lower.indexOf(word[w]!, marks[w - 1]! + 1)
      if (at < 0) break
      marks.push(at)
    }
    if (marks.length < word.length) break
    if (!best || span(marks) < span(best)) best = marks
  }
  if (!best || span(best) > 2 * word.length) return null
  return { score: rank.letters + 10 * (span(best) - word.length) + best[0]! / 10, marks: best }
}

const span = (marks: number[]) => marks.at(-1)! - marks[0]! + 1

/** Pieces of a text, those that are marked and those between them. */
export function pieces(text: string, marks: readonly number[]): { text: string; marked: boolean }[] {
  const out: { text: string; marked: boolean }[] = []
  const marked = new Set(marks)
  for (let i = 0; i < text.length; i++) {
    const last = out.at(-1)
    if (last && last.marked === marked.has(i)) last.text += text[i]!
    else out.push({ text: text[i]!, marked: marked.has(i) })
  }
  return out
}

/** The names most like what was typed, best first, when none contains it. */
export function closest(typed: string, names: Iterable<string>, most = 3): string[] {
  const wanted = new Set(pairs(typed.toLowerCase()))
  if (wanted.size === 0) return []
  const found: { name: string; likeness: number }[] = []
  for (const name of names) {
    const has = pairs(name.toLowerCase())
    let common = 0
    for (const p of has) if (wanted.has(p)) common++
    const likeness = (2 * common) / (wanted.size + has.length)
    if (likeness >= 0.4) found.push({ name, likeness })
  }
  found.sort((a, b) => b.likeness - a.likeness || a.name.length - b.name.length)
  return [...new Set(found.map((f) => f.name))].slice(0, most)
}

/** Each two characters that follow each other, as one number. */
function pairs(s: string): number[] {
  const out: number[] = []
  for (let i = 1; i < s.length; i++) out.push((s.charCodeAt(i - 1) << 16) | s.charCodeAt(i))
  return out
}
