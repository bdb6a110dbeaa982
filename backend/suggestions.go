package backend

import (
	"context"
	"strconv"
	"strings"

	"desktop.tusk/backend/catalog"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/secret"
	"desktop.tusk/backend/suggest"
)

// sessionNames is what is known of a database, as a session sees it.
type sessionNames struct {
	*names
	path    []string
	version int
}

// SearchPath is the session's, where the server tells it, else that of a new session.
func (n sessionNames) SearchPath() []string { return n.path }

// Version is the server's, as server_version_num.
func (n sessionNames) Version() int { return n.version }

// names is what is known for a tab, from memory: of an unknown connection, and before its catalog was read, only the
// language.
func (a *AppState) names(connectionID, sessionID string) suggest.Names {
	known := a.namesOf(connectionID)
	if known == nil {
		return suggest.Language{}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	n := sessionNames{names: known, path: known.SearchPath()}
	c := a.connections[connectionID]
	if c == nil || c.pool == nil {
		return n
	}
	report := c.pool.Report()
	n.version = versionNumber(report.ServerVersion)
	if s := c.sessions[sessionID]; s != nil {
		if written, told := s.SearchPath(); told {
			n.path = searchPath(written, report.User, known.Schemas())
		}
	}
	return n
}

// versionNumber makes 180001 of "18.1 (Debian 18.1-1)", 0 of what is no version.
func versionNumber(version string) int {
	word, _, _ := strings.Cut(version, " ")
	major, minor, _ := strings.Cut(word, ".")
	m, err := strconv.Atoi(strings.TrimRight(major, "abcdefghijklmnopqrstuvwxyz"))
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(minor) // 18beta1 has none
	return m*10000 + n
}

// searchPath reads a search_path as it was set. Schemas that do not exist are passed over, as by the server; pg_catalog
// is first where it is not named.
func searchPath(written, user string, schemas []suggest.Schema) []string {
	exists := map[string]bool{"pg_catalog": true}
	for _, s := range schemas {
		exists[s.Name] = true
	}
	var path []string
	catalog := false
	for _, part := range suggest.SplitNames(written) {
		if part == "$user" {
			part = user
		}
		catalog = catalog || part == "pg_catalog"
		if exists[part] {
			path = append(path, part)
		}
	}
	if !catalog {
		path = append([]string{"pg_catalog"}, path...)
	}
	return path
}

// CompleteOnce connects, reads the catalog whole, and tells what can be written at the cursor. The request's ids are not
// looked at. Errors: those of connecting and of reading the catalog.
func CompleteOnce(ctx context.Context, profile conn.Profile, password secret.Secret, req CompleteRequest) (suggest.Completion, error) {
	pool, err := conn.Open(ctx, profile, password)
	if err != nil {
		return suggest.Completion{}, err
	}
	defer pool.Close()
	c, err := catalog.Load(ctx, pool, nil)
	if err != nil {
		return suggest.Completion{}, err
	}
	if c, err = c.Fill(ctx, pool); err != nil {
		return suggest.Completion{}, err
	}
	n := sessionNames{names: newNames(c), path: c.SearchPath(), version: versionNumber(pool.Report().ServerVersion)}
	return suggest.At(n, req.Text, req.Cursor, suggest.Options{Upper: req.Upper}), nil
}
