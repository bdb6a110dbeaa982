// The same page once in WebKit, the engine of the window on Linux: connect, run, rows, an error, a cancel.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './processes'
import { expect, test as base } from './tusk'
import { keys, WebKit } from './webdriver'

const test = base.extend<{ webkit: WebKit }>({
  webkit: async ({ browserName }, use) => {
    void browserName
    const webkit = await WebKit.start()
    await use(webkit)
    await webkit.end()
  },
})

const shots = join(root, 'build/shots')
const cell = (text: string) =>
  `[...document.querySelectorAll('#tab-panel [role=gridcell]')].some((c) => c.textContent === ${JSON.stringify(text)})`
const idle = `!document.querySelector('.results[aria-busy]')`

test('in WebKit: connect, run, see rows, an error, a cancel', async ({ webkit, host }) => {
  test.setTimeout(60_000)
  mkdirSync(shots, { recursive: true })
  const picture = async (name: string) =>
    writeFileSync(join(shots, `webkit-${name}.png`), await webkit.picture())
  const write = async (sql: string) => {
    await webkit.press(keys.control, '1')
    await webkit.press(keys.control, 'a')
    await webkit.type(sql)
  }

  await webkit.go(host.url)
  expect(await webkit.run<string>('return navigator.userAgent')).not.toContain('Chrome')
  await webkit.until('the first screen is there', `document.querySelector('.start-row')`)
  await webkit.run(`
    window.wrong = []
    addEventListener('error', (e) => wrong.push(e.message))
    addEventListener('unhandledrejection', (e) => wrong.push(String(e.reason)))
    document.addEventListener('securitypolicyviolation', (e) => wrong.push(e.violatedDirective))
    const error = console.error
    console.error = (...words) => (wrong.push(words.join(' ')), error(...words))`)
  await picture('first-start')
  await webkit.click('.start-list > .start-row:last-child')
  await webkit.until('it is connected', `document.activeElement?.matches('.cm-content')`)
  await webkit.until(
    'the sample query is typed',
    `document.querySelector('.cm-content').textContent.includes('Web orders')`,
  )

  await webkit.press(keys.control, keys.enter)
  await webkit.until(
    'rows are shown',
    `document.querySelectorAll('#tab-panel .g-row').length > 10 && ${idle}`,
  )
  await webkit.until(
    'types are in the header',
    `document.querySelector('.g-head').textContent.includes('numeric(12,2)')`,
  )
  await picture('main')

  await write("select null::text, '', 'über ' || 6 * 7 as s from generate_series(1, 5000)")
  await webkit.press(keys.control, keys.enter)
  await webkit.until('the value is shown', cell('über 42'))
  await webkit.until('NULL and the empty text differ', `${cell('NULL')} && ${cell("''")}`)
  await webkit.press(keys.control, '2')
  await webkit.press(keys.control, keys.end)
  await webkit.until(
    'the last row is shown',
    `[...document.querySelectorAll('.g-rn')].some((n) => n.textContent === '5000')`,
  )

  await write(
    `select '{"a": [1.50, {"b": null}]}'::json as j, decode('R0lGODlhBQAGAIAAAAAAAP///ywAAAAABQAGAAACBYQRgckFADs=', 'base64') as i, '((0,0),(4,0),(4,3))'::polygon as p, array['x', null] as l, inet '10.1.2.3/8' as n, '2001:db8::/32'::cidr as c, timestamptz '2024-01-01' as t`,
  )
  await webkit.press(keys.control, keys.enter)
  await webkit.until('values of many kinds are shown', cell('10.1.2.3/8'))
  await webkit.press(keys.control, '2')
  await webkit.press(keys.control, keys.home)
  await webkit.press(keys.enter)
  const viewer = `document.querySelector('.viewer')`
  const kinds: [name: string, shown: string][] = [
    ['JSON', `${viewer}?.textContent.includes('"b": null')`],
    ['an image', `${viewer}.querySelector('img')?.naturalWidth === 5`],
    ['a shape', `${viewer}.querySelector('svg .area')?.getBBox().width > 900`],
    [
      'an array',
      `${viewer}.textContent.includes('2 values') && ${viewer}.querySelector('.g-row')?.offsetHeight > 0`,
    ],
    ['an address', `${viewer}.textContent.includes('10.255.255.255')`],
    ['a network', `${viewer}.textContent.includes('2001:db8:ffff:ffff:ffff:ffff:ffff:ffff')`],
    ['a time', `${viewer}.textContent.includes('Monday')`],
  ]
  for (const [name, shown] of kinds) {
    await webkit.until(`${name} is looked at`, shown)
    if (name === 'an array') await picture('value')
    await webkit.press(keys.right)
  }

  await write('select id, nmae from customers')
  await webkit.press(keys.control, keys.enter)
  await webkit.until('the error is shown', `document.querySelector('.errp')?.textContent.includes('42703')`)
  expect(
    await webkit.run<string>(
      `return [...document.querySelectorAll('.cm-squiggle')].map((e) => e.textContent).join('')`,
    ),
  ).toBe('nmae')
  await picture('error')

  await write('select pg_sleep(600)')
  await webkit.press(keys.control, keys.enter)
  await webkit.until('it runs', `document.querySelector('.btn-cancel')`)
  await webkit.until('it waits', `document.body.textContent.includes('Waiting for the first row')`)
  const begin = Date.now()
  await webkit.press(keys.control, '.')
  await webkit.until('it is stopped', idle)
  expect(Date.now() - begin).toBeLessThan(2000)
  await webkit.until('that is said', `document.body.textContent.includes('Stopped after')`)
  await picture('stopped')

  expect(await webkit.run<string[]>('return window.wrong')).toEqual([])
})

