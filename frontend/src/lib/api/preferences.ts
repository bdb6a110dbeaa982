import type { Preferences } from './types'

/** What holds until Go has said what the person set. */
export const unread: Preferences = {
  theme: 'system',
  density: 'regular',
  font: '',
  fontSize: 13,
  notifyAfter: 30,
  restoreTabs: true,
  keys: {},
  wrap: false,
  lineNumbers: true,
  closeBrackets: true,
  completing: true,
  upperKeywords: false,
  indent: 2,
  checking: true,
  firstRows: 200,
  resultsDir: '',
  resultsBudget: 20_000,
  manualCommit: false,
  continueOnError: false,
  logLevel: 'info',
}
