package localpg_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	osexec "os/exec"
	"path/filepath"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/localpg"
	"github.com/jackc/pgx/v5"
)

// asUser makes the test binary a second Tusk: it opens the directory the variable names and uses it until it is killed
// or its standard input ends.
const asUser = "LOCALPG_TEST_USER"

// asFinder makes it print what Find finds.
const asFinder = "LOCALPG_TEST_FINDER"

func TestMain(m *testing.M) {
	localpg.KeeperMain()
	if os.Getenv(asFinder) != "" {
		b, err := localpg.Find(context.Background())
		fmt.Println(b.Dir, err)
		return
	}
	if dir := os.Getenv(asUser); dir != "" {
		user(dir)
		return
	}
	os.Exit(pgtest.Main(m))
}

func user(dir string) {
	s, err := localpg.Open(context.Background(), localpg.Config{Dir: dir})
	if err != nil {
		fmt.Println(apperr.JSON(err))
		os.Exit(1)
	}
	_ = json.NewEncoder(os.Stdout).Encode(s.Settings("postgres"))
	_, _ = io.Copy(io.Discard, os.Stdin)
	s.Release()
}

// startUser starts another process that uses the directory, and returns when it does.
func startUser(t *testing.T, dir string) *osexec.Cmd {
	t.Helper()
	cmd := osexec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asUser+"="+dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait() // killed, in some tests
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var settings map[string]string
	if err := json.Unmarshal([]byte(line), &settings); err != nil || settings["host"] == "" {
		t.Fatalf("the other process says %s", line)
	}
	return cmd
}

// binaries are those of the tests; localpg finds them through the environment.
func binaries(t *testing.T, major int) localpg.Binaries {
	t.Helper()
	b := pgtest.Binaries(t, major)
	t.Setenv(localpg.EnvBinaries, b.Dir)
	return b
}

// directory is one the server's user can get to, gone when the test ends; a server that was left in it is stopped.
func directory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "tusklp")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	sample := filepath.Join(dir, "sample")
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if _, err := localpg.Stop(ctx, sample, true); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			lines, _ := localpg.Tail(filepath.Join(sample, "server.log"), 30)
			for _, l := range lines {
				t.Log(l)
			}
		}
		eventually(t, "the directory can be removed", func() bool { return os.RemoveAll(dir) == nil })
	})
	return sample
}

// prepared is a directory with a data directory that initdb made earlier, which saves two seconds.
func prepared(t *testing.T) string {
	t.Helper()
	dir := directory(t)
	b := binaries(t, pgtest.Newest)
	if err := os.MkdirAll(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	pgtest.Prepare(t, b.Major, filepath.Join(dir, "18"))
	if err := os.WriteFile(filepath.Join(dir, "password"), []byte(pgtest.Password()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func open(t *testing.T, cfg localpg.Config) *localpg.Server {
	t.Helper()
	s, err := localpg.Open(t.Context(), cfg)
	if err != nil {
		t.Fatalf("%v\n%s", err, apperr.JSON(err))
	}
	t.Cleanup(s.Release)
	return s
}

func status(t *testing.T, dir string) localpg.Status {
	t.Helper()
	st, err := localpg.StatusOf(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func stopsBy(t *testing.T, dir string) {
	t.Helper()
	eventually(t, "the server stops", func() bool { return !status(t, dir).Running })
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not so: %s", what)
		}
	}
}

func exec(t *testing.T, url, sql string) {
	t.Helper()
	con, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer con.Close(context.Background())
	if _, err := con.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

// value runs a query for one text.
func value(t *testing.T, url, sql string) string {
	t.Helper()
	con, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer con.Close(context.Background())
	var s string
	if err := con.QueryRow(t.Context(), sql).Scan(&s); err != nil {
		t.Fatal(err)
	}
	return s
}
