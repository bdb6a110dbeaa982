package suggest_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"desktop.tusk/backend/suggest"
)

// table reads a file of cases: a line of input and the lines that belong to it.
func table(t *testing.T, file string, isInput func(line string) bool, f func(input string, want []string)) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var input string
	var want []string
	n := 0
	for _, line := range append(strings.Split(string(b), "\n"), "end") {
		switch {
		case line == "" || line[0] == '#':
		case line == "end" || isInput(line):
			if input != "" {
				f(input, want)
				n++
			}
			input, want = line, nil
		default:
			want = append(want, line)
		}
	}
	if n < 15 {
		t.Errorf("only %d cases were read", n)
	}
}

func hasCursor(line string) bool {
	return strings.Contains(strings.ReplaceAll(line, "||", ""), "|")
}

func TestAboutAt(t *testing.T) {
	t.Parallel()
	w := roastery(t)
	table(t, "about.txt", hasCursor, func(input string, want []string) {
		text, cursor := cut(input)
		a := suggest.AboutAt(w, text, cursor)
		got := "-"
		if a.Kind != "" {
			got = strings.TrimSpace(fmt.Sprintf("%s %s / %s / %s / %s", a.Kind, a.Name, strings.ReplaceAll(a.Detail, "\n", "⏎"), a.Table, a.Comment))
			if a.From > cursor || a.To < cursor || a.From == a.To {
				t.Errorf("%s: [%d, %d) does not hold %d", input, a.From, a.To, cursor)
			}
		}
		if got != want[0] {
			t.Errorf("%s\n got %s\nwant %s", input, got, want[0])
		}
	})
}

func TestSignaturesAt(t *testing.T) {
	t.Parallel()
	w := roastery(t)
	table(t, "signatures.txt", hasCursor, func(input string, want []string) {
		text, cursor := cut(input)
		g := suggest.SignaturesAt(w, text, cursor)
		got := "-"
		if g.Name != "" {
			got = g.Name + " " + strconv.Itoa(g.Argument)
			for _, c := range g.Choices {
				got += " (" + strings.Join(c.Arguments, ", ") + ")"
			}
		}
		if got != want[0] {
			t.Errorf("%s\n got %s\nwant %s", input, got, want[0])
		}
	})
}

// slice takes UTF-16 units out of a text.
func slice(text string, from, to int) string {
	return string(utf16.Decode(utf16.Encode([]rune(text))[from:to]))
}

func TestNearest(t *testing.T) {
	t.Parallel()
	w := roastery(t)
	isInput := func(line string) bool { return len(line) > 6 && line[5] == ' ' && (line[0] == '4' || line[0] == '3') }
	table(t, "nearest.txt", isInput, func(input string, want []string) {
		code, text, place := input[:5], input[6:], -1
		if hasCursor(text) {
			text, place = cut(text)
		}
		m := suggest.Nearest(w, text, place, code)
		var near []string
		for _, n := range m.Near {
			near = append(near, fmt.Sprintf("%s => %s (%s)", slice(text, n.From, n.To), n.Text, n.Detail))
		}
		if near == nil {
			near = []string{"-"}
		}
		got := m.Name + ": " + strings.Join(near, ", ")
		if got != want[0] {
			t.Errorf("%s\n got %s\nwant %s", input, got, want[0])
		}
		if why, ok := strings.CutPrefix(strings.Join(want[1:], ""), "why: "); ok && m.Why != why {
			t.Errorf("%s\n says %q\nnot  %q", input, m.Why, why)
		}
	})
}

func TestExpand(t *testing.T) {
	t.Parallel()
	w := roastery(t)
	table(t, "expand.txt", hasCursor, func(input string, want []string) {
		text, cursor := cut(input)
		e := suggest.Expand(w, text, cursor)
		got := "-"
		if e.Text != "" {
			got = slice(text, 0, e.From) + e.Text + slice(text, e.To, units(text))
		}
		if got != want[0] {
			t.Errorf("%s\n got %s\nwant %s", input, got, want[0])
		}
	})
}
