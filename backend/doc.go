// Package backend is Tusk without its window: the state of the program and the structs bound to the page.
//
// What is where:
//
//	apperr   the one error a person may be shown
//	sqltext  SQL as text: statements, positions
//	spool    results on disk, as the server sent them
//	cell     one value, however long: JSON by its containers, bytes, what is found in it
//	conn     from a profile to a working pool
//	session  one tab's conversation with its server; stopping it
//	catalog  what is in a database
//	suggest  what can be written next, what a name is, what was meant
//	transfer rows in the forms other programs read: CSV, JSON, SQL, workbooks, Parquet
//	intake   rows of files: what a file is, and what cannot be read of it
//	load     rows into tables, all or with those rejected that do not fit
//	store    what must not be lost: saved connections, preferences, saved queries, open tabs, history
//	localpg  a private PostgreSQL: the sample database, and what tests run on
//	secret   values that are never printed; secret/vault keeps them in the system's credential store
//	logging  what happened, in rotating files
//	cli      the command line, over the same AppState
//
// AppState maps connection ids to pools, tab ids to sessions and run ids to runs. Connections, Queries, Schema, System,
// Work, Library and Imports are bound to the page; a bound method is: guard, look up, call one package, answer. main gives
// a Desktop; nothing here knows Wails.
//
// Two lifecycles: AppState is made empty in main, because generating bindings runs main, and opened when the window
// starts; bound calls wait for that. Close cancels what runs, closes sessions, pools and the spool, and is given three
// seconds by main.
//
// Invariants: ids of what runs are made by the caller, so that Cancel and Disconnect can never miss what they name; a
// connection that closes or breaks takes nothing of another with it; no file format is written here.
package backend
