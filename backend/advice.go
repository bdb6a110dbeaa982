package backend

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/suggest"
)

// advise says more about a failed statement of a tab: what was meant, which privilege is missing, who holds the lock.
// All but the last comes from memory.
func (a *AppState) advise(f session.Failure, s *session.Session) {
	names := a.names(s.ConnectionID(), s.ID())
	advise(f, names)
	if f.Error.Code == "55P03" || f.Error.Code == "40P01" {
		if _, pool, err := a.reachable(s.ConnectionID()); err == nil {
			nameHolders(a.ctx, pool, names, f)
		}
	}
}

// advise says what can be said from memory.
func advise(f session.Failure, names suggest.Names) {
	switch f.Error.Code {
	case "42703", "42702", "42P01", "42883", "42704", "3F000":
		meant(f, names)
	case "42501":
		missingGrant(f, names)
	case "23503":
		brokenKey(f, names)
	case "23505":
		takenKey(f, names)
	}
}

// missing are the titles for a name that is not known. The server's words are not looked at: they may be in any
// language, and what it points at is written in the statement.
var missing = map[string]string{
	"42703": "There is no column %s.", "42P01": "There is no table or view %s.", "42883": "There is no function %s.",
	"42704": "There is no type %s.", "3F000": "There is no schema %s.", "42702": "The column %s could mean more than one.",
}

// meant names the unknown thing and proposes what is near to it.
func meant(f session.Failure, names suggest.Names) {
	e := f.Error
	if e.Fields["internalQuery"] != "" || e.Where != "" {
		return // it is in a function, not in what the person wrote
	}
	place := -1
	if e.Position != nil {
		place = *e.Position - f.At
	}
	m := suggest.Nearest(names, f.Text, place, e.Code)
	if m.Name == "" {
		return
	}
	title := missing[e.Code]
	switch {
	case e.Code == "42883" && m.Known:
		title = "The function %s is not there for these arguments."
	case e.Code == "42P01" && m.Qualifier:
		title = "There is no table or alias %s in FROM."
	}
	e.Title = fmt.Sprintf(title, apperr.Plain(m.Name))
	for _, n := range m.Near {
		e.Fixes = append(e.Fixes, apperr.Fix{From: n.From + f.At, To: n.To + f.At, Text: n.Text, Detail: n.Detail})
	}
	switch {
	case m.Why != "":
		e.Hint = m.Why
	case len(m.Near) > 0:
		e.Hint = "A name may be misspelt, or need its schema or double quotes."
	}
}

// missingGrant says what to grant. Which object it is about stands in the message in every language; it is one of those
// the statement names.
func missingGrant(f session.Failure, names suggest.Names) {
	uses, _, _ := suggest.Uses(names, f.Text)
	said := map[string]bool{}
	for _, w := range strings.FieldsFunc(f.Error.Message, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '$'
	}) {
		said[w] = true
	}
	mentions := func(name string) bool {
		if said[name] {
			return true
		}
		return strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' }) && strings.Contains(f.Error.Message, name)
	}
	var found *suggest.Use
	for _, kind := range []string{"relation", "function", "schema"} {
		for _, u := range uses {
			if u.Kind != kind || !mentions(u.Name) || found != nil && (found.Kind == u.Kind && found.Schema == u.Schema && found.Name == u.Name) {
				continue
			}
			if found != nil && found.Kind == kind {
				return // two of the same name: it cannot be told which
			}
			if found == nil {
				found = &u
			}
		}
	}
	e, role := f.Error, suggest.Quote(f.User)
	if f.User == "" {
		return
	}
	if found == nil {
		if found = sequenceNamed(names, said); found == nil {
			return
		}
	}
	name := suggest.Quote(found.Schema) + "." + suggest.Quote(found.Name)
	grant := ""
	switch {
	case found.Kind == "schema":
		name = suggest.Quote(found.Name)
		e.Title = fmt.Sprintf("%s may not use the schema %s.", role, name)
		grant = fmt.Sprintf("grant usage on schema %s to %s", name, role)
	case found.Kind == "function":
		e.Title = fmt.Sprintf("%s may not call %s.", role, name)
		grant = fmt.Sprintf("grant execute on function %s to %s", name, role)
	case found.Relation.Kind == 'S':
		e.Title = fmt.Sprintf("%s may not use the sequence %s.", role, name)
		grant = fmt.Sprintf("grant usage on sequence %s to %s", name, role)
	case found.Privilege == "":
		e.Title = fmt.Sprintf("%s may not change what %s is.", role, name)
		e.Hint = fmt.Sprintf("Only its owner may. Connect as that role, or ask it to hand the object over: alter table %s owner to %s", name, role)
		return
	default:
		doing := map[string]string{"select": "read", "insert": "insert into", "update": "update", "delete": "delete from", "truncate": "truncate"}[found.Privilege]
		e.Title = fmt.Sprintf("%s may not %s %s.", role, doing, name)
		grant = fmt.Sprintf("grant %s on %s to %s", found.Privilege, name, role)
	}
	e.Hint = "Its owner can allow it: " + grant
	apperr.Field("grant", grant)(e)
}

