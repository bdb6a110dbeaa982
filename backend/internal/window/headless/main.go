//go:build linux

// Headless is `make run` without a display: the real window on a virtual one, the sample query run through it, its first
// rows printed, a picture written.
package main

import (
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"desktop.tusk/backend"
	"desktop.tusk/backend/internal/window"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "headless:", err)
		os.Exit(1)
	}
}

// rowsShown is how many rows are printed.
const rowsShown = 10

func run() error {
	binary := flag.String("binary", "build/bin/tusk-driven", "Tusk, built with the tag testhook")
	shot := flag.String("shot", "build/shots/run.png", "where the picture goes")
	flag.Parse()
	d, err := window.StartDisplay(1440, 900)
	if err != nil {
		return err
	}
	defer d.Close()
	app, err := d.Start(*binary, backend.DataDir(""), "--sample")
	if err != nil {
		return err
	}
	defer app.Close()
	fmt.Printf("The window is up after %d ms.\n", time.Since(app.Started).Milliseconds())
	if err := app.Wait("the sample is connected and its query typed", `document.querySelector('.cm-content')?.textContent.includes('select')`); err != nil {
		return err
	}
	if err := app.Click(".cm-content"); err != nil {
		return err
	}
	if err := app.Keys("ctrl+Return"); err != nil {
		return err
	}
	if err := app.Wait("rows are shown", `document.querySelector('#tab-panel [role=gridcell]')`); err != nil {
		return err
	}
	if err := app.Wait("the run is over", `!document.querySelector('.results[aria-busy]')`); err != nil {
		return err
	}
	// All of the result, by keyboard, through the clipboard: what a person pastes into a spreadsheet.
	if err := app.Keys("ctrl+2"); err != nil {
		return err
	}
	if err := app.Keys("ctrl+a", "ctrl+shift+c"); err != nil {
		return err
	}
	var text string
	for begin := time.Now(); strings.Count(text, "\n") < 2; time.Sleep(20 * time.Millisecond) {
		if text, err = app.Clipboard(); err == nil && strings.Count(text, "\n") >= 2 {
			break
		}
		if time.Since(begin) > 10*time.Second {
			return fmt.Errorf("nothing came into the clipboard: %v", err)
		}
	}
	if err := printTable(text); err != nil {
		return err
	}
	if err := app.Keys("Escape"); err != nil {
		return err
	}
	if err := app.Picture(*shot); err != nil {
		return err
	}
	path, err := filepath.Abs(*shot)
	if err != nil {
		return fmt.Errorf("name the picture: %w", err)
	}
	fmt.Println("A picture of the window:", path)
	return nil
}

// printTable prints the head of what a spreadsheet would paste, in columns, each cut to what fits.
func printTable(text string) error {
	const most = 24
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = '\t'
	lines, err := r.ReadAll()
	if err != nil {
		return fmt.Errorf("read the clipboard: %w", err)
	}
	shown := lines[:min(len(lines), rowsShown+1)]
	widths := make([]int, len(lines[0]))
	for _, cells := range shown {
		for c, v := range cells {
			v = strings.ReplaceAll(v, "\n", "↵")
			if runes := []rune(v); len(runes) > most {
				v = string(runes[:most-1]) + "…"
			}
			cells[c] = v
			widths[c] = max(widths[c], len([]rune(v)))
		}
	}
	for _, cells := range shown {
		var b strings.Builder
		for c, v := range cells {
			fmt.Fprintf(&b, "%s%s  ", v, strings.Repeat(" ", widths[c]-len([]rune(v))))
		}
		fmt.Println(strings.TrimRight(b.String(), " "))
	}
	fmt.Printf("(the first %d of %d rows)\n", len(shown)-1, len(lines)-1)
	return nil
}
