package localpg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Bring makes sure that the server's user can run the programs: they are copied below dir when they lie where only root
// may go, such as root's home. Anybody else gets b back.
func Bring(ctx context.Context, b Binaries, dir string) (Binaries, error) {
	who, err := findOwner()
	if err != nil {
		return b, err
	}
	st, err := os.Stat(b.Path("postgres"))
	if err != nil {
		return b, storage("The private server's programs cannot be read.", b.Path("postgres"), err)
	}
	blocked := who.reach(b.Dir)
	if blocked == "" && (!who.drop || who.may(st, 1)) {
		return b, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return b, storage("The private server's programs cannot be copied.", dir, err)
	}
	if st, err := os.Lstat(dir); err != nil || !ownedByUs(st) {
		return b, storage("The private server's programs cannot be copied.", dir, errors.New("it belongs to somebody else"))
	}
	if blocked := who.reach(dir); blocked != "" {
		return b, unreachable(blocked, who.name)
	}
	// PostgreSQL finds its libraries and files relative to its programs, so its whole directory goes along.
	from, to := filepath.Dir(b.Dir), filepath.Join(dir, "postgres-"+b.Version)
	moved := Binaries{Dir: filepath.Join(to, filepath.Base(b.Dir)), Version: b.Version, Major: b.Major}
	if _, err := os.Stat(moved.Path("postgres")); err == nil {
		return moved, nil
	}
	unfinished, err := os.MkdirTemp(dir, ".postgres-*")
	if err != nil {
		return b, storage("The private server's programs cannot be copied.", dir, err)
	}
	defer func() { _ = os.RemoveAll(unfinished) }()
	if err := copyTree(ctx, from, unfinished, func(path string, mode fs.FileMode) error {
		return os.Chmod(path, mode|mode>>2&0o111|0o444)
	}); err != nil {
		return b, storage("The private server's programs cannot be copied.", to, err)
	}
	if err := os.Rename(unfinished, to); err != nil {
		if _, statErr := os.Stat(moved.Path("postgres")); statErr == nil {
			return moved, nil // somebody else was as quick
		}
		return b, storage("The private server's programs cannot be copied.", to, err)
	}
	return moved, nil
}

// CopyData copies the data directory of a server that does not run, and makes the copy the server's user's.
func CopyData(ctx context.Context, from, to string) error {
	who, err := findOwner()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return fmt.Errorf("copy a data directory: %w", err)
	}
	err = copyTree(ctx, from, to, func(path string, mode fs.FileMode) error {
		if err := os.Chmod(path, mode); err != nil {
			return err
		}
		return who.give(path)
	})
	if err != nil {
		return fmt.Errorf("copy a data directory: %w", err)
	}
	return nil
}

// copyTree copies what is in from into the directory to. finish sets what else the copy of a file or directory needs.
func copyTree(ctx context.Context, from, to string, finish func(path string, mode fs.FileMode) error) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		dst := filepath.Join(to, rel)
		info, err := d.Info()
		if err != nil {
			return err
		}
		switch {
		case d.IsDir():
			if err := os.MkdirAll(dst, 0o700); err != nil {
				return err
			}
		case d.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			if err != nil {
				return err
			}
			return os.Symlink(target, dst)
		case d.Type().IsRegular():
			if err := copyFile(path, dst); err != nil {
				return err
			}
		default:
			return nil // a socket, say
		}
		return finish(dst, info.Mode().Perm())
	})
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		_ = out.Close()
		return err
	}
	return out.Close()
}
