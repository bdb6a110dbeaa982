// Scripts, mistakes, and results that are long.
import { expect, test, type Tusk } from './tusk'

test.beforeEach(({ tusk }) => tusk.openSample())

const ghosts = (tusk: Tusk) => tusk.page.locator('.cm-ghost').allTextContents()

test('a script of five statements', async ({ tusk, page }) => {
  await tusk.write(`create temp table beans (id int primary key, name text, kg numeric(6,2));
insert into beans select g, 'bean ' || g, g * 1.5 from generate_series(1, 5) g;
do $$ begin raise notice 'roasting % beans', 5; raise warning 'the drum is hot'; end $$;
update beans set kg = kg + 1 where id > 2;
select id, name, kg from beans order by id;`)
  await tusk.runAll()

  await expect.poll(() => ghosts(tusk)).toHaveLength(5)
  const said = await ghosts(tusk)
  expect(said[0]).toMatch(/^[\d.]+ m?s$/)
  expect(said[1]).toMatch(/^5 rows · /)
  expect(said[2]).toMatch(/ · 2 notices$/)
  expect(said[3]).toMatch(/^3 rows · /)
  expect(said[4]).toMatch(/^5 rows · /)

  const list = tusk.results.getByRole('listbox', { name: 'Statements' }).getByRole('option')
  await expect(list).toHaveCount(5)
  await expect(list.nth(3)).toContainText('line 4 · 3 rows')
  await expect(list.nth(2)).toContainText('line 3 · 2 notices')
  await expect(tusk.results).toContainText('5 done')

  await expect
    .poll(() => tusk.rows())
    .toEqual([
      ['1', 'bean 1', '1.50'],
      ['2', 'bean 2', '3.00'],
      ['3', 'bean 3', '5.50'],
      ['4', 'bean 4', '7.00'],
      ['5', 'bean 5', '8.50'],
    ])
  await expect.poll(() => tusk.columns()).toEqual(['id int4', 'name text', 'kg numeric(6,2)'])

  await tusk.panel(/^UPDATE/).click()
  await expect(tusk.panel(/^UPDATE/)).toContainText('3')
  await expect(tusk.results.getByRole('tabpanel')).toContainText('Line 4 · 3 rows')
  await tusk.panel(/^Messages/).click()
  const log = page.getByRole('log', { name: 'Messages' })
  await expect(log).toContainText('NOTICE:  roasting 5 beans')
  await expect(log).toContainText('WARNING:  the drum is hot')

  await list.nth(4).click()
  await expect(tusk.panel(/^Result/)).toHaveAttribute('aria-selected', 'true')
  await expect(tusk.cell(5, 2)).toHaveText('bean 5')
})

test('several results have a tab each, and their selection stays their own', async ({ tusk }) => {
  await tusk.runAll(`select 'one' as a; select 'two' as b; select 'three' as c`)
  await expect(tusk.panel('Result 1')).toHaveAttribute('aria-selected', 'true')
  await expect(tusk.cell(1, 1)).toHaveText('one')
  await tusk.panel('Result 3').click()
  await expect(tusk.cell(1, 1)).toHaveText('three')
  await tusk.press('ArrowLeft')
  await expect(tusk.panel('Result 2')).toHaveAttribute('aria-selected', 'true')
  await expect(tusk.cell(1, 1)).toHaveText('two')
})

test('only the statement at the cursor runs, or the selection', async ({ tusk }) => {
  await tusk.write(`select 'first';\nselect 'second', 'more';\nselect 'third';`)
  await tusk.press('Control+Home', 'ArrowDown')
  await tusk.run()
  await expect(tusk.cell(1, 1)).toHaveText('second')
  await expect.poll(() => ghosts(tusk)).toHaveLength(1)
  await tusk.press('Home', 'Shift+End', 'Control+Home')
  await tusk.press('Shift+End')
  await tusk.run()
  await expect(tusk.cell(1, 1)).toHaveText('first')
})

test('a script stops at its first error, or goes on when told to', async ({ tusk, page }) => {
  const script = `select 'before';\nselect 1/0;\nselect 'after';`
  await tusk.runAll(script)
  const list = tusk.results.getByRole('option')
  await expect(list.nth(1)).toContainText('stopped here')
  await expect(list.nth(2)).toContainText('not run')
  await expect(tusk.results).toContainText('1 done · 1 failed · 1 not run')
  await tusk.choose(page.getByRole('button', { name: 'More ways to run' }), 'Continue after an error')
  await tusk.runAll(script)
  await expect(tusk.results).toContainText('2 done · 1 failed')
  await tusk.panel('Result 2').click()
  await expect(tusk.cell(1, 1)).toHaveText('after')
})

