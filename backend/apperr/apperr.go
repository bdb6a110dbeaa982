package apperr

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Error is a failure as a person is shown it. It crosses the bridge as JSON.
type Error struct {
	Kind  Kind  `json:"kind"`
	Group Group `json:"group"`
	// Title is one plain sentence: what is so.
	Title string `json:"title"`
	// Message is the server's or the system's own words, untouched; empty when Title says it all.
	Message string `json:"message,omitempty"`
	Detail  string `json:"detail,omitempty"` // the server's DETAIL
	// Hint says what to do next. It is Tusk's; the server's own is ServerHint.
	Hint       string `json:"hint,omitempty"`
	ServerHint string `json:"serverHint,omitempty"`
	Code       string `json:"code,omitempty"`     // SQLSTATE
	Severity   string `json:"severity,omitempty"` // ERROR, FATAL or PANIC, never translated
	// Position counts UTF-16 units from 0 in the text the person sent; nil when the server names no place.
	Position *int `json:"position,omitempty"`
	// Where is the server's CONTEXT: the call stack of a function.
	Where string `json:"where,omitempty"`
	// Op names the operation of Tusk's that failed, such as "session.run".
	Op        string `json:"op,omitempty"`
	Retryable bool   `json:"retryable"`
	// Fields names things: schema, table, column, constraint, datatype, host, port, limit, internalQuery …
	Fields map[string]string `json:"fields,omitempty"`
	// Fixes are changes of the person's text that may be what was meant, best first.
	Fixes []Fix `json:"fixes,omitempty"`

	cause error
}

// Fix replaces [From, To) of the text the person sent, in UTF-16 units, by Text.
type Fix struct {
	From   int    `json:"from"`
	To     int    `json:"to"`
	Text   string `json:"text"`
	Detail string `json:"detail"` // what Text is: "text not null", "table in public"
}

// E makes an error of the kind. Title and hint come from the kind's row when the arguments leave them empty.
func E(kind Kind, title string, opts ...Option) *Error {
	r, ok := kinds[kind]
	if !ok {
		kind, r = Internal, kinds[Internal]
	}
	e := &Error{Kind: kind, Group: r.group, Title: title, Hint: r.hint, Retryable: r.retryable}
	if title == "" {
		e.Title = r.title
	}
	for _, o := range opts {
		o(e)
	}
	return e
}

// Option sets a part of an Error.
type Option func(*Error)

// Message sets the server's or system's own words.
func Message(s string) Option { return func(e *Error) { e.Message = s } }

// Detail adds what explains the message.
func Detail(s string) Option { return func(e *Error) { e.Detail = s } }

// Hint replaces the kind's hint.
func Hint(s string) Option { return func(e *Error) { e.Hint = s } }

// Op names the operation that failed.
func Op(s string) Option { return func(e *Error) { e.Op = s } }

// Position sets the place in the script, in UTF-16 units from 0.
func Position(p int) Option { return func(e *Error) { e.Position = &p } }

// Field names a thing the error is about.
func Field(name, value string) Option {
	return func(e *Error) {
		if value == "" {
			return
		}
		if e.Fields == nil {
			e.Fields = map[string]string{}
		}
		e.Fields[name] = value
	}
}

// Cause keeps err for the log and for errors.Is; it is never marshalled. Its text becomes the message if there is none.
func Cause(err error) Option { return func(e *Error) { e.cause = err } }

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Title)
	if e.Message != "" {
		b.WriteString(" " + e.Message)
	}
	if e.Code != "" {
		fmt.Fprintf(&b, " (SQLSTATE %s)", e.Code)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.cause }

// From finds the Error in err's chain. Any other error becomes "internal" with a neutral text, and err is its cause.
// nil stays nil.
func From(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return E(Internal, "", Cause(err))
}

// KindOf tells the kind of err; "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	return From(err).Kind
}

// JSON is what the bridge passes to the window: an object as text, for Wails hands only text on.
func JSON(err error) string {
	b, mErr := json.Marshal(From(err))
	if mErr != nil {
		return `{"kind":"internal","group":"internal","title":"Something went wrong in Tusk.","retryable":false}`
	}
	return string(b)
}
