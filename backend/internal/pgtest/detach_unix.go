//go:build unix

package pgtest

import (
	"os/exec"
	"syscall"
)

// detach keeps a ^C in the terminal, which ends the tests, from ending the janitor too.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
