// Objects of the database.
import {
  copyDefinition,
  copyName,
  countRows,
  hasDefinition,
  hasPage,
  hasRows,
  insertName,
  openRows,
  showDefinition,
} from '../../../lib/state/objects'
import { importRows } from '../../../lib/state/imports.svelte'
import type { Command } from '../../../lib/state/commands'
import type { Workspace } from '../../../lib/state/workspace.svelte'
import { asked } from './asked'

export function objectCommands(ws: Workspace): Command[] {
  const { target } = asked(ws)
  return [
    {
      id: 'objects.page',
      title: 'Open the page of the object',
      group: 'Objects',
      words: 'columns keys describe',
      when: () => target(hasPage) && ws.view?.kind !== 'object',
      run: () => ws.openObject(ws.target!),
    },
    {
      id: 'objects.rows',
      title: 'Open the rows of the object',
      group: 'Objects',
      keys: ['Mod-Enter'],
      words: 'select browse data',
      onlyIn: 'tree',
      when: () => target(hasRows),
      run: () => openRows(ws, ws.target!),
    },
    {
      id: 'objects.count',
      title: 'Count the rows of the object',
      group: 'Objects',
      when: () => target(hasRows),
      run: () => countRows(ws, ws.target!),
    },
    {
      id: 'objects.insert',
      title: 'Insert the name of the object into the editor',
      group: 'Objects',
      keys: ['Mod-i'],
      onlyIn: 'tree',
      when: () => ws.target !== null,
      run: () => insertName(ws, ws.target!),
    },
    {
      id: 'objects.copyName',
      title: 'Copy the name of the object',
      group: 'Objects',
      keys: ['Mod-c'],
      onlyIn: 'tree',
      when: () => ws.target !== null,
      run: () => void copyName(ws, ws.target!),
    },
    {
      id: 'objects.definition',
      title: 'Show the definition of the object',
      group: 'Objects',
      keys: ['F4'],
      words: 'ddl create sql',
      when: () => target(hasDefinition),
      run: () => void showDefinition(ws, ws.target!),
    },
    {
      id: 'objects.copyDefinition',
      title: 'Copy the definition of the object',
      group: 'Objects',
      words: 'ddl create sql',
      when: () => target(hasDefinition),
      run: () => void copyDefinition(ws, ws.target!),
    },
    {
      id: 'objects.drop',
      title: 'Drop the object…',
      group: 'Objects',
      keys: ['Delete'],
      onlyIn: 'tree',
      words: 'delete remove',
      when: () => target(hasDefinition),
      run: () => (ws.dialog = { kind: 'drop', target: ws.target! }),
    },
    {
      id: 'objects.refresh',
      title: 'Read the objects again',
      group: 'Objects',
      keys: ['F5'],
      words: 'refresh reload catalog schema',
      when: () => ws.connection !== undefined,
      run: () => void ws.catalogs.of(ws.connection!.id).read(true),
    },
    {
      id: 'objects.filter',
      title: 'Filter the objects',
      group: 'Objects',
      keys: ['Mod-Shift-o'],
      when: () => !ws.start,
      run: () => ws.goToExplorer('filter'),
    },
    {
      id: 'import.rows',
      title: 'Import rows from a file…',
      group: 'Objects',
      words: 'csv tsv json load copy upload table',
      when: () => ws.connection !== undefined,
      run: () => importRows(ws, ws.target),
    },
  ]
}
