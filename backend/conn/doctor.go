package conn

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/secret"
)

// Diagnosis follows one connection from the name to the database.
type Diagnosis struct {
	// Stages are in their order: dns, tcp, tls, startup, auth, database. A profile that cannot be tried has one more at
	// the front: settings.
	Stages []Stage `json:"stages"`
	// Error is why it stopped; nil when every stage passed. It is of the stage that failed.
	Error *apperr.Error `json:"error,omitempty"`
	// Report tells of the server; nil when it was not reached.
	Report    *Report `json:"report,omitempty"`
	ElapsedUs int     `json:"elapsedUs"`
}

// Stage is one step on the way.
type Stage struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	// State is "ok", "failed", "skipped" (not needed here) or "unreached".
	State     string `json:"state"`
	ElapsedUs int    `json:"elapsedUs"`
	Says      string `json:"says"` // one line: what came of it
	// Facts of the stage that failed: what was asked, what came back.
	Facts []Fact `json:"facts"`
	// Remedy is a change of one setting that may cure it; nil where none is known.
	Remedy *Remedy `json:"remedy,omitempty"`
}

// Fact is a line such as "You asked: db.example".
type Fact struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Remedy sets a setting of the profile.
type Remedy struct {
	Label   string `json:"label"` // of the button: "Use pg-1.roastery.example"
	Setting string `json:"setting"`
	Value   string `json:"value"`
}

// States of a Stage.
const (
	StageOK        = "ok"
	StageFailed    = "failed"
	StageSkipped   = "skipped"
	StageUnreached = "unreached"
)

var stageLabels = []struct{ name, label string }{
	{"settings", "Settings"}, {"dns", "DNS"}, {"tcp", "TCP"}, {"tls", "TLS"}, {"startup", "Start-up"}, {"auth", "Authentication"}, {"database", "Database"},
}

// Diagnose connects, looks around, leaves, and tells how each stage went. What fails is in the answer; err is only for
// being stopped.
func Diagnose(ctx context.Context, p Profile, password secret.Secret) (Diagnosis, error) {
	begin := time.Now()
	sp, err := build(p, password)
	if err != nil {
		return misconfigured(err, time.Since(begin)), nil
	}
	tr := &trace{began: begin}
	tr.attach(sp.config)
	pool := newPool(sp)
	err = pool.first(ctx)
	ended := time.Now()
	report := pool.Report()
	pool.Close()
	if apperr.KindOf(err) == apperr.Cancelled {
		return Diagnosis{}, err
	}
	d := Diagnosis{ElapsedUs: int(ended.Sub(begin).Microseconds())}
	if err == nil {
		d.Report = &report
	} else {
		d.Error = apperr.From(err)
	}
	d.Stages = tr.stages(sp, d.Error, report, ended)
	return d, nil
}

func misconfigured(err error, took time.Duration) Diagnosis {
	e := apperr.From(err)
	d := Diagnosis{Error: e, ElapsedUs: int(took.Microseconds())}
	for i, s := range stageLabels {
		st := Stage{Name: s.name, Label: s.label, State: StageUnreached, Facts: []Fact{}}
		if i == 0 {
			st.State, st.Says = StageFailed, e.Title
			if e.Message != "" {
				st.Facts = append(st.Facts, Fact{"Came back", e.Message})
			}
		}
		d.Stages = append(d.Stages, st)
	}
	return d
}

// stageOf names the stage an error belongs to; "" when its kind alone does not say.
func stageOf(e *apperr.Error) string {
	switch e.Kind {
	case apperr.DNS:
		return "dns"
	case apperr.Refused, apperr.Unreachable, apperr.ResClient:
		return "tcp"
	case apperr.TLSRefused, apperr.TLSUntrusted, apperr.TLSHostname, apperr.TLSExpired, apperr.TLSFailed:
		return "tls"
	case apperr.NotPostgres, apperr.Starting, apperr.Shutdown, apperr.TooMany, apperr.Config:
		return "startup"
	case apperr.AuthFailed, apperr.AuthRule, apperr.AuthMethod, apperr.RoleMissing:
		return "auth"
	case apperr.DBMissing, apperr.Permission, apperr.ReadOnly:
		return "database"
	}
	return ""
}

