//go:build bench && linux

// Package bench compares Tusk with a peer or the floor, both in the same run, and prints ratios. Absolute times say
// something about the machine only; BENCHMARKS.md keeps what was measured when.
package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/internal/window"
	"desktop.tusk/backend/secret"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/spool"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

const (
	rounds = 7
	bigSQL = `create unlogged table big as select g::int8 as id, (g * 1.37)::numeric(14,2) as amount, md5(g::text) as hash,
  timestamptz '2026-01-01' + g * interval '1 second' as at, g % 2 = 0 as flag, repeat(chr(97 + g % 26), 60) as words,
  case when g % 10 = 0 then null else g % 1000 end as n, jsonb_build_object('k', g) as doc
  from generate_series(1, 1000000) g`
)

type bed struct {
	t    *testing.T
	url  string
	pool *conn.Pool
	dir  *spool.Dir
}

func newBed(t *testing.T) *bed {
	srv := pgtest.New(t, pgtest.Options{Config: map[string]string{"shared_buffers": "1GB", "max_parallel_workers_per_gather": "0", "synchronize_seqscans": "off", "jit": "off"}})
	b := &bed{t: t, url: srv.DB(t)}
	p, err := conn.Parse(b.url)
	if err != nil {
		t.Fatal(err)
	}
	if b.pool, err = conn.Open(context.Background(), p.Profile, secret.New(p.Password)); err != nil {
		t.Fatal(err)
	}
	if b.dir, err = spool.OpenDir(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.pool.Close(); _ = b.dir.Close() })
	s := b.session()
	b.run(s, bigSQL)
	b.run(s, "vacuum (freeze, analyze) big")
	b.run(s, "select count(*) from big")
	s.Close()
	return b
}

func (b *bed) session() *session.Session { return session.New("bench", "bench", b.pool, b.dir) }

var runs int

func (b *bed) start(s *session.Session, sql string) *session.Run {
	runs++
	r, err := s.Run(session.Request{RunID: strconv.Itoa(runs), Text: sql, Cursor: -1})
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

func (b *bed) run(s *session.Session, sql string) *session.Run {
	r := b.start(s, sql)
	<-r.Done()
	if snap := r.Snapshot(); snap.Outcome != session.Finished {
		b.t.Fatalf("%s: %s %+v", sql, snap.Outcome, snap.Statements)
	}
	return r
}

// raw sends the query over a hijacked connection and throws away what comes.
func (b *bed) raw(sql string) {
	c, err := pgconn.Connect(context.Background(), b.url)
	if err != nil {
		b.t.Fatal(err)
	}
	h, err := c.Hijack()
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = h.Conn.Close() }()
	msg, err := (&pgproto3.Query{String: sql}).Encode(nil)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := h.Conn.Write(msg); err != nil {
		b.t.Fatal(err)
	}
	end := []byte{'Z', 0, 0, 0, 5, 'I'}
	buf := make([]byte, 64<<10)
	for {
		n, err := h.Conn.Read(buf)
		if err != nil {
			b.t.Fatal(err)
		}
		if bytes.HasSuffix(buf[:n], end) {
			return
		}
	}
}

func (b *bed) psql(args ...string) {
	cmd := exec.Command("psql", append([]string{"-X", "-q", b.url}, args...)...)
	cmd.Env = append(os.Environ(), "PGOPTIONS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.t.Fatalf("psql: %v: %s", err, out)
	}
}

func timed(f func()) float64 {
	begin := time.Now()
	f()
	return float64(time.Since(begin).Microseconds()) / 1000
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

func cpu() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Sec)*1e6 + float64(u.Utime.Usec)
}

func row(what, ours, theirs string, ratio float64, target string) {
	fmt.Printf("| %s | %s | %s | %.2f | %s |\n", what, ours, theirs, ratio, target)
}

func ms(v float64) string { return fmt.Sprintf("%.1f ms", v) }

