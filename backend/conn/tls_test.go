package conn_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/secret"
	"github.com/jackc/pgx/v5/pgconn"
)

func TestTLS(t *testing.T) {
	t.Parallel()
	good := pgtest.New(t, pgtest.Options{TLS: &pgtest.TLS{}})
	other := pgtest.New(t, pgtest.Options{TLS: &pgtest.TLS{Names: []string{"db.roastery.example"}}})
	expired := pgtest.New(t, pgtest.Options{TLS: &pgtest.TLS{Expired: true}})
	early := pgtest.New(t, pgtest.Options{TLS: &pgtest.TLS{NotYet: true}})
	old := pgtest.New(t, pgtest.Options{TLS: &pgtest.TLS{}, Config: map[string]string{"ssl_min_protocol_version": "TLSv1", "ssl_max_protocol_version": "TLSv1.1"}})
	odd := pgtest.New(t, pgtest.Options{TLS: &pgtest.TLS{}, Config: map[string]string{"ssl_max_protocol_version": "TLSv1.2", "ssl_ciphers": "ECDHE-ECDSA-AES256-CCM"}})
	stranger := pgtest.OtherCA(t)
	der := filepath.Join(t.TempDir(), "ca.der")
	caPEM, err := os.ReadFile(good.CA)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(caPEM)
	if err := os.WriteFile(der, block.Bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	garbage := filepath.Join(t.TempDir(), "garbage.crt")
	if err := os.WriteFile(garbage, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		row   string
		name  string
		s     *pgtest.Server
		mode  string
		root  string
		state string // Report.TLS when it connects
		want  failure
	}{
		{"", "verified", good, "verify-full", good.CA, "verified", failure{}},
		{"", "verify-ca", good, "verify-ca", good.CA, "encrypted", failure{}},
		{"", "verify-ca, another name", other, "verify-ca", other.CA, "encrypted", failure{}},
		{"", "require checks nothing", expired, "require", "", "encrypted", failure{}},
		{"", "require with its CA, another name", other, "require", other.CA, "encrypted", failure{}},
		{"", "prefer", good, "prefer", "", "encrypted", failure{}},
		{"", "prefer is not made stricter by a CA", good, "prefer", stranger, "encrypted", failure{}},
		{"", "allow", good, "allow", "", "local", failure{}},
		{"", "disable", good, "disable", "", "local", failure{}},
		{"", "the default here", good, "", "", "encrypted", failure{}},

		{"B2", "nobody trusts it", good, "verify-full", "", "", failure{kind: apperr.TLSUntrusted, title: "nobody this computer trusts", hint: "CA certificate", setting: "sslrootcert"}},
		{"B2", "system", good, "", "system", "", failure{kind: apperr.TLSUntrusted, setting: "sslrootcert"}},
		{"B2", "another CA", good, "verify-full", stranger, "", failure{kind: apperr.TLSUntrusted, hint: "CA certificate", setting: "sslrootcert"}},
		{"B2", "verify-ca, another CA", good, "verify-ca", stranger, "", failure{kind: apperr.TLSUntrusted, setting: "sslrootcert"}},
		{"B2", "require with another CA", good, "require", stranger, "", failure{kind: apperr.TLSUntrusted, setting: "sslrootcert"}},
		{"B3", "another name", other, "verify-full", other.CA, "", failure{kind: apperr.TLSHostname, title: "You asked for 127.0.0.1, it says db.roastery.example.", hint: "name in the certificate", setting: "host"}},
		{"B4", "expired", expired, "verify-full", expired.CA, "", failure{kind: apperr.TLSExpired, title: "not valid now", hint: "clock"}},
		{"B4", "verify-ca, expired", expired, "verify-ca", expired.CA, "", failure{kind: apperr.TLSExpired, title: "not valid now", hint: "clock"}},
		{"B4", "not valid yet", early, "verify-full", early.CA, "", failure{kind: apperr.TLSExpired, title: "not valid now", hint: "clock"}},
		{"B8", "TLS 1.1 alone", old, "require", "", "", failure{kind: apperr.TLSFailed, hint: "too old", setting: "sslmode"}},
		{"B8", "no cipher in common", odd, "require", "", "", failure{kind: apperr.TLSFailed, hint: "too old", setting: "sslmode"}},
		{"B5", "no such CA file", good, "verify-full", garbage + ".no", "", failure{kind: apperr.Config, title: garbage + ".no", setting: "sslrootcert"}},
		{"B5", "no certificate in the CA file", good, "verify-full", garbage, "", failure{kind: apperr.Config, title: "no certificate in PEM form", setting: "sslrootcert"}},
		{"B5", "a CA file in DER form", good, "verify-full", der, "", failure{kind: apperr.Config, title: "no certificate in PEM form", hint: "BEGIN CERTIFICATE", setting: "sslrootcert"}},
		{"", "no such mode", good, "verify", "", "", failure{kind: apperr.Config, hint: "verify-full", setting: "sslmode"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, err := attempt(t, settings(c.s, "sslmode="+c.mode, "sslrootcert="+c.root), pgtest.Password())
			switch {
			case c.row != "":
				e := fault(t, c.row, err, c.want)
				if c.row == "B4" && !strings.Contains(e.Detail, "this computer's clock says") {
					t.Errorf("the detail is %q", e.Detail)
				}
			case c.state == "":
				expect(t, err, c.want)
			case err != nil || r.TLS != c.state || (r.TLSVersion == "TLS 1.3") != (c.state == "verified" || c.state == "encrypted"):
				t.Errorf("%+v, %v; want %s", r, err, c.state)
			}
		})
	}
	t.Run("TLS at once", func(t *testing.T) {
		t.Parallel()
		r, err := attempt(t, settings(good, "sslmode=verify-full", "sslrootcert="+good.CA, "sslnegotiation=direct"), pgtest.Password())
		if err != nil || r.TLS != "verified" {
			t.Errorf("%+v, %v", r, err)
		}
	})
	t.Run("channel binding", func(t *testing.T) {
		t.Parallel()
		if _, err := attempt(t, settings(good, "sslmode=require", "channel_binding=require"), pgtest.Password()); err != nil {
			t.Error(err)
		}
	})
}

// TestRulesForTLS has rules that ask for encryption, forbid it, and want a certificate of the client's.
func TestRulesForTLS(t *testing.T) {
	t.Parallel()
	s := pgtest.New(t, pgtest.Options{TLS: &pgtest.TLS{}})
	cert, key := clientCertificate(t, s, "by_cert")
	s.Exec(t, "postgres", "create role by_cert login")
	s.Exec(t, "postgres", "create role plain login password '"+canary+"'")
	s.HBA(t, "local all tusk trust", "hostssl all by_cert all cert", "hostssl all tusk all scram-sha-256", "hostnossl all plain all scram-sha-256", "hostssl all plain all reject")

	_, err := attempt(t, settings(s, "sslmode=disable"), pgtest.Password())
	fault(t, "A12", err, failure{apperr.AuthRule, "without encryption", "TLS mode require", "no encryption", "28000", "sslmode"})
	if r, err := attempt(t, settings(s, "sslmode=allow"), pgtest.Password()); err != nil || r.TLS != "encrypted" {
		t.Errorf("allow: %+v, %v", r, err)
	}
	_, err = attempt(t, settings(s, "user=plain", "sslmode=require"), canary)
	expect(t, err, failure{apperr.AuthRule, "does not let plain into postgres", "pg_hba.conf", "encryption", "28000", "user"})
	if r, err := attempt(t, settings(s, "user=plain", "sslmode=prefer"), canary); err != nil || r.TLS != "local" {
		t.Errorf("prefer, where encryption is refused: %+v, %v", r, err)
	}

	mine := settings(s, "user=by_cert", "sslmode=require", "sslcert="+cert, "sslkey="+key)
	if _, err := attempt(t, mine, ""); err != nil {
		t.Errorf("with the certificate: %v", err)
	}
	_, err = attempt(t, settings(s, "user=by_cert", "sslmode=require"), canary)
	fault(t, "A16", err, failure{apperr.AuthMethod, "wants a client certificate for by_cert", "under TLS", "certificate", "28000", "sslcert"})
	wrong, wrongKey := clientCertificate(t, s, "somebody_else")
	_, err = attempt(t, with(mine, "sslcert="+cert, "sslkey="+wrongKey), "")
	fault(t, "A16", err, failure{kind: apperr.Config, title: "do not fit together", setting: "sslcert"})
	_, err = attempt(t, with(mine, "sslkey="), "")
	fault(t, "A16", err, failure{kind: apperr.Config, title: "both its file and its key", setting: "sslcert"})
	locked := filepath.Join(t.TempDir(), "locked.key")
	if err := os.WriteFile(locked, pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("sealed")}), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = attempt(t, with(mine, "sslkey="+locked), "")
	fault(t, "A16", err, failure{kind: apperr.Config, title: "key is encrypted", hint: "without a passphrase", setting: "sslkey"})
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = attempt(t, mine, "")
	fault(t, "A16", err, failure{kind: apperr.Config, title: "can be read by others", hint: "chmod 600", setting: "sslkey"})
	// The server trusts the newest authority alone, and the certificate is for another role.
	_, err = attempt(t, with(mine, "sslcert="+wrong, "sslkey="+wrongKey), canary)
	fault(t, "A16", err, failure{apperr.AuthMethod, "by_cert", "", "certificate", "28000", "sslcert"})
}

