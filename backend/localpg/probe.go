package localpg

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// probe asks the server for a session and gives it back. nil means that it lets clients in.
func (c *Cluster) probe(ctx context.Context) error {
	network, address := "unix", filepath.Join(c.opts.Run, ".s.PGSQL."+strconv.Itoa(c.opts.Port))
	if runtime.GOOS == "windows" {
		network, address = "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(c.opts.Port))
	}
	return probe(ctx, network, address)
}

func probe(ctx context.Context, network, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	var d net.Dialer
	con, err := d.DialContext(ctx, network, address)
	if err != nil {
		return err
	}
	defer func() { _ = con.Close() }()
	deadline, _ := ctx.Deadline()
	if err := con.SetDeadline(deadline); err != nil {
		return err
	}
	const protocol3 = 3 << 16
	body := "user\x00" + Role + "\x00database\x00postgres\x00\x00"
	msg := binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))
	msg = binary.BigEndian.AppendUint32(msg, protocol3)
	if _, err := con.Write(append(msg, body...)); err != nil {
		return err
	}
	for {
		kind, body, err := message(con)
		if err != nil {
			return err
		}
		switch kind {
		case 'Z': // ready for a query
			_, err := con.Write([]byte{'X', 0, 0, 0, 4})
			return err
		case 'R':
			if len(body) >= 4 && binary.BigEndian.Uint32(body) != 0 {
				return nil // it asks for a password: it is up
			}
		case 'E':
			code, text := field(body, 'C'), field(body, 'M')
			if strings.HasPrefix(code, "57P0") { // starting up, shutting down
				return fmt.Errorf("%s (SQLSTATE %s)", text, code)
			}
			return nil // it refuses us, but it is up
		}
	}
}

func message(r io.Reader) (kind byte, body []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	if n < 4 || n > 1<<16 {
		return 0, nil, errors.New("read the server's answer: not PostgreSQL's protocol")
	}
	body = make([]byte, n-4)
	_, err = io.ReadFull(r, body)
	return head[0], body, err
}

// field finds one field of an ErrorResponse.
func field(body []byte, code byte) string {
	for _, f := range strings.Split(string(body), "\x00") {
		if f != "" && f[0] == code {
			return f[1:]
		}
	}
	return ""
}
