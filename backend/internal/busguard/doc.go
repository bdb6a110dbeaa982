// Package busguard keeps a session bus that does not answer from hanging the program before main.
//
// Why: the keyring library talks to the bus while packages are initialised, without a deadline, and starts a bus of its
// own with dbus-launch where there is none. GTK, too, waits for ever for a bus that accepts and never answers.
//
// What: its init, which runs before the keyring's, asks the bus for a sign of life. A bus that gives none is taken out of
// the environment for good; where there is no bus the keyring is shown one that does not exist, until Restore.
//
// Not: a client of the bus. It imports the standard library alone and the module's name sorts before github.com, which is
// what makes its init the first of the two (Go initialises packages that are ready by import path). A test holds that.
package busguard
