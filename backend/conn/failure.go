package conn

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"os/user"
	"slices"
	"strings"
	"syscall"
	"time"

	"desktop.tusk/backend/apperr"
	"github.com/jackc/pgx/v5/pgconn"
)

// explain says in words why connecting failed. Of several attempts it takes the one that got furthest and lists the
// others as detail.
func (sp *spec) explain(ctx context.Context, err error, words *firstWords, took time.Duration) *apperr.Error {
	if errors.Is(context.Cause(ctx), context.Canceled) {
		return apperr.E(apperr.Cancelled, "Connecting was stopped.", apperr.Hint("Nothing was sent to the database."), apperr.Op("conn.open"), apperr.Cause(err))
	}
	leaves := flatten(err)
	best, rank := leaves[0], -1
	for _, l := range leaves {
		if r := progress(l); r > rank {
			best, rank = l, r
		}
	}
	e := sp.one(best, words, took)
	apperr.Op("conn.open")(e)
	apperr.Field("host", sp.hosts())(e)
	if len(sp.targets) > 1 {
		var lines []string
		for _, l := range leaves {
			lines = append(lines, l.Error())
		}
		e.Detail = strings.TrimSpace(e.Detail + "\n" + strings.Join(lines, "\n"))
	}
	return e
}

// hosts names where the profile leads, for sentences.
func (sp *spec) hosts() string {
	names := make([]string, len(sp.targets))
	for i, t := range sp.targets {
		names[i] = t.String()
	}
	return strings.Join(names, ", ")
}

// targetOf tells which host an attempt was for. pgconn writes it in brackets behind the address.
func (sp *spec) targetOf(err error) target {
	var dns *net.DNSError
	named := errors.As(err, &dns)
	for _, t := range sp.targets {
		if s := err.Error(); named && dns.Name == t.host || strings.HasPrefix(s, t.String()+" (") || strings.Contains(s, fmt.Sprintf(":%d (%s): ", t.port, t.host)) {
			return t
		}
	}
	return sp.targets[0]
}

// flatten takes the attempts out of what pgconn joined.
func flatten(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, flatten(e)...)
		}
		return all
	}
	if one := errors.Unwrap(err); one != nil {
		if _, ok := one.(interface{ Unwrap() []error }); ok {
			return flatten(one)
		}
		var ce *pgconn.ConnectError
		if errors.As(err, &ce) && err == error(ce) {
			return flatten(one)
		}
	}
	return []error{err}
}

// progress tells how far an attempt got.
func progress(err error) int {
	var pg *pgconn.PgError
	var dns *net.DNSError
	switch {
	case errors.As(err, &pg):
		return 6
	case strings.Contains(err.Error(), "require_auth"), strings.Contains(err.Error(), "channel binding"), strings.Contains(err.Error(), "SASL"):
		return 5
	case isTLS(err):
		return 4
	case errors.As(err, &dns):
		return 1
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), pgconn.Timeout(err):
		return 2
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENOENT), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return 2
	}
	return 3
}

func isTLS(err error) bool {
	var host x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	return errors.As(err, &host) || errors.As(err, &unknown) || errors.As(err, &invalid) || errors.As(err, &verify) ||
		errors.As(err, &record) || errors.As(err, &alert) || strings.Contains(err.Error(), "server refused TLS") || strings.Contains(err.Error(), "tls:")
}