test('the caret stays at the end of what was typed, not behind the grey word after it', async ({
  tusk,
  page,
}) => {
  await tusk.press('Control+a')
  await page.keyboard.type('select abs(-7)')
  await tusk.run()
  await expect(tusk.cell(1, 1)).toHaveText('7')
  const gap = await page.evaluate(() => {
    const words = document.createTreeWalker(document.querySelector('.cm-line')!, NodeFilter.SHOW_TEXT)
    let end = 0
    for (let n = words.nextNode(); n; n = words.nextNode()) {
      if (n.parentElement!.closest('.cm-ghost')) continue
      const range = document.createRange()
      range.selectNodeContents(n)
      end = Math.max(end, range.getBoundingClientRect().right)
    }
    return document.querySelector('.cm-cursor')!.getBoundingClientRect().left - end
  })
  expect(Math.abs(gap)).toBeLessThan(3)
})

interface Mistake {
  name: string
  sql: string
  token: string
  code: string
  title: string
  says: string
  hint: string
}
const mistakes: Mistake[] = [
  {
    name: 'a word that is no SQL',
    sql: 'selec name from customers',
    token: 'selec',
    code: '42601',
    title: '',
    says: 'syntax error at or near "selec"',
    hint: 'Look at and just before the marked place.',
  },
  {
    name: 'a column that is not there',
    sql: 'select c.id, c.nmae from customers c',
    token: 'c.nmae',
    code: '42703',
    title: 'There is no column c.nmae.',
    says: 'column c.nmae does not exist',
    hint: '',
  },
  {
    name: 'a table that is not there',
    sql: 'select count(*) from custommers where id > 3',
    token: 'custommers',
    code: '42P01',
    title: 'There is no table or view custommers.',
    says: 'relation "custommers" does not exist',
    hint: '',
  },
]

for (const m of mistakes) {
  test(`a mistake: ${m.name}`, async ({ tusk }) => {
    // Characters of two units, a statement before, and the failing one on a line of its own.
    const before = `select '☕🫘 naïve' as "🫘";\n/* 🧪🧪 */ `
    await tusk.runAll(`${before}${m.sql};\nselect 'never';`)
    await expect(tusk.error).toBeVisible()
    await expect.poll(() => tusk.underlined()).toBe(m.token)
    if (m.title) await expect(tusk.error.getByRole('heading')).toHaveText(m.title)
    await expect(tusk.error.getByRole('heading')).not.toBeEmpty()
    await expect(tusk.error).toContainText(m.says)
    await expect(tusk.error).toContainText(m.code)
    if (m.hint) await expect(tusk.error).toContainText(m.hint)
    await expect(tusk.error).toContainText(/Place\s*line 2, column \d+/)
    await expect(tusk.status).toContainText(`${m.code} at line 2`)
    // F8 goes to the token: what is typed there stands before it.
    await tusk.press('Control+2', 'F8')
    await expect(tusk.editor).toBeFocused()
    await expect(tusk.status).toContainText('Ln 2')
    await tusk.page.keyboard.insertText('!')
    await expect(tusk.editor).toContainText('!' + m.sql.slice(m.sql.indexOf(m.token)))
  })
}

test('a mistake: a constraint that is violated', async ({ tusk }) => {
  await tusk.runAll(
    `create temp table cups (id int constraint cups_id primary key, ml int constraint cups_ml check (ml > 0));\n` +
      `select '☕';\ninsert into cups values (1, 200), (1, 300);`,
  )
  await expect(tusk.error.getByRole('heading')).toHaveText(
    'cups has that value already, and cups_id allows it only once.',
  )
  for (const part of [
    'duplicate key value violates unique constraint "cups_id"',
    'Key (id)=(1) already exists.',
    '23505',
    'cups',
    'Change the value, or use insert … on conflict.',
  ])
    await expect(tusk.error).toContainText(part)
  await expect(tusk.error).toContainText('line 3')
})

