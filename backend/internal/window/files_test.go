//go:build linux && walks

package window_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"desktop.tusk/backend/internal/pgtest"
)

// labelled is the control that a label of the dialog names.
func labelled(label string) string {
	return fmt.Sprintf(`[...document.querySelectorAll('.dialog label')].find(l => l.textContent.trim().startsWith(%q))?.control`, label)
}

// TestFileInAndOut brings a file into a new table, looks at a value of it and at a chart, and writes the rows to a file.
func TestFileInAndOut(t *testing.T) {
	t.Parallel()
	var rows bytes.Buffer
	rows.WriteString("lot,kg,cupped\n")
	for i := range 500 {
		fmt.Fprintf(&rows, "%d,%d.%02d,\"{\"\"lot\"\": %d, \"\"notes\"\": [\"\"plum\"\", \"\"Käse\"\"]}\"\n", i+1, 60+i%7, i%100, i+1)
	}
	dir := t.TempDir()
	from, to := filepath.Join(dir, "cuppings.csv"), filepath.Join(dir, "out.csv")
	if err := os.WriteFile(from, rows.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	w := open(t, pgtest.DB(t))
	w.keys("ctrl+k")
	w.wait("the palette is there", `document.querySelector('#palette-list')`)
	w.typed("import rows")
	w.wait("the command is found", `/Import rows/.test(document.querySelector('#palette-list [aria-selected=true]')?.textContent)`)
	w.keys("Return")
	w.wait("a file is asked for", labelled("File")+` === document.activeElement`)
	w.typed(from)
	w.keys("Return")
	w.wait("the format is shown", labelled("Delimiter"))
	w.picture("walk-import-format")
	w.keys("ctrl+Return")
	w.wait("the columns were tried", `/Checked over all 500 lines/.test(document.querySelector('.dialog').textContent)`)
	w.picture("walk-import-columns")
	w.keys("ctrl+Return")
	w.wait("the rows are in", `/500 rows into public.cuppings/.test(document.querySelector(".dialog")?.textContent)`)
	w.keys("ctrl+Return")
	w.wait("the table is open", `!document.querySelector('.dialog') && `+cell+`.some(c => /plum/.test(c)) && `+idle)

	w.keys("ctrl+2", "ctrl+Home", "End", "Return")
	w.wait("the value is a tree", `/"Käse"\s*\]/.test(document.querySelector('aside[aria-label="Cell viewer"]')?.textContent)`)
	w.picture("walk-viewer")

	w.keys("Escape", "ctrl+k")
	w.wait("the palette is there", `document.querySelector('#palette-list')`)
	w.typed("chart")
	w.wait("the command is found", `/[Cc]hart/.test(document.querySelector('#palette-list [aria-selected=true]')?.textContent)`)
	w.keys("Return")
	w.wait("a chart is drawn", `document.querySelector('.uplot canvas')?.width > 100`)
	w.picture("walk-chart")

	w.keys("ctrl+shift+s")
	w.wait("the export is asked about", labelled("File")+` === document.activeElement`)
	w.keys("ctrl+a")
	w.typed(to)
	w.keys("Return")
	for begin := time.Now(); time.Since(begin) < 30*time.Second; time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(to); err == nil { // it is renamed when it is whole
			break
		}
	}
	got, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, rows.Bytes()) {
		t.Errorf("the file that came out starts %q, the one that went in %q", strings.SplitN(string(got), "\n", 3)[:2], strings.SplitN(rows.String(), "\n", 3)[:2])
	}
}
