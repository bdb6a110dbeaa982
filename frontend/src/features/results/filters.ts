// Conditions in words, and what can be asked of a column.
import type { Cell, Column, FilterBy } from '../../lib/api/types'

export const operators: { op: string; label: string; values: 'one' | 'list' | 'none' }[] = [
  { op: '=', label: '=', values: 'one' },
  { op: '≠', label: '≠', values: 'one' },
  { op: '<', label: '<', values: 'one' },
  { op: '≤', label: '≤', values: 'one' },
  { op: '>', label: '>', values: 'one' },
  { op: '≥', label: '≥', values: 'one' },
  { op: 'contains', label: 'contains', values: 'one' },
  { op: 'matches', label: 'matches', values: 'one' },
  { op: 'in', label: 'is one of', values: 'list' },
  { op: 'null', label: 'is NULL', values: 'none' },
  { op: 'not null', label: 'is not NULL', values: 'none' },
]
export const operatorOf = (op: string) => operators.find((o) => o.op === op)!

/** What is asked first of a column of a class. */
export const firstOperator = (c: Column) => (c.class === 'text' || c.class === 'json' ? 'contains' : '=')

export const keepValue = (column: number, value: Cell): FilterBy =>
  value === null
    ? { column, op: 'null', values: [], case: false }
    : { column, op: '=', values: [value], case: false }

export const leaveOut = (column: number, value: Cell): FilterBy =>
  value === null
    ? { column, op: 'not null', values: [], case: false }
    : { column, op: '≠', values: [value], case: false }

const short = (s: string) => (s.length > 40 ? `${s.slice(0, 39)}…` : s)
const quoted = (s: string) => (s === '' ? '“”' : short(s))

/** status = roasting */
export function words(f: FilterBy, columns: Column[]): string {
  const name = columns[f.column]?.name ?? ''
  switch (f.op) {
    case 'null':
      return `${name} is NULL`
    case 'not null':
      return `${name} is not NULL`
    case 'in':
      return `${name} in ${f.values.map(quoted).slice(0, 4).join(', ')}${f.values.length > 4 ? `, ${f.values.length - 4} more` : ''}`
  }
  return `${name} ${f.op} ${quoted(f.values[0] ?? '')}`
}

/** The values of a list as they are typed: one a line, or with commas between when there is one line. */
export function listOf(text: string): string[] {
  const lines = text.split('\n')
  const parts = lines.length > 1 ? lines : text.split(',')
  return parts.map((p) => p.trim()).filter((p, i, all) => p !== '' && all.indexOf(p) === i)
}
