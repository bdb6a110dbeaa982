package transfer

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"desktop.tusk/backend/apperr"
)

// File is a file that replaces the one of its name when all is written, and until then leaves that alone. Pipes and
// devices are written directly.
type File struct {
	file   *os.File
	path   string // "" when file is the target itself
	name   string // as the person gave it
	sealed bool
}

// Create begins a file beside its place. A link stays a link: what it leads to is replaced. Errors: file_missing,
// file_denied, file_full, file.
func Create(path string) (*File, error) {
	f := &File{name: path}
	fi, err := os.Stat(path)
	switch {
	case err == nil && fi.IsDir():
		return nil, f.trouble(&fs.PathError{Op: "open", Path: path, Err: syscall.EISDIR})
	case err == nil && !fi.Mode().IsRegular():
		if f.file, err = os.OpenFile(path, os.O_WRONLY, 0); err != nil {
			return nil, f.trouble(err)
		}
		return f, nil
	}
	if f.path, err = filepath.EvalSymlinks(path); err != nil {
		f.path = path
	}
	part := filepath.Join(filepath.Dir(f.path), "."+filepath.Base(f.path)+"."+rand.Text()[:8]+".partial")
	if f.file, err = os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666); err != nil {
		return nil, f.trouble(err)
	}
	return f, nil
}

// Write adds to the file. Errors as Create.
func (f *File) Write(p []byte) (int, error) {
	n, err := f.file.Write(p)
	if err != nil {
		err = f.trouble(err)
	}
	return n, err
}

// Seal has all of the file on the disk, beside its place, or removes it: what is left to Keep needs no room. Nothing can
// be written behind it. Errors as Create.
func (f *File) Seal() error {
	if err := f.finish(); err != nil {
		f.Discard()
		return f.trouble(err)
	}
	f.sealed = true
	return nil
}

// Keep puts the file in its place once all of it is on the disk, or removes it. Errors as Create.
func (f *File) Keep() error {
	if !f.sealed {
		if err := f.Seal(); err != nil {
			return err
		}
	}
	if f.path == "" {
		return nil
	}
	if err := os.Rename(f.file.Name(), f.path); err != nil {
		f.Discard()
		return f.trouble(err)
	}
	return nil
}

func (f *File) finish() error {
	if f.path != "" {
		if fi, err := os.Stat(f.path); err == nil {
			if err := f.file.Chmod(fi.Mode().Perm()); err != nil {
				return err
			}
		}
		if err := f.file.Sync(); err != nil {
			return err
		}
	}
	return f.file.Close()
}

// Discard leaves the old file as it was.
func (f *File) Discard() {
	_ = f.file.Close()
	if f.path != "" {
		_ = os.Remove(f.file.Name())
	}
}

// trouble says in words why the file cannot be written.
func (f *File) trouble(err error) *apperr.Error {
	dir := filepath.Dir(f.name)
	system := err
	if at := new(fs.PathError); errors.As(err, &at) {
		system = at.Err // the path in it is not the person's
	}
	why := []apperr.Option{apperr.Message(system.Error()), apperr.Cause(err)}
	is := func(list ...error) bool {
		for _, e := range list {
			if errors.Is(err, e) {
				return true
			}
		}
		return false
	}
	switch {
	case is(syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG):
		return apperr.E(apperr.FileFull, "There is no room left for "+f.name+".", why...)
	case is(syscall.EISDIR):
		return apperr.E(apperr.File, f.name+" is a folder.", append(why, apperr.Hint("Add the name of a file to it."))...)
	case is(fs.ErrPermission, syscall.EROFS), is(fs.ErrNotExist) && isFolder(dir):
		return apperr.E(apperr.FileDenied, "Nothing may be written in "+dir+".", why...)
	case is(fs.ErrNotExist, syscall.ENOTDIR):
		return apperr.E(apperr.FileMissing, "There is no folder "+dir+".", why...)
	case is(syscall.ENAMETOOLONG):
		return apperr.E(apperr.File, "The name of the file is too long.", append(why, apperr.Hint("Choose a shorter one."))...)
	}
	return apperr.E(apperr.File, "The file "+f.name+" cannot be written.", why...)
}

func isFolder(path string) bool {
	fi, err := os.Stat(path)
	return err == nil && fi.IsDir()
}
