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

// UnmarshalText takes the text of a request.
func (s *Secret) UnmarshalText(text []byte) error {
	s.text = string(text)
	return nil
}

// MarshalText keeps the text out of JSON too.
func (s Secret) MarshalText() ([]byte, error) { return []byte(dots), nil }
