package catalog

import (
	"context"
	"fmt"
	"strings"

	"desktop.tusk/backend/apperr"
)

// whole is what the questions about a relation answer.
type whole struct {
	head     row
	columns  []row
	inline   []string // constraints that stand in CREATE TABLE
	later    []string // those that are added to it
	alters   []string
	made     map[string][]string // statements, by the question that gave them
	sequence []row
	grants   grants
	onColumn grants
}

// Columns of definition_relation.sql.
const (
	headKind = iota
	headName
	headPersistence
	headOptions
	headTablespace
	headMethod
	headOwner
	headComment
	headPartitionKey
	headBound
	headParent
	headInherits
	headOfType
	headQuery
	headPopulated
	headServer
	headSecured
	headForced
	headReplica
	headPartitions
	headLabels
	headRowType
)

func (c *Catalog) defineRelation(ctx context.Context, q Querier, oid uint32, w *writer) error {
	d := whole{made: map[string][]string{}}
	parts := []part{
		{"relation", "definition_relation", func(r row) { d.head = r.clone() }},
		{"columns", "definition_columns", func(r row) { d.columns = append(d.columns, r.clone()) }},
		{"constraints", "definition_constraints", func(r row) {
			if r.yes(1) {
				d.inline = append(d.inline, r.text(0))
			} else {
				d.later = append(d.later, r.text(0))
			}
		}},
		{"columns", "definition_alters", statements(&d.alters)},
		{"sequences", "definition_sequences", func(r row) { d.sequence = append(d.sequence, r.clone()) }},
		{"policies", "describe_policies", func(r row) { d.made["policies"] = append(d.made["policies"], r.text(1)) }},
		{"privileges", "grants_relation", d.grants.add},
		{"privileges", "grants_column", d.onColumn.add},
	}
	for _, name := range []string{"indexes", "statistics", "triggers", "rules", "comments"} {
		parts = append(parts, part{name, "definition_" + name, func(r row) { d.made[name] = append(d.made[name], r.text(0)) }})
	}
	if err := c.askWhole(ctx, q, parts, oid); err != nil {
		return err
	}
	if d.head == nil {
		return gone("relation", "catalog.definition")
	}
	switch d.head.text(headKind) {
	case "S":
		return d.defineSequence(w)
	case "c":
		return c.defineType(ctx, q, d.head.oid(headRowType), w)
	case "r", "p", "f", "v", "m":
		d.define(w)
		return nil
	}
	return apperr.E(apperr.Unsupported, "There is no definition for this kind of object.", apperr.Op("catalog.definition"))
}

// word is what CREATE, ALTER and COMMENT call the relation.
func (d *whole) word() string {
	return map[string]string{"S": "SEQUENCE", "v": "VIEW", "m": "MATERIALIZED VIEW", "f": "FOREIGN TABLE"}[d.head.text(headKind)]
}

// define writes a table, view, materialized view or foreign table.
func (d *whole) define(w *writer) {
	h, name := d.head, d.head.text(headName)
	word, only := d.word(), ""
	if word == "" {
		word = "TABLE"
	}
	if word == "TABLE" || word == "FOREIGN TABLE" {
		only = "ONLY "
	}
	alter := "ALTER " + word + " " + only + name + " "
	for _, s := range d.sequence {
		w.say(s.text(0))
	}
	if h[headQuery] != nil {
		w.say(d.createView(word))
	} else {
		w.say(d.createTable(word))
	}
	for _, s := range d.sequence {
		w.say(s.text(1))
	}
	for _, a := range d.alters {
		w.say(alter + a)
	}
	d.say(w, "indexes")
	for _, k := range d.later {
		if h.text(headKind) == "p" { // a partitioned table takes no ONLY for a foreign key
			w.say("ALTER TABLE " + name + " ADD " + k)
		} else {
			w.say(alter + "ADD " + k)
		}
	}
	if parent := h.text(headParent); parent != "" {
		w.say("ALTER TABLE ONLY " + parent + " ATTACH PARTITION " + name + " " + h.text(headBound))
	}
	d.say(w, "statistics")
	d.say(w, "rules")
	d.say(w, "triggers")
	if h.yes(headSecured) {
		w.say("ALTER TABLE " + name + " ENABLE ROW LEVEL SECURITY")
	}
	if h.yes(headForced) {
		w.say("ALTER TABLE ONLY " + name + " FORCE ROW LEVEL SECURITY")
	}
	d.say(w, "policies")
	if r := h.text(headReplica); r != "" && strings.Contains("rpm", h.text(headKind)) {
		w.say(alter + "REPLICA IDENTITY " + r)
	}
	w.comment(word, name, h.text(headComment))
	d.say(w, "comments")
	w.say("ALTER " + word + " " + name + " OWNER TO " + h.text(headOwner))
	d.grants.write(w, "TABLE", name)
	d.onColumn.write(w, "TABLE", name)
	d.tellMissing(w)
}

