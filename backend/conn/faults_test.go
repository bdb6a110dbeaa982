package conn_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/secret"
)

// faults are the rows of the table of what can go wrong on the way in. Each has a test that names it, here or, for what
// happens while statements run, in session.
var faults = map[string]string{
	"A1": "host unknown", "A2": "nothing listens", "A3": "no socket", "A4": "an address that swallows packets", "A5": "a slow name service",
	"A6": "wrong password", "A7": "no password given", "A8": "a role without password, or an expired one", "A9": "no such role", "A10": "NOLOGIN",
	"A11": "no line in pg_hba.conf, or reject", "A12": "hostssl without TLS", "A13": "peer", "A14": "ident", "A15": "a directory service that is down",
	"A16": "client certificates", "A17": "clear text wanted", "A18": "channel binding without TLS", "A19": "no such database", "A20": "no CONNECT",
	"A21": "a closed database", "A22": "no connection left", "A23": "starting", "A24": "another kind of server", "A25": "bad start-up options",
	"A26": "pasted nonsense", "A27": "PG* variables", "A28": ".pgpass for all to read", "A29": "a thousand connections", "A30": "fifty to a dead host",
	"B1": "a server without TLS", "B2": "a certificate nobody trusts", "B3": "another name", "B4": "expired, or not valid yet", "B5": "CA files",
	"B6": "TLS stripped on the way", "B7": "plain bytes after the agreement on TLS", "B8": "TLS that is too old", "B9": "a new certificate", "B10": "cancel under TLS",
	"C1": "silence", "C2": "accepts and closes", "C3": "other protocols", "C4": "random bytes", "C5": "absurd lengths", "C6": "a byte a second",
	"C7": "hostile words", "C8": "millions of rounds of hashing", "C9": "notices without end", "C10": "absurd descriptions", "C11": "rows unlike their description",
	"C12": "COPY nobody asked for", "C13": "settings nobody asked for", "C14": "never ready",
}

// met is what the tests of a run met.
var met struct {
	sync.Mutex
	rows   map[string]bool
	errors map[string][]*apperr.Error
}

// covered notes that a row is held where there is no error to show for it.
func covered(t testing.TB, row string) {
	t.Helper()
	if faults[row] == "" {
		t.Fatalf("there is no row %q", row)
	}
	met.Lock()
	defer met.Unlock()
	if met.rows == nil {
		met.rows, met.errors = map[string]bool{}, map[string][]*apperr.Error{}
	}
	met.rows[row] = true
}

// fault holds an error against what a row wants, and against what holds for all rows: it can be acted on, it says
// whether to try again, no secret shows, and nobody else is held up.
func fault(t testing.TB, row string, err error, want failure) *apperr.Error {
	t.Helper()
	covered(t, row)
	e := expect(t, err, want)
	if e.Hint == "" || e.Retryable != apperr.E(e.Kind, "").Retryable {
		t.Errorf("%s: hint %q, retryable %v", row, e.Hint, e.Retryable)
	}
	unaffected(t)
	met.Lock()
	defer met.Unlock()
	met.errors[row] = append(met.errors[row], e)
	return e
}

// bystander is a connection to a good server, which must answer whatever happens to the others.
var bystander struct {
	sync.Mutex
	pool *conn.Pool
}

// unaffected fails the test when the bystander is held up. The limit is for a hang, not for a slow machine.
func unaffected(t testing.TB) {
	t.Helper()
	bystander.Lock()
	defer bystander.Unlock()
	if bystander.pool == nil {
		parsed, err := conn.Parse(pgtest.Shared(t, pgtest.Newest).URL("postgres"))
		if err != nil {
			t.Fatal(err)
		}
		if bystander.pool, err = conn.Open(context.Background(), parsed.Profile, secret.New("")); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop()
	if rows, err := bystander.pool.Query(ctx, "select 1"); err != nil || len(rows) != 1 {
		t.Errorf("another connection is held up: %v", err)
	}
}

// wholeTable tells what is wrong with the rows after a run of all tests: none is missing, and getting in that fails is
// never a mistake of Tusk's and always comes with what to do.
func wholeTable() error {
	if bystander.pool != nil {
		bystander.pool.Close()
	}
	for _, f := range []string{"test.run", "test.skip", "test.list", "test.fuzz"} {
		if flag.Lookup(f).Value.String() != "" {
			return nil // not all ran
		}
	}
	var wrong []string
	for row, what := range faults {
		if !met.rows[row] {
			wrong = append(wrong, fmt.Sprintf("no test names %s, %s", row, what))
		}
		for _, e := range met.errors[row] {
			if e.Kind == apperr.Internal || e.Hint == "" || e.Title == "" {
				wrong = append(wrong, fmt.Sprintf("%s, %s: %s %q, hint %q", row, what, e.Kind, e.Title, e.Hint))
			}
			// Wrong credentials and a server that is not reached are never taken for each other.
			credentials := slices.Contains([]string{"A6", "A7", "A8", "A9"}, row)
			unreached := slices.Contains([]string{"A1", "A2", "A3", "A4", "A5", "A30"}, row)
			if credentials != (e.Kind == apperr.AuthFailed || e.Kind == apperr.RoleMissing) || unreached && e.Group != apperr.GroupConnection {
				wrong = append(wrong, fmt.Sprintf("%s, %s, looks like something else: %s", row, what, e.Kind))
			}
		}
	}
	if wrong == nil {
		return nil
	}
	slices.Sort(wrong)
	return fmt.Errorf("the table of faults:\n  %s", strings.Join(wrong, "\n  "))
}

// descriptors counts this process's open files.
func descriptors() int {
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0 // a system without; others look
	}
	return len(list)
}

// openFiles tells what this process has open.
func openFiles() []string {
	var all []string
	list, _ := os.ReadDir("/proc/self/fd")
	for _, e := range list {
		if to, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil {
			all = append(all, to)
		}
	}
	return all
}

// leftBehind fails the test when a server still has a session of a profile: what failed, failed on both sides.
func leftBehind(t testing.TB, s *pgtest.Server) {
	t.Helper()
	c := pgtest.Connect(t, s.URL("postgres"))
	var n int
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		err := c.QueryRow(context.Background(), "select count(*) from pg_stat_activity where application_name like 'Tusk%'").Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d sessions are left on the server", n)
		}
	}
}
