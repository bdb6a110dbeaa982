// Every setting: where it stands, what it says, and how it is chosen. Their defaults come from Go.
import type { IconName } from '../../components/icons'
import { bytes } from '../../lib/text/format'
import type { Preferences } from '../../lib/api/types'
import type { SettingsSection } from '../../lib/state/views.svelte'

export interface Choice {
  value: string
  label: string
}

type Value = string | number | boolean
type Control =
  | { kind: 'switch' }
  | { kind: 'segment' | 'select'; choices: Choice[] }
  | { kind: 'font' }
  | { kind: 'folder'; empty: string }

export interface Setting {
  key: { [K in keyof Preferences]: Preferences[K] extends Value ? K : never }[keyof Preferences]
  section: SettingsSection
  title: string
  says: string
  /** what it can be found by besides */
  words?: string
  control: Control
}

export const sections: { id: SettingsSection; title: string; icon: IconName }[] = [
  { id: 'general', title: 'General', icon: 'sliders-horizontal' },
  { id: 'editor', title: 'Editor', icon: 'text-cursor-input' },
  { id: 'results', title: 'Results', icon: 'table-2' },
  { id: 'keys', title: 'Keys', icon: 'keyboard' },
  { id: 'transactions', title: 'Transactions', icon: 'git-branch' },
  { id: 'health', title: 'Health', icon: 'heart-pulse' },
]

const numbers = (list: number[], label: (n: number) => string): Choice[] =>
  list.map((n) => ({ value: String(n), label: label(n) }))

const after = (s: number) => (s === 0 ? 'never' : s < 60 ? `after ${s} s` : `after ${s / 60} min`)

export const settings: Setting[] = [
  {
    key: 'theme',
    section: 'general',
    title: 'Theme',
    says: 'Follows the system until you choose',
    words: 'dark light colours',
    control: {
      kind: 'segment',
      choices: [
        { value: 'system', label: 'System' },
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
      ],
    },
  },
  {
    key: 'density',
    section: 'general',
    title: 'Density',
    says: 'Height of rows in grids, lists and trees',
    words: 'spacing',
    control: {
      kind: 'segment',
      choices: [
        { value: 'compact', label: 'Compact 20' },
        { value: 'regular', label: 'Regular 24' },
        { value: 'comfortable', label: 'Comfortable 28' },
      ],
    },
  },
  {
    key: 'font',
    section: 'general',
    title: 'Code and data font',
    says: 'Ligatures are off: what you see is what is sent',
    words: 'family monospace',
    control: { kind: 'font' },
  },
  {
    key: 'fontSize',
    section: 'general',
    title: 'Size of code and data',
    says: 'Of the editor; results are one pixel smaller',
    words: 'font zoom',
    control: { kind: 'select', choices: numbers([11, 12, 13, 14, 15, 16, 17, 18], (n) => `${n} px`) },
  },
  {
    key: 'notifyAfter',
    section: 'general',
    title: 'Tell me when a long query ends',
    says: 'Only while another window is in front',
    words: 'notification desktop threshold',
    control: {
      kind: 'select',
      choices: numbers([0, 5, 10, 30, 60, 300], after),
    },
  },
  {
    key: 'restoreTabs',
    section: 'general',
    title: 'Restore tabs at start',
    says: 'Text, cursor and scroll position. Nothing is run.',
    words: 'session drafts',
    control: { kind: 'switch' },
  },
  {
    key: 'wrap',
    section: 'editor',
    title: 'Wrap long lines',
    says: 'At the edge of the editor; the text stays as it is',
    control: { kind: 'switch' },
  },
  {
    key: 'lineNumbers',
    section: 'editor',
    title: 'Line numbers',
    says: 'Beside the text',
    words: 'gutter',
    control: { kind: 'switch' },
  },
  {
    key: 'indent',
    section: 'editor',
    title: 'Indentation',
    says: 'Spaces that the Tab key writes, and Format too',
    words: 'tab size width',
    control: { kind: 'segment', choices: numbers([2, 3, 4, 8], String) },
  },
  {
    key: 'closeBrackets',
    section: 'editor',
    title: 'Close brackets and quotes',
    says: 'As they are typed',
    control: { kind: 'switch' },
  },
  {
    key: 'completing',
    section: 'editor',
    title: 'Propose while typing',
    says: 'When off, its key still does',
    words: 'completion autocomplete suggestions',
    control: { kind: 'switch' },
  },
  {
    key: 'upperKeywords',
    section: 'editor',
    title: 'Keywords in capitals',
    says: 'Those that completion writes',
    words: 'upper case completion',
    control: { kind: 'switch' },
  },
  {
    key: 'checking',
    section: 'editor',
    title: 'Check while typing',
    says: 'The server looks at the statement, and runs nothing; never in a transaction or through a pooler',
    words: 'errors underline lint prepare',
    control: { kind: 'switch' },
  },
  {
    key: 'firstRows',
    section: 'results',
    title: 'First rows',
    says: 'That come with the answer; all others follow as you look at them, none is left out',
    words: 'page size limit fetch',
    control: { kind: 'select', choices: numbers([50, 100, 200, 500, 1000, 5000], (n) => `${n} rows`) },
  },
  {
    key: 'resultsDir',
    section: 'results',
    title: 'Place of results',
    says: 'Kept there while their tab is open; those that are there stay',
    words: 'spool directory disk folder',
    control: { kind: 'folder', empty: 'The data directory' },
  },
  {
    key: 'resultsBudget',
    section: 'results',
    title: 'Room for results',
    says: 'A run that would take more on disk waits, and you choose: go on or stop. Nothing is cut',
    words: 'spool budget disk limit space',
    control: {
      kind: 'select',
      choices: numbers([1000, 5000, 10_000, 20_000, 50_000, 100_000, 0], (n) =>
        n === 0 ? 'no limit' : bytes(n * 1e6),
      ),
    },
  },
  {
    key: 'manualCommit',
    section: 'transactions',
    title: 'New tabs commit by hand',
    says: 'A transaction begins with the first statement and stays open until you end it',
    words: 'autocommit manual begin',
    control: { kind: 'switch' },
  },
  {
    key: 'continueOnError',
    section: 'transactions',
    title: 'New tabs go on after an error',
    says: 'Else a script stops at the first statement that fails',
    words: 'script stop continue',
    control: { kind: 'switch' },
  },
  {
    key: 'logLevel',
    section: 'health',
    title: 'Log level',
    says: 'How much is written to the log; never results or parameters',
    words: 'debug trace',
    control: {
      kind: 'select',
      choices: ['error', 'warn', 'info', 'debug', 'trace'].map((value) => ({ value, label: value })),
    },
  },
]