// sequenceNamed finds the one sequence that is named among words: a statement uses it by its text or by a default.
func sequenceNamed(names suggest.Names, said map[string]bool) (found *suggest.Use) {
	for _, s := range names.Schemas() {
		for _, rel := range names.Relations(s.Name) {
			if rel.Kind != 'S' || !said[rel.Name] {
				continue
			}
			if found != nil {
				return nil
			}
			found = &suggest.Use{Kind: "relation", Schema: rel.Schema, Name: rel.Name, Relation: rel}
		}
	}
	return found
}

// keyColumns finds the columns in the detail of a broken key: it has the form (a, b)=(1, 2) in every language.
var keyColumns = regexp.MustCompile(`\(([^()=]+)\)=\(`)

// takenKey names the columns whose value is there already.
func takenKey(f session.Failure, names suggest.Names) {
	e := f.Error
	rel, ok := names.Relation(e.Fields["schema"], e.Fields["table"])
	m := keyColumns.FindStringSubmatch(e.Detail)
	if !ok || m == nil {
		return
	}
	columns := suggest.SplitNames(m[1])
	for _, c := range columns {
		if !slices.ContainsFunc(names.Columns(rel.OID), func(have suggest.Column) bool { return have.Name == c }) {
			return
		}
	}
	list := strings.Join(columns, ", ")
	e.Title = fmt.Sprintf("%s has a row with that %s already, and %s allows it only once.", rel.Name, list, e.Fields["constraint"])
	apperr.Field("column", list)(e)
}

// brokenKey says which end of a foreign key is missing. The server names the constraint and the table that refers.
func brokenKey(f session.Failure, names suggest.Names) {
	e := f.Error
	from, ok := names.Relation(e.Fields["schema"], e.Fields["table"])
	if !ok {
		return
	}
	_, target, verb := suggest.Uses(names, f.Text)
	for _, fk := range names.ForeignKeys(from.OID) {
		if fk.Name != e.Fields["constraint"] || fk.From != from.OID || target.OID == 0 {
			continue
		}
		columns := make([]string, len(fk.Columns))
		for i, c := range fk.Columns {
			columns[i] = suggest.Quote(from.Name) + "." + suggest.Quote(c)
		}
		to := nameOf(names, fk.To)
		refers := strings.Join(columns, ", ")
		switch {
		case target.OID == fk.From && (fk.From != fk.To || verb == "insert"):
			e.Title = fmt.Sprintf("%s refers to a row of %s that is not there.", refers, to)
			e.Hint = fmt.Sprintf("Insert the row into %s first, or use a value it has. The rule is %s.", to, fk.Name)
		case target.OID == fk.To && (fk.From != fk.To || verb == "delete"):
			e.Title = fmt.Sprintf("Rows of %s still refer to this row of %s.", suggest.Quote(from.Name), to)
			e.Hint = fmt.Sprintf("Remove or change those rows of %s first, by %s. The rule is %s.", suggest.Quote(from.Name), refers, fk.Name)
		}
		apperr.Field("column", strings.Join(fk.Columns, ", "))(e)
		return
	}
}

