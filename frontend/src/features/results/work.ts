// The parts of a result that are read when they are first asked for.
export { default as ArrangeBar } from './ArrangeBar.svelte'
export { default as FilterForm } from './FilterForm.svelte'
export { default as FindBar } from './FindBar.svelte'
export { default as RowPanel } from './RowPanel.svelte'
export { default as SummaryPanel } from './SummaryPanel.svelte'
