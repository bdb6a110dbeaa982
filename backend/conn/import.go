package conn

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"desktop.tusk/backend/apperr"
	"github.com/jackc/pgpassfile"
	"github.com/jackc/pgservicefile"
)

// Candidate is a connection that could be saved.
type Candidate struct {
	Profile Profile
	Notes   []string // what was left out, and why
}

// Passfile is the password file libpq reads, by PGPASSFILE or in the home directory; "" when there is none.
func Passfile(lookup func(string) (string, bool)) string {
	return present(lookup, "PGPASSFILE", ".pgpass")
}

// Servicefile is the file of services libpq reads, by PGSERVICEFILE or in the home directory; "" when there is none.
func Servicefile(lookup func(string) (string, bool)) string {
	return present(lookup, "PGSERVICEFILE", ".pg_service.conf")
}

func present(lookup func(string) (string, bool), variable, name string) string {
	path, _ := lookup(variable)
	if home, err := os.UserHomeDir(); err == nil && path == "" {
		path = filepath.Join(home, name)
	}
	if fi, err := os.Stat(path); err != nil || !fi.Mode().IsRegular() {
		return ""
	}
	return path
}

// FromPassfile makes a candidate of each line of a password file that names a host. The passwords stay in the file, which
// the candidates name. Errors: file.
func FromPassfile(path string) ([]Candidate, error) {
	fi, err := os.Stat(path)
	if err == nil && !private(fi) {
		return nil, apperr.E(apperr.File, "The password file "+path+" can be read by others.", apperr.Hint("Take their permission away, as chmod 600 does."), apperr.Op("conn.import"))
	}
	file, err := pgpassfile.ReadPassfile(path)
	if err != nil {
		return nil, cannotRead(path, err)
	}
	list := []Candidate{}
	for _, e := range file.Entries {
		if e.Hostname == "" || e.Hostname == "*" {
			continue
		}
		s := map[string]string{"passfile": path}
		for key, v := range map[string]string{"host": e.Hostname, "port": e.Port, "dbname": e.Database, "user": e.Username} {
			if v != "*" && v != "" {
				s[key] = v
			}
		}
		c := Candidate{Profile: Profile{Name: or(s["dbname"], s["host"]), Settings: s}, Notes: []string{"Its password stays in " + path + "."}}
		if !slices.ContainsFunc(list, func(x Candidate) bool { return maps.Equal(x.Profile.Settings, s) }) {
			list = append(list, c)
		}
	}
	return list, nil
}

// FromServicefile makes a candidate of each service of a file like pg_service.conf. Passwords in it are left out. Errors:
// file.
func FromServicefile(path string) ([]Candidate, error) {
	file, err := pgservicefile.ReadServicefile(path)
	if err != nil {
		return nil, cannotRead(path, err)
	}
	list := []Candidate{}
	for _, service := range file.Services {
		p := &parser{out: Parsed{Profile: Profile{Name: service.Name, Settings: map[string]string{}}, Notes: []string{}}, trusted: true}
		for _, k := range slices.Sorted(maps.Keys(service.Settings)) {
			p.setting(k, service.Settings[k])
		}
		if p.out.Password != "" {
			p.note("Its password was left out: type it when you connect.")
		}
		list = append(list, Candidate{p.out.Profile, p.out.Notes})
	}
	return list, nil
}

// FromURLs makes a candidate of each line that is a connection string. Passwords in them are left out.
func FromURLs(text string) []Candidate {
	list := []Candidate{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		p, err := Parse(line)
		if err != nil {
			list = append(list, Candidate{Notes: []string{fmt.Sprintf("Line %d: %s", n, apperr.From(err).Title)}})
			continue
		}
		s := p.Profile.Settings
		p.Profile.Name = or(s["dbname"], s["host"])
		if p.Password != "" {
			p.Notes = append(p.Notes, "Its password was left out: type it when you connect.")
		}
		list = append(list, Candidate{p.Profile, p.Notes})
	}
	return list
}

// cannotRead repeats nothing of the file, which may hold passwords.
func cannotRead(path string, err error) error {
	return apperr.E(apperr.File, "The file "+path+" cannot be read.", apperr.Cause(err), apperr.Hint("Check its lines and its permissions."), apperr.Op("conn.import"))
}

// Summary tells in words where a profile leads: "app_rw at db.example, database roastery".
func Summary(p Profile) string { return (&parser{out: Parsed{Profile: p}}).summary() }
