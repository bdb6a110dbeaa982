//go:build !linux

package conn

import (
	"os"
	"runtime"
	"syscall"
)

// setUserTimeout does nothing here: keepalive finds dead peers, and a ping before use the rest.
func setUserTimeout(_, _ string, _ syscall.RawConn) error { return nil }

func private(fi os.FileInfo) bool {
	return runtime.GOOS == "windows" || fi.Mode().Perm()&0o077 == 0
}
