// Package catalog knows what is in a database.
//
// What: Load reads all schemas and relations, enough for the explorer; Fill reads everything else that completion and
// search need: columns, keys, functions, types, comments. Members, Describe, Statistics, Definition and Drop ask about
// one object when a person opens it. Search finds objects and columns by parts of their names, from memory.
//
// Not: running anything of the person's, or changing anything: Drop says what would be run. Not what can be written next
// either (suggest), which is told through package backend what is here.
//
// Invariants:
//   - A Catalog never changes. Fill gives another one with a higher version.
//   - All questions are in queries/*.sql, one a file, each with a sentence on what it tells; lines end with “since” or
//     “before” and a major version where PostgreSQL's catalogs differ. Names are schema-qualified, and nothing of a
//     person's is ever pasted into one: values are parameters.
//   - Whatever grows with the database is asked once and flat, joined and sorted here. No question about the whole tree
//     calls a function for sizes, privileges or definitions: at 20,000 tables that takes seconds.
//   - A part that cannot be read (no permission, a relative of PostgreSQL) costs itself alone and is named in Problems.
//
// Why an own search: the ready-made one that was tried (sahilm/fuzzy) takes 17 to 32 ms over 50,000 names on the machine
// of BENCHMARKS.md and knows no exact name before a scattered one. Here a name that 20,000 tables share is looked at
// once, and a mask of its characters tells at once what cannot match.
package catalog
