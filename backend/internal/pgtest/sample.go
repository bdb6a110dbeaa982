package pgtest

import (
	"context"
	"errors"
	"testing"

	"desktop.tusk/backend/localpg"
	"github.com/jackc/pgx/v5"
)

// Sample makes a database for the test that holds the roastery, on the newest server, and gives its URL.
func Sample(t testing.TB) string {
	t.Helper()
	return shared(t, Newest).Sample(t)
}

// Sample makes a database for the test that holds the roastery and gives its URL. The first of a process takes two
// seconds, the others are copies.
func (s *Server) Sample(t testing.TB) string {
	t.Helper()
	s.load.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		s.loadErr = localpg.LoadSample(ctx, s.Settings, Dial, nil)
	})
	if s.loadErr != nil {
		t.Fatalf("pgtest: %v", s.loadErr)
	}
	return s.URL(s.Database(t, localpg.SampleDatabase))
}

// Dial lets localpg load its sample over pgx.
func Dial(ctx context.Context, settings map[string]string) (localpg.Client, error) {
	dsn := ""
	for k, v := range settings {
		dsn += k + "='" + v + "' "
	}
	con, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return nil, err
	}
	return client{con}, nil
}

type client struct{ con *pgx.Conn }

func (c client) Exec(ctx context.Context, sql string) error {
	return c.con.PgConn().Exec(ctx, sql).Close()
}

func (c client) Value(ctx context.Context, sql string) (text string, err error) {
	err = c.con.QueryRow(ctx, sql).Scan(&text)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return text, err
}

func (c client) Close(ctx context.Context) error { return c.con.Close(ctx) }
