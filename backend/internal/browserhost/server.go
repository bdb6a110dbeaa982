package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"

	"desktop.tusk/backend"
	"desktop.tusk/backend/localpg"
)

// serverVerb is the first argument that makes this program the owner of a PostgreSQL for tests.
const serverVerb = "server"

// address is how tests reach the server.
type address struct {
	Socket   string `json:"socket"` // URL of the sample database over the socket; no password
	User     string `json:"user"`
	Port     string `json:"port"` // on 127.0.0.1, with the password
	Password string `json:"password"`
}

// serve runs the sample's server, with TCP, in the data directory that is the second argument. It starts at once and
// prints its address as a line of JSON; each line on standard input then is "stop", by force, or "start", and is
// answered by such a line too. It ends with its input, and the server with it.
func serve() error {
	if len(os.Args) != 3 {
		return fmt.Errorf("usage: browserhost %s DATA-DIR", serverVerb)
	}
	dir := os.Args[2]
	ctx := context.Background()
	server, err := start(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { server.Release() }()
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		switch lines.Text() {
		case "stop":
			server.Release()
			if _, err := localpg.Stop(ctx, backend.SampleDir(dir), true); err != nil {
				return err
			}
			fmt.Println("{}")
		case "start":
			if server, err = start(ctx, dir); err != nil {
				return err
			}
		default:
			return fmt.Errorf("there is no %q", lines.Text())
		}
	}
	return nil
}

func start(ctx context.Context, dir string) (*localpg.Server, error) {
	server, err := backend.StartSample(ctx, dir, true, nil)
	if err != nil {
		return nil, err
	}
	password, err := server.Password()
	if err != nil {
		return nil, err
	}
	settings := server.Settings(localpg.SampleDatabase)
	return server, json.NewEncoder(os.Stdout).Encode(address{
		Socket: server.URL(localpg.SampleDatabase), User: settings["user"], Port: settings["port"], Password: password.Reveal(),
	})
}
