import { describe, expect, it } from 'vitest'
import { quoteIdent, quoteQualified } from './quote'

describe('quoteIdent', () => {
  it.each([
    ['orders', 'orders'],
    ['_x9', '_x9'],
    ['Orders', '"Orders"'],
    ['order lines', '"order lines"'],
    ['9lives', '"9lives"'],
    ['', '""'],
    ['a"b', '"a""b"'],
    ['"; drop table x; --', '"""; drop table x; --"'],
    ['naïve', '"naïve"'],
    ['a$b', '"a$b"'],
    ['user', '"user"'],
    ['table', '"table"'],
    ['json', '"json"'],
    // may be any name, so they stay as they are
    ['name', 'name'],
    ['status', 'status'],
    ['date', 'date'],
  ])('%j is written %s', (name, written) => expect(quoteIdent(name)).toBe(written))

  it('puts the schema before it, when there is one', () => {
    expect(quoteQualified('public', 'orders')).toBe('public.orders')
    expect(quoteQualified('My Schema', 'order')).toBe('"My Schema"."order"')
    expect(quoteQualified('', 'plpgsql')).toBe('plpgsql')
  })
})
