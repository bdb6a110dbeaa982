package localpg

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"time"

	"desktop.tusk/backend/apperr"
)

// What users and the keeper say to each other: one JSON object a line. A user asks once. After "use" it keeps the
// connection open for as long as it needs the server; the kernel closes it when the user's process ends.
type (
	request struct {
		Op    string `json:"op"` // use, status, pin, stop
		TCP   bool   `json:"tcp,omitempty"`
		Force bool   `json:"force,omitempty"`
	}
	reply struct {
		Stage    string            `json:"stage,omitempty"` // what the keeper is busy with; more replies follow
		Status   *Status           `json:"status,omitempty"`
		Settings map[string]string `json:"settings,omitempty"`
		Error    *apperr.Error     `json:"error,omitempty"`
	}
)

// Status tells how a shared server is doing.
type Status struct {
	Running bool      `json:"running"`
	Users   int       `json:"users"`  // Tusk processes that use it now
	Pinned  bool      `json:"pinned"` // it stays up without users until it is stopped
	Version string    `json:"version,omitempty"`
	PID     int       `json:"pid,omitempty"`
	Keeper  int       `json:"keeper,omitempty"` // the process that looks after it
	Started time.Time `json:"started,omitzero"`
	TCP     bool      `json:"tcp"`
	Log     string    `json:"log"`
}

// errGone says that no keeper is there, or that it is just ending.
var errGone = errors.New("no keeper answers")

// control is a connection to a keeper.
type control struct {
	con net.Conn
	in  *bufio.Reader
}

func dialKeeper(ctx context.Context, path string) (*control, error) {
	var d net.Dialer
	con, err := d.DialContext(ctx, "unix", path)
	if err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("reach the sample's keeper: %w", ctx.Err())
		}
		return nil, errGone
	}
	return &control{con: con, in: bufio.NewReader(con)}, nil
}

// ask sends the request and waits for the answer; stage hears what goes on meanwhile. The connection stays open unless
// there is an error.
func (c *control) ask(ctx context.Context, req request, stage func(string)) (reply, error) {
	unblock := context.AfterFunc(ctx, func() { _ = c.con.SetDeadline(time.Unix(1, 0)) })
	defer unblock()
	r, err := c.answer(req, stage)
	if err != nil {
		_ = c.con.Close()
		if ctx.Err() != nil {
			return r, fmt.Errorf("wait for the sample's keeper: %w", ctx.Err())
		}
	}
	return r, err
}

func (c *control) answer(req request, stage func(string)) (reply, error) {
	if err := json.NewEncoder(c.con).Encode(req); err != nil {
		return reply{}, errGone
	}
	for {
		line, err := c.in.ReadBytes('\n')
		if err != nil {
			return reply{}, errGone
		}
		var r reply
		if err := json.Unmarshal(line, &r); err != nil {
			return r, fmt.Errorf("read the keeper's answer: %w", err)
		}
		switch {
		case r.Error != nil:
			return r, r.Error
		case r.Stage == "":
			return r, nil
		case stage != nil:
			stage(r.Stage)
		}
	}
}
