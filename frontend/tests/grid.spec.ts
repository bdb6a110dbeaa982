// Selecting, copying, and looking into cells.
import type { Locator } from '@playwright/test'
import { expect, test, type Tusk } from './tusk'

test.beforeEach(({ tusk }) => tusk.openSample())

const table = `select * from (values
  (1, 'plain', 10.50::numeric, true),
  (2, E'a\\tb\\nc "q"', null, false),
  (3, '', 12345678901234567890.12, null),
  (4, '=1+1', 0, true)) v(id, "some text", amount, ok)`

const copied = async (tusk: Tusk, what: RegExp) => {
  await expect(tusk.status).toContainText(what)
  return tusk.clipboard()
}
/** Waits until a place stays what it is. */
async function settled(what: Locator): Promise<void> {
  let last = ''
  await expect
    .poll(async () => {
      const before = last
      last = JSON.stringify(await what.boundingBox())
      return last === before
    })
    .toBe(true)
}
const copyMenu = (tusk: Tusk) => tusk.results.getByRole('button', { name: 'Copy', exact: true })

test('a range chosen with the mouse goes to the clipboard in every format', async ({ tusk, page }) => {
  await tusk.run(table)
  const from = (await tusk.cell(2, 1).boundingBox())!
  const to = (await tusk.cell(3, 3).boundingBox())!
  await page.mouse.move(from.x + 5, from.y + 5)
  await page.mouse.down()
  await page.mouse.move(to.x + 5, to.y + 5, { steps: 4 })
  await page.mouse.up()
  await expect(tusk.status).toContainText('6 cells')
  await expect(tusk.cell(2, 1)).toHaveAttribute('aria-selected', 'true')
  await expect(tusk.cell(3, 3)).toHaveAttribute('aria-selected', 'true')
  await expect(tusk.cell(4, 1)).toHaveAttribute('aria-selected', 'false')

  await tusk.press('Control+c')
  expect(await copied(tusk, /Copied 6 cells as TSV/)).toBe(
    '2\t"a\tb\nc ""q"""\t\n3\t\t12345678901234567890.12\n',
  )
  await tusk.press('Control+Shift+c')
  await expect
    .poll(() => tusk.clipboard())
    .toBe('id\tsome text\tamount\n2\t"a\tb\nc ""q"""\t\n3\t\t12345678901234567890.12\n')
  await tusk.choose(copyMenu(tusk), 'CSV')
  await expect.poll(() => tusk.clipboard()).toBe('2,"a\tb\nc ""q""",\n3,"",12345678901234567890.12\n')
  await tusk.choose(copyMenu(tusk), 'CSV with header')
  await expect
    .poll(() => tusk.clipboard())
    .toBe('id,some text,amount\n2,"a\tb\nc ""q""",\n3,"",12345678901234567890.12\n')
  await tusk.choose(copyMenu(tusk), 'JSON')
  await expect
    .poll(() => tusk.clipboard())
    .toBe(
      '[\n{"id":2,"some text":"a\\tb\\nc \\"q\\"","amount":null},\n{"id":3,"some text":"","amount":12345678901234567890.12}\n]\n',
    )
})

test('a range chosen with keys, a row, a column, and all', async ({ tusk }) => {
  await tusk.run(table)
  await tusk.press('Control+2', 'Control+Home', 'ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowRight')
  await expect(tusk.status).toContainText('4 cells')
  await tusk.press('Control+c')
  await expect.poll(() => tusk.clipboard()).toBe('2\t"a\tb\nc ""q"""\n3\t\n')
  await tusk.press('Control+Home', 'Control+c')
  await expect.poll(() => tusk.clipboard()).toBe('1')
  await tusk.press('Shift+Space', 'Control+c')
  await expect.poll(() => tusk.clipboard()).toBe('1\tplain\t10.50\tt\n')
  await tusk.press('Control+Home', 'Control+Space', 'Control+Shift+c')
  await expect.poll(() => tusk.clipboard()).toBe('id\n1\n2\n3\n4\n')
  await tusk.press('Control+a', 'Control+c')
  await expect(tusk.status).toContainText('Copied 16 cells')
  expect((await tusk.clipboard()).split('\n')[0]).toBe('1\tplain\t10.50\tt')
})

