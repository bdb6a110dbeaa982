//go:build linux

// Headless is `make run` without a display: the real window on a virtual one, the sample query run through it, its first
// rows printed, a picture written.
package main

import (
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
	if err := app.Wait("rows are shown", `document.querySelector('[role=grid] [role=gridcell]')`); err != nil {
		return err
	}
	if err := app.Wait("the run is over", `!document.querySelector('.btn-cancel')`); err != nil {
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
	printTable(strings.Split(strings.TrimSuffix(text, "\n"), "\n"))
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

// printTable prints the head of tab-separated lines in columns, each cut to what fits.
func printTable(lines []string) {
	const most = 28
	var rows [][]string
	var widths []int
	for i, l := range lines {
		if i > rowsShown {
			break
		}
		cells := strings.Split(l, "\t")
		for c, v := range cells {
			if r := []rune(v); len(r) > most {
				cells[c] = string(r[:most-1]) + "…"
			}
			if c == len(widths) {
				widths = append(widths, 0)
			}
			widths[c] = max(widths[c], len([]rune(cells[c])))
		}
		rows = append(rows, cells)
	}
	for _, r := range rows {
		var b strings.Builder
		for c, v := range r {
			fmt.Fprintf(&b, "%s%s  ", v, strings.Repeat(" ", widths[c]-len([]rune(v))))
		}
		fmt.Println(strings.TrimRight(b.String(), " "))
	}
	if len(lines)-1 > rowsShown {
		fmt.Printf("(%d rows in all)\n", len(lines)-1)
	}
}
