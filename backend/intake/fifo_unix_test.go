//go:build unix

package intake_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"desktop.tusk/backend/intake"
)

// A pipe to which nobody writes is refused, and not waited for.
func TestPipe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := intake.Open(path, intake.Options{}); err == nil || !strings.Contains(err.Error(), "no ordinary file") {
		t.Error(err)
	}
}
