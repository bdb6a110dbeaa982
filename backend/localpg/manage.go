package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"desktop.tusk/backend/apperr"
)

// StatusOf tells how the server in the directory is doing, without starting it.
func StatusOf(ctx context.Context, dir string) (Status, error) {
	p, err := placesIn(dir)
	if err != nil {
		return Status{}, err
	}
	st, err := tell(ctx, p, request{Op: "status"})
	if errors.Is(err, errGone) {
		return Status{Log: p.log}, nil
	}
	return st, err
}

// Stop unpins the server and stops it. With users left it goes on until the last of them ends, which the result shows,
// unless force is set: they lose their connections then.
func Stop(ctx context.Context, dir string, force bool) (Status, error) {
	p, err := placesIn(dir)
	if err != nil {
		return Status{}, err
	}
	st, err := tell(ctx, p, request{Op: "stop", Force: force})
	if errors.Is(err, errGone) {
		return Status{Log: p.log}, nil
	}
	return st, err
}

// Reset stops the server and removes all its data. While others use it, it refuses with "busy" unless force is set.
func Reset(ctx context.Context, dir string, force bool) error {
	p, err := placesIn(dir)
	if err != nil {
		return err
	}
	if _, err := os.Stat(p.dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	lock, err := waitLock(ctx, p.starting) // nobody starts it meanwhile
	if err != nil {
		return err
	}
	defer func() { _ = lock.Close() }()
	st, err := Stop(ctx, dir, force)
	if err != nil {
		return err
	}
	if st.Running {
		return apperr.E(apperr.Busy, "The sample's server is in use, so nothing was removed.",
			apperr.Detail(fmt.Sprintf("Windows or commands that use it: %d.", st.Users)),
			apperr.Hint("Close them and try again."))
	}
	kept, err := waitLock(ctx, p.keeping)
	if err != nil {
		return err
	}
	defer func() { _ = kept.Close() }()
	entries, err := os.ReadDir(p.dir)
	if err != nil {
		return storage("The sample's directory cannot be emptied.", p.dir, err)
	}
	for _, e := range entries {
		// By name, for a directory given by mistake may hold other things.
		if _, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSuffix(e.Name(), ".new"), ".new.pw")); err == nil {
			if err := os.RemoveAll(filepath.Join(p.dir, e.Name())); err != nil {
				return storage("The sample's directory cannot be emptied.", p.dir, err)
			}
		}
	}
	// The password was set when the data directory was made.
	for _, path := range []string{p.password, p.port, p.run} {
		if err := os.RemoveAll(path); err != nil {
			return storage("The sample's directory cannot be emptied.", p.dir, err)
		}
	}
	return nil
}

// tell asks the keeper one thing.
func tell(ctx context.Context, p places, req request) (Status, error) {
	c, err := dialKeeper(ctx, p.control)
	if err != nil {
		return Status{}, err
	}
	defer func() { _ = c.con.Close() }()
	r, err := c.ask(ctx, req, nil)
	if err != nil {
		return Status{}, err
	}
	return *r.Status, nil
}