/** The settings that have all the words, in the order of their sections. */
export function found(words: string): Setting[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  return settings.filter((s) => {
    const text = `${s.title} ${s.says} ${s.words ?? ''} ${s.section}`.toLowerCase()
    return wanted.every((w) => text.includes(w))
  })
}

/** What is chosen, as a control shows it; a value that is no choice (another Tusk set it) is one too. */
export function choicesFor(choices: Choice[], value: string): Choice[] {
  return choices.some((c) => c.value === value) ? choices : [...choices, { value, label: value }]
}

const monospaced = [
  'Cascadia Code',
  'Consolas',
  'DejaVu Sans Mono',
  'Fira Code',
  'Fira Mono',
  'Hack',
  'IBM Plex Mono',
  'Inconsolata',
  'Iosevka',
  'Liberation Mono',
  'Menlo',
  'Monaco',
  'Noto Sans Mono',
  'SF Mono',
  'Source Code Pro',
  'Ubuntu Mono',
]

/** The fonts that are there, of those that people write code in: one that is not is drawn as its fallback is. */
export function fonts(): Choice[] {
  const pen =
    typeof CanvasRenderingContext2D === 'undefined' ? null : document.createElement('canvas').getContext('2d')
  const width = (family: string) => {
    if (!pen) return 0
    pen.font = `40px ${family}`
    return pen.measureText('mmmmiiilll0O').width
  }
  const there = monospaced.filter((f) =>
    ['sans-serif', 'serif'].every((other) => width(`'${f}', ${other}`) !== width(other)),
  )
  return [
    { value: '', label: 'Tusk Mono' },
    { value: 'monospace', label: 'The system’s' },
    ...there.map((f) => ({ value: f, label: f })),
  ]
}
