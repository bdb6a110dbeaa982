package load

import (
	"fmt"
	"strings"
	"unicode"

	"desktop.tusk/backend/apperr"
)

// What happens to a row whose key is in the table.
const (
	Stop   = ""       // it is an error
	Skip   = "skip"   // the row in the table stays
	Update = "update" // it gets the values of the file
)

// Plan says where rows go.
type Plan struct {
	Schema string // "" for the first on the search path that has the table
	Table  string
	Create bool // the table is made
	// Columns has for each column of the file where it goes.
	Columns   []Column
	KeepGoing bool // rows that do not fit are rejected
	// Decimal is "," where numbers are written as 1.234,50, "." where as 1234.50; in each, a space or an apostrophe may stand
	// between thousands. "" leaves them as they are.
	Decimal string
	// Dates is "DMY" or "MDY", the order of dates that are not in ISO 8601; "" leaves it to the server's DateStyle.
	Dates    string
	Conflict string
	Key      []string // for Update: the columns of a unique key; the primary key when empty
}

// Column is one of the table's.
type Column struct {
	Name string // "" when the file's is left out
	Type string // as SQL; for a new table
}

func (p Plan) name() string {
	if p.Schema == "" {
		return quote(p.Table)
	}
	return quote(p.Schema) + "." + quote(p.Table)
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// used gives the columns that are filled, and which of the file's each has.
func (p Plan) used() (columns []Column, from []int) {
	for i, c := range p.Columns {
		if c.Name != "" {
			columns, from = append(columns, c), append(from, i)
		}
	}
	return columns, from
}

func (p Plan) check() error {
	wrong := func(title, hint string) error { return apperr.E(apperr.Usage, title, apperr.Hint(hint)) }
	columns, _ := p.used()
	seen := map[string]bool{}
	for _, c := range columns {
		switch {
		case seen[c.Name]:
			return wrong(fmt.Sprintf("Two columns of the file go into %s.", c.Name), "Leave one of them out.")
		case p.Create && strings.TrimSpace(c.Type) == "":
			return wrong("The column "+c.Name+" has no type.", "Give it one, such as text.")
		}
		seen[c.Name] = true
	}
	switch {
	case p.Table == "":
		return wrong("There is no table to import into.", "Choose one, or give a new one a name.")
	case len(columns) == 0:
		return wrong("All columns of the file are left out.", "Choose at least one.")
	case p.Conflict != Stop && p.Conflict != Skip && p.Conflict != Update:
		return wrong(fmt.Sprintf("%q says not what to do when a key exists.", p.Conflict), "It is skip or update, or nothing.")
	case p.Conflict != Stop && p.Create:
		return wrong("A new table has no key yet.", "Leave out what to do when a key exists.")
	}
	return nil
}

// Match proposes for each column of a file the one of the table that is called alike; "" where there is none.
func Match(file []string, table []string) []string {
	found := make([]string, len(file))
	used := map[string]bool{}
	for _, alike := range []func(a, b string) bool{
		func(a, b string) bool { return a == b },
		func(a, b string) bool { return ColumnName(a) == ColumnName(b) },
		func(a, b string) bool { return squeezed(a) == squeezed(b) },
	} {
		for i, f := range file {
			for _, t := range table {
				if found[i] == "" && !used[t] && alike(f, t) {
					found[i], used[t] = t, true
				}
			}
		}
	}
	return found
}

func squeezed(s string) string { return strings.ReplaceAll(ColumnName(s), "_", "") }

// ColumnName makes of what a column is called in a file a name that SQL takes without quotes, where that can be.
func ColumnName(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(strings.TrimSpace(s)) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = b.Len() > 0
			continue
		}
		if gap || b.Len() == 0 && unicode.IsDigit(r) {
			b.WriteByte('_')
			gap = false
		}
		b.WriteRune(r)
	}
	name := b.String()
	switch name {
	case "":
		return "column"
	case "ctid", "oid", "tableoid", "cmin", "cmax", "xmin", "xmax": // every table has them
		name = "_" + name
	}
	return shortened(name, longestName)
}

// longestName is how many bytes of a name PostgreSQL keeps.
const longestName = 63

func shortened(name string, longest int) string {
	for len(name) > longest {
		name = strings.ToValidUTF8(name[:longest], "")
	}
	return name
}

// ColumnNames makes one of each, and none twice.
func ColumnNames(file []string) []string {
	names := make([]string, len(file))
	used := map[string]bool{}
	for i, f := range file {
		names[i] = ColumnName(f)
		for n := 2; used[names[i]]; n++ {
			suffix := fmt.Sprintf("_%d", n)
			names[i] = shortened(ColumnName(f), longestName-len(suffix)) + suffix
		}
		used[names[i]] = true
	}
	return names
}
