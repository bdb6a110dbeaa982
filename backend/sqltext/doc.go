// Package sqltext reads SQL as text, without a server.
//
// What: Split finds the statements of a script the way psql does, with the lines that are psql's own and the data
// behind COPY … FROM stdin; Lex gives the tokens that it, parameters and completion stand on; Cursor turns byte
// offsets into the editor's UTF-16 units and lines.
//
// Not: a parser, and never a safety gate. Class is a hint from the first words; only the server knows what a
// statement does.
//
// Invariants: the pieces of Split tile the source exactly, whatever the source is; nothing here panics or reads a
// byte twice more than a constant number of times. Both are fuzzed.
package sqltext
