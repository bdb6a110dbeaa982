// The parts of the window that are read after the editor: none is needed for what is seen first.
export { default as DropDialog } from './features/explorer/DropDialog.svelte'
export { default as Explorer } from './features/explorer/Explorer.svelte'
export { default as ExportDialog } from './features/transfer/ExportDialog.svelte'
export { default as KeyList } from './features/help/KeyList.svelte'
export { default as Manual } from './features/help/Manual.svelte'
export { default as ObjectView } from './features/object/ObjectView.svelte'
export { default as Palette } from './features/palette/Palette.svelte'
export { default as Settings } from './features/settings/Settings.svelte'
