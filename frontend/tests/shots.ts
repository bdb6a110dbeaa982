// Pictures of the window into build/shots, with axe looking on.
import { AxeBuilder } from '@axe-core/playwright'
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

/** Takes pictures in which axe may find nothing serious. */
export const screen = (tusk: Tusk, name: string): Promise<void> =>
  pictures(tusk, name, async (theme) => {
    // Without frames there is nothing to put together in a page of its own; of a theme, only the colours differ.
    const axe = new AxeBuilder({ page: tusk.page }).setLegacyMode(true)
    axe.exclude('.g-row:nth-child(n + 8)') // rows are all alike
    axe.exclude('.cm-complete > ul') // the focus stays in the text, which names the active option
    if (theme === 'dark') axe.withRules(['color-contrast'])
    const { violations } = await axe.analyze()
    const bad = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
    expect
      .soft(
        bad.map((v) => `${name}: ${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`),
        `axe on ${name}, ${theme}`,
      )
      .toEqual([])
  })
