package conn

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
)

// spare is a file kept open for nothing: when the process may open no more, it makes room for one cancel.
var spare struct {
	sync.Mutex
	file *os.File
}

func keepSpare() {
	spare.Lock()
	defer spare.Unlock()
	if spare.file == nil {
		spare.file, _ = os.Open(os.DevNull) // without one a cancel fails as any dial does
	}
}

// DialSparing dials, and gives up the spare descriptor for it when no other is left. It is for short messages that have
// to get through: the spare comes back when the connection is closed.
func DialSparing(ctx context.Context, dial pgconn.DialFunc, network, addr string) (net.Conn, error) {
	c, err := dial(ctx, network, addr)
	if !errors.Is(err, syscall.EMFILE) && !errors.Is(err, syscall.ENFILE) {
		return c, err
	}
	spare.Lock()
	defer spare.Unlock() // another may not take what is given up here
	if spare.file == nil {
		return nil, err
	}
	_ = spare.file.Close()
	spare.file = nil
	if c, err = dial(ctx, network, addr); err != nil {
		go keepSpare()
		return nil, err
	}
	return sparing{c}, nil
}

type sparing struct{ net.Conn }

func (s sparing) Close() error {
	err := s.Conn.Close()
	keepSpare()
	return err
}
