package backend

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/suggest"
)

// keyLimit is how long the server may take to say what the key of a table is.
const keyLimit = 5 * time.Second

// updatable is what UPDATE needs to know of the table a result comes from.
type updatable struct {
	table string // as SQL
	// names are those the columns have in the table, "" for what is no column of it that can be set; key are the places of its
	// primary key.
	names []string
	key   []int
}

// updatable asks the server for the table that the columns come from. Errors: usage (none, several, no key, a key the
// result has not), and what asking brings.
func (a *AppState) updatable(run *session.Run, columns []spool.Column) (u updatable, err error) {
	table := uint32(0)
	for _, c := range columns {
		switch {
		case c.TableOID == 0:
		case table == 0:
			table = c.TableOID
		case c.TableOID != table:
			return u, apperr.E(apperr.Usage, "These columns come from several tables.", apperr.Message("An UPDATE writes to one."), apperr.Hint("Query one of them alone."))
		}
	}
	if table == 0 {
		return u, apperr.E(apperr.Usage, "These columns come from no table.", apperr.Hint("Query a table itself: an UPDATE needs to know it."))
	}
	a.mu.Lock()
	c := a.connections[run.ConnectionID()]
	a.mu.Unlock()
	if c == nil || c.pool == nil {
		return u, apperr.E(apperr.Usage, "The server cannot be asked for the key of the table: it is not connected.", apperr.Hint("Connect again, and run the query again."))
	}
	names, computed := map[int]string{}, map[int]bool{}
	var key []int
	ctx, stop := context.WithTimeout(c.ctx, keyLimit)
	defer stop()
	err = c.pool.Ask(ctx, []string{
		"select n.nspname::pg_catalog.text, r.relname::pg_catalog.text from pg_catalog.pg_class r join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) r.relnamespace where r.oid operator(pg_catalog.=) $1::pg_catalog.oid",
		// As JSON, for attgenerated is not there before PostgreSQL 12.
		"select a.attnum::pg_catalog.text, a.attname::pg_catalog.text, coalesce(pg_catalog.to_jsonb(a) operator(pg_catalog.->>) 'attgenerated', '') operator(pg_catalog.<>) '' or coalesce(pg_catalog.to_jsonb(a) operator(pg_catalog.->>) 'attidentity', '') operator(pg_catalog.=) 'a' from pg_catalog.pg_attribute a where a.attrelid operator(pg_catalog.=) $1::pg_catalog.oid and a.attnum operator(pg_catalog.>) 0 and not a.attisdropped",
		"select pg_catalog.unnest(k.conkey)::pg_catalog.text from pg_catalog.pg_constraint k where k.conrelid operator(pg_catalog.=) $1::pg_catalog.oid and k.contype operator(pg_catalog.=) 'p'",
	}, func(question int, v [][]byte) {
		n, _ := strconv.Atoi(string(v[0])) // the first one is asked for no number
		switch question {
		case 0:
			u.table = suggest.Quote(string(v[0])) + "." + suggest.Quote(string(v[1]))
		case 1:
			names[n], computed[n] = string(v[1]), string(v[2]) == "t"
		case 2:
			key = append(key, n)
		}
	}, fmt.Sprint(table))
	switch {
	case err != nil:
		return u, err
	case u.table == "":
		return u, apperr.E(apperr.Usage, "The table these columns come from is gone.", apperr.Hint("Run the query again."))
	case len(key) == 0:
		return u, apperr.E(apperr.Usage, u.table+" has no primary key.", apperr.Message("An UPDATE finds its row by it."), apperr.Hint("Copy as INSERT instead."))
	}
	u.names = make([]string, len(columns))
	for i, c := range columns {
		if c.TableOID == table && (!computed[c.Attribute] || slices.Contains(key, c.Attribute)) {
			u.names[i] = names[c.Attribute]
		}
	}
	var missing []string
	for _, n := range key {
		if at := slices.IndexFunc(columns, func(c spool.Column) bool { return c.TableOID == table && c.Attribute == n }); at >= 0 {
			u.key = append(u.key, at)
		} else {
			missing = append(missing, names[n])
		}
	}
	if len(missing) > 0 {
		return u, apperr.E(apperr.Usage, "The key of "+u.table+" is not in the result.", apperr.Message("An UPDATE finds its row by it."), apperr.Hint("Select "+strings.Join(missing, ", ")+" too."))
	}
	return u, nil
}

// keyNames are the names of the key's columns.
func (u updatable) keyNames() []string {
	var list []string
	for _, c := range u.key {
		list = append(list, u.names[c])
	}
	return list
}

// with gives the columns of the table among those chosen, each once, with its key before them.
func (u updatable) with(chosen []int) []int {
	list := slices.Clone(u.key)
	for _, c := range chosen {
		if u.names[c] != "" && !slices.ContainsFunc(list, func(have int) bool { return u.names[have] == u.names[c] }) {
			list = append(list, c)
		}
	}
	return list
}
