package conn

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"desktop.tusk/backend/apperr"
)

// Groups of options: the tabs of the form.
const (
	GroupGeneral  = "general"
	GroupTLS      = "tls"
	GroupAdvanced = "advanced"
	GroupSSH      = "ssh" // kept and exchanged; the form has no tab of it as long as Tusk makes no tunnels
)

// Kinds of option: what field the form shows.
const (
	KindText   = "text"
	KindNumber = "number"
	KindChoice = "choice"
	KindFile   = "file"
	KindFlag   = "flag"  // "1" or "0"
	KindLines  = "lines" // a text of several lines
)

// Options lists the settings a profile may have, in the order of the form. password is not among them: it is a secret
// and travels apart.
func Options() []Option {
	list := slices.Clone(options)
	for i := range list {
		if list[i].Choices == nil {
			list[i].Choices = []Choice{} // the page is promised a list
		}
	}
	return list
}

var options = []Option{
	{Key: "host", Label: "Host", Group: GroupGeneral, Kind: KindText, Default: "localhost",
		Help: "A name, an address, or the directory of a Unix socket. Several, separated by commas, are tried in turn."},
	{Key: "port", Label: "Port", Group: GroupGeneral, Kind: KindText, Default: "5432",
		Help: "One for all hosts, or one for each, separated by commas."},
	{Key: "dbname", Label: "Database", Group: GroupGeneral, Kind: KindText, Default: "same as the role", Help: ""},
	{Key: "user", Label: "Role", Group: GroupGeneral, Kind: KindText, Default: "your name on this computer", Help: ""},
	{Key: "read_only", Label: "Read-only", Group: GroupGeneral, Kind: KindFlag, Default: "0", Help: "The server itself refuses writes until you unlock a tab."},

	{Key: "sslmode", Label: "TLS mode", Group: GroupTLS, Kind: KindChoice, Default: "verify-full, or prefer on this computer",
		Choices: []Choice{
			{"", "Automatic", "verify-full for a server elsewhere, prefer on this computer."},
			{"verify-full", "verify-full", "Encrypted, and the server proves its name."},
			{"verify-ca", "verify-ca", "Encrypted, and a trusted authority signed the certificate."},
			{"require", "require", "Encrypted; nobody checks who answers, unless a CA certificate is chosen."},
			{"prefer", "prefer", "Encrypted if the server offers it."},
			{"allow", "allow", "Encrypted only if the server insists."},
			{"disable", "disable", "Never encrypted."},
		}, Help: "The names are those of libpq."},
	{Key: "sslrootcert", Label: "CA certificate", Group: GroupTLS, Kind: KindFile, Default: "those this computer trusts",
		Help: "A PEM file with the certificates of the authorities to trust, instead of this computer's."},
	{Key: "sslcert", Label: "Client certificate", Group: GroupTLS, Kind: KindFile, Default: "none", Help: "A PEM file, where the server asks for one."},
	{Key: "sslkey", Label: "Client key", Group: GroupTLS, Kind: KindFile, Default: "none", Help: "The PEM file with its private key."},
	{Key: "channel_binding", Label: "Channel binding", Group: GroupTLS, Kind: KindChoice, Default: "prefer",
		Choices: []Choice{{"", "prefer", "Used when the server offers it."}, {"require", "require", "The server must prove, on this very channel, that it knows the password."}, {"disable", "disable", "Never."}},
		Help:    "Protects a password against a server in the middle."},

	{Key: "target_session_attrs", Label: "Kind of server", Group: GroupAdvanced, Kind: KindChoice, Default: "any",
		Choices: []Choice{
			{"", "any", "The first that answers."},
			{"read-write", "read-write", "One that accepts writes."},
			{"read-only", "read-only", "One that does not."},
			{"primary", "primary", "Not a standby."},
			{"standby", "standby", "A standby."},
			{"prefer-standby", "prefer-standby", "A standby if there is one."},
		}, Help: "Which of several hosts to take."},
	{Key: "connect_timeout", Label: "Connect within", Group: GroupAdvanced, Kind: KindNumber, Default: "15 s", Help: "Seconds for the whole of connecting, 2 at least."},
	{Key: "application_name", Label: "Application name", Group: GroupAdvanced, Kind: KindText, Default: "Tusk", Help: "What the server's lists of sessions show."},
	{Key: "search_path", Label: "Search path", Group: GroupAdvanced, Kind: KindText, Default: "the server's", Help: "Schemas to look in, separated by commas."},
	{Key: "startup_sql", Label: "Start-up SQL", Group: GroupAdvanced, Kind: KindLines, Default: "none",
		Help: "Runs in each new session before anything else. You are told when it fails; the session goes on."},
	{Key: "options", Label: "Server options", Group: GroupAdvanced, Kind: KindText, Default: "", Help: "Such as -c work_mem=64MB; a pooler may refuse them."},
	{Key: "passfile", Label: "Password file", Group: GroupAdvanced, Kind: KindFile, Default: "none",
		Help: "A file like .pgpass, read when no password is typed. It must be readable by you alone."},
	{Key: "require_auth", Label: "Ways to sign in", Group: GroupAdvanced, Kind: KindText, Default: "all but clear text without verified TLS",
		Help: "Comma-separated: scram-sha-256, md5, gss, sspi, none, password."},
	{Key: "krbsrvname", Label: "Kerberos service", Group: GroupAdvanced, Kind: KindText, Default: "postgres", Help: ""},
	{Key: "sslnegotiation", Label: "TLS negotiation", Group: GroupAdvanced, Kind: KindChoice, Default: "postgres",
		Choices: []Choice{{"", "postgres", "Asks first, as every server understands."}, {"direct", "direct", "TLS at once; PostgreSQL 17 or newer."}}, Help: ""},
	{Key: "max_connections", Label: "Connections at most", Group: GroupAdvanced, Kind: KindNumber, Default: "20",
		Help: "How many server connections Tusk may hold for this profile; each tab in use has one."},

	{Key: "ssh_host", Label: "SSH host", Group: GroupSSH, Kind: KindText, Default: "none", Help: "The host through which the server is reached."},
	{Key: "ssh_port", Label: "SSH port", Group: GroupSSH, Kind: KindNumber, Default: "22", Help: "Where SSH listens."},
	{Key: "ssh_user", Label: "SSH user", Group: GroupSSH, Kind: KindText, Default: "your name on this computer", Help: "Whom to be there."},
	{Key: "ssh_key", Label: "SSH key", Group: GroupSSH, Kind: KindFile, Default: "the agent's", Help: "The file with the private key."},
	{Key: "ssh_jump", Label: "SSH jump hosts", Group: GroupSSH, Kind: KindText, Default: "none", Help: "Hosts on the way, separated by commas, as ProxyJump names them."},
}

