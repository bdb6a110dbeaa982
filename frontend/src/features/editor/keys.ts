import { closeBracketsKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, historyKeymap, indentLess, indentMore } from '@codemirror/commands'
import { foldKeymap, getIndentUnit } from '@codemirror/language'
import { openSearchPanel, searchKeymap } from '@codemirror/search'
import { EditorSelection, type StateCommand } from '@codemirror/state'
import { EditorView, keymap, type KeyBinding } from '@codemirror/view'

/**
 * The window's: running, palette, tabs, cancel, going somewhere, help. An editor that took them would make them work
 * sometimes.
 */
const windows = new Set([
  'Mod-Enter',
  'Mod-Shift-Enter',
  'Shift-Mod-Enter',
  'Mod-k',
  'Mod-p',
  'Mod-t',
  'Mod-w',
  'Mod-s',
  'Mod-e',
  'Mod-.',
  'Mod-Alt-g',
  'F1',
  'F8',
])
const mac = (key: string) => key.replace('Mod', 'Cmd')

export function without(bindings: readonly KeyBinding[]): KeyBinding[] {
  const taken = (key: string | undefined) =>
    key !== undefined &&
    [...windows].some((w) => w === key || mac(w) === key || w.replace('Mod', 'Ctrl') === key)
  return bindings.filter((b) => ![b.key, b.linux, b.win].some(taken) && !(b.mac && taken(b.mac) && !b.key))
}

/** Spaces to the next stop; with a selection all of its lines move. */
const tab: StateCommand = ({ state, dispatch }) => {
  if (state.selection.ranges.some((r) => !r.empty)) return indentMore({ state, dispatch })
  dispatch(
    state.update(
      state.changeByRange((r) => {
        const column = r.head - state.doc.lineAt(r.head).from
        const unit = getIndentUnit(state)
        const spaces = ' '.repeat(unit - (column % unit))
        return {
          changes: { from: r.head, insert: spaces },
          range: EditorSelection.cursor(r.head + spaces.length),
        }
      }),
      { scrollIntoView: true, userEvent: 'input.indent' },
    ),
  )
  return true
}

/** Opens the find bar with the row for replacing: its field is there, so it is the one to go to. */
export function openReplace(view: EditorView): boolean {
  openSearchPanel(view)
  const field = view.dom.querySelector<HTMLInputElement>('.cm-find [name=replace]')
  if (!field) return false
  field.closest<HTMLElement>('.cm-find')?.setAttribute('data-replace', '')
  field.focus()
  return true
}

export const keys = keymap.of([
  { key: 'Mod-h', mac: 'Mod-Alt-f', run: openReplace, preventDefault: true },
  { key: 'Tab', run: tab, shift: indentLess },
  ...without(closeBracketsKeymap),
  ...without(searchKeymap),
  ...without(historyKeymap),
  ...without(foldKeymap),
  ...without(defaultKeymap),
])
