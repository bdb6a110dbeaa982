// Package localpg runs a private PostgreSQL: the server of the sample database, and what Tusk's own tests run on.
//
// What: Find names the PostgreSQL programs to use: those beside Tusk, else the newest installed. Cluster is one data
// directory and the server process over it: initdb, start, stop, survive a kill. Open shares such a cluster between
// all Tusk processes of a person: the first starts a keeper, which is the same program run again in a hidden mode; the
// keeper is the parent of postgres, and each user holds a connection to the keeper's control socket. When the last one
// closes, however its process ended, the keeper stops the server and ends. LoadSample fills the database "roastery".
//
// Not: a download, a client or an administration tool. It speaks no SQL by itself: who loads the sample brings the
// driver. It never touches a server it did not start.
//
// Invariants: postgres is a direct child of the process that started it and is reaped by it; on Linux it is also told
// to stop when that process dies. Root never runs it: an existing unprivileged user does. The socket's directory is
// closed to everybody else, so the socket needs no password; loopback TCP exists only when asked for, with
// scram-sha-256. The password is in one file of mode 0600 and in no argument list, log or error. A data directory or a
// sample that was not finished is never used: both are made under another name and renamed at the end.
package localpg
