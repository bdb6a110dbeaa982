// Package vault keeps passwords in the credential store of the system: Secret Service or KWallet on Linux, the Keychain
// on macOS, the Credential Manager on Windows.
//
// What: Vault has Get, Set, Delete and Probe, none of which blocks beyond its context or a limit of its own, whatever the
// store does. A State says in words whether the store can be used, why not, and what to do.
//
// Not: a fallback. What the store does not take is not written anywhere; the caller keeps it in memory.
//
// Always: one operation at a time; nothing happens before the first of them; a value is read back after it was written; a
// store that asks the person something is waited for at most a minute, and the question is taken back when nobody waits
// for its answer any more.
//
// It is a package of its own, so that what merely carries a secret does not link the keyring library, which talks to the
// session bus while packages are initialised. busguard comes before it.
package vault
