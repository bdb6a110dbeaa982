package cli

import (
	"encoding/json"
	"io"
	"os"
	"strings"
	"unicode/utf16"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/secret"
)

type completeCmd struct {
	Target string `arg:"" help:"A connection URL." placeholder:"URL"`
	SQL    string `arg:"" help:"The SQL, with | as the cursor; - reads it from standard input." placeholder:"SQL"`
	Cursor int    `help:"The cursor, in UTF-16 units; then a | is a character like any other." default:"-1" placeholder:"N"`
	Upper  bool   `help:"Keywords in capitals, unless the SQL writes them otherwise."`
}

// Run prints what can be written at the cursor as JSON, best first.
func (c *completeCmd) Run(e *env) error {
	text := c.SQL
	if text == "-" {
		b, err := io.ReadAll(e.in)
		if err != nil {
			return apperr.E(apperr.File, "Standard input cannot be read.", apperr.Message(err.Error()))
		}
		text = string(b)
	}
	cursor := c.Cursor
	if cursor < 0 {
		var ok bool
		if text, cursor, ok = cutCursor(text); !ok {
			return apperr.E(apperr.Usage, "The SQL has no cursor.", apperr.Hint(`Put a | where it stands, as in 'select u| from users u', or give --cursor. \| is a | of the SQL's own.`))
		}
	}
	parsed, err := conn.CommandLine(c.Target, os.LookupEnv)
	if err != nil {
		return err
	}
	ctx, stop := e.interruptible()
	defer stop()
	found, err := backend.CompleteOnce(ctx, parsed.Profile, secret.New(parsed.Password), backend.CompleteRequest{Text: text, Cursor: cursor, Upper: c.Upper})
	if err != nil {
		return err
	}
	out := json.NewEncoder(e.out)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(found)
}

// cutCursor takes the first | out of a text and tells where it was, in UTF-16 units. \| stands for a | that is none.
func cutCursor(text string) (rest string, cursor int, ok bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text) && text[i+1] == '|':
			b.WriteByte('|')
			i++
		case text[i] == '|' && !ok:
			cursor, ok = len(utf16.Encode([]rune(b.String()))), true
		default:
			b.WriteByte(text[i])
		}
	}
	return b.String(), cursor, ok
}
