package conn

import (
	"os"
	"syscall"
)

// userTimeoutMs is how long sent data may stay unacknowledged before the connection counts as dead.
const userTimeoutMs = 20_000

const tcpUserTimeout = 0x12 // TCP_USER_TIMEOUT, which package syscall does not name

func setUserTimeout(network, _ string, c syscall.RawConn) error {
	if network == "unix" {
		return nil
	}
	// A kernel without it still has keepalive: not worth failing for.
	return c.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, userTimeoutMs)
	})
}

func private(fi os.FileInfo) bool { return fi.Mode().Perm()&0o077 == 0 }
