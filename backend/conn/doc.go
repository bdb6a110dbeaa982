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
// What can go wrong on the way in is a table, faults_test.go: each of its rows is met by a test that names it, on real
// servers, through proxies, or, for what no PostgreSQL would say, on internal/pgfake. A run of all tests in which a row
// is missing, or an error has no hint, fails. session meets hostile servers while statements run, and a proxy that damages
// what passes, internal/faultproxy.
//
// Why not pgconn.ParseConfig for profiles: it reads the environment, ~/.pgpass and service files by itself, and unknown
// keys become run-time parameters. It is called once, on nothing, for the base that only it can make.
package conn
