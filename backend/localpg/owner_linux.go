package localpg

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// dieWithParent has the kernel stop the server when the thread that starts it ends; startProcess keeps that thread.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = stopFast }

// running tells whether the process exists and is more than a dead one nobody has waited for.
func running(pid int) bool {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return false
	}
	after := b[bytes.LastIndexByte(b, ')')+1:] // the name before may hold anything
	return !strings.HasPrefix(string(after), " Z")
}

// isPostgres tells whether the process is a PostgreSQL server over the data directory.
func isPostgres(pid int, data string) bool {
	cwd, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(pid), "cwd"))
	if err != nil {
		return false
	}
	if real, err := filepath.EvalSymlinks(data); err == nil {
		data = real
	}
	return cwd == data
}
