import { expect, it } from 'vitest'
import { shortType } from './types'

it.each([
  ['bigint', 'bigint'],
  ['timestamp with time zone', 'timestamptz'],
  ['timestamp(3) with time zone[]', 'timestamptz(3)[]'],
  ['timestamp without time zone', 'timestamp'],
  ['time(0) with time zone', 'timetz(0)'],
  ['character varying(16)', 'varchar(16)'],
  ['character(2)', 'char(2)'],
  ['public.order_status', 'order_status'],
  ['public.order_status[]', 'order_status[]'],
  ['other.order_status', 'other.order_status'],
  ['double precision', 'double precision'],
])('%s is written %s', (type, written) => expect(shortType(type, 'public')).toBe(written))
