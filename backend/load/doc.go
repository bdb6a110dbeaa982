// Package load puts rows into tables.
//
// What: Run takes rows from a Source and COPYs them into a table, new or there already, in one transaction: all of them,
// or all but those it rejects with line, column and reason. Check tells before what would be rejected, and how rows would
// be stored, by loading them into a temporary table that is rolled back. Find tells of a table what a plan has to know.
//
// Not: a reader of files, which is package intake; a pool, or a table's editor.
//
// Invariants: nothing is half-imported: whatever happens before the COMMIT, the table is as it was, and a new one is not
// there. Whose row the server refused is found by trying, never by reading its message alone, which may be in any
// language. Rows that it leaves out of a COPY itself (PostgreSQL 17 and later) are asked for again, and their number must
// be that of the missing ones; else these too are found by trying.
//
// A row that refers to one of its own table which is not there yet is tried again when all others are: the order of the
// file is no reason to reject it, as far as such rows fit into 16 MB.
//
// Why COPY in batches between savepoints, and not a table of texts with casts: the one way takes every rule of the table
// into account, constraints and triggers too, on all versions of PostgreSQL, and costs little where most rows are good.
package load
