package localpg

import (
	"os"
	"os/exec"
	"syscall"
	"time"
)

// owner is always whoever runs Tusk.
type owner struct {
	drop bool
	name string
}

func findOwner() (owner, error)   { return owner{}, nil }
func (owner) give(string) error   { return nil }
func (owner) reach(string) string { return "" }

func (owner) may(os.FileInfo, os.FileMode) bool { return true }

func (owner) as(cmd *exec.Cmd)      { cmd.SysProcAttr = &syscall.SysProcAttr{HideWindow: true} }
func ownedByUs(st os.FileInfo) bool { return st.IsDir() }

// detach makes cmd survive the process and the console that start it.
func detach(cmd *exec.Cmd) {
	const detachedProcess = 0x8
	cmd.SysProcAttr = &syscall.SysProcAttr{
		HideWindow: true, CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP | detachedProcess,
	}
}

const (
	stopFast = syscall.SIGINT
	stopNow  = syscall.SIGQUIT
)

// signalProcess ends the server: there are no signals here. Stop asks pg_ctl first, so that a checkpoint is written.
func signalProcess(p *os.Process, _ os.Signal) error { return p.Kill() }

func running(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	return p.Release() == nil
}

func isPostgres(int, string) bool { return false }

func endOrphan(int, time.Duration) {}
