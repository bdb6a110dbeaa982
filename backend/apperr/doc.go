// Package apperr holds the one error a person may be shown.
//
// What: Error carries a Kind from a closed vocabulary, a plain sentence (Title), the server's or system's own words
// (Message, Detail, ServerHint), what to do next (Hint), the SQLSTATE and a position in the script. One table gives
// each Kind its group, title, hint and whether trying again makes sense; the window and the command line go by group.
//
// Not: a place for logging or for choosing colours. Lower layers return plain wrapped errors and the layer that knows
// the meaning makes an Error once; From turns whatever is left into "internal" with a neutral text.
//
// Invariants: classification is by SQLSTATE and Go type, never by a message, which the server may translate. The
// cause is kept for the log and never marshalled.
package apperr
