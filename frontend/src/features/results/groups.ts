// What can be computed of which columns, in words.
import type { Aggregate, Column, GroupBy, Groups } from '../../lib/api/types'
import { isNumber } from '../../lib/state/grouping.svelte'
import { count, plural } from '../../lib/text/format'

export const functions = [
  { value: 'rows', label: 'count of rows' },
  { value: 'count', label: 'count of' },
  { value: 'distinct', label: 'different' },
  { value: 'sum', label: 'sum of' },
  { value: 'avg', label: 'average of' },
  { value: 'min', label: 'smallest' },
  { value: 'max', label: 'greatest' },
]

export const units = [
  { value: '', label: 'each value' },
  { value: 'day', label: 'by day' },
  { value: 'week', label: 'by week' },
  { value: 'month', label: 'by month' },
  { value: 'year', label: 'by year' },
]

/** NULL is no value here, so a count of a column is another than one of rows. */
export const functionOf = (a: Aggregate) => (a.func === 'count' && a.column < 0 ? 'rows' : a.func)

/** The columns that a function takes. */
export function columnsFor(func: string, columns: readonly Column[]): number[] {
  const adds = func === 'sum' || func === 'avg'
  return columns.flatMap((c, i) => (adds && !isNumber(c) ? [] : [i]))
}

/** Another function of the same column, or of the first that it takes; null when there is none. */
export function aggregateOf(func: string, column: number, columns: readonly Column[]): Aggregate | null {
  if (func === 'rows') return { func: 'count', column: -1 }
  const may = columnsFor(func, columns)
  const of = may.includes(column) ? column : may[0]
  return of === undefined ? null : { func, column: of }
}

/** What another aggregate would be: the sum of the first numbers that have none yet. */
export function nextAggregate(list: readonly Aggregate[], columns: readonly Column[]): Aggregate {
  const free = columnsFor('sum', columns).find(
    (c) => !list.some((a) => a.column === c) && !/(^|_)id$/i.test(columns[c]!.name),
  )
  if (free !== undefined) return { func: 'sum', column: free }
  return { func: 'distinct', column: 0 }
}

/** The first column that is no key yet. */
export function nextKey(keys: readonly GroupBy[], columns: readonly Column[]): GroupBy | null {
  const column = columns.findIndex((_, i) => !keys.some((k) => k.column === i))
  return column < 0 ? null : { column, unit: '' }
}

/** How many groups there are, of what, and what a pivot leaves out. */
export function said(g: Groups, pivot: string): string {
  const of = `${plural(g.result.rows, pivot ? 'row' : 'group')} of ${plural(g.rows, 'row')}`
  const left =
    g.shown < g.values
      ? ` · the first ${count(g.shown)} of ${count(g.values)} values of ${pivot} are columns`
      : ''
  return `${of}${g.complete ? '' : ' so far'}${left}`
}
