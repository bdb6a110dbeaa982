import { describe, expect, it } from 'vitest'
import { formatSQL, tokens } from './format'

describe('formatting', () => {
  it.each([
    ['select a,b from t where x=1', 'select\n  a,\n  b\nfrom\n  t\nwhere\n  x = 1'],
    ["select 'it''s  two' from t", "select\n  'it''s  two'\nfrom\n  t"],
  ])('lays out %s', (sql, want) => expect(formatSQL(sql)).toBe(want))

  it.each([
    'select :a, $1, x::int, y[1:2], e\'\\n  \', "Two  Words" from "S".t -- why\n',
    'select $q$  as it   is $q$, $$ : $$ /* a /* nested */ comment */ from t',
    'insert into t (a) values (1) on conflict (a) do update set a = excluded.a returning *',
    "select a->>'b', c @> '{}', d #>> '{x}', e ?| array['x'] from t",
    'select - -1, 1 - -1, x -> y from t',
    'with recursive r as (select 1 union all select n + 1 from r) select * from r for update skip locked',
    'create function f() returns int language sql as $$ select   1 $$',
    'merge into t using s on t.id = s.id when matched then update set a = 1 when not matched then do nothing',
    'select * from t where a between 1 and 2 and b is not distinct from c',
    "select interval '1 day', timestamptz 'now', count(*) filter (where x) over (partition by y) from t",
    'select 1;\n\n-- between\nselect 2',
    'copy t from stdin',
    'explain (analyze, buffers) select 1',
    'select U&"d\\0061t" from t',
    'select 1e10, .5, 0x1F, 1_000',
    'select a<-b, a<@b, a!=b, a<>b',
  ])('never changes more than blanks: %s', (sql) => {
    const out = formatSQL(sql)
    if (out !== null) expect(tokens(out)).toBe(tokens(sql))
  })

  it('leaves what it cannot read', () => {
    expect(formatSQL("select 'open")).toBeNull()
  })

  it('tells a change from a change of blanks', () => {
    expect(tokens('select  a ,b')).toBe(tokens('select a, b'))
    expect(tokens("select 'a  b'")).not.toBe(tokens("select 'a b'"))
    expect(tokens('select a b')).not.toBe(tokens('select ab'))
    expect(tokens('select - -1')).not.toBe(tokens('select --1'))
    expect(tokens('select a -- x\n, b')).not.toBe(tokens('select a -- x, b'))
    expect(tokens('select $$ a  $$')).not.toBe(tokens('select $$ a $$'))
    expect(tokens('SELECT a')).not.toBe(tokens('select a'))
    expect(tokens('select a < - b')).not.toBe(tokens('select a <- b'))
  })
})
