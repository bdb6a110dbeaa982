package backend

import (
	"context"
	"path/filepath"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/localpg"
)

// SampleQuery is a first query for the sample database.
const SampleQuery = localpg.SampleQuery

// sampleLimit is for everything: making the cluster, starting it, loading the database on a slow disk.
const sampleLimit = 2 * time.Minute

// SampleDir is where the sample's server keeps its data.
func SampleDir(dataDir string) string { return filepath.Join(dataDir, "sample") }

// StartSample makes this process a user of the sample's server, with the database loaded. stage, if not nil, hears what
// takes its time. Errors: no_server, storage.
func StartSample(ctx context.Context, dataDir string, tcp bool, stage func(string)) (*localpg.Server, error) {
	ctx, stop := context.WithTimeout(ctx, sampleLimit)
	defer stop()
	s, err := localpg.Open(ctx, localpg.Config{Dir: SampleDir(dataDir), TCP: tcp, Stage: stage})
	if err != nil {
		return nil, err
	}
	dial := func(ctx context.Context, settings map[string]string) (localpg.Client, error) {
		return conn.Dial(ctx, settings)
	}
	if err := localpg.LoadSample(ctx, s.Settings, dial, stage); err != nil {
		s.Release()
		return nil, err
	}
	return s, nil
}

// openSample reserves the id first, so that Disconnect stops starting and loading too.
func (a *AppState) openSample(id string) (Connection, error) {
	ctx, c, err := a.reserve(id)
	if err != nil {
		return Connection{}, err
	}
	server, err := StartSample(ctx, a.dir(), false, nil)
	if err != nil {
		a.forget(id, c)
		if ctx.Err() != nil {
			return Connection{}, apperr.E(apperr.Cancelled, "Opening the sample database was stopped.", apperr.Hint("It goes on where it was the next time."))
		}
		return Connection{}, err
	}
	profile := conn.Profile{Name: "Roastery sample", Color: "amber", Settings: server.Settings(localpg.SampleDatabase)}
	return a.dial(ctx, c, ConnectRequest{ConnectionID: id, Profile: profile}, server)
}

// ServerLog gives the end of the sample server's log. Errors: usage, when the sample is not open; file.
func (s *System) ServerLog() (l LogTail, err error) {
	defer s.state.guard("system.serverLog", &err)()
	a := s.state
	a.mu.Lock()
	var server *localpg.Server
	for _, c := range a.connections {
		if c.sample != nil {
			server = c.sample
		}
	}
	a.mu.Unlock()
	if server == nil {
		return LogTail{}, apperr.E(apperr.Usage, "The sample database is not open.")
	}
	lines, err := server.Tail(tailLines)
	if err != nil {
		return LogTail{}, apperr.E(apperr.File, "The server's log cannot be read.", apperr.Message(err.Error()), apperr.Cause(err))
	}
	return LogTail{Path: server.LogPath(), Lines: orEmpty(lines)}, nil
}
