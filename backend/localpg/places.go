package localpg

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"desktop.tusk/backend/secret"
	"github.com/gofrs/flock"
)

// places are the files of a shared server, all in the directory its users name.
type places struct {
	dir      string
	run      string // holds the server's socket; the server's user's
	control  string // the keeper's socket
	log      string
	starting string // locked by whoever starts a keeper
	keeping  string // locked by the keeper while it lives
	password string
	port     string // the TCP port used last
}

// socketLimit is what every system takes: 103 bytes on macOS, 107 on Linux.
const socketLimit = 103

func placesIn(dir string) (places, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return places{}, storage("The sample's directory has no name.", dir, err)
	}
	p := places{
		dir: dir, log: filepath.Join(dir, "server.log"),
		starting: filepath.Join(dir, "start.lock"), keeping: filepath.Join(dir, "keeper.lock"),
		password: filepath.Join(dir, "password"), port: filepath.Join(dir, "port"),
	}
	sockets := dir
	if len(filepath.Join(dir, "run", ".s.PGSQL.65535")) > socketLimit {
		sockets = shortDir(dir)
	}
	p.run, p.control = filepath.Join(sockets, "run"), filepath.Join(sockets, "keeper.sock")
	return p, nil
}

// shortDir is where the sockets of a directory with a long path go: always the same place, so that all users find it.
func shortDir(dir string) string {
	temp := "/tmp" // not TMPDIR, which may differ between two users of the same directory
	if runtime.GOOS == "windows" {
		temp = os.TempDir()
	}
	sum := sha256.Sum256([]byte(dir))
	return filepath.Join(temp, fmt.Sprintf("tusk-%d-%s", os.Getuid(), hex.EncodeToString(sum[:6])))
}

// make makes the directories.
func (p places) make() error {
	mode := os.FileMode(0o700)
	if who, err := findOwner(); err != nil {
		return err
	} else if who.drop {
		mode = 0o711 // the server's user passes through
	}
	for _, dir := range []string{p.dir, filepath.Dir(p.control)} {
		if err := os.MkdirAll(dir, mode); err != nil {
			return storage("The sample's directory cannot be made.", dir, err)
		}
		st, err := os.Lstat(dir)
		if err != nil {
			return storage("The sample's directory cannot be used.", dir, err)
		}
		if dir == p.dir && st.Mode()&os.ModeSymlink != 0 {
			continue // the person's own choice
		}
		if !ownedByUs(st) {
			return storage("The sample's directory cannot be used.", dir, fmt.Errorf("%s: it belongs to somebody else", dir))
		}
		if err := os.Chmod(dir, mode); err != nil {
			return storage("The sample's directory cannot be used.", dir, err)
		}
	}
	return nil
}

func (p places) data(major int) string { return filepath.Join(p.dir, strconv.Itoa(major)) }

// secret reads Role's password, or makes one.
func (p places) secret() (secret.Secret, error) {
	b, err := os.ReadFile(p.password)
	if err == nil && len(b) > 0 {
		return secret.New(strings.TrimSpace(string(b))), nil
	}
	text := rand.Text()
	unfinished := p.password + ".new"
	if err := os.WriteFile(unfinished, []byte(text+"\n"), 0o600); err != nil {
		return secret.Secret{}, storage("The sample's password cannot be kept.", p.password, err)
	}
	if err := os.Rename(unfinished, p.password); err != nil {
		return secret.Secret{}, storage("The sample's password cannot be kept.", p.password, err)
	}
	return secret.New(text), nil
}

// choosePort gives the number that names the socket, and a free TCP port when one is needed: the last one if it can be.
func (p places) choosePort(tcp bool) (int, error) {
	if !tcp && runtime.GOOS != "windows" {
		return 5432, nil
	}
	last := ""
	if b, err := os.ReadFile(p.port); err == nil {
		last = strings.TrimSpace(string(b))
	}
	if last == "" {
		last = "0"
	}
	l, err := net.Listen("tcp", "127.0.0.1:"+last)
	if err != nil {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	if err := os.WriteFile(p.port, []byte(strconv.Itoa(port)+"\n"), 0o600); err != nil {
		return 0, storage("The sample's port cannot be kept.", p.port, err)
	}
	return port, nil
}

// waitLock takes a lock file as soon as whoever has it lets go. The lock goes with the process, however it ends.
func waitLock(ctx context.Context, path string) (*flock.Flock, error) {
	lock := flock.New(path, flock.SetPermissions(0o600))
	for {
		ok, err := lock.TryLock()
		if err != nil {
			return nil, storage("A lock of the sample's cannot be taken.", path, err)
		}
		if ok {
			return lock, nil
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return nil, fmt.Errorf("wait for %s: %w", filepath.Base(path), err)
		}
	}
}
