// Package cell looks into one value without holding it: it may be a gigabyte.
//
// What: the members of one object or array of a JSON text, and where in the tree a byte stands (Open, Members, Locate);
// the bytes that a bytea's text stands for (Bytea); where a text stands in the value (Find).
//
// Not: a JSON parser. Nothing is read as a value: keys, numbers and texts are given as they are written, in their order,
// and a key may come twice. That the text is JSON is the server's promise; of one that is not, some error or some tree
// comes, never a panic and never a loop.
//
// Invariants: memory does not grow with the value; every position is in bytes of what the server sent.
package cell
