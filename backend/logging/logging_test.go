package logging_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"desktop.tusk/backend/logging"
)

func TestLevelsAndFile(t *testing.T) {
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