test('the status line adds up exact numbers', async ({ tusk }) => {
  await tusk.run(`select 0.1::numeric + g * 10000000000000000.01 as n from generate_series(0, 2) g`)
  await tusk.press('Control+2', 'Control+Home', 'Control+Space')
  await expect(tusk.status).toContainText('3 cells · sum 30000000000000000.33')
})

test('a column is resized with the mouse and with keys', async ({ tusk, page }) => {
  await tusk.run(table)
  const head = page.getByRole('columnheader', { name: /^some text/ })
  await expect(tusk.cell(1, 2)).toHaveText('plain')
  await settled(head) // the width is fitted to the first rows
  const box = (await head.boundingBox())!
  await page.mouse.move(box.x + box.width - 2, box.y + 10)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width + 98, box.y + 10, { steps: 3 })
  await page.mouse.up()
  await expect
    .poll(async () => Math.round((await head.boundingBox())!.width))
    .toBe(Math.round(box.width + 100))
  await tusk.press('Control+2', 'Control+Home', 'ArrowRight', 'Alt+ArrowLeft')
  await expect
    .poll(async () => Math.round((await head.boundingBox())!.width))
    .toBe(Math.round(box.width + 92))
})

test('an open transaction does not turn copying with names into a commit', async ({ tusk, page }) => {
  await tusk.runAll('begin; select 1 as one')
  await expect(tusk.cell(1, 1)).toHaveText('1')
  await tusk.press('Control+2', 'Control+Home', 'Control+Shift+c')
  await expect.poll(() => tusk.clipboard()).toBe('one\n1\n')
  await expect(page.locator('.txchip')).toContainText('In transaction')
})

