// Package store keeps what must not be lost: connections, preferences, saved queries; open tabs; the history.
//
// What: collections of JSON values in one bbolt file, tusk.db in the data directory, and a snapshot of all of it in snap/
// after every change. Damage of any kind is found before an answer is given, the damaged file is kept beside as
// tusk.db.corrupt, and the store is made anew from the newest good snapshot, or from the single records still readable.
// When nothing can be written, the store works in memory and its State says so.
//
// Beside it, in files of their own so that losing one never costs another, and over the same sealed records: a Desk, what
// lies open in one window, a file a tab, replaced whole; and a Journal, segments that grow at their end, searched newest
// first as bytes. A desk belongs to the process that holds its lock; the next start takes over those that nobody holds.
//
// Not: a place for secrets: deleted text stays in free pages and in snapshots. It knows none of the types it keeps.
//
// Why bbolt and yet so much around it: bbolt makes a change whole or not at all, which is what a killed program needs.
// But only its two meta pages are checksummed, and it maps the file, so that damage is a wrong answer, a panic or a fault
// that ends the process. So every value here is a sealed record that says what it is, where it belongs and which
// generation wrote it; the record meta/head, written in every change, counts and sums them all and names bbolt's own
// transaction. The whole file is read as bytes and held against that before every operation: a megabyte takes about three
// milliseconds. Reading needs no more than these bytes; bbolt is opened for a change only, and closed after it.
//
// Invariants: a change is there whole, or not at all, and an operation says it is done only when it was read back. No
// byte of a damaged file is changed before its copy is safe. The newest good snapshot of the highest generation wins over
// what is found in a damaged file; where there is none, the records found are called "at least". Nothing is decided while
// a snapshot cannot be read. Operations of several processes take turns by tusk.db.lock, which is never removed, over
// check and change together.
package store
