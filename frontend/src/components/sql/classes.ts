import { tagHighlighter, tags as t } from '@lezer/highlight'

/** Classes, not colours: a change of theme changes tokens in the style sheet and nothing here. */
export const classes = tagHighlighter([
  { tag: [t.keyword, t.bool, t.null], class: 'syn-kw' },
  { tag: t.typeName, class: 'syn-type' },
  { tag: t.string, class: 'syn-str' },
  { tag: t.special(t.string), class: 'syn-id' },
  { tag: t.number, class: 'syn-num' },
  { tag: t.comment, class: 'syn-com' },
  { tag: [t.operator, t.punctuation, t.paren, t.squareBracket, t.brace], class: 'syn-op' },
])
