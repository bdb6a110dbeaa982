// Package sortkey turns values, as PostgreSQL writes them, into bytes whose order is the order of the values.
//
// What: a Rule says how the values of a column are ordered; an Encoder made from it appends the key of a value to a
// buffer. Keys of one rule compare with bytes.Compare, and equal keys are equal values: 1.0 and 1.00 have the same. Keys
// can be strung together for several columns, and each bytewise inverted for descending order.
//
// Not: a decoder. Nothing comes back out of a key. Types without an order here are ordered as text, and the rule says so.
//
// Invariants: the first byte of a key is neither 0x00 nor 0xFF, so that those can stand for NULL before or behind all
// values; no key is the beginning of another of the same rule. A value that does not read as its type says so instead of
// getting a wrong place.
//
// Why golang.org/x/text: the order of text by Unicode's rules is tables of Unicode's.
package sortkey
