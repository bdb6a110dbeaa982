// Package pgtest gives tests a real PostgreSQL.
//
// What: DB makes a fresh database for a test on a server that all tests of the process share; Sample makes one that
// holds the roastery; Majors runs a test on the oldest and the newest server that are supported; New starts a server
// of the test's own, to stop, kill, freeze or misconfigure. A package's tests begin with
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
//
// Not: a mock, and never a silent skip: without the server's programs a test fails and says what to run.
//
// Invariants: nothing outlives the test process. Main stops and reaps every server; a process that dies before that
// leaves a janitor, a shell that waits for its end on a pipe, kills the servers and removes their directory. Servers
// run as an unprivileged user when tests run as root. They listen on Unix sockets in a directory of their own, so any
// number of test processes can run at once. Their durability is off.
package pgtest