test.describe('the cell viewer', () => {
  const openFirst = async (tusk: Tusk) => {
    await tusk.press('Control+2', 'Control+Home', 'Enter')
    await expect(tusk.viewer).toBeVisible()
  }
  const value = (tusk: Tusk) => tusk.viewer.getByRole('region', { name: 'Value' })

  test('shows a long text whole and gives the focus back', async ({ tusk }) => {
    await tusk.run(`select 'begin ' || repeat('lorem ipsum ', 60) || 'the end' as story`)
    await openFirst(tusk)
    await expect(value(tusk)).toContainText('begin lorem')
    await value(tusk).press('Control+End')
    await expect(value(tusk)).toContainText('the end')
    await tusk.press('Escape')
    await expect(tusk.viewer).toHaveCount(0)
    await expect(tusk.grid).toBeFocused()
    await tusk.press('Escape')
    await expect(tusk.editor).toBeFocused()
  })

  test('leaves the cell it shows in view, and follows the next one', async ({ tusk }) => {
    await tusk.run(`select repeat('a', 40) as a, repeat('b', 40) as b, repeat('c', 40) as c, 'last' as d`)
    await tusk.press('Control+2', 'Control+Home', 'End', 'Enter')
    await expect(tusk.viewer).toContainText('last')
    const edge = async () => {
      const cell = (await tusk.cell(1, 4).boundingBox())!
      return cell.x + cell.width - (await tusk.viewer.boundingBox())!.x
    }
    await expect.poll(edge).toBeLessThan(1)
    await tusk.press('Home')
    await expect(tusk.viewer).toContainText('a'.repeat(40))
    await tusk.press('ArrowRight')
    await expect(tusk.viewer).toContainText('b'.repeat(40))
  })

  test('keeps the digits and the doubled keys of JSON', async ({ tusk }) => {
    await tusk.run(
      `select '{"n": 12345678901234567890, "f": 1.10000000000000000001, "n": -0, "e": 1E400, "list": [1, {"deep": null}]}'::json as j`,
    )
    await openFirst(tusk)
    for (const part of ['12345678901234567890', '1.10000000000000000001', '-0', '1E400', 'deep'])
      await expect(value(tusk)).toContainText(part)
    expect((await value(tusk).textContent())!.match(/"n"/g)).toHaveLength(2)
    await tusk.viewer.getByRole('tab', { name: 'Text' }).click()
    await expect(value(tusk)).toContainText('{"n": 12345678901234567890, "f"')
    await tusk.viewer.getByRole('button', { name: 'Copy value' }).click()
    await expect
      .poll(() => tusk.clipboard())
      .toBe(
        '{"n": 12345678901234567890, "f": 1.10000000000000000001, "n": -0, "e": 1E400, "list": [1, {"deep": null}]}',
      )
  })

  test('shows bytes as a dump', async ({ tusk }) => {
    await tusk.run(`select decode('00ff10547573', 'hex') || '\\x6b20c3a9'::bytea as b`)
    await openFirst(tusk)
    await expect(value(tusk)).toContainText(/00 ff 10 54 {2}75 73 6b 20\D*Tusk/)
    await expect(value(tusk)).toContainText('c3 a9')
    await tusk.viewer.getByRole('tab', { name: 'Text' }).click()
    await expect(value(tusk)).toContainText('\\x00ff105475736b20c3a9')
  })

  test('reads three megabytes in parts and copies them whole', async ({ tusk }) => {
    await tusk.run(`select 'A' || repeat('0123456789', 300000) || 'Z' as long`)
    await openFirst(tusk)
    const next = tusk.viewer.getByRole('button', { name: 'Next part' })
    for (const part of ['0 B to 1 MB of 3 MB', '1 MB to 2.1 MB of 3 MB', '2.1 MB to 3 MB of 3 MB']) {
      await expect(tusk.viewer).toContainText(part)
      if (await next.isEnabled()) await next.click()
    }
    await expect(next).toBeDisabled()
    await value(tusk).press('Control+End')
    await expect(value(tusk)).toContainText('789Z')
    await tusk.viewer.getByRole('button', { name: 'Copy value' }).click()
    await expect.poll(async () => (await tusk.clipboard()).length).toBe(3_000_002)
    expect((await tusk.clipboard()).endsWith('789Z')).toBe(true)
  })
})

test('the sum appears also when the rows come after the selection', async ({ tusk, page }) => {
  let release = () => {}
  const gate = new Promise<void>((done) => (release = done))
  await page.route('**/api/call/Queries.Page', async (route) => {
    await gate
    await route.continue()
  })
  await tusk.run('select g as n from generate_series(1, 400) g')
  await tusk.press('Control+2', 'Control+End', 'Control+Space')
  await expect(tusk.status).toContainText('400 cells')
  await expect(tusk.status).not.toContainText('sum')
  release()
  await expect(tusk.status).toContainText('400 cells · sum 80200')
})

test('the floating thumb across stands where the columns are', async ({ tusk, page }) => {
  await tusk.run(`select ${Array.from({ length: 40 }, (_, i) => `'column ${i}' as c${i}`).join(', ')}`)
  const grid = (await tusk.results.getByRole('grid').boundingBox())!
  const thumb = async () => (await page.locator('.g-track-h > .g-thumb').boundingBox())!
  expect((await thumb()).x).toBeLessThan(grid.x + 5)
  await tusk.press('Control+2', 'End')
  await expect
    .poll(async () => grid.x + grid.width - (await thumb()).x - (await thumb()).width)
    .toBeLessThan(24)
  const at = await thumb()
  await page.mouse.move(at.x + 5, at.y + 3)
  await page.mouse.down()
  await page.mouse.move(grid.x, at.y + 3, { steps: 4 })
  await page.mouse.up()
  await expect.poll(async () => Math.round((await thumb()).x - grid.x)).toBe(0)
})
