package conn

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"

	"github.com/jackc/pgx/v5/pgconn"
)

// setTLS decides, for each host, which attempts are made: with TLS, without, or one after the other, as libpq's sslmode
// says. It fills the configuration's first attempt and its fallbacks.
func setTLS(sp *spec, s map[string]string) error {
	files, err := loadFiles(s)
	if err != nil {
		return err
	}
	c := sp.config
	var attempts []*pgconn.FallbackConfig
	sp.verified = true
	for _, t := range sp.targets {
		mode := s["sslmode"]
		if mode == "" {
			if mode = "verify-full"; t.local() && s["sslrootcert"] != "system" {
				mode = "prefer"
			}
		}
		if mode == "require" && s["sslrootcert"] != "" {
			mode = "verify-ca" // libpq: a CA that is given is used
		}
		sp.verified = sp.verified && mode == "verify-full"
		for _, conf := range files.attempts(mode, t) {
			attempts = append(attempts, &pgconn.FallbackConfig{Host: t.host, Port: t.port, TLSConfig: conf})
		}
	}
	c.Host, c.Port, c.TLSConfig, c.Fallbacks = attempts[0].Host, attempts[0].Port, attempts[0].TLSConfig, attempts[1:]
	return nil
}

// tlsFiles are the certificates a profile names, and how TLS begins.
type tlsFiles struct {
	roots  *x509.CertPool // nil: this computer's
	client []tls.Certificate
	direct bool // TLS at once, without asking for it first
}

func loadFiles(s map[string]string) (*tlsFiles, error) {
	f := &tlsFiles{direct: s["sslnegotiation"] == "direct"}
	if path := s["sslrootcert"]; path != "" && path != "system" {
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, settingError("sslrootcert", "The CA certificate "+path+" cannot be read.", "Choose another file.")
		}
		f.roots = x509.NewCertPool()
		if !f.roots.AppendCertsFromPEM(b) {
			return nil, settingError("sslrootcert", "The file "+path+" holds no certificate in PEM form.", "Such a file has a line -----BEGIN CERTIFICATE-----.")
		}
	}
	cert, key := s["sslcert"], s["sslkey"]
	switch {
	case cert == "" && key == "":
		return f, nil
	case cert == "" || key == "":
		return nil, settingError("sslcert", "A client certificate needs both its file and its key.", "Choose the file that is missing.")
	}
	certPEM, err := os.ReadFile(cert)
	if err != nil {
		return nil, settingError("sslcert", "The client certificate "+cert+" cannot be read.", "Choose another file.")
	}
	keyPEM, err := os.ReadFile(key)
	if err != nil {
		return nil, settingError("sslkey", "The client key "+key+" cannot be read.", "Choose another file.")
	}
	if fi, err := os.Stat(key); err == nil && !private(fi) {
		return nil, settingError("sslkey", "The client key "+key+" can be read by others.", "Take their permission away, as chmod 600 does.")
	}
	if block, _ := pem.Decode(keyPEM); block != nil && (block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "") {
		return nil, settingError("sslkey", "The client key is encrypted.", "Use a key without a passphrase, kept readable by you alone.")
	}
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return nil, settingError("sslcert", "The client certificate and its key do not fit together.", "Choose the key that belongs to the certificate.")
	}
	f.client = []tls.Certificate{pair}
	return f, nil
}

// attempts gives the TLS configurations to try for a host in turn; nil is without TLS.
func (f *tlsFiles) attempts(mode string, t target) []*tls.Config {
	if t.socket() || mode == "disable" {
		return []*tls.Config{nil}
	}
	conf := &tls.Config{ServerName: t.host, RootCAs: f.roots, Certificates: f.client, MinVersion: tls.VersionTLS12}
	if f.direct {
		conf.NextProtos = []string{"postgresql"} // the server insists on it
	}
	switch mode {
	case "verify-full":
		return []*tls.Config{conf}
	case "verify-ca":
		conf.InsecureSkipVerify = true // the name is not checked, the chain is
		roots := f.roots
		conf.VerifyConnection = func(cs tls.ConnectionState) error { return verifyChain(cs, roots) }
		return []*tls.Config{conf}
	}
	conf.InsecureSkipVerify = true // prefer, allow and require check nothing: the window says so
	switch mode {
	case "allow":
		return []*tls.Config{nil, conf}
	case "prefer":
		return []*tls.Config{conf, nil}
	}
	return []*tls.Config{conf}
}

func verifyChain(cs tls.ConnectionState, roots *x509.CertPool) error {
	if len(cs.PeerCertificates) == 0 {
		return errors.New("the server sent no certificate")
	}
	o := x509.VerifyOptions{Roots: roots, Intermediates: x509.NewCertPool()}
	for _, c := range cs.PeerCertificates[1:] {
		o.Intermediates.AddCert(c)
	}
	if _, err := cs.PeerCertificates[0].Verify(o); err != nil {
		return fmt.Errorf("verify certificate: %w", err)
	}
	return nil
}

// tlsState tells how a connection is protected: "verified", "encrypted", "local" or "none"; and the version.
func tlsState(c *pgconn.PgConn, t target) (state, version string) {
	conn, ok := c.Conn().(*tls.Conn)
	switch {
	case ok:
		cs := conn.ConnectionState()
		state = "encrypted"
		if len(cs.VerifiedChains) > 0 {
			state = "verified"
		}
		return state, tls.VersionName(cs.Version)
	case t.local():
		return "local", ""
	}
	return "none", ""
}
