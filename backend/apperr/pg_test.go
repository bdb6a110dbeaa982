package apperr

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

func TestServerNamesWhatItIsAbout(t *testing.T) {
	for _, c := range []struct {
		pg    pgconn.PgError
		title string
	}{
		{pgconn.PgError{Code: "23502", TableName: "customers", ColumnName: "name"}, "customers.name must have a value."},
		{pgconn.PgError{Code: "23502"}, "A column that must have a value would be NULL."},
		{pgconn.PgError{Code: "23505", TableName: "orders", ConstraintName: "orders_pkey"}, "orders has that value already, and orders_pkey allows it only once."},
		{pgconn.PgError{Code: "23514", TableName: "lots", ConstraintName: "kg_check"}, "The check kg_check of lots forbids this value."},
		{pgconn.PgError{Code: "23514", ConstraintName: "kg_check"}, "A check of the table forbids this value."},
		{pgconn.PgError{Code: "23514", TableName: "lots", ConstraintName: strings.Repeat("x", 64)}, "A check of the table forbids this value."},
		{pgconn.PgError{Code: "23P01", TableName: "shifts", ConstraintName: "apart"}, "The row overlaps another one of shifts, which apart forbids."},
		{pgconn.PgError{Code: "23503", TableName: "lots", ConstraintName: "lots_fkey"}, "The row refers to something that is not there, or is still referred to."},
	} {
		if got := Server(&c.pg).Title; got != c.title {
			t.Errorf("%s: %q, not %q", c.pg.Code, got, c.title)
		}
	}
}
