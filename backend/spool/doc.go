// Package spool keeps results on disk as the server sent them.
//
// What: a Tap stands between the socket and pgconn and diverts the rows of one statement, as whole DataRow messages,
// to a Sink; a Result is the Sink that keeps them, in memory while they are few and in a file beyond that, and reads
// windows of them while more arrive. A View is some of these rows in an order; Find and Summarize look at all of them.
// Group makes another result of them, with a row for each group, and Chart what can be drawn of them.
//
// Not: a decoder. No value is parsed to be kept or shown: a cell is the text the server sent, and a cell of a gigabyte
// passes through in pieces. Views compare by the keys of package sortkey. Nor a cache: a result is there until it is
// released.
//
// Format: the protocol's own. A file is a run of messages 'D' int32(length) int16(columns) { int32(length or -1) bytes },
// numbers big-endian. A mark (row, offset) is kept in memory every 64 rows or 256 kB, whichever comes first.
//
// Work on all rows takes bounded memory: a scan reads a megabyte at a time on each of two goroutines, sorting writes runs
// to disk beyond 14 MB each, and a set of rows is a bit for each. A view keeps four bytes a row in a file beside the rows.
//
// Invariants: one writer, any number of readers. Readers stay below the committed count, which moves only when all
// bytes of those rows are written, so they need no lock on the bytes. Everything but DataRow and CopyData passes the
// Tap unchanged and in order, so that pgconn's own state stays whole.
package spool