// one explains a single attempt.
func (sp *spec) one(err error, words *firstWords, took time.Duration) *apperr.Error {
	var (
		pg   *pgconn.PgError
		dns  *net.DNSError
		name x509.HostnameError
		ca   x509.UnknownAuthorityError
		bad  x509.CertificateInvalidError

		record tls.RecordHeaderError
	)
	cause := apperr.Cause(err)
	t := sp.targetOf(err)
	switch {
	case errors.As(err, &pg):
		return sp.refused(pg)
	case errors.As(err, &name):
		says := strings.Join(certNames(name.Certificate), ", ")
		return apperr.E(apperr.TLSHostname, fmt.Sprintf("The certificate is for another name. You asked for %s, it says %s.", name.Host, says),
			cause, apperr.Field("asked", name.Host), apperr.Field("certificate", says), apperr.Field("setting", "host"))
	case errors.As(err, &ca):
		var issuer string
		if ca.Cert != nil {
			issuer = ca.Cert.Issuer.String()
		}
		return apperr.E(apperr.TLSUntrusted, "", cause, apperr.Message(text(err)), apperr.Field("issuer", issuer), apperr.Field("setting", "sslrootcert"))
	case errors.As(err, &bad) && bad.Reason == x509.Expired:
		detail := fmt.Sprintf("Valid from %s to %s; this computer's clock says %s.", bad.Cert.NotBefore.Format(time.RFC1123), bad.Cert.NotAfter.Format(time.RFC1123), time.Now().Format(time.RFC1123))
		return apperr.E(apperr.TLSExpired, "", cause, apperr.Detail(detail))
	case errors.As(err, &bad):
		return apperr.E(apperr.TLSUntrusted, "", cause, apperr.Message(text(err)), apperr.Field("setting", "sslrootcert"))
	}
	if what := words.foreign(); what != "" {
		return apperr.E(apperr.NotPostgres, fmt.Sprintf("What answers on %s is not PostgreSQL: it is %s.", t, what), cause, apperr.Field("setting", "port"))
	}
	s := err.Error()
	switch {
	case strings.Contains(s, "server refused TLS"):
		return apperr.E(apperr.TLSRefused, "", cause, apperr.Field("setting", "sslmode"))
	case strings.Contains(s, "require_auth"):
		return apperr.E(apperr.AuthMethod, "The server asked for the password in clear text, or for a way of signing in that is switched off. Nothing was sent.", cause, apperr.Message(text(err)),
			apperr.Hint("Use TLS mode verify-full so that the server proves who it is, or allow the method under “Ways to sign in”."), apperr.Field("setting", "require_auth"))
	case strings.Contains(s, "channel binding"):
		return apperr.E(apperr.AuthMethod, "The server did not prove that it knows the password on this very channel.", cause, apperr.Message(text(err)), apperr.Field("setting", "channel_binding"))
	case strings.Contains(s, "SASL"), strings.Contains(s, "GSS"), strings.Contains(s, "unsupported auth"):
		return apperr.E(apperr.AuthMethod, "", cause, apperr.Message(text(err)))
	case errors.As(err, &dns) && !dns.IsTimeout:
		return apperr.E(apperr.DNS, fmt.Sprintf("The name %s is not known.", dns.Name), cause, apperr.Field("setting", "host"))
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), pgconn.Timeout(err), errors.As(err, &dns):
		return apperr.E(apperr.Timeout, fmt.Sprintf("No answer from %s after %.1f s.", sp.hosts(), took.Seconds()), cause,
			apperr.Field("limit", fmt.Sprintf("%.0f s, the limit for connecting", sp.timeout.Seconds())))
	case errors.Is(err, syscall.ECONNREFUSED) && t.socket(), errors.Is(err, syscall.ENOENT):
		return apperr.E(apperr.Refused, fmt.Sprintf("No server listens on the socket %s.", t), cause, apperr.Hint("Is the server running, and is this the directory of its socket?"), apperr.Field("setting", "host"))
	case errors.Is(err, syscall.ECONNREFUSED):
		return apperr.E(apperr.Refused, fmt.Sprintf("Nothing answers on port %d of %s.", t.port, t.host), cause, apperr.Field("setting", "port"))
	case errors.Is(err, syscall.EACCES), errors.Is(err, os.ErrPermission):
		return apperr.E(apperr.Refused, fmt.Sprintf("This computer does not let you use %s.", t), cause, apperr.Hint("The socket's directory belongs to somebody else. Connect over TCP, or ask for access."), apperr.Field("setting", "host"))
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return apperr.E(apperr.Unreachable, fmt.Sprintf("There is no way to %s from here.", t.host), cause, apperr.Message(text(err)), apperr.Field("setting", "host"))
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return apperr.E(apperr.ResClient, "This computer has no more open files to give.", cause)
	case errors.As(err, &record) && sp.config.SSLNegotiation != "direct":
		return apperr.E(apperr.Protocol, "The server agreed to encryption, and then sent something else.", cause, apperr.Message(text(err)))
	case isTLS(err):
		return apperr.E(apperr.TLSFailed, "", cause, apperr.Message(text(err)), apperr.Field("setting", "sslmode"))
	case BrokeProtocol(err):
		return apperr.E(apperr.Protocol, "", cause, apperr.Message(text(err)))
	case strings.Contains(s, "not read-write"), strings.Contains(s, "read only"), strings.Contains(s, "standby"), strings.Contains(s, "primary"), strings.Contains(s, "read-only"):
		return apperr.E(apperr.ReadOnly, "No host is of the kind that was asked for.", cause, apperr.Message(text(err)),
			apperr.Hint("Choose another kind of server under Advanced, or add the host that is meant."), apperr.Field("setting", "target_session_attrs"))
	}
	return apperr.E(apperr.Lost, fmt.Sprintf("%s closed the connection before it spoke PostgreSQL.", t), cause, apperr.Message(text(err)),
		apperr.Hint("Is this the right port? A proxy, or a server that is just starting, does this too."))
}

// broken are words of pgconn's for what a server must not send; it has no type for them.
var broken = []string{
	"invalid message", "invalid body", "body is invalid", "body must have length", "unknown message type", "unexpected message", "unexpected DataRow",
	"unknown authentication", "protocol error", errPanic.Error(),
}

// BrokeProtocol tells whether err says that a server sent what PostgreSQL would not.
func BrokeProtocol(err error) bool {
	s := err.Error()
	return slices.ContainsFunc(broken, func(part string) bool { return strings.Contains(s, part) })
}

