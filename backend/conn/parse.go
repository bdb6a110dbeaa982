package conn

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"desktop.tusk/backend/apperr"
)

// maxPasted bounds what is looked at; a connection string is a line.
const maxPasted = 64 << 10

// Parse reads a connection URL or key/value string as people paste them: PostgreSQL's own forms, and those of other
// programs, whose extra words are left out with a note. It never connects, reads no file and no environment, and no
// error repeats the text, which may hold a password.
func Parse(pasted string) (Parsed, error) { return parse(pasted, false) }

// parse reads a connection string. trusted is one the person typed on the command line, which may name files.
func parse(pasted string, trusted bool) (Parsed, error) {
	p := &parser{out: Parsed{Profile: Profile{Settings: map[string]string{}}, Notes: []string{}}, trusted: trusted}
	text := strings.TrimSpace(pasted)
	switch {
	case text == "":
		return p.out, parseError("There is nothing to read.", "Paste a URL such as postgres://role@host/database.")
	case len(pasted) > maxPasted:
		return p.out, parseError("That is too long for a connection string.", "Paste the URL alone.")
	case strings.ContainsFunc(text, func(r rune) bool { return r == 0 }):
		return p.out, parseError("The text contains a zero byte.", "Type it instead of pasting.")
	}
	if err := p.read(p.unwrap(text)); err != nil {
		return Parsed{Profile: Profile{Settings: map[string]string{}}, Notes: []string{}}, err
	}
	if _, err := targets(p.out.Profile.Settings); err != nil {
		return Parsed{Profile: Profile{Settings: map[string]string{}}, Notes: []string{}}, err
	}
	p.out.Summary = p.summary()
	if p.service != "" {
		p.out.Profile.Settings["service"] = p.service // for CommandLine, which takes it out
	}
	return p.out, nil
}

func parseError(title, hint string) error {
	return apperr.E(apperr.Config, title, apperr.Hint(hint), apperr.Op("conn.parse"))
}

type parser struct {
	out     Parsed
	jdbc    bool
	trusted bool
	service string // trusted only: the service of pg_service.conf that is named
}

func (p *parser) note(format string, args ...any) {
	p.out.Notes = append(p.out.Notes, fmt.Sprintf(format, args...))
}

var (
	assignment = regexp.MustCompile(`^(?:export\s+)?[A-Z][A-Z0-9_]*\s*=\s*`)
	scheme     = regexp.MustCompile(`^([a-zA-Z][a-zA-Z0-9+.-]*):(//)?`)
)

// unwrap takes away what is often pasted along: a variable's name, the word psql, quotes.
func (p *parser) unwrap(text string) string {
	if loc := assignment.FindStringIndex(text); loc != nil && !strings.HasPrefix(text, "PG") {
		text = text[loc[1]:]
	}
	if rest, ok := strings.CutPrefix(text, "psql "); ok {
		text = strings.TrimSpace(rest)
		p.note("The word psql before it was left out.")
	}
	text = strings.TrimSuffix(text, ";")
	if len(text) >= 2 && (text[0] == '"' || text[0] == '\'') && text[len(text)-1] == text[0] {
		text = text[1 : len(text)-1]
	}
	return text
}

func (p *parser) read(text string) error {
	if rest, ok := cutFold(text, "jdbc:"); ok {
		p.jdbc = true
		p.note("“jdbc:” belongs to Java and was left out.")
		text = rest
	}
	if m := scheme.FindStringSubmatch(text); m != nil && m[2] != "" {
		name, driver, _ := strings.Cut(strings.ToLower(m[1]), "+")
		switch name {
		case "postgres", "postgresql", "pgsql", "postgis", "cockroachdb", "redshift":
		default:
			return parseError("That is no URL of PostgreSQL.", "One begins with postgres:// or postgresql://.")
		}
		rest := text[len(m[0]):]
		if driver == "ssh" {
			var err error
			if rest, err = p.tunnel(rest); err != nil {
				return err
			}
			driver = ""
		}
		if driver != "" {
			p.note("“+%s” is a driver name and was left out.", driver)
		}
		return p.url(rest)
	}
	if strings.Contains(text, ";") && strings.Contains(text, "=") && !strings.Contains(text, "'") {
		return p.semicolons(text)
	}
	if strings.Contains(text, "=") {
		return p.keywords(text)
	}
	return parseError("That is no connection URL.", "It looks like postgres://role@host:5432/database, or host=… dbname=… user=….")
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}

