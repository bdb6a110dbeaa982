// Package cli is Tusk's command line, over the same AppState as the window.
//
// What: reads the arguments; without a verb it answers what the window is to show, with one it runs it. Results go to
// standard output or the file of -o alone; everything else to standard error, as `tusk: error:`, `tusk: detail:`,
// `tusk: hint:`, or one JSON object with --json-errors.
//
// Not: a shell with its own language; psql's backslash commands are explained, not run.
//
// Exit codes: 0 done · 1 the server refused a statement · 2 the command line makes no sense · 3 no server, or the link
// was lost · 4 cancelled, or stopped by one of the server's time limits · 5 a file or Tusk's directory cannot be used ·
// 6 no display for the window · 70 a mistake in Tusk.
//
// Invariants: rows stream with flat memory and touch no disk but -o. A first ^C cancels on the server and ends within
// two seconds, a second one ends at once. A password is in no argument list this program makes, no error and no file.
package cli