// clientCertificate makes one for the role, and has the server trust who signed it.
func clientCertificate(t *testing.T, s *pgtest.Server, role string) (cert, key string) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	pair, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	// It signs itself, and so is its own authority.
	made := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: role}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, made, made, pair.Public(), pair)
	must(err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(pair)
	must(err)
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "client.crt"), filepath.Join(dir, "client.key")
	must(os.WriteFile(cert, certPEM, 0o600))
	must(os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), 0o600))
	trusted := filepath.Join(s.Data, "clients.crt")
	must(os.WriteFile(trusted, certPEM, 0o644))
	must(os.Chmod(trusted, 0o644))
	s.Exec(t, "postgres", "alter system set ssl_ca_file = 'clients.crt'")
	s.Reload(t)
	return cert, key
}

// TestFault_B6 has somebody on the way say that the server has no TLS.
func TestFault_B6(t *testing.T) {
	t.Parallel()
	s := pgtest.New(t, pgtest.Options{TLS: &pgtest.TLS{}})
	_, port := listener(t, "127.0.0.1:0", func(c net.Conn) {
		first := make([]byte, 8)
		if _, err := io.ReadFull(c, first); err != nil {
			return
		}
		if binary.BigEndian.Uint32(first[4:]) == 80877103 { // the request for TLS does not get through
			_, _ = c.Write([]byte{'N'})
			first = nil
		}
		relay(s)(&begun{c, first})
	})
	m := settings(s, "host="+elsewhere, "port="+port)
	r, err := attempt(t, with(m, "sslmode=prefer"), pgtest.Password())
	if err != nil || r.TLS != "none" || r.TLSVersion != "" {
		t.Errorf("%+v, %v", r, err)
	}
	d := diagnose(t, with(m, "sslmode=prefer"), pgtest.Password())
	if st := stage(d, "tls"); d.Report == nil || d.Report.TLS != "none" || !strings.Contains(st.Says, "not encrypted") {
		t.Errorf("the doctor says %+v", st)
	}
	for _, mode := range []string{"", "require", "verify-ca", "verify-full"} {
		_, err := attempt(t, with(m, "sslmode="+mode), pgtest.Password())
		fault(t, "B6", err, failure{kind: apperr.TLSRefused, title: "does not offer encryption", setting: "sslmode"})
	}
}