// stages writes down how the attempt that got furthest went.
func (t *trace) stages(sp *spec, e *apperr.Error, r Report, ended time.Time) []Stage {
	t.mu.Lock()
	defer t.mu.Unlock()
	a := t.furthest()
	failed := ""
	if e != nil {
		if failed = stageOf(e); failed == "" {
			failed = t.under(a)
		}
	}
	w := &writer{sp: sp, t: t, a: a, e: e, report: r, ended: ended}
	var list []Stage
	state := StageOK
	for _, s := range stageLabels[1:] {
		st := Stage{Name: s.name, Label: s.label, State: state, Facts: []Fact{}}
		switch {
		case state == StageUnreached:
		case s.name == failed:
			st.State, state = StageFailed, StageUnreached
			st.ElapsedUs = max(0, int(ended.Sub(w.start(s.name)).Microseconds())) // clocks of two processors differ now and then
			st.Says = e.Title
			st.Facts = w.facts(s.name)
			st.Remedy = w.remedy()
		default:
			w.passed(&st)
		}
		list = append(list, st)
	}
	return list
}

// writer puts a trace into words.
type writer struct {
	sp     *spec
	t      *trace
	a      *attempt
	e      *apperr.Error
	report Report
	ended  time.Time
}

// start is when a stage began.
func (w *writer) start(stage string) time.Time {
	last := w.t.began
	for _, at := range []struct {
		stage string
		end   time.Time
	}{{"dns", w.t.resolved}, {"tcp", w.a.accepted}, {"tls", w.a.secured}, {"startup", w.a.answered}, {"auth", w.a.admitted}} {
		if at.stage == stage {
			break
		}
		if at.end.After(last) {
			last = at.end
		}
	}
	if stage == "tcp" && w.a.dialled.After(last) {
		return w.a.dialled
	}
	return last
}

// passed fills in a stage that went well, or was not needed.
func (w *writer) passed(st *Stage) {
	t := w.a.target(w.sp)
	end := w.ended
	switch st.Name {
	case "dns":
		end = w.t.resolved
		if len(w.t.names) == 0 {
			st.State, st.Says = StageSkipped, "not needed: "+t.host+" is an address"
			if t.socket() {
				st.Says = "not needed: a socket on this computer"
			}
			return
		}
		st.Says = strings.Join(w.t.names, "; ")
	case "tcp":
		end = w.a.accepted
		st.Says = fmt.Sprintf("port %d of %s accepted", t.port, t.host)
		if t.socket() {
			st.Says = "the socket " + t.String() + " accepted"
		}
		var others []string // an address is tried twice when its server has no TLS
		for _, o := range w.t.attempts {
			if o.address != w.a.address && !slices.Contains(others, o.address) {
				others = append(others, o.address)
			}
		}
		if len(others) > 0 {
			st.Says += "; " + strings.Join(others, ", ") + " did not do"
		}
	case "tls":
		end = w.a.secured
		switch {
		case t.socket():
			st.State, st.Says = StageSkipped, "not needed: a socket on this computer"
		case end.IsZero() && w.t.refusedTLS:
			st.State, st.Says = StageSkipped, "the server offers none: the link is not encrypted"
		case end.IsZero():
			st.State, st.Says = StageSkipped, "not asked for: the link is not encrypted"
		default:
			st.Says = fmt.Sprintf("%s, certificate for %s", tls.VersionName(w.a.tls.Version), strings.Join(certNames(leaf(w.a.tls)), ", "))
			if len(w.a.tls.VerifiedChains) == 0 {
				st.Says += "; nobody checked that it is the right server"
			}
		}
		if st.State == StageSkipped {
			return
		}
	case "startup":
		end = w.a.answered
		st.Says = "it speaks PostgreSQL"
	case "auth":
		end = w.a.admitted
		st.Says = w.sp.config.User + " signed in " + w.a.method()
	case "database":
		r := w.report
		st.Says = fmt.Sprintf("%s on PostgreSQL %s", r.Database, r.ServerVersion)
		if r.Standby {
			st.Says += ", a standby"
		}
		if r.Pooler {
			st.Says += ", through a connection pooler"
		}
	}
	st.ElapsedUs = max(0, int(end.Sub(w.start(st.Name)).Microseconds()))
}

