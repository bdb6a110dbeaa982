package pgtest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"desktop.tusk/backend/localpg"
)

// TLS says what certificate a server shows. The zero value is a good one for localhost and 127.0.0.1, signed by a
// throw-away authority whose certificate is in Server.CA.
type TLS struct {
	Names   []string // the names and addresses the certificate is for, instead of localhost and 127.0.0.1
	Expired bool
	NotYet  bool // it will be valid only tomorrow
}

// OtherCA writes the certificate of an authority that signed nothing and gives the file.
func OtherCA(t testing.TB) string {
	t.Helper()
	_, der, _, err := authority()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	file := filepath.Join(t.TempDir(), "other-ca.crt")
	if err := writePEM(file, "CERTIFICATE", der); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return file
}

// write makes the certificates and points the settings at them.
func (o *TLS) write(s *Server, config map[string]string) error {
	ca, caDER, caKey, err := authority()
	if err != nil {
		return err
	}
	if err := writePEM(s.CA, "CERTIFICATE", caDER); err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	names := o.Names
	if names == nil {
		names = []string{"localhost", "127.0.0.1"}
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: names[0]},
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if o.Expired {
		leaf.NotAfter = time.Now().Add(-24 * time.Hour)
	}
	if o.NotYet {
		leaf.NotBefore, leaf.NotAfter = time.Now().Add(24*time.Hour), time.Now().Add(48*time.Hour)
	}
	for _, n := range names {
		if ip := net.ParseIP(n); ip != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		} else {
			leaf.DNSNames = append(leaf.DNSNames, n)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, ca, key.Public(), caKey)
	if err != nil {
		return err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	// The server reads them as its own user and insists that nobody else may read the key.
	made := filepath.Join(filepath.Dir(s.Data), "tls")
	if err := os.Mkdir(made, 0o700); err != nil {
		return err
	}
	if err := writePEM(filepath.Join(made, "server.crt"), "CERTIFICATE", der); err != nil {
		return err
	}
	if err := writePEM(filepath.Join(made, "server.key"), "PRIVATE KEY", keyDER); err != nil {
		return err
	}
	if err := localpg.CopyData(context.Background(), made, s.Data); err != nil {
		return err
	}
	config["ssl"], config["ssl_cert_file"], config["ssl_key_file"] = "on", "server.crt", "server.key"
	return nil
}

func authority() (*x509.Certificate, []byte, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, nil, err
	}
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "throw-away authority of Tusk's tests"},
		NotBefore: time.Now().Add(-72 * time.Hour), NotAfter: time.Now().Add(48 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, key.Public(), key)
	if err != nil {
		return nil, nil, nil, err
	}
	return cert, der, key, nil
}

func writePEM(file, kind string, der []byte) error {
	return os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}
