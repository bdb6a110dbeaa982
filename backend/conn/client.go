package conn

import (
	"context"
	"errors"
	"fmt"
	"time"

	"desktop.tusk/backend/secret"
	"github.com/jackc/pgx/v5/pgconn"
)

// Client is a plain connection for work of Tusk's own, such as loading the sample database. It belongs to one
// goroutine.
type Client struct{ c *pgconn.PgConn }

// Dial connects with a profile's settings, outside of any pool. Errors are those of connecting.
func Dial(ctx context.Context, settings map[string]string) (*Client, error) {
	sp, err := build(Profile{Settings: settings}, secret.Secret{})
	if err != nil {
		return nil, err
	}
	var words firstWords
	begin := time.Now()
	dctx, stop := context.WithTimeout(ctx, sp.timeout)
	defer stop()
	c, err := dial(dctx, sp.config)
	if err != nil {
		return nil, sp.explain(dctx, err, &words, time.Since(begin))
	}
	return &Client{c}, nil
}

// Exec runs any number of statements and ignores their rows.
func (c *Client) Exec(ctx context.Context, sql string) error { return c.c.Exec(ctx, sql).Close() }

// Value runs a query of one column and at most one row; "" stands for no row.
func (c *Client) Value(ctx context.Context, sql string) (string, error) {
	results, err := c.c.Exec(ctx, sql).ReadAll()
	switch {
	case err != nil:
		return "", err
	case len(results) != 1 || len(results[0].Rows) > 1:
		return "", fmt.Errorf("read one value: %w", errors.New("the query gives more"))
	case len(results[0].Rows) == 0:
		return "", nil
	}
	return string(results[0].Rows[0][0]), nil
}

// Close ends the connection.
func (c *Client) Close(ctx context.Context) error { return c.c.Close(ctx) }
