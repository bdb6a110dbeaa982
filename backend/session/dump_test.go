package session_test

import (
	"testing"

	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/session"
)

// TestCopyOfNoRows loads what pg_dump writes for an empty table: COPY, and at once the line that ends the data.
func TestCopyOfNoRows(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		t.Parallel()
		b := open(t, s.DB(t))
		snap := b.run("create table t (a int);\ncopy t from stdin;\n\\.\n\ncopy t from stdin;\r\n7\r\n\\.\r\nselect 1;")
		if snap.Outcome != session.Finished {
			t.Fatalf("%s: %v", snap.Outcome, firstError(snap))
		}
		if tag := snap.Statements[1].Tag; tag != "COPY 0" {
			t.Errorf("the empty one: %q", tag)
		}
		if got := b.value("select string_agg(a::text, ',') from t"); got != "7" {
			t.Errorf("the table holds %s", got)
		}
	})
}