// tunnel reads user@host:port/ before the rest of a URL that goes through SSH.
func (p *parser) tunnel(text string) (rest string, err error) {
	place, rest, ok := strings.Cut(text, "/")
	if !ok {
		return "", parseError("The URL goes through SSH, and names no server behind it.", "One looks like postgresql+ssh://user@bastion/role@host/database.")
	}
	if at := strings.LastIndexByte(place, '@'); at >= 0 {
		user, password, _ := strings.Cut(place[:at], ":")
		if password != "" {
			p.note("The password of SSH was left out.")
		}
		if err := p.put("ssh_user", user); err != nil {
			return "", err
		}
		place = place[at+1:]
	}
	host, port, _ := strings.Cut(place, ":")
	if port != "" {
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return "", parseError("The port of SSH in the URL is no number.", "Its own is 22.")
		}
		p.out.Profile.Settings["ssh_port"] = port
	}
	return rest, p.put("ssh_host", host)
}

// url reads role:password@host:port,host:port/database?key=value.
func (p *parser) url(rest string) error {
	rest, query, _ := strings.Cut(strings.SplitN(rest, "#", 2)[0], "?")
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		role, password, _ := strings.Cut(rest[:at], ":")
		if strings.ContainsAny(password, "@/") {
			p.note("The password has characters that a URL should write as %%40 or %%2F; it was read as it stands.")
		}
		rest = rest[at+1:]
		if err := p.put("user", role); err != nil {
			return err
		}
		var err error
		if p.out.Password, err = unescape(password); err != nil {
			return err
		}
	}
	authority, database, _ := strings.Cut(rest, "/")
	if err := p.authority(authority); err != nil {
		return err
	}
	if err := p.put("dbname", strings.TrimSuffix(database, "/")); err != nil {
		return err
	}
	for _, pair := range strings.Split(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		value, err := unescape(strings.ReplaceAll(value, "+", "%2B"))
		if err != nil {
			return err
		}
		if key != "" {
			p.setting(key, value)
		}
	}
	return nil
}

// authority reads the hosts; a socket's directory comes percent-encoded.
func (p *parser) authority(text string) error {
	if text == "" {
		return nil
	}
	var hosts, ports []string
	anyPort := false
	for _, h := range strings.Split(text, ",") {
		host, port := h, ""
		if i := strings.LastIndexByte(h, ':'); i >= 0 && !strings.HasSuffix(h, "]") {
			host, port = h[:i], h[i+1:]
		}
		host, err := unescape(strings.Trim(host, "[]"))
		if err != nil {
			return err
		}
		if port != "" {
			if _, err := strconv.ParseUint(port, 10, 16); err != nil {
				return parseError("The port in the URL is no number.", "Write :, ?, # and / in a password as %3A, %3F, %23 and %2F.")
			}
		}
		anyPort = anyPort || port != ""
		hosts, ports = append(hosts, host), append(ports, port)
	}
	p.out.Profile.Settings["host"] = strings.Join(hosts, ",")
	if anyPort {
		p.out.Profile.Settings["port"] = strings.Join(ports, ",")
	}
	return nil
}

func (p *parser) put(key, escaped string) error {
	v, err := unescape(escaped)
	if err == nil && v != "" {
		p.out.Profile.Settings[key] = v
	}
	return err
}

func unescape(s string) (string, error) {
	v, err := url.PathUnescape(s)
	if err != nil || strings.ContainsRune(v, 0) {
		return "", parseError("The URL has a % that is not followed by two hexadecimal digits.", "A percent sign itself is written as %25.")
	}
	return v, nil
}

// keywords reads key = 'value' pairs as libpq does.
func (p *parser) keywords(s string) error {
	for {
		s = strings.TrimLeft(s, " \t\r\n")
		if s == "" {
			return nil
		}
		eq := strings.IndexByte(s, '=')
		if eq < 0 {
			return parseError("A key has no value.", "Write key=value pairs, with values that hold blanks in single quotes.")
		}
		key := strings.TrimSpace(s[:eq])
		s = strings.TrimLeft(s[eq+1:], " \t\r\n")
		var v strings.Builder
		quoted := strings.HasPrefix(s, "'")
		if quoted {
			s = s[1:]
		}
		closed := !quoted
		for s != "" {
			c := s[0]
			if c == '\\' && len(s) > 1 {
				v.WriteByte(s[1])
				s = s[2:]
				continue
			}
			if quoted && c == '\'' {
				s, closed = s[1:], true
				break
			}
			if !quoted && strings.IndexByte(" \t\r\n", c) >= 0 {
				break
			}
			v.WriteByte(c)
			s = s[1:]
		}
		if !closed {
			return parseError("A quote is not closed.", "A quote inside a value is written as \\'.")
		}
		p.setting(key, v.String())
	}
}

// semicolons reads the form of ADO.NET and ODBC.
func (p *parser) semicolons(s string) error {
	p.note("Read as a connection string of .NET or ODBC.")
	for _, pair := range strings.Split(s, ";") {
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			continue
		}
		p.setting(strings.ReplaceAll(strings.TrimSpace(key), " ", ""), strings.Trim(strings.TrimSpace(value), `"`))
	}
	return nil
}

