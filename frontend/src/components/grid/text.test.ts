import { expect, it } from 'vitest'
import { head, utf8Length, visible } from './text'

const joined = (text: string, whole = true) => {
  const v = visible(text, whole)
  return typeof v === 'string' ? v : v.map((p) => (p.mark ? `<${p.text}>` : p.text)).join('')
}

it('leaves a text alone of which all can be seen', () => {
  for (const text of ['plain', 'Café 漢字 😀', '↵ is a letter too', 'a  b']) expect(visible(text)).toBe(text)
})

it('shows what has no shape, apart from the same sign in the text', () => {
  expect(joined('a\nb↵')).toBe('a<↵>b↵')
  expect(joined('a\r\n\tb\u0007')).toBe('a<␍><↵><⇥>b<␇>')
  expect(joined('x\u202eevil\u202c')).toBe('x<U+202E>evil<U+202C>')
  expect(joined('\ufeffa\u200bb\u0085')).toBe('<U+FEFF>a<U+200B>b<U+0085>')
  expect(joined('10\u00a0kg\u2009net')).toBe('10<⍽>kg<U+2009>net')
})

it('shows blanks at the end, if it is the end', () => {
  expect(joined('ab  ')).toBe('ab<··>')
  expect(joined('   ')).toBe('<···>')
  expect(joined('ab  ', false)).toBe('ab  ')
})

it('never cuts a character in half', () => {
  expect(head('ab😀', 3)).toBe('ab')
  expect(head('ab😀', 4)).toBe('ab😀')
})

it('counts bytes as the server does', () => {
  for (const text of ['', 'abc', 'Café', '漢字', '😀😀', 'a\u07ff\u0800'])
    expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length)
})