func TestRatios(t *testing.T) {
	b := newBed(t)
	s := b.session()
	defer s.Close()
	file := filepath.Join(t.TempDir(), "out.csv")
	ours := filepath.Join(t.TempDir(), "ours.csv")
	fromSpool := filepath.Join(t.TempDir(), "spool.csv")
	tusk := filepath.Join(repository(t), "build/bin/tusk")
	var spooled, raw, psqlCopy, psqlFetch, csvOut, csvPsql, fetched, user []float64
	for range rounds {
		raw = append(raw, timed(func() { b.raw("select * from big") }))
		before := cpu()
		var run *session.Run
		spooled = append(spooled, timed(func() { run = b.run(s, "select * from big") }))
		user = append(user, (cpu()-before)/1e6)
		fetched = append(fetched, timed(func() { b.exported(s, run, fromSpool) }))
		psqlCopy = append(psqlCopy, timed(func() { b.psql("-c", `\copy (select * from big) to '/dev/null' csv header`) }))
		psqlFetch = append(psqlFetch, timed(func() { b.psql("-At", "-v", "FETCH_COUNT=1000", "-o", "/dev/null", "-c", "select * from big") }))
		csvPsql = append(csvPsql, timed(func() { b.psql("-c", `\copy (select * from big) to '`+file+`' csv header`) }))
		csvOut = append(csvOut, timed(func() {
			if out, err := exec.Command(tusk, "query", b.url, "-c", "select * from big", "--format", "csv", "-o", ours).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
		}))
	}
	for _, other := range []string{ours, fromSpool} {
		if out, err := exec.Command("cmp", file, other).CombinedOutput(); err != nil {
			t.Errorf("the CSV files differ: %s", out)
		}
	}
	fmt.Println("| what (1,000,000 rows of 8 columns, medians of 7 interleaved rounds) | Tusk | peer | Tusk/peer | target |")
	fmt.Println("|---|---|---|---|---|")
	row("rows to the spool, against reading and throwing away", ms(median(spooled)), ms(median(raw)), median(spooled)/median(raw), "≤ 1.11 (1.25 on one core)")
	row("rows to the spool, against psql \\copy csv to /dev/null", ms(median(spooled)), ms(median(psqlCopy)), median(spooled)/median(psqlCopy), "≤ 1")
	row("rows to the spool, against psql -At FETCH_COUNT=1000", ms(median(spooled)), ms(median(psqlFetch)), median(spooled)/median(psqlFetch), "≤ 0.83")
	row("tusk query to a CSV file, against psql \\copy", ms(median(csvOut)), ms(median(csvPsql)), median(csvOut)/median(csvPsql), "≤ 1.15")
	row("a fetched result to a CSV file, against psql \\copy", ms(median(fetched)), ms(median(csvPsql)), median(fetched)/median(csvPsql), "≤ 0.4")
	row("rows to the spool and from there to a CSV file, against psql \\copy", ms(median(spooled)+median(fetched)), ms(median(csvPsql)), (median(spooled)+median(fetched))/median(csvPsql), "≤ 1.15")
	fmt.Printf("| user CPU of the client a row, µs | %.3f | | | ≤ 0.15 |\n", median(user))
	b.firstRows(s)
	b.windows(s)
	b.cancels(s)
}

