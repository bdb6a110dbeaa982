// Package conn gets from a profile to a working pool.
//
// What: the table of connection options that the form, pasted texts and the documentation share; reading pasted URLs;
// building pgconn's configuration; TLS; connecting within a deadline and saying in words why it failed; Pool, which
// counts every server connection of a profile against one limit.
//
// Not: running SQL for the person (session), and not ambient: PG* variables, .pgpass and service files are used when
// a person chooses them or on the command line, never by themselves.
//
// Invariants: one builder makes the main, the catalog, the cancel and the reconnect connections, so none is weaker
// than another. Passwords are secret.Secret until pgconn gets them, and no error carries one.
//
// Why not pgconn.ParseConfig for profiles: it reads the environment, ~/.pgpass and service files by itself, and unknown
// keys become run-time parameters. It is called once, on nothing, for the base that only it can make.
package conn
