// Package secret holds values that must not be shown: passwords and passphrases.
//
// What: Secret prints, formats and marshals as dots, so that a struct that carries one can be logged by mistake
// without harm. Reveal is the one way to the text, easy to find in a review.
//
// Not: encryption. The text is in memory as it was typed.
package secret

import "fmt"

const dots = "•••"

// Secret is a text that is never printed. The zero value means "none given".
type Secret struct{ text string }

// New wraps text.
func New(text string) Secret { return Secret{text} }

// Reveal gives the text itself. Only what hands it to the server, or to the keyring, should ask.
func (s Secret) Reveal() string { return s.text }

// IsZero tells that no secret was given. An empty password counts as none, as libpq has it.
func (s Secret) IsZero() bool { return s.text == "" }

func (s Secret) String() string { return dots }

// Format answers every verb, %#v included, with dots.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, dots) }

// MarshalText keeps the text out of JSON too.
func (s Secret) MarshalText() ([]byte, error) { return []byte(dots), nil }

// Typed is a secret in a request of the window's, which is never printed or sent back either. The generator of the
// page's types takes it for the string it is.
type Typed string

// Secret gives what was typed as a Secret.
func (t Typed) Secret() Secret { return New(string(t)) }

func (t Typed) String() string { return dots }

// Format answers every verb with dots.
func (t Typed) Format(f fmt.State, _ rune) { fmt.Fprint(f, dots) }

// MarshalText keeps the text out of JSON.
func (t Typed) MarshalText() ([]byte, error) { return []byte(dots), nil }