// facts are what was asked and what came back, in the stage that failed.
func (w *writer) facts(stage string) []Fact {
	t := w.a.target(w.sp)
	e := w.e
	var asked, came string
	var more []Fact
	switch stage {
	case "dns":
		asked = "the address of " + or(w.nameAsked(), t.host)
	case "tcp":
		asked = "a connection to " + t.String()
		if a := w.a.address; a != "" && !strings.HasPrefix(t.String(), a) {
			asked += " at " + a
		}
	case "tls":
		asked = "TLS with " + t.host
		if e.Kind == apperr.TLSHostname {
			return append([]Fact{{"You asked", e.Fields["asked"]}, {"It says", e.Fields["certificate"]}}, w.certificate()...)
		}
		more = w.certificate()
	case "startup":
		asked = fmt.Sprintf("a session for %s in %s", w.sp.config.User, w.sp.config.Database)
		if said := w.a.said(); e.Kind == apperr.NotPostgres && said != "" {
			came = said
		}
	case "auth":
		asked = fmt.Sprintf("to sign in as %s", w.sp.config.User)
		if m := w.a.method(); m != "" {
			asked += " " + m
		}
	case "database":
		asked = "the database " + w.sp.config.Database
		if kind := e.Fields["setting"]; kind == "target_session_attrs" {
			asked = "a server of another kind"
		}
	}
	if came == "" {
		came = e.Message
	}
	if came == "" && e.Unwrap() != nil {
		came = text(e.Unwrap())
	}
	list := []Fact{{"Asked for", asked}, {"Came back", came}}
	if e.Code != "" {
		list = append(list, Fact{"SQLSTATE", e.Code})
	}
	if e.Detail != "" {
		list = append(list, Fact{"Detail", e.Detail})
	}
	return append(list, more...)
}

func (w *writer) nameAsked() string {
	for _, t := range w.sp.targets {
		if strings.Contains(w.e.Title, t.host) {
			return t.host
		}
	}
	return ""
}

// certificate tells of the one that was refused: who it is for, who signed it, when it holds, its fingerprint.
func (w *writer) certificate() []Fact {
	c := refusedCertificate(w.e)
	if c == nil {
		return nil
	}
	return []Fact{
		{"For", strings.Join(certNames(c), ", ")},
		{"Signed by", c.Issuer.String()},
		{"Valid", c.NotBefore.UTC().Format("2006-01-02") + " to " + c.NotAfter.UTC().Format("2006-01-02")},
		{"SHA-256", fingerprint(c)},
	}
}

func refusedCertificate(err error) *x509.Certificate {
	var verify *tls.CertificateVerificationError
	if errors.As(err, &verify) && len(verify.UnverifiedCertificates) > 0 {
		return verify.UnverifiedCertificates[0]
	}
	var name x509.HostnameError
	var ca x509.UnknownAuthorityError
	var bad x509.CertificateInvalidError
	switch {
	case errors.As(err, &name):
		return name.Certificate
	case errors.As(err, &ca):
		return ca.Cert
	case errors.As(err, &bad):
		return bad.Cert
	}
	return nil
}

func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return strings.ReplaceAll(fmt.Sprintf("% X", sum[:]), " ", ":")
}

// remedy is the one change that is likely to help, where a program can know it.
func (w *writer) remedy() *Remedy {
	switch e := w.e; {
	case e.Kind == apperr.TLSHostname:
		if c := refusedCertificate(e); c != nil {
			if name := certNames(c)[0]; len(c.DNSNames)+len(c.IPAddresses) > 0 && !strings.HasPrefix(name, "*") && len(w.sp.targets) == 1 {
				return &Remedy{"Use " + name, "host", name}
			}
		}
	case e.Kind == apperr.AuthRule && e.Fields["setting"] == "sslmode":
		return &Remedy{"Use TLS", "sslmode", "require"}
	case e.Kind == apperr.DBMissing && w.sp.config.Database != "postgres":
		return &Remedy{"Use postgres", "dbname", "postgres"}
	case e.Kind == apperr.Refused || e.Kind == apperr.NotPostgres:
		if t := w.a.target(w.sp); t.port != 5432 && len(w.sp.targets) == 1 {
			return &Remedy{"Use port 5432", "port", defaultPort}
		}
	}
	return nil
}

func leaf(cs *tls.ConnectionState) *x509.Certificate {
	if len(cs.PeerCertificates) == 0 {
		return nil
	}
	return cs.PeerCertificates[0]
}