func findOption(key string) (Option, bool) {
	i := slices.IndexFunc(options, func(o Option) bool { return o.Key == key })
	if i < 0 {
		return Option{}, false
	}
	return options[i], true
}

// check looks at each setting by itself, in the form's order, so that of several mistakes always the same one is told.
// What contradicts is found when the configuration is built.
func check(settings map[string]string) error {
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		if _, ok := findOption(key); !ok {
			return settingError(key, fmt.Sprintf("There is no connection setting %q.", key), "Remove it.")
		}
	}
	for _, o := range options {
		key, value := o.Key, settings[o.Key]
		if strings.ContainsRune(value, 0) {
			return settingError(key, fmt.Sprintf("%s contains a zero byte.", o.Label), "Type it again.")
		}
		if value == "" {
			continue
		}
		switch o.Kind {
		case KindText:
			if key == "require_auth" {
				if err := checkMethods(value); err != nil {
					return err
				}
			}
		case KindChoice:
			if !slices.ContainsFunc(o.Choices, func(c Choice) bool { return c.Value == value || c.Label == value }) {
				var known []string
				for _, c := range o.Choices[1:] {
					known = append(known, c.Value)
				}
				return settingError(key, fmt.Sprintf("%s cannot be %q.", o.Label, value), "It is one of "+strings.Join(known, ", ")+".")
			}
		case KindFlag:
			if value != "0" && value != "1" {
				return settingError(key, fmt.Sprintf("%s is 1 or 0, not %q.", o.Label, value), "Correct it, or leave it empty.")
			}
		case KindNumber:
			if n, err := strconv.Atoi(value); err != nil || n < 0 {
				return settingError(key, fmt.Sprintf("%s is a whole number, not %q.", o.Label, value), "Correct it, or leave it empty.")
			}
		case KindFile:
			if _, err := os.Stat(value); err != nil && (key != "sslrootcert" || value != "system") {
				return settingError(key, fmt.Sprintf("%s: the file %s cannot be read.", o.Label, value), "Choose another file, or leave it empty.")
			}
		}
	}
	return nil
}

// methods are what require_auth may list, with or without a ! before all of them.
var methods = []string{"password", "md5", "gss", "sspi", "scram-sha-256", "oauth", "none"}

func checkMethods(value string) error {
	list := strings.Split(value, ",")
	for _, m := range list {
		m = strings.TrimSpace(m)
		name, not := strings.CutPrefix(m, "!")
		if !slices.Contains(methods, name) || not != strings.HasPrefix(strings.TrimSpace(list[0]), "!") {
			return settingError("require_auth", "A way to sign in that is listed does not exist, or only some have a ! before them.", "They are "+strings.Join(methods, ", ")+".")
		}
	}
	return nil
}

// settingError is an error the form shows beside the field.
func settingError(key, title, hint string) error {
	return apperr.E(apperr.Config, title, apperr.Hint(hint), apperr.Field("setting", key), apperr.Op("conn.config"))
}
