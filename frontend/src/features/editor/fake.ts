// For tests: a host that knows nothing, but for what a test says it does.
import type { Host } from './host'

export function fakeHost(knows: Partial<Host> = {}): Host {
  return {
    split: () => Promise.resolve([]),
    complete: () => Promise.resolve({ from: 0, to: 0, items: [] }),
    about: () => Promise.resolve({ from: 0, to: 0, kind: '', name: '', detail: '', table: '', comment: '' }),
    expand: () => Promise.resolve({ from: 0, to: 0, text: '' }),
    check: () => Promise.resolve({}),
    signatures: () => Promise.resolve({ name: '', argument: 0, choices: [] }),
    ...knows,
  }
}
