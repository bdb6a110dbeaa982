package cli_test

import (
	"errors"
	"flag"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"desktop.tusk/backend/cli"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/localpg"
	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write what the scripts compare with anew")

// servers stops the servers of the tests after them.
type servers struct{ *testing.M }

func (s servers) Run() int { return pgtest.Main(s.M) }

// TestMain makes this program tusk when it is called by that name.
func TestMain(m *testing.M) {
	localpg.KeeperMain()
	testscript.Main(servers{m}, map[string]func(){"tusk": func() {
		_, code, done := cli.Main("1.2.3-test", os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
		if !done {
			os.Exit(100) // the window would open now
		}
		os.Exit(code)
	}})
}

// canary is a password that must turn up nowhere.
const canary = "kanarienvogel-7Q"

// TestScripts runs testdata/script against a real server: $URL is a database of the script's own, $TCP asks for a
// password that is not in it, and $PASSWORD is that password.
func TestScripts(t *testing.T) {
	tcp := pgtest.New(t, pgtest.Options{TCP: true})
	refused := free(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", UpdateScripts: *update, RequireExplicitExec: false, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			for _, v := range e.Vars { // none of the person's own
				if k, _, _ := strings.Cut(v, "="); strings.HasPrefix(k, "PG") {
					e.Setenv(k, "")
				}
			}
			e.Setenv("URL", pgtest.DB(t))
			e.Setenv("TCP", withoutPassword(tcp.TCPURL("postgres")))
			e.Setenv("REFUSED", "postgres://tusk:"+canary+"@127.0.0.1:"+refused+"/x")
			e.Setenv("PORT", refused)
			e.Setenv("PASSWORD", pgtest.Password())
			e.Setenv("CANARY", canary)
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("TUSK_DATA_DIR", filepath.Join(e.WorkDir, "data"))
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			// exits CODE COMMAND…
			"exits": func(ts *testscript.TestScript, _ bool, args []string) {
				want, err := strconv.Atoi(args[0])
				ts.Check(err)
				code := 0
				var exit *exec.ExitError
				if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
					code = exit.ExitCode()
				} else {
					ts.Check(err)
				}
				if code != want {
					ts.Fatalf("it ended with %d, not %d", code, want)
				}
				for _, file := range []string{"stdout", "stderr"} {
					if text := ts.ReadFile(file); strings.Contains(text, canary) || strings.Contains(text, pgtest.Password()) {
						ts.Fatalf("a password is in its %s", file)
					}
				}
			},
		},
	})
}

func withoutPassword(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		panic(err)
	}
	u.User = url.User(u.User.Username())
	return u.String()
}

// free is a port nobody listens on.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// tusk is the command, ready to be started.
func tusk(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Args = append([]string{"tusk"}, args...)
	return cmd
}
