// Frozen columns: they stay at the left, and everything that works on cells works on them.
import { expect, test } from './tusk'
import { screen } from './shots'

test.beforeEach(({ tusk }) => tusk.openSample())

const wide = `select g as id, 'customer ' || g as customer, ${Array.from(
  { length: 30 },
  (_, i) => `'value ' || g || '/${i}' as c${i}`,
).join(', ')} from generate_series(1, 500) g`

test('frozen columns stay while the others scroll', async ({ tusk }) => {
  await tusk.run(wide)
  await expect(tusk.cell(1, 2)).toHaveText('customer 1')
  const head = (name: string) => tusk.grid.getByRole('columnheader', { name: new RegExp(`^${name}`) })
  await head('customer').click({ button: 'right' })
  await tusk.page.getByRole('menuitem', { name: 'Freeze up to here' }).click()
  const before = (await tusk.cell(3, 2).boundingBox())!
  // Keys: to the end of the row and back; the frozen cells have not moved.
  await tusk.cell(3, 1).click()
  await tusk.press('End')
  await expect(tusk.cell(3, 32)).toHaveText('value 3/29')
  await expect.poll(() => tusk.cell(3, 2).boundingBox()).toEqual(before)
  await expect(head('customer')).toBeVisible()
  // What is under the pointer is the frozen cell, not one that was scrolled behind it.
  const on = (x: number) =>
    tusk.page.evaluate(([x, y]) => document.elementFromPoint(x!, y!)?.textContent, [x, before.y + 8])
  await expect.poll(() => on(before.x + 12)).toBe('customer 3')
  await expect.poll(() => on(before.x + before.width - 12)).toBe('customer 3')
  // A range over the edge is one range: it copies with all that lies between.
  await tusk.cell(3, 2).click()
  await tusk.press('Shift+ArrowRight', 'Shift+ArrowDown', 'Control+c')
  await expect.poll(() => tusk.clipboard()).toBe('customer 3\tvalue 3/0\ncustomer 4\tvalue 4/0\n')
  await screen(tusk, 'frozen-range')
  await tusk.page.mouse.move(before.x + 200, before.y + 8)
  await tusk.page.mouse.wheel(700, 240)
  await tusk.cell(12, 2).hover()
  await screen(tusk, 'frozen')
  // Resize by the frozen header's edge.
  const box = (await head('customer').boundingBox())!
  await tusk.page.mouse.move(box.x + box.width - 3, box.y + 10)
  await tusk.page.mouse.down()
  await tusk.page.mouse.move(box.x + box.width + 57, box.y + 10, { steps: 4 })
  await tusk.page.mouse.up()
  await expect.poll(async () => (await head('customer').boundingBox())!.width).toBe(box.width + 60)
  await head('customer').click({ button: 'right' })
  await tusk.page.getByRole('menuitem', { name: 'Unfreeze' }).click()
  await expect(tusk.grid.locator('.g-ice').filter({ visible: true })).toHaveCount(0)
  await expect(head('customer')).toHaveCount(0)
})
