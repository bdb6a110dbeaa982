package backend

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/sortkey"
	"desktop.tusk/backend/spool"
)

// orders is what a connection's server was asked about how it orders values: the labels of enums, the collations of
// columns. It is asked once for each.
type orders struct {
	mu         sync.Mutex // guards what follows; held while the server is asked
	labels     map[uint32][]string
	collations map[collated]string
	asked      bool
	collation  string // of the database; "" when it is not known
}

type collated struct {
	table     uint32
	attribute int
}

// orderLimit is how long the server may take to say how it orders; without it text is ordered by Unicode's rules.
const orderLimit = 3 * time.Second

// textTypes are those that have a collation.
var textTypes = map[uint32]bool{25: true, 1042: true, 1043: true}

// firstOwnType is the first OID that a type made by a person may have.
const firstOwnType = 16384

// rules are how the columns of a result are ordered. What only the server knows is asked for; when it cannot be asked any
// more, values are ordered as text by Unicode's rules.
func (a *AppState) rules(run *session.Run, id string, columns []spool.Column) []sortkey.Rule {
	_, zone := run.Source(id)
	a.mu.Lock()
	c := a.connections[run.ConnectionID()]
	a.mu.Unlock()
	var o *orders
	if c != nil && c.pool != nil {
		ctx, stop := context.WithTimeout(c.ctx, orderLimit)
		defer stop()
		o = &c.orders
		o.mu.Lock()
		defer o.mu.Unlock()
		if err := o.learn(ctx, c.pool, columns); err != nil {
			a.log.Debug().Err(err).Msg("order of values not known")
		}
	}
	place, err := time.LoadLocation(zone)
	if err != nil {
		place = nil
	}
	rules := make([]sortkey.Rule, len(columns))
	for i, col := range columns {
		k := sortkey.Column{OID: col.TypeOID, Zone: place}
		if o != nil {
			k.Labels = o.labels[col.TypeOID]
			if k.Collation = o.collations[collated{col.TableOID, col.Attribute}]; k.Collation == "" {
				k.Collation = o.collation
			}
		}
		rules[i] = sortkey.For(k)
	}
	return rules
}

// learn asks for what is not known yet.
func (o *orders) learn(ctx context.Context, pool *conn.Pool, columns []spool.Column) error {
	if o.labels == nil {
		o.labels, o.collations = map[uint32][]string{}, map[collated]string{}
	}
	var types, tables []string
	text := false
	for _, c := range columns {
		if _, known := o.labels[c.TypeOID]; !known && c.TypeOID >= firstOwnType {
			types = append(types, fmt.Sprint(c.TypeOID))
		}
		if textTypes[c.TypeOID] {
			text = true
			if _, known := o.collations[collated{c.TableOID, c.Attribute}]; !known && c.TableOID > 0 {
				tables = append(tables, fmt.Sprint(c.TableOID))
			}
		}
	}
	if len(types)+len(tables) == 0 && (o.asked || !text) {
		return nil
	}
	// The columns that say what a locale is called have changed their names with the versions.
	const locale = `coalesce(pg_catalog.to_jsonb(%[1]s) operator(pg_catalog.->>) 'colllocale', pg_catalog.to_jsonb(%[1]s) operator(pg_catalog.->>) 'colliculocale',
 pg_catalog.to_jsonb(%[1]s) operator(pg_catalog.->>) 'datlocale', pg_catalog.to_jsonb(%[1]s) operator(pg_catalog.->>) 'daticulocale', %[2]s)`
	questions := []string{
		"select e.enumtypid::pg_catalog.text, e.enumlabel::pg_catalog.text, $2::pg_catalog.text from pg_catalog.pg_enum e where e.enumtypid operator(pg_catalog.=) any ($1::pg_catalog.oid[]) order by e.enumtypid, e.enumsortorder",
		"select a.attrelid::pg_catalog.text, a.attnum::pg_catalog.text, " + fmt.Sprintf(locale, "c", "c.collcollate") + `, $1::pg_catalog.text from pg_catalog.pg_attribute a
 join pg_catalog.pg_collation c on c.oid operator(pg_catalog.=) a.attcollation
 where a.attrelid operator(pg_catalog.=) any ($2::pg_catalog.oid[]) and c.collname operator(pg_catalog.<>) 'default' and a.attnum operator(pg_catalog.>) 0`,
		"select " + fmt.Sprintf(locale, "d", "d.datcollate") + ", $1::pg_catalog.text, $2::pg_catalog.text from pg_catalog.pg_database d where d.datname operator(pg_catalog.=) pg_catalog.current_database()",
	}
	err := pool.Ask(ctx, questions, func(question int, v [][]byte) {
		var oid uint32
		var attribute int
		switch question {
		case 0:
			if _, err := fmt.Sscan(string(v[0]), &oid); err == nil {
				o.labels[oid] = append(o.labels[oid], string(v[1]))
			}
		case 1:
			if _, err := fmt.Sscan(string(v[0])+" "+string(v[1]), &oid, &attribute); err == nil {
				o.collations[collated{oid, attribute}] = languageOf(string(v[2]))
			}
		case 2:
			o.collation = languageOf(string(v[0]))
		}
	}, "{"+strings.Join(types, ",")+"}", "{"+strings.Join(tables, ",")+"}")
	if err != nil {
		return err
	}
	o.asked = true
	for _, c := range columns { // these have none
		if _, known := o.labels[c.TypeOID]; !known {
			o.labels[c.TypeOID] = nil
		}
		if at := (collated{c.TableOID, c.Attribute}); o.collations[at] == "" {
			o.collations[at] = ""
		}
	}
	return nil
}

// languageOf makes of a server's locale what sortkey wants: C for those that compare bytes, else a language.
func languageOf(locale string) string {
	name, _, _ := strings.Cut(locale, ".")
	name, _, _ = strings.Cut(name, "@")
	switch {
	case name == "C" || name == "POSIX" || name == "PG_C_UTF8":
		return "C" // C.UTF-8 orders by code points, which is how UTF-8's bytes are ordered
	case name == "":
		return "und"
	}
	return strings.ReplaceAll(name, "_", "-")
}
