const short: [RegExp, string][] = [
  [/^timestamp(\(\d\))? with time zone/, 'timestamptz$1'],
  [/^timestamp(\(\d\))? without time zone/, 'timestamp$1'],
  [/^time(\(\d\))? with time zone/, 'timetz$1'],
  [/^time(\(\d\))? without time zone/, 'time$1'],
  [/^character varying/, 'varchar'],
  [/^character\b/, 'char'],
  [/^bit varying/, 'varbit'],
]

/** A type as people write it: timestamptz, varchar(16); without its schema when that is the table's own. */
export function shortType(type: string, schema: string): string {
  for (const [long, name] of short) if (long.test(type)) return type.replace(long, name)
  return type.startsWith(`${schema}.`) ? type.slice(schema.length + 1) : type
}
