package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"time"

	"desktop.tusk/backend/apperr"
)

// EnvBinaries names the environment variable that says where postgres and initdb are, before any other place.
const EnvBinaries = "TUSK_PG_BIN"

// oldest is the first major version the sample database runs on.
const oldest = 13

// Binaries are the programs of one PostgreSQL installation.
type Binaries struct {
	Dir     string `json:"dir"`     // holds postgres and initdb
	Version string `json:"version"` // such as 18.4
	Major   int    `json:"major"`
}

// Path is the program's file.
func (b Binaries) Path(program string) string {
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	return filepath.Join(b.Dir, program)
}

// Find gives the programs to run the private server with: those TUSK_PG_BIN names, else those beside the executable,
// else the newest that is installed. It never downloads any.
func Find(ctx context.Context) (Binaries, error) {
	if dir := os.Getenv(EnvBinaries); dir != "" {
		b, err := Ask(ctx, dir)
		if err != nil {
			return Binaries{}, apperr.E(apperr.NoServer, EnvBinaries+" names no PostgreSQL that can be used.",
				apperr.Message(err.Error()), apperr.Cause(err), apperr.Field("path", dir),
				apperr.Hint("Set it to the directory that holds postgres and initdb, or unset it."))
		}
		return b, nil
	}
	var tooOld *Binaries
	for _, places := range [][]string{beside(), installed()} {
		var found []Binaries
		for _, dir := range places {
			b, err := Ask(ctx, dir)
			switch {
			case ctx.Err() != nil:
				return Binaries{}, fmt.Errorf("look for PostgreSQL: %w", ctx.Err())
			case errors.Is(err, errTooOld):
				tooOld = &b
			case err == nil:
				found = append(found, b)
			}
		}
		if len(found) > 0 {
			return slices.MaxFunc(found, compareVersions), nil
		}
	}
	if tooOld != nil {
		return Binaries{}, apperr.E(apperr.NoServer, "The PostgreSQL on this computer is too old for the sample database.",
			apperr.Detail(fmt.Sprintf("Version %s was found in %s; %d or newer is needed.", tooOld.Version, tooOld.Dir, oldest)),
			apperr.Hint(fmt.Sprintf("Install PostgreSQL %d or newer, or use a build of Tusk that brings its own.", oldest)))
	}
	return Binaries{}, apperr.E(apperr.NoServer, "")
}

var (
	errTooOld   = errors.New("too old")
	versionText = regexp.MustCompile(`\(PostgreSQL\) (\d+)(\.\d+|devel|beta\d+|rc\d+)?`)
)

// Ask tells the version of the programs in dir. It fails when one is missing or does not run.
func Ask(ctx context.Context, dir string) (Binaries, error) {
	b := Binaries{Dir: dir}
	for _, p := range []string{"postgres", "initdb"} {
		if st, err := os.Stat(b.Path(p)); err != nil {
			return b, fmt.Errorf("find %s: %w", p, err)
		} else if st.IsDir() {
			return b, fmt.Errorf("find %s: %s is a directory", p, b.Path(p))
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, b.Path("postgres"), "--version").CombinedOutput()
	if err != nil {
		return b, fmt.Errorf("ask %s for its version: %w: %s", b.Path("postgres"), err, firstLine(out))
	}
	m := versionText.FindSubmatch(out)
	if m == nil {
		return b, fmt.Errorf("ask %s for its version: it says %q", b.Path("postgres"), firstLine(out))
	}
	b.Version = string(m[1]) + string(m[2])
	b.Major, _ = strconv.Atoi(string(m[1]))
	if b.Major < oldest {
		return b, fmt.Errorf("use PostgreSQL %s: %w, %d is the oldest that is supported", b.Version, errTooOld, oldest)
	}
	return b, nil
}

func compareVersions(a, b Binaries) int {
	if a.Major != b.Major {
		return a.Major - b.Major
	}
	return minor(a) - minor(b)
}

// minor orders 18.4 after 18.3 after 18beta1.
func minor(b Binaries) int {
	if i := len(strconv.Itoa(b.Major)); len(b.Version) > i+1 && b.Version[i] == '.' {
		if n, err := strconv.Atoi(b.Version[i+1:]); err == nil {
			return n
		}
	}
	return -1
}

// beside lists where a packaged Tusk has its server, and where a source checkout keeps the one it fetched: the
// executable is then build/bin/tusk.
func beside() []string {
	exe, err := os.Executable()
	if err != nil {
		return nil
	}
	if real, err := filepath.EvalSymlinks(exe); err == nil {
		exe = real
	}
	dir := filepath.Dir(exe)
	places := []string{filepath.Join(dir, "postgres", "bin")}
	if runtime.GOOS == "darwin" {
		places = append(places, filepath.Join(dir, "..", "Resources", "postgres", "bin"))
	}
	if filepath.Base(dir) == "bin" && filepath.Base(filepath.Dir(dir)) == "build" {
		places = append(places, glob(filepath.Join(dir, "..", "cache", "pg*", "native", "bin"))...)
	}
	return places
}

// installed lists where systems and installers put PostgreSQL, and PATH.
func installed() []string {
	var places []string
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", // Debian, Ubuntu
		"/usr/pgsql-*/bin",          // Red Hat, SUSE
		"/usr/lib/postgresql*/bin",  // Gentoo, older SUSE
		"/usr/local/pgsql/bin",      // built from source
		"/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin", "/Library/PostgreSQL/*/bin",
	} {
		places = append(places, glob(pattern)...)
	}
	for _, env := range []string{"ProgramFiles", "ProgramW6432"} {
		if dir := os.Getenv(env); dir != "" {
			places = append(places, glob(filepath.Join(dir, "PostgreSQL", "*", "bin"))...)
		}
	}
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if filepath.IsAbs(dir) { // a relative one would be whatever directory we stand in
			places = append(places, dir)
		}
	}
	slices.Sort(places)
	return slices.Compact(places)
}

func glob(pattern string) []string {
	m, err := filepath.Glob(pattern)
	if err != nil {
		return nil // only a malformed pattern fails, and ours are not
	}
	return m
}

func firstLine(b []byte) string {
	for i, c := range b {
		if c == '\n' {
			return string(b[:i])
		}
	}
	return string(b)
}