// nameOf is the name of a relation, with its schema where it needs one.
func nameOf(names suggest.Names, oid uint32) string {
	rel, ok := names.RelationOf(oid)
	if !ok {
		return "another table"
	}
	for _, schema := range names.SearchPath() {
		if first, ok := names.Relation(schema, rel.Name); ok {
			if first.OID == oid {
				return suggest.Quote(rel.Name)
			}
			break
		}
	}
	return suggest.Quote(rel.Schema) + "." + suggest.Quote(rel.Name)
}

// holdersLimit is how long is waited for who holds a lock.
const holdersLimit = time.Second

// nameHolders says who holds what a statement waited for, or who it was in a deadlock with.
func nameHolders(ctx context.Context, pool *conn.Pool, names suggest.Names, f session.Failure) {
	ctx, stop := context.WithTimeout(ctx, holdersLimit)
	defer stop()
	e := f.Error
	if e.Code == "40P01" {
		list, err := pool.Backends(ctx, numbers(e.Detail), f.PID)
		if who := holders(list); err == nil && who != "" {
			apperr.Field("holder", who)(e)
			e.Hint = fmt.Sprintf("The other one is %s. Roll back and run the whole transaction again.", who)
		}
		return
	}
	uses, _, verb := suggest.Uses(names, f.Text)
	var oids []uint32
	var tables []string
	for _, u := range uses {
		if u.Kind == "relation" {
			oids, tables = append(oids, u.Relation.OID), append(tables, suggest.Quote(u.Name))
		}
	}
	if len(oids) == 0 {
		return
	}
	words := strings.Fields(strings.ToLower(f.Text))
	list, err := pool.LockHolders(ctx, oids, f.PID, inTheWay(verb, words))
	who := holders(list)
	if err != nil || who == "" {
		return
	}
	apperr.Field("holder", who)(e)
	hold := "holds a lock on"
	if len(list) > 1 {
		hold = "hold locks on"
	}
	instead := "set lock_timeout higher"
	if slices.Contains(words, "nowait") {
		instead = "leave nowait out"
	}
	e.Hint = fmt.Sprintf("%s %s %s. Try again when that is over, or %s.", who, hold, strings.Join(tables, ", "), instead)
	if source := e.Fields["source"]; source != "" {
		e.Hint += " The limit comes from " + source + "."
	}
}

// numbers finds the numbers in a text. The detail of a deadlock names the processes, in any language as numbers.
func numbers(text string) (list []uint32) {
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
		if n, err := strconv.ParseUint(w, 10, 31); err == nil {
			list = append(list, uint32(n))
		}
	}
	return list
}

// inTheWay is the weakest lock on a table that can stop a statement. Rows that are locked show as a weak lock on their
// table.
func inTheWay(verb string, words []string) conn.LockStrength {
	switch verb {
	case "insert", "update", "delete", "merge", "with":
		return conn.LocksRows
	case "select":
		for i, w := range words[:len(words)-1] {
			if next := words[i+1]; w == "for" && (next == "update" || next == "share" || next == "no" || next == "key") {
				return conn.LocksRows
			}
		}
		return conn.LocksReading
	}
	return conn.LocksAny
}

// holders writes backends as "pid 4242 (app_rw, psql, idle in transaction for 12 min)".
func holders(backends []conn.Backend) string {
	var list []string
	for _, b := range backends {
		var about []string
		for _, s := range []string{b.User, b.Application} {
			if s != "" {
				about = append(about, apperr.Plain(s))
			}
		}
		if state := b.State; state != "" {
			if state == "active" {
				state = "running"
			}
			about = append(about, state+" for "+roughly(b.Since))
		}
		s := fmt.Sprintf("pid %d", b.PID)
		if len(about) > 0 {
			s += " (" + strings.Join(about, ", ") + ")"
		}
		list = append(list, s)
	}
	return strings.Join(list, " and ")
}

// roughly writes a time as 5 s, 12 min, 3 h.
func roughly(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(max(d, 0).Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	}
	return fmt.Sprintf("%d h", int(d.Hours()))
}
