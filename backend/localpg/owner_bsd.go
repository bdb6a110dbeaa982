//go:build unix && !linux

package localpg

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// dieWithParent has no counterpart here: a server whose keeper was killed is ended by the next keeper.
func dieWithParent(*syscall.SysProcAttr) {}

func running(pid int) bool { return syscall.Kill(pid, 0) == nil }

// isPostgres tells whether the process is a PostgreSQL server over the data directory.
func isPostgres(pid int, data string) bool {
	out, err := exec.Command("ps", "-o", "args=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(out), "postgres") && strings.Contains(string(out), filepath.Clean(data))
}
