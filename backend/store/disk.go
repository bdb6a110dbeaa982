package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
	"unicode"

	"desktop.tusk/backend/apperr"
)

// disk is every call of the file system's that the store makes; a test fails the n-th of them. bbolt takes a true file,
// so of its calls only the opening passes here.
type disk interface {
	Open(path string, flag int) (*os.File, error)
	Read(path string) ([]byte, error)
	Write(f *os.File, b []byte) error
	Sync(f *os.File) error
	List(dir string) ([]os.DirEntry, error)
	Mkdir(dir string) error
	Rename(from, to string) error
	Remove(path string) error
}

// system is the disk of the operating system.
type system struct{}

func (system) Open(path string, flag int) (*os.File, error) { return os.OpenFile(path, flag, 0o600) }
func (system) Read(path string) ([]byte, error)             { return os.ReadFile(path) }
func (system) Write(f *os.File, b []byte) error             { _, err := f.Write(b); return err }
func (system) Sync(f *os.File) error                        { return f.Sync() }
func (system) List(dir string) ([]os.DirEntry, error)       { return os.ReadDir(dir) }
func (system) Mkdir(dir string) error                       { return os.MkdirAll(dir, 0o700) }
func (system) Remove(path string) error                     { return os.Remove(path) }
func (system) Rename(from, to string) error                 { return rename(from, to) }

// readRegular reads a file that is one. A FIFO would be waited for, and a link that leads nowhere is not a file that is
// missing. Errors: fs.ErrNotExist only when there is nothing by that name.
func readRegular(d disk, path string) ([]byte, error) {
	fi, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, link := os.Lstat(path); link == nil {
			return nil, fmt.Errorf("%s is a link that leads nowhere", path)
		}
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	if !fi.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", path)
	}
	return d.Read(path)
}

// replace puts a file in place of what is at path, whole and safe from a power cut, or leaves all as it was.
func replace(d disk, path string, b []byte) error {
	part := path + ".part"
	err := func() error {
		f, err := d.Open(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
		if err != nil {
			return err
		}
		err = d.Write(f, b)
		if err == nil {
			err = d.Sync(f)
		}
		return errors.Join(err, f.Close())
	}()
	if err == nil {
		err = d.Rename(part, path)
	}
	if err != nil {
		_ = os.Remove(part) // not a call of the test's: what is left is in nobody's way
		return err
	}
	return syncDir(d, filepath.Dir(path))
}

// syncDir makes new names in a directory last. Windows has no such call.
func syncDir(d disk, dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := d.Open(dir, os.O_RDONLY)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(f), f.Close())
}

const (
	patience = 2 * time.Second      // to wait for another process
	poll     = 2 * time.Millisecond // how often to look
)

var errBusy = errors.New("another Tusk holds it")

// lock keeps other processes out until unlock. The file stays: two processes could lock two files of one name.
func lock(d disk, path string) (unlock func(), err error) {
	f, err := d.Open(path, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, err
	}
	for end := time.Now().Add(patience); ; time.Sleep(poll) {
		held, err := tryLock(f)
		if err == nil && held {
			return func() { _ = f.Close() }, nil
		}
		if err != nil || time.Now().After(end) {
			return nil, errors.Join(errBusy, err, f.Close())
		}
	}
}

// unusable is the error a person is shown.
func unusable(title string, err error) error {
	var told *apperr.Error
	if errors.As(err, &told) {
		return told
	}
	hint := apperr.Hint("Free some room or correct what is named, then try again.")
	if errors.Is(err, errBusy) {
		hint = apperr.Hint("Another window of Tusk, or one that hangs, is using the store. Try again, or end that one.")
	}
	return apperr.E(apperr.Storage, title, apperr.Message(sentence(err)), hint, apperr.Cause(err))
}

// sentence makes one of an error that a person may have to act on.
func sentence(err error) string {
	text := []rune(strings.ReplaceAll(err.Error(), "\n", "; "))
	if len(text) > 0 {
		text[0] = unicode.ToUpper(text[0])
	}
	return strings.TrimSuffix(string(text), ".") + "."
}
