package suggest_test

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"desktop.tusk/backend/suggest"
)

func TestTry(t *testing.T) {
	f, err := os.Open("/tmp/sug/try.txt")
	if err != nil {
		t.Skip()
	}
	w := roastery(t)
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		text := strings.ReplaceAll(sc.Text(), `\n`, "\n")
		if text == "" {
			continue
		}
		i := strings.Index(text, "|")
		c := suggest.At(w, text[:i]+text[i+1:], i, suggest.Options{})
		var out []string
		for k, it := range c.Items {
			if k >= 14 {
				break
			}
			s := it.Label
			if it.Apply != it.Label {
				s += "→" + strings.ReplaceAll(it.Apply, "\n", "⏎")
			}
			out = append(out, fmt.Sprintf("%s", s))
		}
		fmt.Printf("%s\n    %d: %s\n", text, len(c.Items), strings.Join(out, " ; "))
	}
}