// begun is a connection of which the first bytes have been read.
type begun struct {
	net.Conn
	first []byte
}

func (b *begun) Read(p []byte) (int, error) {
	if len(b.first) > 0 {
		n := copy(p, b.first)
		b.first = b.first[n:]
		return n, nil
	}
	return b.Conn.Read(p)
}

// TestFault_B7 has somebody on the way agree to TLS and send plain messages behind that, to be taken for encrypted ones.
func TestFault_B7(t *testing.T) {
	t.Parallel()
	_, port := listener(t, "127.0.0.1:0", func(c net.Conn) {
		_, _ = c.Read(make([]byte, 8))
		_, _ = c.Write([]byte("SR\x00\x00\x00\x08\x00\x00\x00\x00Z\x00\x00\x00\x05I"))
		silent(c)
	})
	for _, mode := range []string{"require", "verify-ca", "verify-full"} {
		m := map[string]string{"host": "127.0.0.1", "port": port, "connect_timeout": "2", "sslmode": mode}
		_, err := attempt(t, m, canary)
		fault(t, "B7", err, failure{kind: apperr.Protocol, title: "agreed to encryption", hint: "proxy"})
		if d := diagnose(t, m, canary); failing(d).Name != "tls" || d.Error.Kind != apperr.Protocol {
			t.Errorf("the doctor says %v at %s", d.Error, failing(d).Name)
		}
	}
}