func (d *whole) say(w *writer, question string) {
	for _, s := range d.made[question] {
		w.say(s)
	}
}

// persistence is what stands before TABLE or VIEW.
func (d *whole) persistence() string {
	return map[string]string{"u": "UNLOGGED ", "t": "TEMPORARY "}[d.head.text(headPersistence)]
}

func (d *whole) createTable(word string) string {
	h := d.head
	typed := h.text(headOfType)
	var lines []string
	for _, col := range d.columns {
		line := col.text(0) + " " + col.text(1)
		if typed != "" {
			if col.text(2)+col.text(3) == "" {
				continue
			}
			line = col.text(0) + " WITH OPTIONS"
		}
		if col.yes(4) || typed != "" {
			lines = append(lines, line+col.text(2)+col.text(3))
		}
	}
	lines = append(lines, d.inline...)
	var b strings.Builder
	b.WriteString("CREATE " + d.persistence() + word + " " + h.text(headName))
	if typed != "" {
		b.WriteString(" OF " + typed)
	}
	switch {
	case len(lines) > 0:
		b.WriteString(" (\n    " + strings.Join(lines, ",\n    ") + "\n)")
	case typed == "":
		b.WriteString(" (\n)")
	}
	if s := h.text(headInherits); s != "" {
		b.WriteString("\nINHERITS (" + s + ")")
	}
	if s := h.text(headPartitionKey); s != "" {
		b.WriteString("\nPARTITION BY " + s)
	}
	if s := h.text(headServer); s != "" {
		b.WriteString("\nSERVER " + s)
	}
	b.WriteString(d.storage())
	return b.String()
}

func (d *whole) createView(word string) string {
	h := d.head
	query := strings.TrimSuffix(strings.TrimRight(h.text(headQuery), "\n"), ";")
	text := "CREATE " + d.persistence() + word + " " + h.text(headName) + d.storage() + " AS\n" + query
	if word == "MATERIALIZED VIEW" && !h.yes(headPopulated) {
		text += "\nWITH NO DATA"
	}
	return text
}

// storage is what says how and where it is kept.
func (d *whole) storage() (s string) {
	if m := d.head.text(headMethod); m != "" {
		s += "\nUSING " + m
	}
	if o := d.head.text(headOptions); o != "" {
		s += "\nWITH (" + o + ")"
	}
	if t := d.head.text(headTablespace); t != "" {
		s += "\nTABLESPACE " + t
	}
	return s
}

func (d *whole) tellMissing(w *writer) {
	if n := d.head.number(headPartitions); n == 1 {
		w.miss("Its partition has a definition of its own.")
	} else if n > 1 {
		w.miss(fmt.Sprintf("Its %d partitions have definitions of their own.", n))
	}
	if d.head.yes(headLabels) {
		w.miss("Security labels are not part of it.")
	}
}

func (d *whole) defineSequence(w *writer) error {
	h, name := d.head, d.head.text(headName)
	for _, s := range d.sequence {
		w.say(s.text(0))
		if s.yes(2) {
			w.miss("An identity column makes this sequence; the table's definition has it.")
		}
	}
	w.comment("SEQUENCE", name, h.text(headComment))
	w.say("ALTER SEQUENCE " + name + " OWNER TO " + h.text(headOwner))
	for _, s := range d.sequence {
		w.say(s.text(1))
	}
	d.grants.write(w, "SEQUENCE", name)
	w.miss("Where the sequence stands is not part of it.")
	d.tellMissing(w)
	return nil
}
