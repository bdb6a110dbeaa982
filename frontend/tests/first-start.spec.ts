import { expect, test } from './tusk'

test('opens the sample database and shows its first rows', async ({ tusk, page }) => {
  await page.setViewportSize({ width: 1600, height: 800 }) // all columns are drawn
  await tusk.openSample()
  await expect(tusk.editor).toContainText('Web orders of the last three days')
  await tusk.run()
  await expect
    .poll(() => tusk.columns())
    .toEqual([
      'id int8',
      'name text',
      'email text',
      'total numeric(12,2)',
      'status order_status', // a type of the database's own, which is asked for beside
      'placed_at timestamptz',
      'note text',
      'attributes jsonb',
    ])
  const rows = await tusk.rows()
  expect(rows.length).toBeGreaterThan(10)
  for (const row of rows) expect(row[7]).toContain('"channel": "web"')
  await expect(tusk.status).toContainText('Connected')
  await expect(tusk.status).toContainText(/[\d,]+ rows · /)
  await expect(page.getByRole('tab', { name: 'Query 1' })).toHaveAttribute('aria-selected', 'true')
})

test('tells NULL, an empty text, and a text that says NULL apart', async ({ tusk }) => {
  await tusk.openSample()
  await tusk.run(`select null::text as a, '' as b, 'NULL' as c, $$''$$ as d`)
  await expect(tusk.cell(1, 1)).toHaveText('NULL')
  await expect(tusk.cell(1, 1)).toHaveAttribute('aria-label', 'NULL, no value')
  await expect(tusk.cell(1, 2)).toHaveText("''")
  await expect(tusk.cell(1, 2)).toHaveAttribute('aria-label', 'empty text')
  const color = (col: number) => tusk.cell(1, col).evaluate((e) => getComputedStyle(e).color)
  for (const [real, col] of [
    ['NULL', 3],
    ["''", 4],
  ] as const) {
    await expect(tusk.cell(1, col)).toHaveText(real)
    await expect(tusk.cell(1, col)).not.toHaveAttribute('aria-label')
    expect(await color(col)).not.toBe(await color(col - 2))
  }
})
