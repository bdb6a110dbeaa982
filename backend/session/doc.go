// Package session is the conversation of one editor tab with its server.
//
// What: Session owns one server connection, made when the first run needs it, or ahead of that for the first tab of a
// connection; Run is one Execute, a script of one or more statements sent one after the other; Cancel stops a run in every state within two seconds. A run's Snapshot is
// all a screen shows about it; its rows go to the spool, or to a sink of the caller's.
//
// Not: the person's profile or pool (conn), what the rows look like (spool), or who is told (backend).
//
// Invariants, which cancel.md derives and measures:
//   - One lock, Session.mu, decides. A run is live while a pgconn call is under way; whatever is sent to stop it
//     registers under the lock while it is live, else it is not sent. Stop is a method of the run, never of the session.
//   - The session is free only when all that was sent has been answered: a cancel by end of file on its socket. When that
//     cannot be seen within the limit the connection is given up, for the cancel may still arrive.
//   - Statements run on a context that is never cancelled; pgx would close the connection. Only the run's goroutine calls
//     pgconn; others use CancelRequest, Conn and PID, which read what never changes.
//   - Statements without parameters use the simple protocol, so that the server prints every value as psql shows it, and
//     so that COPY can be ended by CopyFail alone.
//   - A used connection is never handed to somebody else.
package session