// refused explains what the server itself said.
func (sp *spec) refused(pg *pgconn.PgError) *apperr.Error {
	e := apperr.Server(pg)
	role, db := sp.config.User, sp.config.Database
	set := func(kind apperr.Kind, title, hint, setting string) {
		fresh := apperr.E(kind, title)
		e.Kind, e.Group, e.Title, e.Retryable = fresh.Kind, fresh.Group, fresh.Title, fresh.Retryable
		e.Hint = or(hint, fresh.Hint)
		apperr.Field("setting", setting)(e)
	}
	switch pg.Code {
	case "28P01":
		title, hint := fmt.Sprintf("The server refused the password for %s.", role), ""
		if !sp.supplied {
			title, hint = fmt.Sprintf("The server wants a password for %s, and none was given.", role), "Type the password."
		}
		set(apperr.AuthFailed, title, hint, "password")
	case "28000":
		sp.rule(pg, set, role, db)
	case "3D000":
		set(apperr.DBMissing, fmt.Sprintf("There is no database %s on this server.", db), "", "dbname")
	case "42501":
		set(apperr.Permission, fmt.Sprintf("%s may not connect to the database %s.", role, db), fmt.Sprintf("Its owner can grant it: grant connect on database %s to %s.", db, role), "dbname")
	case "55000":
		set(apperr.DBMissing, fmt.Sprintf("The database %s accepts no connections.", db), "Use another database, or ask whoever runs the server to allow connections to it.", "dbname")
	case "53300":
		set(apperr.TooMany, "", "", "")
	case "57P03":
		set(apperr.Starting, "", "", "")
		if strings.Contains(pg.Message, "shutting down") { // one SQLSTATE for both; a translated server's words stand beside
			set(apperr.Shutdown, "", "", "")
		}
	case "42704", "22023", "42601":
		set(apperr.Config, "The server refused a setting it was given at the start.", "Correct “Server options” or “Search path” under Advanced; a pooler may refuse them all.", "options")
	case "08P01":
		if sp.readOnly && strings.Contains(pg.Message, ReadOnlySetting) {
			set(apperr.Config, "A pooler answers there, and does not hold a connection read-only.", "Connect to the server itself, or turn Read-only off.", "read_only")
			return e
		}
		set(apperr.Config, "The server, or a pooler before it, refused a start-up parameter.", "Leave “Server options” and “Search path” under Advanced empty.", "options")
	}
	return e
}

// rule tells apart what one SQLSTATE covers. The server may translate its words, but not the names of methods in them;
// what is not recognised gets the general sentence, and the server's words are shown beside it.
func (sp *spec) rule(pg *pgconn.PgError, set func(apperr.Kind, string, string, string), role, db string) {
	m := pg.Message
	switch {
	case strings.HasPrefix(pg.Routine, "InitializeSessionUserId") && strings.Contains(m, "does not exist"):
		set(apperr.RoleMissing, fmt.Sprintf("There is no role %s on this server.", role), "", "user")
	case strings.HasPrefix(pg.Routine, "InitializeSessionUserId"):
		set(apperr.AuthRule, fmt.Sprintf("The role %s may not log in.", role), fmt.Sprintf("It needs the attribute LOGIN: alter role %s login.", role), "user")
	case strings.Contains(m, "pg_hba.conf") && strings.Contains(m, "no encryption"):
		set(apperr.AuthRule, fmt.Sprintf("The server does not let %s into %s from here without encryption.", role, db), "Try TLS mode require, or ask whoever runs the server for a line in pg_hba.conf.", "sslmode")
	case strings.Contains(m, "pg_hba.conf"):
		set(apperr.AuthRule, fmt.Sprintf("The server does not let %s into %s from here.", role, db), "", "user")
	case strings.Contains(m, "Peer") || strings.Contains(m, "peer"):
		who := ""
		if u, err := user.Current(); err == nil {
			who = fmt.Sprintf(" You are %s.", u.Username)
		}
		set(apperr.AuthMethod, fmt.Sprintf("The server lets %s in only for the user of that name on its computer.%s", role, who), "Use your own name as the role, or connect over TCP with a password: host localhost.", "user")
	case strings.Contains(m, "Ident"), strings.Contains(m, "LDAP"), strings.Contains(m, "GSSAPI"), strings.Contains(m, "PAM"), strings.Contains(m, "RADIUS"):
		set(apperr.AuthMethod, "The server asked another service who you are, and that one said no or did not answer.", "The service named in the server's words is to blame, not Tusk; ask whoever runs it.", "")
	case strings.Contains(m, "certificate"):
		set(apperr.AuthMethod, fmt.Sprintf("The server wants a client certificate for %s.", role), "Choose a client certificate and its key under TLS.", "sslcert")
	default:
		set(apperr.AuthRule, fmt.Sprintf("The server does not let %s in.", role), "", "user")
	}
}

func certNames(c *x509.Certificate) []string {
	if c == nil {
		return []string{"nothing"}
	}
	names := append([]string{}, c.DNSNames...)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 && c.Subject.CommonName != "" {
		names = append(names, c.Subject.CommonName)
	}
	if len(names) == 0 {
		return []string{"no name"}
	}
	return names
}

// text is what the system said, without the words pgconn puts before it.
func text(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err.Error()
		}
		err = next
	}
}
