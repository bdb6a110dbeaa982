package logging_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"desktop.tusk/backend/logging"
)

func TestFR011_LevelsAndFile(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "logs")
	l := logging.Open(dir, "warn", nil)
	defer l.Close()
	l.Info().Msg("too quiet to be heard")
	l.Warn().Str("event", "x").Msg("heard")
	if err := l.SetLevel("debug"); err != nil {
		t.Fatal(err)
	}
	l.Debug().Msg("heard too")
	if err := l.SetLevel("loud"); err == nil || l.Level() != "debug" {
		t.Errorf("a level that does not exist: %v, now %s", err, l.Level())
	}
	lines, err := l.Tail(10)
	if err != nil || len(lines) != 2 || !strings.Contains(lines[1], "heard too") {
		t.Errorf("%q %v", lines, err)
	}
	if fi, err := os.Stat(l.Path()); err != nil || fi.Mode().Perm() != 0o600 {
		t.Errorf("mode: %v %v", fi.Mode(), err)
	}
}

// A file that is full is set aside, at most five are kept, and all are their owner's alone.
func TestFR011_Rotation(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := logging.Open(dir, "info", nil)
	defer l.Close()
	long := strings.Repeat("x", 1<<20)
	for range 40 {
		l.Info().Msg(long)
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) { // old ones go in the background
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(files) > 1 && len(files) <= 6 {
			for _, f := range files {
				fi, err := f.Info()
				if err != nil || fi.Mode().Perm() != 0o600 || fi.Size() > 6<<20 {
					t.Errorf("%s: %v, %v", f.Name(), fi, err)
				}
			}
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d files", len(files))
		}
	}
}

// Lines go on in another directory.
func TestMoveTo(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	l := logging.Open(file, "info", nil)
	defer l.Close()
	l.Info().Msg("nowhere")
	l.MoveTo(t.TempDir())
	l.Info().Msg("somewhere")
	lines, err := l.Tail(10)
	if err != nil || l.Note() != "" || len(lines) != 1 || !strings.Contains(lines[0], "somewhere") {
		t.Errorf("%q, %v, %q", lines, err, l.Note())
	}
	l.MoveTo(file)
	if l.Note() == "" {
		t.Error("a file for a directory is fine")
	}
}

func TestLogThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var console strings.Builder
	l := logging.Open(dir, "info", &console)
	defer l.Close()
	l.Info().Msg("still here")
	if l.Note() == "" || !strings.Contains(console.String(), "still here") {
		t.Errorf("note %q, console %q", l.Note(), console.String())
	}
}