test('in WebKit: frozen columns, groups and a chart', async ({ webkit, host }) => {
  test.setTimeout(60_000)
  mkdirSync(shots, { recursive: true })
  const picture = async (name: string) =>
    writeFileSync(join(shots, `webkit-${name}.png`), await webkit.picture())
  await webkit.go(host.url)
  await webkit.until('the first screen is there', `document.querySelector('.start-row')`)
  await webkit.run(`
    window.wrong = []
    addEventListener('error', (e) => wrong.push(e.message))
    document.addEventListener('securitypolicyviolation', (e) => wrong.push(e.violatedDirective))`)
  await webkit.click('.start-list > .start-row:last-child')
  await webkit.until('it is connected', `document.activeElement?.matches('.cm-content')`)
  await webkit.until(
    'the sample query is typed',
    `document.querySelector('.cm-content').textContent.includes('Web orders')`,
  )
  await webkit.press(keys.control, keys.enter)
  await webkit.until(
    'rows are shown',
    `document.querySelectorAll('#tab-panel .g-row').length > 10 && ${idle}`,
  )

  // Asked for again when it is gone: without a window manager, whatever happens to the window closes a menu.
  const menu = `(() => {
    const head = document.querySelector('.g-hc[aria-colindex="3"]').getBoundingClientRect()
    const at = { clientX: head.x + 9, clientY: head.y + 9, bubbles: true }
    document.querySelector('.g-view').dispatchEvent(new MouseEvent('contextmenu', at))
  })()`
  await webkit.until('the menu is open', `document.querySelector('[role=menu]') ?? ${menu}`)
  await webkit.run(
    `[...document.querySelectorAll('[role=menuitem]')].find((m) => m.textContent.includes('Freeze up to here')).click()`,
  )
  await webkit.until('columns are frozen', `document.querySelectorAll('.g-row .g-ice').length > 10`)
  await webkit.press(keys.control, '2')
  await webkit.press(keys.end)
  await webkit.until('the last column is shown', `document.querySelector('.g-view').scrollLeft > 0`)
  // The frozen cell is what is under its place, and its place is beside the row number.
  const on = `(() => {
    const ice = document.querySelector('.g-row[aria-rowindex="4"] > .g-ice')
    const box = ice.getBoundingClientRect()
    const number = ice.parentElement.querySelector('.g-rn').getBoundingClientRect()
    return Math.abs(box.left - number.right) < 1 && ice.contains(document.elementFromPoint(box.left + 5, box.top + 9)) &&
      ice.contains(document.elementFromPoint(box.right - 5, box.top + 9))
  })()`
  await webkit.until('the frozen cells are in front', on)
  await picture('frozen')

  const look = (name: string) =>
    webkit.run(
      `[...document.querySelectorAll('.looks > button')].find((b) => b.textContent === '${name}').click()`,
    )
  await look('Group')
  await webkit.until(
    'groups are shown',
    `/\\d groups of/.test(document.querySelector('[aria-label=Groups]')?.textContent)`,
  )
  await picture('group')
  await look('Chart')
  await webkit.until('a chart is drawn', `document.querySelector('.u-wrap canvas')?.width > 100`)
  await webkit.until('it says of what', `document.querySelector('#chart-said').textContent.includes('row')`)
  await picture('chart')
  expect(await webkit.run<string[]>('return window.wrong')).toEqual([])
})
