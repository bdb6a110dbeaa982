// Whatever a server says is text: no script of it runs, nothing of it hides, and the content security policy is not even
// asked. The fixture fails these tests when a script opens a dialog or the policy had to step in.
import { expect, test, type Tusk } from './tusk'

const image = `<img src=x onerror="alert(1)">`
const script = `"><script>alert(2)</script>`
const bidi = 'safe\u202Efdp.exe'
const control = 'bell\u0007 null-like\u0001 escape\u001b[31m del\u007f'
const q = (s: string) => `'${s.replaceAll("'", "''")}'`
const ident = (s: string) => `"${s.replaceAll('"', '""')}"`

test.beforeEach(({ tusk }) => tusk.openSample())

const nothingMade = async (tusk: Tusk) => {
  expect(
    await tusk.page
      .locator('img:not(.cm-widgetBuffer), script:not([src]), iframe, object, [onerror]')
      .count(),
  ).toBe(0)
}

test('as values and names of columns', async ({ tusk }) => {
  await tusk.run(
    `select ${q(image)} as ${ident(image)}, ${q(script)} as ${ident('a"b\'c<b>')}, ${q(bidi)} as ${ident(bidi)}, ` +
      `${q(control)} as "__proto__", ${q('__proto__')} as "constructor", ${q('{{7*7}}${7*7}')} as "toString"`,
  )
  await expect
    .poll(() => tusk.columns())
    .toEqual([
      `${image} text`,
      `a"b'c<b> text`,
      expect.stringContaining('fdp.exe'),
      '__proto__ text',
      'constructor text',
      'toString text',
    ])
  await expect(tusk.cell(1, 1)).toHaveText(image)
  await expect(tusk.cell(1, 2)).toContainText('<script>alert(2)')
  await expect(tusk.cell(1, 3)).toHaveText('safeU+202Efdp.exe')
  await expect(tusk.cell(1, 4)).toContainText('bell␇ null-like␁ escape␛[31m del␡')
  await expect(tusk.cell(1, 5)).toHaveText('__proto__')
  await expect(tusk.cell(1, 6)).toHaveText('{{7*7}}${7*7}')
  await tusk.press('Control+2', 'Control+Home', 'Enter')
  await expect(tusk.viewer).toContainText(image)
  await tusk.press('ArrowRight', 'Escape')
  await tusk.press('Control+a', 'Control+c')
  await expect.poll(() => tusk.clipboard()).toContain(control)
  await nothingMade(tusk)
})

test('a direction mark in the name of a column cannot turn the header round', async ({ tusk }) => {
  await tusk.run(`select 1 as ${ident(bidi)}`)
  expect((await tusk.columns())[0]).not.toContain('\u202E')
})

test('as notices, errors, and what follows them', async ({ tusk, page }) => {
  await tusk.run(`do $x$ begin raise notice '%', ${q(`${image} ${bidi} ${control}`)}; end $x$`)
  await tusk.panel(/^Messages/).click()
  await expect(page.getByRole('log', { name: 'Messages' })).toContainText(image)
  await tusk.run(
    `do $x$ begin raise exception using message = ${q(image)}, detail = ${q(script)}, hint = ${q(image + bidi)}, ` +
      `schema = ${q(image)}, table = '__proto__', column = ${q(script)}, constraint = ${q(image)}; end $x$`,
  )
  await expect(tusk.error).toContainText(image)
  await expect(tusk.error).toContainText('<script>alert(2)</script>')
  await expect(tusk.error).toContainText('__proto__')
  await nothingMade(tusk)
})

test('a direction mark in what a server says is made visible', async ({ tusk, page }) => {
  await tusk.run(`do $x$ begin raise notice '%', ${q(bidi)}; raise exception '%', ${q(bidi)}; end $x$`)
  expect(await tusk.error.textContent()).not.toContain('\u202E')
  await tusk.panel(/^Messages/).click()
  expect(await page.getByRole('log').textContent()).not.toContain('\u202E')
})

test('a megabyte in a cell, in a notice and in an error', async ({ tusk, page }) => {
  await tusk.run(`select repeat('<b>x</b>', 131072) as big, repeat(e'\\u202e', 100000) as turned`)
  await expect(tusk.cell(1, 1)).toContainText('<b>x</b>')
  await expect(tusk.cell(1, 1)).toContainText(/1(\.0)? MB/)
  await tusk.run(`do $x$ begin raise notice '%', repeat('<i>n</i>', 131072); end $x$`)
  await tusk.panel(/^Messages/).click()
  await expect(page.getByRole('log')).toContainText('<i>n</i>')
  await tusk.run(`do $x$ begin raise exception '%', repeat('<u>e</u>', 131072); end $x$`)
  await expect(tusk.error).toContainText('<u>e</u>')
  await tusk.run(`select 'still ' || 'quick'`)
  await expect(tusk.cell(1, 1)).toHaveText('still quick')
  await nothingMade(tusk)
})

test('keys named __proto__ in JSON, and markup in names of connections', async ({ tusk, page }) => {
  await tusk.run(`select '{"__proto__": {"polluted": 1}, "constructor": "${'<b>'}"}'::json as j`)
  await tusk.press('Control+2', 'Control+Home', 'Enter')
  await expect(tusk.viewer).toContainText('__proto__')
  await expect(tusk.viewer).toContainText('polluted')
  expect(await page.evaluate(() => 'polluted' in {})).toBe(false)
  await tusk.press('Escape', 'Control+n')
  await tusk.dialog.getByLabel('Name', { exact: true }).fill(image)
  await expect(tusk.dialog.getByRole('heading', { level: 2 })).toHaveText(image)
  await nothingMade(tusk)
})

test('a hundred thousand notices leave the window alive', async ({ tusk, page }) => {
  await tusk.run(`do $x$ begin for i in 1..100000 loop raise notice 'notice %', i; end loop; end $x$`)
  await tusk.panel(/^Messages/).click()
  await expect(tusk.panel(/^Messages/)).toContainText('100,000')
  await expect(page.getByRole('log')).toContainText('notice 100000')
  expect(await page.locator('.msg').count()).toBeLessThanOrEqual(200)
  await tusk.run('select 7')
  await expect(tusk.cell(1, 1)).toHaveText('7')
})
