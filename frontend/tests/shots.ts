// Pictures of the window into build/shots, with axe looking on.
import axe, { type AxeResults, type ContextObject, type RunOptions } from 'axe-core'
import { join } from 'node:path'
import { root } from './processes'
import { expect, type Tusk } from './tusk'

export const shot = (name: string) => join(root, 'build/shots', name)

/** Takes a picture in each theme, as a system does that changes from day to night and back. */
export async function pictures(
  tusk: Tusk,
  name: string,
  look: (theme: 'light' | 'dark') => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await tusk.page.evaluate(() => document.fonts.ready)
  for (const theme of ['dark', 'light'] as const) {
    await tusk.page.emulateMedia({ colorScheme: theme })
    await expect(tusk.page.locator('html')).toHaveAttribute('data-theme', theme)
    await tusk.page.screenshot({ path: shot(`${name}-${theme}.png`), animations: 'disabled' })
    await look(theme)
  }
}

const context: ContextObject = {
  exclude: [
    ['.g-row:nth-child(n + 8)'], // rows are all alike
    ['.cm-complete > ul'], // the focus stays in the text, which names the active option
  ],
}

/** Has axe look at the page, which it is read into once: that takes longer than its look. */
async function violations({ page }: Tusk, options: RunOptions): Promise<AxeResults['violations']> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const asked = [context, { ...options, resultTypes: ['violations'] }].map((o) => JSON.stringify(o))
  const found = await page.evaluate<AxeResults>(`axe.run(${asked.join()})`)
  return found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
}

/** Takes pictures in which axe may find nothing serious. Of a theme, only the colours differ. */
export const screen = (tusk: Tusk, name: string): Promise<void> =>
  pictures(tusk, name, async (theme) => {
    const bad = await violations(tusk, theme === 'dark' ? { runOnly: ['color-contrast'] } : {})
    expect
      .soft(
        bad.map((v) => `${name}: ${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`),
        `axe on ${name}, ${theme}`,
      )
      .toEqual([])
  })