// TestFault_B9 gives a server a new certificate between two sessions: of the same authority, then of another.
func TestFault_B9(t *testing.T) {
	t.Parallel()
	s, other := pgtest.New(t, pgtest.Options{TLS: &pgtest.TLS{}}), pgtest.New(t, pgtest.Options{TLS: &pgtest.TLS{}})
	both := filepath.Join(t.TempDir(), "both.crt")
	var authorities []byte
	for _, ca := range []string{s.CA, other.CA} {
		b, err := os.ReadFile(ca)
		if err != nil {
			t.Fatal(err)
		}
		authorities = append(authorities, b...)
	}
	if err := os.WriteFile(both, authorities, 0o600); err != nil {
		t.Fatal(err)
	}
	openWith := func(ca string) *conn.Pool {
		t.Helper()
		p, err := conn.Open(context.Background(), conn.Profile{Settings: settings(s, "sslmode=verify-full", "sslrootcert="+ca)}, secret.New(pgtest.Password()))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.Close)
		return p
	}
	knows, stranger := openWith(both), openWith(s.CA)
	before := connect(t, knows, "before")
	for _, f := range []string{"server.crt", "server.key"} {
		b, err := os.ReadFile(filepath.Join(other.Data, f))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(s.Data, f), b, 0o600); err != nil { // keeps whose it is
			t.Fatal(err)
		}
	}
	s.Reload(t)
	connect(t, knows, "after").Retire()
	if err := before.Exec(context.Background(), "select 1").Close(); err != nil {
		t.Errorf("the session before it: %v", err)
	}
	_, err := stranger.Connect(context.Background(), "after", nil)
	fault(t, "B9", err, failure{kind: apperr.TLSUntrusted, setting: "sslrootcert"})
}

// TestFault_B10 records what goes over the wire when a statement under TLS is cancelled.
func TestFault_B10(t *testing.T) {
	t.Parallel()
	covered(t, "B10")
	s := pgtest.New(t, pgtest.Options{TLS: &pgtest.TLS{}})
	var mu sync.Mutex
	var sent [][]byte
	_, port := listener(t, "127.0.0.1:0", func(c net.Conn) {
		mu.Lock()
		i := len(sent)
		sent = append(sent, nil)
		mu.Unlock()
		relay(s)(&recorded{c, func(p []byte) {
			mu.Lock()
			defer mu.Unlock()
			sent[i] = append(sent[i], p...)
		}})
	})
	p, err := conn.Open(context.Background(), conn.Profile{Settings: settings(s, "port="+port, "sslmode=verify-full", "sslrootcert="+s.CA)}, secret.New(pgtest.Password()))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	c := connect(t, p, "tab")
	mu.Lock()
	before := len(sent)
	mu.Unlock()
	done := make(chan error, 1)
	go func() { done <- c.Exec(context.Background(), "select pg_sleep(60)").Close() }()
	for ended := false; !ended; {
		if err := c.CancelRequest(context.Background()); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-done:
			var pg *pgconn.PgError
			if ended = true; !errors.As(err, &pg) || pg.Code != "57014" {
				t.Fatal(err)
			}
		case <-time.After(50 * time.Millisecond):
		}
	}
	key := append(binary.BigEndian.AppendUint32(nil, c.PID()), c.SecretKey()...)
	mu.Lock()
	defer mu.Unlock()
	if len(sent) == before {
		t.Fatal("the cancel went another way")
	}
	for i, b := range sent {
		if bytes.Contains(b, key) || bytes.Contains(b, c.SecretKey()) || bytes.Contains(b, []byte{0x04, 0xd2, 0x16, 0x2e}) {
			t.Errorf("connection %d shows the cancel in the clear: %x", i, b)
		}
		if len(b) > 0 && (len(b) < 9 || binary.BigEndian.Uint32(b[4:]) != 80877103 || b[8] != 0x16) {
			t.Errorf("connection %d does not begin with TLS: %x", i, b[:min(len(b), 16)])
		}
	}
}

// recorded shows what is read.
type recorded struct {
	net.Conn
	heard func([]byte)
}

func (r *recorded) Read(p []byte) (int, error) {
	n, err := r.Conn.Read(p)
	r.heard(p[:n])
	return n, err
}
