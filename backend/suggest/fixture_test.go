package suggest_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"desktop.tusk/backend/suggest"
)

// world is a fixed catalog, read from testdata/names.txt.
type world struct {
	path      []string
	schemas   []suggest.Schema
	relations map[string][]suggest.Relation
	byName    map[[2]string]suggest.Relation
	byOID     map[uint32]suggest.Relation
	columns   map[uint32][]suggest.Column
	keys      map[uint32][]suggest.ForeignKey
	functions map[string][]suggest.Function
	types     map[string][]suggest.Type
	roles     []string
	version   int
}

func (w *world) SearchPath() []string                           { return w.path }
func (w *world) Schemas() []suggest.Schema                      { return w.schemas }
func (w *world) Relations(s string) []suggest.Relation          { return w.relations[s] }
func (w *world) Columns(oid uint32) []suggest.Column            { return w.columns[oid] }
func (w *world) ForeignKeys(oid uint32) []suggest.ForeignKey    { return w.keys[oid] }
func (w *world) Functions(s string) []suggest.Function          { return w.functions[s] }
func (w *world) Types(s string) []suggest.Type                  { return w.types[s] }
func (w *world) RelationOf(oid uint32) (suggest.Relation, bool) { r, ok := w.byOID[oid]; return r, ok }
func (w *world) Roles() []string                                { return w.roles }
func (w *world) Version() int                                   { return w.version }
func (w *world) Relation(s, n string) (suggest.Relation, bool) {
	r, ok := w.byName[[2]string{s, n}]
	return r, ok
}

func newWorld() *world {
	return &world{
		relations: map[string][]suggest.Relation{}, byName: map[[2]string]suggest.Relation{}, byOID: map[uint32]suggest.Relation{}, columns: map[uint32][]suggest.Column{},
		keys: map[uint32][]suggest.ForeignKey{}, functions: map[string][]suggest.Function{}, types: map[string][]suggest.Type{}, version: 180001,
	}
}

// words splits at blanks outside of quotes, and takes the quotes away.
func words(line string) (list []string) {
	quoted, b, any := false, strings.Builder{}, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '"' && quoted && i+1 < len(line) && line[i+1] == '"':
			b.WriteByte('"')
			i++
		case c == '"':
			quoted, any = !quoted, true
		case c == ' ' && !quoted:
			if any {
				list = append(list, b.String())
			}
			b.Reset()
			any = false
		default:
			b.WriteByte(c)
			any = true
		}
	}
	if any {
		list = append(list, b.String())
	}
	return list
}

// roastery reads testdata/names.txt.
func roastery(t testing.TB) *world {
	t.Helper()
	b, err := os.ReadFile("testdata/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld()
	schema, relation := "", uint32(0)
	for _, line := range strings.Split(string(b), "\n") {
		line, comment, _ := strings.Cut(line, " -- ")
		f := words(line)
		if len(f) == 0 || line[0] == '#' {
			continue
		}
		kinds := map[string]byte{"table": 'r', "view": 'v', "matview": 'm', "parted": 'p', "part": 'r', "sequence": 'S'}
		switch f[0] {
		case "path":
			w.path = f[1:]
		case "schema":
			schema = f[1]
			w.schemas = append(w.schemas, suggest.Schema{Name: schema, Comment: comment, System: len(f) > 2})
		case "table", "view", "matview", "parted", "part", "sequence":
			rel := suggest.Relation{OID: uint32(16384 + len(w.byName)), Schema: schema, Name: f[1], Kind: kinds[f[0]], Part: f[0] == "part", Rows: -1, Comment: comment}
			if len(f) > 2 {
				rel.Rows, _ = strconv.Atoi(f[2])
			}
			relation = rel.OID
			w.add(rel)
		case "fk":
			w.key(t, f)
		case "function", "procedure", "aggregate", "window":
			w.function(line, comment)
		case "enum", "domain", "base":
			w.types[f[1]] = append(w.types[f[1]], suggest.Type{Schema: f[1], Name: f[2], Kind: f[0][0], Labels: f[3:], Comment: comment})
		case "roles":
			w.roles = f[1:]
		default:
			w.columns[relation] = append(w.columns[relation], readColumn(line, comment))
		}
	}
	return w
}

func (w *world) add(rel suggest.Relation) {
	w.relations[rel.Schema] = append(w.relations[rel.Schema], rel)
	w.byName[[2]string{rel.Schema, rel.Name}] = rel
	w.byOID[rel.OID] = rel
}

func readColumn(line, comment string) suggest.Column {
	f := words(strings.TrimSpace(line))
	c := suggest.Column{Name: strings.TrimSuffix(f[0], "!"), NotNull: strings.HasSuffix(f[0], "!"), Type: strings.Join(f[1:], " "), Comment: comment}
	for more := true; more; {
		switch c.Type[len(c.Type)-1] {
		case '*':
			c.Key = true
		case '=':
			c.HasDefault = true
		case '#':
			c.HasDefault, c.Generated = true, true
		default:
			more = false
			continue
		}
		c.Type = c.Type[:len(c.Type)-1]
	}
	return c
}

func (w *world) key(t testing.TB, f []string) {
	t.Helper()
	end := func(s string) (uint32, []string) {
		name, cols, _ := strings.Cut(strings.TrimSuffix(s, ")"), "(")
		schema, table, _ := strings.Cut(name, ".")
		rel, ok := w.byName[[2]string{schema, table}]
		if !ok {
			t.Fatalf("no table %s for %s", name, f[1])
		}
		return rel.OID, strings.Split(cols, ",")
	}
	fk := suggest.ForeignKey{Name: f[1], NotNull: len(f) > 4}
	fk.From, fk.Columns = end(f[2])
	fk.To, fk.ToColumns = end(f[3])
	w.keys[fk.From] = append(w.keys[fk.From], fk)
	if fk.To != fk.From {
		w.keys[fk.To] = append(w.keys[fk.To], fk)
	}
}

func (w *world) function(line, comment string) {
	head, result, _ := strings.Cut(line, " -> ")
	f := words(head)
	fn := suggest.Function{Kind: f[0][0], Schema: f[1], Name: f[2], Result: result, Comment: comment}
	rest := strings.TrimSpace(strings.TrimPrefix(strings.SplitN(head, " ", 4)[3], " "))
	for _, a := range strings.Split(rest, ";") {
		if a = strings.TrimSpace(a); a != "" {
			fn.Arguments = append(fn.Arguments, a)
			if !strings.Contains(a, "DEFAULT") {
				fn.Required++
			}
		}
	}
	if cols, ok := strings.CutPrefix(result, "set("); ok {
		fn.Set = true
		for _, c := range strings.Split(strings.TrimSuffix(cols, ")"), ";") {
			name, typ, _ := strings.Cut(strings.TrimSpace(c), " ")
			fn.Columns = append(fn.Columns, suggest.Column{Name: name, Type: typ})
		}
		fn.Result = "SETOF record"
		if len(fn.Columns) == 1 {
			fn.Result = "SETOF " + fn.Columns[0].Type
			fn.Columns = nil
		}
	}
	if typ, ok := strings.CutPrefix(result, "setof "); ok {
		fn.Set, fn.Result = true, "SETOF "+typ
	}
	w.functions[fn.Schema] = append(w.functions[fn.Schema], fn)
}
