//go:build unix

package localpg

import (
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"desktop.tusk/backend/apperr"
)

// owner is who the server runs as. The zero value is whoever runs Tusk.
type owner struct {
	drop     bool // Tusk runs as root, so the server is handed to another user
	uid, gid int
	name     string
}

// findOwner picks the user: PostgreSQL refuses to run as root, so root hands it to an unprivileged user that exists.
func findOwner() (owner, error) {
	if os.Geteuid() != 0 {
		return owner{}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err1 == nil && err2 == nil && uid > 0 {
			return owner{drop: true, uid: uid, gid: gid, name: name}, nil
		}
	}
	return owner{}, apperr.E(apperr.NoServer, "PostgreSQL refuses to run as root, and there is no user to run it as.",
		apperr.Hint("Start Tusk as an ordinary user, or add a system user called postgres."))
}

// give makes path the owner's.
func (o owner) give(path string) error {
	if !o.drop {
		return nil
	}
	return os.Lchown(path, o.uid, o.gid)
}

// reach tells which directory on the way to path the owner may not enter; "" when none.
func (o owner) reach(path string) string {
	if !o.drop {
		return ""
	}
	var blocked string
	for dir := path; ; dir = filepath.Dir(dir) {
		if st, err := os.Stat(dir); err == nil && st.IsDir() && !o.may(st, 1) {
			blocked = dir // the outermost is the one to name
		}
		if dir == filepath.Dir(dir) {
			return blocked
		}
	}
}

// may tells whether the owner has the permission bit on a file: 4 read, 2 write, 1 execute or enter.
func (o owner) may(st os.FileInfo, bit os.FileMode) bool {
	sys, ok := st.Sys().(*syscall.Stat_t)
	if !ok {
		return true
	}
	switch {
	case int(sys.Uid) == o.uid:
		return st.Mode()&(bit<<6) != 0
	case int(sys.Gid) == o.gid:
		return st.Mode()&(bit<<3) != 0
	}
	return st.Mode()&bit != 0
}

// as makes cmd run as the owner, in a process group of its own so that ^C in a terminal does not reach it.
func (o owner) as(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if o.drop {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(o.uid), Gid: uint32(o.gid)}
	}
	dieWithParent(cmd.SysProcAttr)
}

// detach makes cmd survive the process, the terminal and the session that start it.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// ownedByUs tells whether st is a directory of this very user that nobody else may write to.
func ownedByUs(st os.FileInfo) bool {
	sys, ok := st.Sys().(*syscall.Stat_t)
	return ok && st.IsDir() && int(sys.Uid) == os.Geteuid() && st.Mode().Perm()&0o022 == 0
}

const (
	stopFast = syscall.SIGINT  // ends sessions and writes a checkpoint
	stopNow  = syscall.SIGQUIT // ends at once, recovers at the next start
)

func signalProcess(p *os.Process, sig os.Signal) error { return p.Signal(sig) }

// endOrphan ends a server that outlived the process that started it. pid comes from its pid file.
func endOrphan(pid int, within time.Duration) {
	deadline := time.Now().Add(within)
	for sig := stopFast; ; sig = stopNow {
		if syscall.Kill(pid, sig) != nil {
			return // it is gone, or was never ours
		}
		for half := time.Now().Add(within / 2); time.Now().Before(half); time.Sleep(10 * time.Millisecond) {
			if !running(pid) {
				return
			}
		}
		if time.Now().After(deadline) {
			return
		}
	}
}