// aliases are other programs' names for our settings.
var aliases = map[string]string{
	"database": "dbname", "db": "dbname", "server": "host", "hostaddr": "host", "hostname": "host", "address": "host",
	"username": "user", "userid": "user", "uid": "user", "role": "user", "pwd": "password",
	"sslcertificate": "sslcert", "rootcertificate": "sslrootcert", "schema": "search_path", "currentschema": "search_path",
	"searchpath": "search_path", "applicationname": "application_name", "targetservertype": "target_session_attrs",
	"connecttimeout": "connect_timeout", "connect_timeout": "connect_timeout", "timeout": "connect_timeout", "channelbinding": "channel_binding",
	"fallback_application_name": "application_name",
}

// leftOut explains settings that are known and of no use here.
var leftOut = map[string]string{
	"pgbouncer":              "it tells a library that a pooler answers; Tusk finds that out itself",
	"connection_limit":       "it sizes another program's pool",
	"pool_timeout":           "it sizes another program's pool",
	"pooling":                "it sizes another program's pool",
	"maxpoolsize":            "it sizes another program's pool",
	"minpoolsize":            "it sizes another program's pool",
	"servicefile":            "a pasted text may not make Tusk read files",
	"passfile":               "a pasted text may not make Tusk read files",
	"sslcert":                "a pasted text may not make Tusk read files; choose it under TLS",
	"sslkey":                 "a pasted text may not make Tusk read files; choose it under TLS",
	"startup_sql":            "a pasted text may not make Tusk run statements; write it under Advanced",
	"sslpassword":            "keys with a passphrase are not used",
	"ssh_key":                "a pasted text may not make Tusk read files",
	"service":                "services are in a file on the computer it was written for",
	"client_encoding":        "Tusk always speaks UTF-8",
	"driver":                 "it names another program's driver",
	"trustservercertificate": "TLS mode says what is checked",
	"gssencmode":             "GSS encryption is not used",
	"keepalives":             "Tusk keeps connections alive itself",
}

// setting takes one key of whatever form, in words of our own.
func (p *parser) setting(key, value string) {
	k := strings.ToLower(strings.TrimSpace(key))
	if a, ok := aliases[k]; ok {
		if strings.HasSuffix(k, "schema") {
			p.note("“%s” was read as the search path.", key)
		}
		k = a
	}
	switch why, known := leftOut[k]; {
	case value == "":
		return
	case p.trusted && (k == "passfile" || k == "sslcert" || k == "sslkey" || k == "sslrootcert"):
	case p.trusted && k == "service":
		p.service = value
		return
	case k == "password":
		p.out.Password = value
		return
	case k == "ssl":
		p.ssl(value)
		return
	case known:
		p.note("“%s” was left out: %s.", key, why)
		return
	case k == "sslrootcert" && value != "system":
		p.note("“sslrootcert” was left out: a pasted text may not make Tusk read files; choose it under TLS.")
		return
	case k == "sslmode":
		value = strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(value, "VerifyFull", "verify-full"), "VerifyCA", "verify-ca"))
	case k == "target_session_attrs":
		if v, ok := map[string]string{"master": "primary", "secondary": "standby", "slave": "standby", "preferSecondary": "prefer-standby"}[value]; ok {
			value = v
		}
	}
	o, ok := findOption(k)
	if !ok {
		p.note("“%s” is no setting Tusk knows and was left out.", clipKey(key))
		return
	}
	// On the command line a wrong value stays, and connecting says so: what is asked for is never weakened in passing.
	if err := check(map[string]string{k: value}); err != nil && !p.trusted {
		p.note("“%s” was left out, for its value cannot be used. %s", clipKey(key), apperr.From(err).Hint)
		return
	}
	p.out.Profile.Settings[o.Key] = value
}

func (p *parser) ssl(value string) {
	mode := "require"
	switch {
	case strings.EqualFold(value, "false"), value == "0":
		mode = "disable"
	case p.jdbc:
		mode = "verify-full"
	}
	if p.out.Profile.Settings["sslmode"] == "" {
		p.out.Profile.Settings["sslmode"] = mode
		p.note("“ssl” was read as TLS mode %s.", mode)
	}
}

func clipKey(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

func (p *parser) summary() string {
	s := p.out.Profile.Settings
	var b strings.Builder
	if s["user"] != "" {
		b.WriteString(s["user"] + " at ")
	}
	list, err := targets(s)
	if err != nil {
		return ""
	}
	names := make([]string, len(list))
	for i, t := range list {
		if names[i] = t.host; t.port != 5432 {
			names[i] = t.String()
		}
	}
	b.WriteString(strings.Join(names, " or "))
	if s["dbname"] != "" {
		b.WriteString(", database " + s["dbname"])
	}
	if s["ssh_host"] != "" {
		b.WriteString(", through SSH at " + sshPlace(s))
	}
	return b.String()
}
