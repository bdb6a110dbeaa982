// Package catalog knows what is in a database.
package catalog

import "context"

// Querier asks one question of our own: read-only, with an empty search path, beside the person's sessions. Values come
// as the server's text, nil for NULL.
type Querier interface {
	Query(ctx context.Context, sql string, args ...string) ([][][]byte, error)
}