// firstRows compares the first page with psql's on an open session.
func (b *bed) firstRows(s *session.Session) {
	psql := exec.Command("psql", "-X", "-q", "-At", "-v", "FETCH_COUNT=200", b.url)
	in, err := psql.StdinPipe()
	if err != nil {
		b.t.Fatal(err)
	}
	out, err := psql.StdoutPipe()
	if err != nil {
		b.t.Fatal(err)
	}
	if err := psql.Start(); err != nil {
		b.t.Fatal(err)
	}
	lines := bufio.NewReaderSize(out, 1<<20)
	ask := func(n int, sql string) {
		if _, err := fmt.Fprintln(in, sql); err != nil {
			b.t.Fatal(err)
		}
		for range n {
			if _, err := lines.ReadString('\n'); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	ask(1, "select 1;")
	var ours, theirs []float64
	for range 3 * rounds {
		theirs = append(theirs, timed(func() { ask(200, "select * from big limit 300;") }))
		for range 100 {
			if _, err := lines.ReadString('\n'); err != nil {
				b.t.Fatal(err)
			}
		}
		r := (*session.Run)(nil)
		ours = append(ours, timed(func() { r = b.start(s, "select * from big limit 300"); <-r.Ready() }))
		<-r.Done()
	}
	_ = in.Close()
	_, _ = io.Copy(io.Discard, out)
	_ = psql.Wait()
	row("first 200 rows on an open session, against psql FETCH_COUNT=200", fmt.Sprintf("%.2f ms", median(ours)), fmt.Sprintf("%.2f ms", median(theirs)), median(ours)/median(theirs), "≤ 1")
}

// windows reads pages at random while rows arrive, and afterwards.
func (b *bed) windows(s *session.Session) {
	measure := func(r *session.Run, id string, until func() bool) (took []float64) {
		res := r.Result(id)
		for !until() {
			from := rand.IntN(max(1, int(res.Rows())))
			took = append(took, timed(func() {
				if _, err := res.Page(from, 200); err != nil {
					b.t.Fatal(err)
				}
			}))
			time.Sleep(2 * time.Millisecond)
		}
		return took
	}
	r := b.start(s, "select a.* from big a, generate_series(1, 3) x")
	<-r.Ready()
	filling := measure(r, r.FirstResult(), func() bool {
		select {
		case <-r.Done():
			return true
		default:
			return false
		}
	})
	n := 0
	idle := measure(r, r.FirstResult(), func() bool { n++; return n > 2000 })
	for name, v := range map[string][]float64{"while 3 M rows arrive": filling, "idle": idle} {
		v = slices.Sorted(slices.Values(v))
		fmt.Printf("| window of 200 rows %s (%d), p50 / p99 | %.3f / %.3f ms | | | p99 ≤ 2 ms |\n", name, len(v), v[len(v)/2], v[len(v)*99/100])
	}
}

// cancels stops statements and takes the time until the session is free.
func (b *bed) cancels(s *session.Session) {
	for name, sql := range map[string]string{"sleep": "select pg_sleep(60)", "fetch": "select a.* from big a, generate_series(1, 100) x"} {
		var took []float64
		for range 100 {
			r := b.start(s, sql)
			time.Sleep(20 * time.Millisecond)
			took = append(took, timed(func() { r.Cancel(); <-r.Done() }))
		}
		took = slices.Sorted(slices.Values(took))
		fmt.Printf("| Cancel until the session is free, %s (100), p50 / p99 | %.1f / %.1f ms | | | ≤ 2,000 ms |\n", name, took[50], took[98])
	}
}

func repository(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// memory is what a process takes, in MB: its own pages (USS), its share of those it has with others (PSS), all it sees
// (RSS), and the shares of it and all below it.
type memory struct{ uss, pss, rss, tree float64 }

func memoryOf(t *testing.T, pid int) memory {
	t.Helper()
	m, ok := rollup(pid)
	if !ok {
		t.Fatalf("the memory of process %d cannot be read", pid)
	}
	m.tree = m.pss
	var below func(pid int)
	below = func(pid int) {
		out, err := exec.Command("pgrep", "-P", strconv.Itoa(pid)).Output()
		if err != nil {
			return // none
		}
		for _, f := range strings.Fields(string(out)) {
			child, _ := strconv.Atoi(f)
			if c, ok := rollup(child); ok {
				m.tree += c.pss
			}
			below(child)
		}
	}
	below(pid)
	return m
}

func rollup(pid int) (m memory, ok bool) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return m, false
	}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		if len(f) != 3 {
			continue
		}
		kb, _ := strconv.ParseFloat(f[1], 64)
		switch f[0] {
		case "Pss:":
			m.pss = kb / 1024
		case "Rss:":
			m.rss = kb / 1024
		case "Private_Clean:", "Private_Dirty:":
			m.uss += kb / 1024
		}
	}
	return m, m.rss > 0
}

