// The sections of an object's page, and which of them have something to show. Pure.
import type { Description } from '../../lib/api/types'
import type { Target } from '../../lib/state/objects'

export type SectionId =
  | 'columns'
  | 'keys'
  | 'indexes'
  | 'references'
  | 'triggers'
  | 'partitions'
  | 'grants'
  | 'statistics'
  | 'definition'

export interface Section {
  id: SectionId
  title: string
  count?: number
  /** parts of the description that it shows, as Go names them */
  parts: string[]
}

const definition: Section = { id: 'definition', title: 'Definition', parts: [] }

export function sectionsOf(t: Target, d: Description | undefined): Section[] {
  if (t.kind !== 'relation') return [definition]
  if (!d) return []
  const foreign = d.constraints.filter((c) => c.type === 'foreign').length
  const keys = d.constraints.filter((c) => c.type !== 'foreign' && c.type !== 'not null').length
  const all: Section[] = [
    { id: 'columns', title: 'Columns', count: d.columns.length, parts: ['columns'] },
    { id: 'keys', title: 'Keys and checks', count: keys, parts: ['constraints'] },
    { id: 'indexes', title: 'Indexes', count: d.indexes.length, parts: ['indexes'] },
    { id: 'references', title: 'Foreign keys', count: foreign + d.referrers.length, parts: ['referrers'] },
    {
      id: 'triggers',
      title: 'Triggers and rules',
      count: d.triggers.length + d.rules.length + d.policies.length,
      parts: ['triggers', 'rules', 'policies'],
    },
    { id: 'partitions', title: 'Partitions', count: d.partitions.length, parts: ['partitions'] },
    { id: 'grants', title: 'Grants', count: d.grants.length, parts: ['grants'] },
  ]
  const shown = all.filter((s) => s.count !== 0 || s.parts.some((p) => d.problems[p]))
  if ('rpmf'.includes(d.kind)) shown.push({ id: 'statistics', title: 'Statistics', parts: [] })
  return [...shown, definition]
}

/** The one that is shown: what was chosen, while it is there. */
export const sectionOf = (sections: Section[], chosen: string): Section | undefined =>
  sections.find((s) => s.id === chosen) ?? sections[0]
