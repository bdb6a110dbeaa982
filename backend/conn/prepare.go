package conn

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// Prepared is what the server says of a statement it was asked to prepare.
type Prepared struct {
	// Parameters are the types of $1, $2 …, by name.
	Parameters []string
	// Err is why the server would refuse the statement; nil when it would take it.
	Err *pgconn.PgError
}

// preparing bounds the time and the locks of a statement that is only looked at. Names are looked up where the role's
// own settings say.
var preparing = "begin read only; set local statement_timeout = '500ms'; set local lock_timeout = '200ms'"

// Prepare has the server analyse a statement on a connection no session uses, and forget it: nothing is executed, and
// no session knows. Errors: those of Ask.
func (p *Pool) Prepare(ctx context.Context, sql string) (Prepared, error) {
	c, err := p.sides.Acquire(ctx)
	if err != nil {
		return Prepared{}, p.unanswered(ctx, err)
	}
	defer c.Release()
	pc := c.Conn().PgConn()
	defer context.AfterFunc(p.ctx, func() { _ = pc.Conn().Close() })()
	if err := pc.Exec(ctx, preparing).Close(); err != nil {
		return Prepared{}, p.unanswered(ctx, err)
	}
	d, err := pc.Prepare(ctx, "", sql, nil)
	var out Prepared
	if err != nil && !errors.As(err, &out.Err) {
		return Prepared{}, p.unanswered(ctx, err)
	}
	if err := pc.Exec(ctx, "rollback").Close(); err != nil {
		return Prepared{}, p.unanswered(ctx, err)
	}
	if d == nil || out.Err != nil {
		return out, nil
	}
	var unknown []uint32
	for _, oid := range d.ParamOIDs {
		if _, ok := p.TypeOf(pgconn.FieldDescription{DataTypeOID: oid, TypeModifier: -1}); !ok {
			unknown = append(unknown, oid)
		}
	}
	if err := p.LearnTypes(ctx, unknown); err != nil {
		return Prepared{}, err
	}
	for _, oid := range d.ParamOIDs {
		t, _ := p.TypeOf(pgconn.FieldDescription{DataTypeOID: oid, TypeModifier: -1})
		out.Parameters = append(out.Parameters, t.Name)
	}
	return out, nil
}
