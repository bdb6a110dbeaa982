import { expect, it } from 'vitest'
import { health } from '../../lib/api/fake'
import { reportText } from './report'

it('has the last errors, and nothing of where or whom', () => {
  const line = (level: string, more: object) =>
    JSON.stringify({ level, time: '2026-11-30T04:00:00Z', ...more })
  const text = reportText(
    health({ dataDir: '/home/ada/.local/share/tusk', warnings: ['Kept in /home/ada/.local/share/tusk/x.'] }),
    [
      line('info', { message: 'started' }),
      line('error', {
        op: 'connections.connect',
        kind: 'refused',
        host: 'db.ada.example',
        error: 'role ada',
        message: 'failed',
      }),
      '{"level":"error","mess',
      ...Array.from({ length: 12 }, (_, i) => line('warn', { message: `warning ${i}` })),
    ],
  )
  expect(text).not.toContain('ada')
  expect(text).toContain('Kept in DATA/x.')
  expect(text).toContain('2026-11-30T04:00:00Z warn warning 11')
  expect(text).not.toContain('warning 1\n')
  expect(
    reportText(health(), [line('error', { op: 'connections.connect', kind: 'refused', message: 'failed' })]),
  ).toContain('error connections.connect refused failed')
})
