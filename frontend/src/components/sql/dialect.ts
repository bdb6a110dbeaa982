import { PostgreSQL, SQLDialect } from '@codemirror/lang-sql'

/**
 * The words PostgreSQL treats as words of the language. The package's own list has every word of every SQL standard, and
 * so paints columns called id, name or total as if they were keywords.
 */
const keywords = `
all analyse analyze and any array as asc asymmetric authorization between both by case cast check collate collation
column concurrently constraint create cross current_catalog current_date current_role current_schema current_time
current_timestamp current_user default deferrable deferred desc distinct do else end except exists false fetch for foreign freeze
from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
localtime localtimestamp natural not notnull null offset on only or order outer over overlaps placing primary
references returning right row rows select session_user similar some symmetric system_user table tablesample then to
trailing true union unique user using variadic verbose when where window with within
abort add after alter before begin cascade checkpoint close cluster comment commit copy cube cursor database
deallocate declare delete detach disable discard drop enable escape exclude execute explain extension filter first
following format function generated grouping groups identity if immutable import increment index inherits insert
instead interval language last listen lock locked materialized maxvalue merge minvalue move no nothing notify nowait nulls
of ordinality owned owner parallel partition policy preceding prepare procedure publication range
reassign recursive refresh reindex release rename replace reset restrict returns revoke role rollback rollup
routine rule savepoint schema security sequence server set sets share show skip stable stdin stdout storage strict
subscription tablespace temp temporary ties transaction trigger truncate unbounded unlisten unlogged update vacuum
valid validate values view volatile wrapper begin atomic call matched overriding stored force
elsif exception exit foreach loop perform raise return while continue
`

const types = `
bigint bigserial bit bool boolean box bytea char character cidr circle citext date decimal float float4 float8 inet int
int2 int4 int8 integer json jsonb jsonpath line lseg macaddr macaddr8 money name numeric oid path pg_lsn point polygon
precision real regclass regtype serial serial2 serial4 serial8 smallint smallserial text time timestamp timestamptz
timetz tsquery tsvector uuid varbit varchar varying xid8 xml zone int4range int8range numrange tsrange tstzrange daterange
`
// Also names that people give to columns: as words of the language they would mislead.
const misleading = new Set(['name', 'path', 'line', 'point', 'circle', 'box'])

const words = (text: string, without = new Set<string>()) =>
  text
    .split(/\s+/)
    .filter((w) => w && !without.has(w))
    .join(' ')

export const dialect = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords: words(keywords),
  types: words(types, misleading),
})
