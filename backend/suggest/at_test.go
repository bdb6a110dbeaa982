package suggest_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"desktop.tusk/backend/suggest"
)

// units counts UTF-16 units.
func units(s string) int { return len(utf16.Encode([]rune(s))) }

// cut takes the cursor out of a text: the last lonely |.
func cut(text string) (string, int) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, `\\.`, "\x01"), `\n`, "\n")
	text = strings.ReplaceAll(text, "\x01", `\.`)
	masked := strings.ReplaceAll(text, "||", "\x01\x01")
	i := strings.LastIndexByte(masked, '|')
	if i < 0 {
		panic("no cursor in " + text)
	}
	return text[:i] + text[i+1:], units(text[:i])
}

func labels(c suggest.Completion) []string {
	list := make([]string, len(c.Items))
	for i, s := range c.Items {
		list[i] = s.Label
	}
	return list
}

func TestAt(t *testing.T) {
	t.Parallel()
	w := roastery(t)
	b, err := os.ReadFile("testdata/at.txt")
	if err != nil {
		t.Fatal(err)
	}
	cases, checks := 0, 0
	var got suggest.Completion
	where := ""
	for n, line := range strings.Split(string(b), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		kind, rest := line[0], ""
		if len(line) > 1 && line[1] == ' ' {
			rest = line[2:]
		}
		if !strings.ContainsRune("=+!>@", rune(kind)) || rest == "" {
			text, cursor := cut(line)
			got = suggest.At(w, text, cursor, suggest.Options{})
			where = fmt.Sprintf("line %d, %s", n+1, line)
			cases++
			continue
		}
		checks++
		have := labels(got)
		if problem := check(kind, rest, got, have); problem != "" {
			t.Errorf("%s\n   %s\n   %q", where, problem, have[:min(len(have), 16)])
		}
	}
	if cases < 150 || checks < cases {
		t.Errorf("only %d cases and %d checks were read", cases, checks)
	}
}

// check tells what is wrong about an answer, "" for nothing.
func check(kind byte, rest string, got suggest.Completion, have []string) string {
	var want []string
	for _, s := range strings.Split(rest, " ; ") {
		want = append(want, strings.TrimSpace(s))
	}
	switch kind {
	case '=':
		if rest == "-" {
			if len(have) > 0 {
				return "has to be empty"
			}
			return ""
		}
		if !slices.Equal(have[:min(len(have), len(want))], want) {
			return "has to begin with " + rest
		}
	case '+':
		for _, s := range want {
			if !slices.Contains(have, s) {
				return s + " is missing"
			}
		}
	case '!':
		for _, s := range want {
			if slices.Contains(have, s) {
				return s + " does not belong here"
			}
		}
	case '>':
		if len(got.Items) == 0 || strings.ReplaceAll(got.Items[0].Apply, "\n", `\n`) != rest {
			return fmt.Sprintf("has to write %q, not %q", rest, got.Items[:1])
		}
	case '@':
		if at := fmt.Sprintf("%d %d", got.From, got.To); at != rest {
			return "replaces " + at + ", not " + rest
		}
	}
	return ""
}
