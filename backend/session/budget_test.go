package session_test

import (
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/session"
)

// wide sends 20 MB, of which a budget of 4 MB takes the beginning.
const wide = "select g, repeat('x', 1000) from generate_series(1, 20000) g"

const budget = 4 << 20

func (b *bed) pausesAt(sql string) *session.Run {
	b.t.Helper()
	r := b.start(session.Request{Text: sql})
	b.waitFor("it waits for room", func() bool { return r.Snapshot().State == session.StatePaused })
	return r
}

func (b *bed) waitFor(what string, f func() bool) {
	b.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !f(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.t.Fatalf("it does not come to pass that %s", what)
		}
	}
}

// held is what the results take on disk, after a moment in which more could come.
func (b *bed) held() int64 {
	time.Sleep(300 * time.Millisecond)
	_, bytes := b.dir.Usage()
	return bytes
}

// Rows beyond the budget wait at the server: what came can be read, nothing is cut, and the person goes on or stops.
func TestBudget(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	b.dir.SetBudget(budget)

	r := b.pausesAt(wide)
	<-r.Ready()
	res := r.Result(r.FirstResult())
	came := res.Rows()
	if p, err := res.Page(0, 100); err != nil || len(p.Rows) != 100 || came < 1000 || came >= 20000 {
		t.Errorf("%d rows came, %v", came, err)
	}
	if n := b.held(); n > budget {
		t.Errorf("%d bytes are held", n)
	}
	if res.Rows() != came {
		t.Errorf("rows came while it waited: %d, then %d", came, res.Rows())
	}
	r.Continue()
	if s := b.finish(r); s.Outcome != session.Finished || res.Rows() != 20000 {
		t.Errorf("%s with %d rows", s.Outcome, res.Rows())
	}

	// The run before goes when the next begins, so there is room again.
	r = b.pausesAt("select 1; " + wide + "; select 2")
	begin := time.Now()
	r.Cancel()
	s := b.finish(r)
	if took := time.Since(begin); s.Outcome != session.Stopped || took > 2*time.Second {
		t.Errorf("%s after %s", s.Outcome, took)
	}
	kept := s.Statements[1].Results[0]
	if rows := r.Result(kept.ID); rows == nil || rows.Rows() < 1000 || !kept.Partial {
		t.Errorf("kept: %+v", kept)
	}
	b.stillWorks()
}

// A run stopped while its last rows wait is not whole, though the server has sent them all and says so.
func TestBudgetStoppedAtTheLastRows(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	b.dir.SetBudget(budget)
	r := b.pausesAt("select g, repeat('x', 1000) from generate_series(1, 4160) g")
	time.Sleep(300 * time.Millisecond) // the server has finished
	r.Cancel()
	s := b.finish(r)
	kept := s.Statements[0].Results[0]
	if s.Outcome != session.Stopped || s.Statements[0].State != session.Stopped || !kept.Partial || r.Whole(kept.ID) || kept.Rows < 1000 || kept.Rows >= 4160 {
		t.Errorf("%s, %s, kept: %d rows, partial %v", s.Outcome, s.Statements[0].State, kept.Rows, kept.Partial)
	}
	if e := firstError(s); e == nil || e.Kind != apperr.Cancelled {
		t.Errorf("%+v", e)
	}
	b.stillWorks()
}

// Room that another result gives back is taken at once, and so is a larger budget.
func TestBudgetHasRoomAgain(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	b.dir.SetBudget(budget)
	other := b.dir.NewResult(nil)
	other.Unlimit()
	block := make([]byte, budget/2)
	if err := other.Write(block, nil); err != nil {
		t.Fatal(err)
	}
	r := b.pausesAt("select g, repeat('x', 1000) from generate_series(1, 3000) g")
	other.Release()
	if s := b.finish(r); s.Outcome != session.Finished || s.Statements[0].Rows != 3000 {
		t.Errorf("%s %+v", s.Outcome, s.Statements)
	}
	r = b.pausesAt(wide)
	b.dir.SetBudget(0)
	if s := b.finish(r); s.Outcome != session.Finished {
		t.Errorf("%s", s.Outcome)
	}
}
