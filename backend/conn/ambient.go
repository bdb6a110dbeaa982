package conn

import (
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"

	"desktop.tusk/backend/apperr"
	"github.com/jackc/pgservicefile"
)

// environment maps the PG* variables to settings.
var environment = map[string]string{
	"PGHOST": "host", "PGPORT": "port", "PGDATABASE": "dbname", "PGUSER": "user", "PGPASSWORD": "password", "PGPASSFILE": "passfile",
	"PGAPPNAME": "application_name", "PGCONNECT_TIMEOUT": "connect_timeout", "PGSSLMODE": "sslmode", "PGSSLROOTCERT": "sslrootcert",
	"PGSSLCERT": "sslcert", "PGSSLKEY": "sslkey", "PGSSLNEGOTIATION": "sslnegotiation", "PGTARGETSESSIONATTRS": "target_session_attrs",
	"PGOPTIONS": "options", "PGCHANNELBINDING": "channel_binding", "PGREQUIREAUTH": "require_auth", "PGKRBSRVNAME": "krbsrvname",
}

// EnvironmentNames lists the PG* variables that are set and that FromEnvironment would use.
func EnvironmentNames(lookup func(string) (string, bool)) []string {
	names := []string{}
	for name := range environment {
		if v, ok := lookup(name); ok && v != "" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// FromEnvironment makes a profile of the PG* variables, because a person chose to, or as psql does.
func FromEnvironment(lookup func(string) (string, bool)) Parsed {
	p := parser{out: Parsed{Profile: Profile{Settings: map[string]string{}}, Notes: []string{}}}
	for _, name := range EnvironmentNames(lookup) {
		v, _ := lookup(name)
		if key := environment[name]; key == "password" {
			p.out.Password = v
		} else {
			p.out.Profile.Settings[key] = v
		}
	}
	p.out.Summary = p.summary()
	return p.out
}

// CommandLine makes a profile the way psql does: what arg says, over the service it names, over the PG* variables, over
// libpq's defaults; the password from PGPASSWORD or the password file. arg is a URL, a key/value string, a database's
// name, or empty.
func CommandLine(arg string, lookup func(string) (string, bool)) (Parsed, error) {
	named := Parsed{Profile: Profile{Settings: map[string]string{}}, Notes: []string{}}
	switch {
	case arg == "":
	case strings.Contains(arg, "=") || strings.Contains(arg, "://"):
		var err error
		if named, err = parse(arg, true); err != nil {
			return Parsed{}, err
		}
	default:
		named.Profile.Settings["dbname"] = arg
	}
	out := FromEnvironment(lookup)
	out.Notes = named.Notes
	service, _ := lookup("PGSERVICE")
	if err := fromService(&out, or(named.Profile.Settings["service"], service), lookup); err != nil {
		return Parsed{}, err
	}
	delete(named.Profile.Settings, "service")
	for k, v := range named.Profile.Settings {
		out.Profile.Settings[k] = v
	}
	if named.Password != "" {
		out.Password = named.Password
	}
	s := out.Profile.Settings
	if s["host"] == "" {
		s["host"] = defaultHost()
	}
	if s["sslmode"] == "" {
		s["sslmode"] = "prefer"
	}
	if note := usePassfile(s); note != "" && out.Password == "" {
		out.Notes = append(out.Notes, note)
	}
	return out, nil
}

// usePassfile leaves in the settings a password file that libpq would read: one that is named or .pgpass, if it is
// there and private. It tells about one that is not private.
func usePassfile(s map[string]string) (note string) {
	path := s["passfile"]
	delete(s, "passfile")
	if home, err := os.UserHomeDir(); err == nil && path == "" {
		path = filepath.Join(home, ".pgpass")
	}
	fi, err := os.Stat(path)
	switch {
	case err != nil || !fi.Mode().IsRegular():
	case !private(fi):
		return path + " can be read by others and was left alone: chmod 600 it."
	default:
		s["passfile"] = path
	}
	return ""
}

// fromService puts what pg_service.conf says about a service over the environment's settings.
func fromService(out *Parsed, name string, lookup func(string) (string, bool)) error {
	if name == "" {
		return nil
	}
	path, _ := lookup("PGSERVICEFILE")
	if path == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			home = "."
		}
		path = filepath.Join(home, ".pg_service.conf")
	}
	file, err := pgservicefile.ReadServicefile(path)
	if err != nil {
		return apperr.E(apperr.Config, "The service file "+path+" cannot be read.", apperr.Message(err.Error()), apperr.Hint("Set PGSERVICEFILE to the file, or leave the service out."), apperr.Op("conn.commandLine"))
	}
	service, err := file.GetService(name)
	if err != nil {
		return apperr.E(apperr.Config, "There is no service "+name+" in "+path+".", apperr.Hint("Check its name."), apperr.Op("conn.commandLine"))
	}
	p := &parser{out: *out, trusted: true}
	for k, v := range service.Settings {
		p.setting(k, v)
	}
	*out = p.out
	return nil
}

// defaultHost is libpq's: the directory of the local socket, where there is one.
func defaultHost() string {
	if runtime.GOOS != "windows" {
		for _, dir := range []string{"/var/run/postgresql", "/run/postgresql", "/tmp"} {
			if m, err := filepath.Glob(filepath.Join(dir, ".s.PGSQL.*")); err == nil && len(m) > 0 {
				return dir
			}
		}
	}
	return "localhost"
}