// limits of SC-001 and SC-002.
const (
	startLimit = 1000 // ms from exec to first paint, warm
	idleLimit  = 100  // MB of the main process's PSS
)

// SC-001 and SC-002 in the real window, beside an empty web view window in the same run: the start with nothing of it in
// the page cache (where that can be emptied) and warm, then the memory after three idle seconds.
func TestSC001_SC002_Window(t *testing.T) {
	d, err := window.StartDisplay(1440, 900)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	empty := filepath.Join(t.TempDir(), "empty")
	flags, err := exec.Command("pkg-config", "--cflags", "--libs", "gtk+-3.0", "webkit2gtk-4.1").Output()
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("gcc", append([]string{"-O2", "-o", empty, "testdata/empty.c"}, strings.Fields(string(flags))...)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	tusk := func() (paint float64, m memory) {
		app, err := d.Start(filepath.Join(repository(t), "build/bin/tusk-driven"), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer app.Close()
		var at float64
		if err := app.Eval(`return performance.timeOrigin + performance.getEntriesByName('first-contentful-paint')[0].startTime`, &at); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Second)
		return at - float64(app.Started.UnixMicro())/1000, memoryOf(t, app.PID())
	}
	cold := emptyPageCache()
	coldPaint, _ := tusk()
	emptyPageCache()
	coldFloor, _ := floorOf(t, d, empty)
	var paint, floor []float64
	var ours, theirs []memory
	for range rounds - 1 {
		at, m := tusk()
		first, m2 := floorOf(t, d, empty)
		paint, ours = append(paint, at), append(ours, m)
		floor, theirs = append(floor, first), append(theirs, m2)
	}
	of := func(list []memory, part func(memory) float64) float64 {
		var all []float64
		for _, m := range list {
			all = append(all, part(m))
		}
		return median(all)
	}
	fmt.Println("| window (medians of 6 warm starts each) | Tusk | empty web view in C | ratio | target |")
	fmt.Println("|---|---|---|---|---|")
	name := "exec to first paint, page cache emptied"
	if !cold {
		name = "exec to first paint, first start (the page cache cannot be emptied here)"
	}
	row(name, ms(coldPaint), ms(coldFloor), coldPaint/coldFloor, "")
	row("exec to first paint, warm", ms(median(paint)), ms(median(floor)), median(paint)/median(floor), "< 1 s")
	for _, c := range []struct {
		name, target string
		part         func(memory) float64
	}{
		{"idle, main process: USS", "", func(m memory) float64 { return m.uss }},
		{"idle, main process: PSS", "< 100 MB", func(m memory) float64 { return m.pss }},
		{"idle, main process: RSS", "", func(m memory) float64 { return m.rss }},
		{"idle, all processes: PSS", "close to the floor", func(m memory) float64 { return m.tree }},
	} {
		a, b := of(ours, c.part), of(theirs, c.part)
		row(c.name, fmt.Sprintf("%.0f MB", a), fmt.Sprintf("%.0f MB", b), a/b, c.target)
	}
	if took := median(paint); took >= startLimit {
		t.Errorf("SC-001: a warm start takes %.0f ms", took)
	}
	if idle := of(ours, func(m memory) float64 { return m.pss }); idle >= idleLimit {
		t.Errorf("SC-002: the idle main process takes %.0f MB", idle)
	}
}

// emptyPageCache has the next start read its files from the disk; false where that is not allowed.
func emptyPageCache() bool {
	_ = exec.Command("sync").Run()
	return os.WriteFile("/proc/sys/vm/drop_caches", []byte("3"), 0) == nil
}

func floorOf(t *testing.T, d *window.Display, empty string) (paint float64, m memory) {
	cmd := exec.Command(empty)
	cmd.Env = append(os.Environ(), "DISPLAY="+d.Name, "NO_AT_BRIDGE=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	paint = float64(time.Since(begin).Microseconds()) / 1000
	time.Sleep(3 * time.Second)
	return paint, memoryOf(t, cmd.Process.Pid)
}
