// The text of the editor.
import type { Command } from '../../../lib/state/commands'
import type { Workspace } from '../../../lib/state/workspace.svelte'
import { asked } from './asked'

export function editCommands(ws: Workspace): Command[] {
  const { tab, connected, writing, report } = asked(ws)
  return [
    {
      id: 'edit.fix',
      title: 'Replace the underlined name by what was meant',
      group: 'Edit',
      keys: ['Alt-Enter'],
      words: 'did you mean',
      when: () => (tab()?.fixable ?? false) && tab()?.errorMark?.fix !== undefined,
      run: () => ws.editor?.applyFix(),
    },
    {
      id: 'edit.format',
      title: 'Format the statement at the cursor, or the selection',
      group: 'Edit',
      keys: ['Mod-Shift-f'],
      words: 'layout pretty beautify',
      when: writing,
      run: () => void ws.editor?.format().then((why) => why && ws.notices.say(why), report),
    },
    {
      id: 'edit.comment',
      title: 'Comment the lines, or take the comment away',
      group: 'Edit',
      keys: ['Mod-/'],
      when: writing,
      run: () => ws.editor?.comment(),
    },
    {
      id: 'edit.expand',
      title: 'Write the columns for the star at the cursor',
      group: 'Edit',
      keys: ['Mod-Alt-e'],
      words: 'expand asterisk',
      when: connected,
      run: () =>
        void ws.editor
          ?.expand()
          .then((done) => done || ws.notices.say('No star at the cursor whose columns are known'), report),
    },
    {
      id: 'edit.upper',
      title: 'Keywords in capitals',
      group: 'Edit',
      words: 'upper case',
      when: writing,
      run: () => void ws.editor?.keywordCase(true).catch(report),
    },
    {
      id: 'edit.lower',
      title: 'Keywords in small letters',
      group: 'Edit',
      words: 'lower case',
      when: writing,
      run: () => void ws.editor?.keywordCase(false).catch(report),
    },
    {
      id: 'edit.checking',
      title: 'Check statements while they are written, on or off',
      group: 'Edit',
      words: 'lint prepare underline',
      run: () => {
        void ws.prefer({ checking: !ws.checking })
        ws.notices.say(
          ws.checking ? 'Statements are checked while written' : 'Statements are checked when run',
        )
      },
    },
  ]
}
