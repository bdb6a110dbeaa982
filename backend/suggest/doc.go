// Package suggest tells what can be written next, what a written name is, and what was probably meant.
//
// What: At lists what can stand at a cursor, best first, and what it replaces. AboutAt explains the name at a place,
// SignaturesAt the call around it. Nearest finds what a name the server does not know was meant to be. Expand writes the
// columns a star stands for.
//
// Not: a parser that refuses anything, and never a judge of what the server will accept. It does not ask the server: all
// it knows of a database comes from Names.
//
// Why: all five need one thing, which names can be seen from a place. scope.go reads a statement once and notes what is
// in FROM, in WITH and around, resolve.go turns that into columns, and the rest only looks it up. People write from left
// to right, so most statements it reads are broken: the reader goes on after whatever it does not know, and a parenthesis
// without an end is closed by the clause that follows.
//
// Invariants: everything here is a pure function of its arguments, never panics, and reads each token of the statement
// around the cursor a constant number of times. Other statements of the text are only passed over. Positions that come
// in and go out are UTF-16 units of the whole text. What is offered is quoted where it has to be, and nowhere else.
package suggest
