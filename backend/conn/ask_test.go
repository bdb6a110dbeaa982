package conn_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/pgtest"
)

// ask collects what comes back as text.
func ask(p *conn.Pool, questions []string, args ...string) (got []string, err error) {
	err = p.Ask(context.Background(), questions, func(i int, values [][]byte) {
		line := fmt.Sprint(i)
		for _, v := range values {
			if v == nil {
				line += " NULL"
			} else {
				line += " " + string(v)
			}
		}
		got = append(got, line)
	}, args...)
	return got, err
}

func TestAsk(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		p := open(t, s.DB(t))
		got, err := ask(p, []string{"select $1::int4 + 1, null", "values ($1::text), ('b')", "select 1 where $1 = 'no'", "select $1::text"}, "41")
		if want := []string{"0 42 NULL", "1 41", "1 b", "3 41"}; err != nil || !slices.Equal(got, want) {
			t.Errorf("%q, %v", got, err)
		}
		// Nothing is on the search path, nothing can be written, and nothing is left for the next question.
		got, err = ask(p, []string{"show search_path", "show transaction_read_only", "show lock_timeout"})
		if want := []string{`0 ""`, "1 on", "2 1s"}; err != nil || !slices.Equal(got, want) {
			t.Errorf("%q, %v", got, err)
		}
		_, err = ask(p, []string{"create table public.t (id int)"})
		if apperr.KindOf(err) != apperr.ReadOnly {
			t.Errorf("a question that writes: %v", err)
		}
		got, err = ask(p, []string{"select 'before'", "select 1 / 0", "select 'behind'"})
		if want := []string{"0 before"}; apperr.KindOf(err) != apperr.Data || !slices.Equal(got, want) {
			t.Errorf("%q, %v", got, err)
		}
		_, err = ask(p, []string{"select", "selec"})
		if e := apperr.From(err); e == nil || e.Kind != apperr.Syntax || e.Code != "42601" || e.Op != "conn.ask" {
			t.Errorf("a question that makes no sense: %v", err)
		}
		for range 4 { // more than there are connections
			if rows, err := p.Query(context.Background(), "select $1, 'x'", "y"); err != nil || len(rows) != 1 || string(rows[0][0])+string(rows[0][1]) != "yx" {
				t.Errorf("afterwards: %q, %v", rows, err)
			}
		}
		if st := p.Stat(); st.Open > 2 {
			t.Errorf("%d connections", st.Open)
		}
	})
}

func TestAskIsBounded(t *testing.T) {
	t.Parallel()
	p := open(t, pgtest.DB(t))
	ctx, stop := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer stop()
	if _, err := p.Query(ctx, "select pg_sleep(60)"); apperr.KindOf(err) != apperr.Timeout {
		t.Errorf("past the deadline: %v", err)
	}
	ctx, stop = context.WithCancel(context.Background())
	time.AfterFunc(300*time.Millisecond, stop) // well within the sleep: a cancel between two statements is lost
	if _, err := p.Query(ctx, "select pg_sleep(60)"); apperr.KindOf(err) != apperr.Cancelled {
		t.Errorf("cancelled: %v", err)
	}
	if rows, err := p.Query(context.Background(), "select 1"); err != nil || len(rows) != 1 {
		t.Errorf("afterwards: %v", err)
	}
	p.Close()
	if _, err := p.Query(context.Background(), "select 1"); apperr.KindOf(err) != apperr.Lost {
		t.Errorf("closed: %v", err)
	}
}