test('a mistake: division by zero', async ({ tusk }) => {
  await tusk.runAll(`select '🫘';\nselect 10 / (g - 3) from generate_series(1, 5) g;`)
  await expect(tusk.error.getByRole('heading')).toHaveText('Something was divided by zero.')
  for (const part of ['division by zero', '22012', 'nullif(divisor, 0)'])
    await expect(tusk.error).toContainText(part)
  // The server names no place for it: F8 goes to the statement.
  await tusk.press('Control+Home', 'Control+2', 'F8')
  await expect(tusk.editor).toBeFocused()
  await expect(tusk.status).toContainText('Ln 2, Col 1')
  await tusk.error.getByRole('button', { name: 'Copy error' }).click()
  await expect(tusk.status).toContainText('Copied the error')
  await expect.poll(() => tusk.clipboard()).toContain('22012')
})

test('the mark of an error goes when its text changes', async ({ tusk }) => {
  await tusk.run('select nothing_like_it')
  await expect.poll(() => tusk.underlined()).toBe('nothing_like_it')
  await tusk.press('F8')
  await tusk.page.keyboard.insertText('x')
  await expect(tusk.page.locator('.cm-squiggle')).toHaveCount(0)
})

// Some of the rows come late, so that there is time to look while more arrive.
const slow = (every: number, rows = 300_000) =>
  `select g as n, md5(g::text) as hash, case when g % ${every} = 0 then pg_sleep(0.1)::text end as wait\n  from generate_series(1, ${rows}) g`

test('three hundred thousand rows: the counter moves, the end can be reached, every row is right', async ({
  tusk,
  page,
}) => {
  await tusk.start(slow(15_000))
  await expect(tusk.cell(1, 1)).toHaveText('1')
  const counter = page.locator('.arrive b')
  const first = await counter.textContent()
  await expect(counter).not.toHaveText(first!)
  await expect(tusk.status).toContainText('rows so far')
  await tusk.press('Control+2', 'PageDown', 'PageDown') // it can be looked at meanwhile
  await expect.poll(async () => (await tusk.rows()).length).toBeGreaterThan(5)
  await tusk.idle()
  await expect(tusk.status).toContainText('300,000 rows')
  await expect(tusk.grid).toHaveAttribute('aria-rowcount', '300001')
  await tusk.press('Control+End')
  await expect(tusk.cell(300_000, 1)).toHaveText('300000')
  await tusk.press('Control+ArrowLeft', 'PageUp', 'PageUp')
  await expect.poll(async () => (await tusk.rows()).some((r) => r[0] === '')).toBe(false)
  const rows = await tusk.rows()
  const { createHash } = await import('node:crypto')
  for (const [n, hash] of rows) expect(hash).toBe(createHash('md5').update(n!).digest('hex'))
  const numbers = rows.map((r) => Number(r[0]))
  expect(numbers).toEqual(numbers.map((_, i) => numbers[0]! + i))
})

test('cancelling keeps the rows that have arrived and says so', async ({ tusk, page }) => {
  await tusk.start(slow(1000))
  await expect(tusk.cell(1, 1)).toHaveText('1')
  await expect(page.locator('.arrive b')).not.toHaveText('0 rows')
  await tusk.press('Control+2', 'Escape')
  await tusk.idle()
  const strip = page.locator('.arrive')
  await expect(strip).toContainText(
    /Stopped after (\d+ ms|\d\.\d s)\. The session goes on; [\d,]+ rows were kept; the end is missing\./,
  )
  const kept = Number((await strip.textContent())!.match(/([\d,]+) rows were/)![1]!.replaceAll(',', ''))
  expect(kept).toBeGreaterThan(0)
  await tusk.press('Control+2', 'Control+End')
  await expect(tusk.cell(kept, 1)).toHaveText(String(kept))
})

test('COPY from stdin loads the lines below it; psql commands are explained, not sent', async ({ tusk }) => {
  await tusk.runAll(
    `create temp table t (a int, b text);\ncopy t from stdin;\n1\tone\n2\t\\N\n\\.\nselect * from t;`,
  )
  await expect
    .poll(() => tusk.rows())
    .toEqual([
      ['1', 'one'],
      ['2', 'NULL'],
    ])
  await tusk.runAll('\\dt\n')
  await expect(tusk.error.or(tusk.results.getByRole('alert')).first()).toContainText('command of psql')
})
