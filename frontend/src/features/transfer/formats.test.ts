import { expect, it } from 'vitest'
import { endingOf, fileFormats, folderOf, formatOf, nameFor, withEnding } from './formats'

it('gives a file the ending of its format', () => {
  expect(withEnding('~/a.csv', '.json')).toBe('~/a.json')
  expect(withEnding('~/a.csv.gz', '.csv')).toBe('~/a.csv')
  expect(withEnding('~/a.json', endingOf(formatOf('ndjson'), 'gzip'))).toBe('~/a.ndjson.gz')
  expect(withEnding('~/a.csv.zst', '.csv')).toBe('~/a.csv')
  expect(withEnding('~/a.txt', '.csv')).toBe('~/a.txt')
  expect(withEnding('~/a.update.sql.gz', '.sql')).toBe('~/a.sql')
  expect(withEnding('~/csv', '.json')).toBe('~/csv')
})

it('has a different ending and label for each', () => {
  for (const of of ['ext', 'label', 'name'] as const)
    expect(new Set(fileFormats.map((f) => f[of])).size).toBe(fileFormats.length)
})

it('names a file after the tab', () => {
  expect(nameFor('roast-board.sql')).toBe('roast-board')
  expect(nameFor('Query 1')).toBe('query-1')
  expect(nameFor('a/b\nc: "d"')).toBe('a-b-c-d')
  expect(nameFor('日本')).toBe('日本')
  expect(nameFor('...')).toBe('result')
})

it('finds the folder', () => {
  expect(folderOf('~/x/a.csv')).toBe('~/x')
  expect(folderOf('/a.csv')).toBe('')
  expect(folderOf('a.csv')).toBe('')
  expect(folderOf('C:\\x\\a.csv')).toBe('C:\\x')
})
