package catalog_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/catalog"
	"desktop.tusk/backend/internal/pgtest"
)

func TestEmptyDatabase(t *testing.T) {
	t.Parallel()
	majors(t, func(t *testing.T, s *pgtest.Server) {
		d := open(t, s.DB(t))
		c := d.load()
		if c.Complete() || c.Columns(1259) != nil || c.Functions() != nil {
			t.Error("a tree claims to know columns")
		}
		c, first := d.fill(), c
		if !c.Complete() || c.Version() <= first.Version() {
			t.Errorf("version %d after %d, complete: %v", c.Version(), first.Version(), c.Complete())
		}
		tree := c.Tree()
		var names []string
		for _, s := range tree.Schemas {
			names = append(names, fmt.Sprint(s.Name, " ", s.System))
		}
		if !slices.Equal(names, []string{"information_schema true", "pg_catalog true", "public false"}) {
			t.Errorf("the schemas are %q", names)
		}
		if len(tree.Problems) > 0 {
			t.Errorf("problems: %q", tree.Problems)
		}
		if !slices.Equal(c.SearchPath(), []string{"pg_catalog", "public"}) {
			t.Errorf("the search path is %q", c.SearchPath())
		}
		system := tree.Schemas[1]
		for kind, want := range map[string]int{"function": system.Functions, "type": system.Types} {
			m, err := c.Members(context.Background(), d.pool, kind, system.OID)
			if err != nil || len(m.Members) != want || want < 60 {
				t.Errorf("%d members of kind %s are listed, %v; %d are counted", len(m.Members), kind, err, want)
			}
		}
		for _, kind := range []string{"extension", "role"} {
			if m, err := c.Members(context.Background(), d.pool, kind, 0); err != nil || len(m.Members) == 0 {
				t.Errorf("%s: %d, %v", kind, len(m.Members), err)
			}
		}
		if _, err := c.Members(context.Background(), d.pool, "operator", 0); apperr.KindOf(err) != apperr.Usage {
			t.Errorf("members of a kind that is not known: %v", err)
		}
	})
}

// TestHostileNames finds, opens and names what the fixture has under names that have broken clients.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	majors(t, func(t *testing.T, s *pgtest.Server) {
		ctx := context.Background()
		d := open(t, s.DB(t))
		d.exec(script(t, "hostile.sql", s.Major))
		c := d.fill()
		tree := c.Tree()
		kinds := map[byte]int{}
		for i, oid := range tree.OIDs {
			schema, name := tree.Schemas[tree.Schema[i]].Name, tree.Names[i]
			if i > 0 && tree.Schema[i] < tree.Schema[i-1] {
				t.Fatal("the relations are not in the order of their schemas")
			}
			if schema != "k_table" && schema != "k_view" && schema != "k_foreign" && schema != "k_partitioned" && schema != "k_sequence" {
				continue
			}
			kinds[tree.Kinds[i]]++
			got, err := c.Describe(ctx, d.pool, oid)
			if err != nil || len(got.Problems) > 0 || got.Name != name || got.Schema != schema {
				t.Errorf("%s.%q: %+v %v", schema, name, got, err)
				continue
			}
			if n := d.value("select '" + strings.ReplaceAll(got.Quoted, "'", "''") + "'::pg_catalog.regclass::pg_catalog.oid"); n != fmt.Sprint(oid) {
				t.Errorf("%s does not name %s.%q", got.Quoted, schema, name)
			}
			if schema == "k_table" {
				checkTable(t, c, got)
			}
			hits := c.Search(strings.ReplaceAll(name, ".", " "), 400).Hits
			if !slices.ContainsFunc(hits, func(h catalog.SearchHit) bool { return h.OID == oid && h.Name == name }) && !strings.ContainsAny(name, `".`) {
				t.Errorf("%q is not found by its own name", name)
			}
		}
		for _, kind := range "rvfpS" {
			if kinds[byte(kind)] != 22 {
				t.Errorf("%d relations of kind %c are in the tree", kinds[byte(kind)], kind)
			}
		}
	})
}

// checkTable holds a table of the hostile fixture, its name N, against what was made.
func checkTable(t *testing.T, c *catalog.Catalog, d catalog.Description) {
	t.Helper()
	n := d.Name
	if len(d.Columns) != 3 || d.Columns[1].Name != n || d.Columns[1].Comment != n || !d.Columns[1].NotNull || d.Columns[1].Default == "" {
		t.Errorf("columns of %q: %+v", n, d.Columns)
	}
	has := func(list []catalog.NamedSQL) bool {
		return len(list) == 1 && list[0].Name == n && list[0].Comment == n && list[0].Enabled && strings.HasPrefix(list[0].Definition, "CREATE ")
	}
	if d.Comment != n || !has(d.Triggers) || !has(d.Rules) || !has(d.Policies) {
		t.Errorf("%q: %+v", n, d)
	}
	checks := slices.DeleteFunc(d.Constraints, func(k catalog.ConstraintInfo) bool { return k.Type != "check" })
	if len(checks) != 1 || checks[0].Name != n || checks[0].Comment != n || !checks[0].Valid {
		t.Errorf("constraints of %q: %+v", n, checks)
	}
	if !slices.ContainsFunc(d.Grants, func(g catalog.GrantInfo) bool { return g.Role == `tusk ";'%s role` && g.Privileges == "SELECT" }) {
		t.Errorf("grants of %q: %+v", n, d.Grants)
	}
	if cols := c.Columns(d.OID); len(cols) != 3 || cols[1].Name != n || cols[1].Comment != n || !cols[1].NotNull || !cols[1].HasDefault || cols[0].NotNull {
		t.Errorf("%q in memory: %+v", n, cols)
	}
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	majors(t, func(t *testing.T, s *pgtest.Server) {
		ctx := context.Background()
		d := open(t, s.DB(t))
		d.exec(script(t, "features.sql", s.Major))
		c := d.fill()
		parent := d.describe(c, "f.parent")
		if parent.Kind != "r" || parent.Owner != "tusk" || parent.Rows != -1 || len(parent.Referrers) != 1 || parent.Referrers[0].OtherTable != "refers" {
			t.Errorf("%+v", parent)
		}
		id := parent.Columns[0]
		if !id.Key || id.Identity != "by default" || id.Type != "bigint" || parent.Columns[1].Collation != `pg_catalog."C"` {
			t.Errorf("%+v", parent.Columns[:2])
		}
		if last := parent.Columns[len(parent.Columns)-1]; s.Major >= 12 && (last.Generated != "stored" || last.Default == "") {
			t.Errorf("%+v", last)
		}
		if i := parent.Indexes[0]; !i.Primary || !i.Unique || i.Method != "btree" || i.Size < 8192 || i.Scans < 0 {
			t.Errorf("%+v", i)
		}
		refers := d.describe(c, "f.refers")
		if !refers.Columns[0].Foreign || refers.Columns[2].Foreign || len(refers.Constraints) != 2 || refers.Constraints[1].Valid || refers.Constraints[0].OtherTable != "parent" {
			t.Errorf("%+v", refers)
		}
		parted := d.describe(c, "f.parted")
		if parted.Kind != "p" || parted.PartitionKey != "RANGE (at)" || len(parted.Partitions) < 2 || !strings.HasPrefix(parted.Partitions[0].Bound, "FOR VALUES FROM") {
			t.Errorf("%+v", parted)
		}
		part := d.describe(c, "f.parted_a")
		if part.PartitionBound != parted.Partitions[0].Bound || len(part.Referrers) > 0 {
			t.Errorf("%+v", part)
		}
		tree := c.Tree()
		at := slices.Index(tree.OIDs, part.OID)
		if tree.Parents[at] != parted.OID || tree.Parents[slices.Index(tree.OIDs, d.describe(c, "f.child").OID)] != 0 {
			t.Errorf("%s belongs to %d", tree.Names[at], tree.Parents[at])
		}
		if keys := c.ForeignKeys(parent.OID); len(keys) != 1 || !slices.Equal(keys[0].Columns, []string{"a"}) || !slices.Equal(keys[0].ToColumns, []string{"code"}) || keys[0].NotNull {
			t.Errorf("%+v", keys)
		}
		if _, err := c.Describe(ctx, d.pool, 4_000_000_000); apperr.KindOf(err) != apperr.Missing {
			t.Errorf("a table that is gone: %v", err)
		}
		d.exec("insert into f.parted_b (at, id) select '2021-05-05', g from generate_series(1, 1000) g; analyze f.parted")
		if st, err := c.Statistics(ctx, d.pool, parted.OID); err != nil || st.TableBytes < 8192 || st.TotalBytes < st.TableBytes+st.IndexBytes {
			t.Errorf("%+v, %v", st, err)
		}
		if tree := d.load().Tree(); tree.Rows[slices.Index(tree.OIDs, d.describe(c, "f.parted_b").OID)] != 1000 {
			t.Errorf("%d rows are told of 1000", tree.Rows[at+1])
		}
	})
}

func (d *database) describe(c *catalog.Catalog, name string) catalog.Description {
	d.t.Helper()
	got, err := c.Describe(context.Background(), d.pool, d.oid("select '"+name+"'::pg_catalog.regclass::pg_catalog.oid"))
	if err != nil || len(got.Problems) > 0 {
		d.t.Fatalf("%s: %v %v", name, err, got.Problems)
	}
	return got
}

func TestFunctionsAndTypes(t *testing.T) {
	t.Parallel()
	majors(t, func(t *testing.T, s *pgtest.Server) {
		d := open(t, s.DB(t))
		d.exec(script(t, "features.sql", s.Major))
		c := d.fill()
		find := func(name string, arguments int) catalog.Function {
			for _, f := range c.Functions() {
				if f.Schema == "f" && f.Name == name && len(f.Arguments) == arguments {
					return f
				}
			}
			t.Errorf("there is no %s with %d arguments", name, arguments)
			return catalog.Function{}
		}
		many := find("many", 4)
		if many.Arguments[1] != `VARIADIC b text[] DEFAULT '{}'::text[]` || many.Required != 1 || !many.Set || many.Kind != 'f' ||
			len(many.Columns) != 2 || many.Columns[1] != (catalog.Column{Name: "d", Type: "text"}) {
			t.Errorf("%+v", many)
		}
		if f := find("tabled", 1); len(f.Columns) != 2 || f.Columns[1].Name != "Y z" || f.Required != 0 {
			t.Errorf("%+v", f)
		}
		if f := find("of_rows", 0); len(f.Columns) != 2 || f.Columns[0].Name != "id" || f.Columns[0].Type != "integer" {
			t.Errorf("%+v", f)
		}
		if f := find("overloaded", 1); f.Comment != "The one with an argument" {
			t.Errorf("%+v", f)
		}
		if f := find("first_sum", 1); f.Kind != 'a' {
			t.Errorf("%+v", f)
		}
		i := slices.IndexFunc(c.Types(), func(t catalog.Type) bool { return t.Schema == "f" && t.Name == "mood" })
		if mood := c.Types()[i]; mood.Kind != 'e' || !slices.Equal(mood.Labels, []string{"sad", "so so", "ok", "happy"}) {
			t.Errorf("%+v", mood)
		}
		for _, one := range c.Types() {
			if one.Schema == "f" && (one.Name == "parent" || strings.HasPrefix(one.Name, "_")) {
				t.Errorf("%s is a type nobody made", one.Name)
			}
		}
		m, err := c.Members(context.Background(), d.pool, "type", d.oid("select 'f'::pg_catalog.regnamespace::pg_catalog.oid"))
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, one := range m.Members {
			told = append(told, one.Variant+" "+one.Name+": "+one.Detail)
		}
		want := []string{`composite address: street text, zip character varying(10), tags text[]`, `enum mood: sad, so so, ok, happy`,
			`domain positive: numeric(10,2)`, `range span: double precision`, `domain word: text`, `range words: text`}
		if !slices.Equal(told, want) {
			t.Errorf("the types are %q", told)
		}
	})
}

// TestRefusedParts takes rights away that every role has as a rule: what is left has to stand.
func TestRefusedParts(t *testing.T) {
	t.Parallel()
	majors(t, func(t *testing.T, s *pgtest.Server) {
		ctx := context.Background()
		owner := open(t, s.DB(t))
		role := fmt.Sprintf("tusk_limited_%d", s.Major)
		owner.exec("drop role if exists " + role + "; create role " + role + ` login;
			create table public.t (id int primary key); revoke select on pg_catalog.pg_policy, pg_catalog.pg_proc, pg_catalog.pg_enum from public`)
		limited := open(t, strings.Replace(owner.url, "tusk@", role+"@", 1))
		c := limited.load()
		tree := c.Tree()
		if len(tree.Problems) != 1 || !strings.HasPrefix(tree.Problems[0], "The number of functions cannot be read: ") || !strings.Contains(tree.Problems[0], "pg_proc") {
			t.Errorf("%q", tree.Problems)
		}
		if !slices.Contains(tree.Names, "t") {
			t.Error("the tree is lost with one part")
		}
		full, err := c.Fill(ctx, limited.pool)
		if err != nil {
			t.Fatal(err)
		}
		if p := full.Tree().Problems; len(p) != 3 || !strings.Contains(strings.Join(p, " "), "Functions cannot be read") || !strings.Contains(strings.Join(p, " "), "enums cannot be read") {
			t.Errorf("%q", p)
		}
		oid := tree.OIDs[slices.Index(tree.Names, "t")]
		if cols := full.Columns(oid); len(cols) != 1 || !cols[0].Key {
			t.Errorf("%+v", cols)
		}
		got, err := c.Describe(ctx, limited.pool, oid)
		if err != nil || len(got.Columns) != 1 || len(got.Indexes) != 1 || len(got.Problems) != 1 || got.Problems["policies"] == nil || got.Problems["policies"].Kind != apperr.Permission {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := c.Members(ctx, limited.pool, "function", 2200); apperr.KindOf(err) != apperr.Permission {
			t.Errorf("functions that may not be read: %v", err)
		}
	})
}

// TestLockedTable describes a table somebody holds with the strongest lock.
func TestLockedTable(t *testing.T) {
	t.Parallel()
	d := open(t, pgtest.DB(t))
	d.exec("create table t (id int primary key)")
	ctx := context.Background()
	holder := pgtest.Connect(t, d.url)
	if _, err := holder.Exec(ctx, "begin; lock table t in access exclusive mode"); err != nil {
		t.Fatal(err)
	}
	c := d.load()
	got, err := c.Describe(ctx, d.pool, d.oid("select 'public.t'::pg_catalog.regclass::pg_catalog.oid"))
	if err != nil || len(got.Columns) != 1 || len(got.Constraints) != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	if e := got.Problems["indexes"]; e == nil || e.Kind != apperr.LockTimeout || len(got.Problems) != 1 {
		t.Errorf("%v", got.Problems)
	}
}

func TestDrop(t *testing.T) {
	t.Parallel()
	majors(t, func(t *testing.T, s *pgtest.Server) {
		ctx := context.Background()
		d := open(t, s.DB(t))
		d.exec(script(t, "features.sql", s.Major))
		c := d.load()
		for _, one := range []struct {
			kind, oid, sql string
			dependents     []string
			without        string // what must not be told
		}{
			{"relation", "'f.parent'::pg_catalog.regclass", "TABLE f.parent", []string{"table f.child", "table f.grandchild", "view f.plain", "materialized view f.mat", "constraint refers_a_fkey on table f.refers"}, "index"},
			{"relation", "'f.parted'::pg_catalog.regclass", "TABLE f.parted", []string{"table f.parted_a", "table f.parted_b"}, "parted_list"},
			{"relation", "'f.mat'::pg_catalog.regclass", "MATERIALIZED VIEW f.mat", []string{}, ""},
			{"relation", "'f.remote'::pg_catalog.regclass", "FOREIGN TABLE f.remote", []string{}, ""},
			{"relation", "'f.unlogged_b_seq'::pg_catalog.regclass", "SEQUENCE f.unlogged_b_seq", []string{"default value for column b of table f.unlogged"}, ""},
			{"type", "'f.mood'::pg_catalog.regtype", "TYPE f.mood", []string{"column mood of table f.parent", "function f.tabled(f.mood)"}, "rule"},
			{"type", "'f.positive'::pg_catalog.regtype", "DOMAIN f.positive", []string{"column price of table f.parent"}, ""},
			{"type", "'f.address'::pg_catalog.regtype", "TYPE f.address", []string{"table f.typed"}, ""},
			{"function", "'f.overloaded(int4)'::pg_catalog.regprocedure", "FUNCTION f.overloaded(integer)", []string{}, ""},
			{"function", "'f.counter()'::pg_catalog.regprocedure", "AGGREGATE f.counter(*)", []string{}, ""},
			{"function", "'f.trig()'::pg_catalog.regprocedure", "FUNCTION f.trig()", []string{"trigger each_row on table f.parent"}, ""},
			{"schema", "'f'::pg_catalog.regnamespace", "SCHEMA f", []string{"table f.parent", "view f.plain", "type f.mood"}, "index"},
		} {
			oid := d.oid("select " + one.oid + "::pg_catalog.oid")
			p, err := c.Drop(ctx, d.pool, one.kind, oid)
			if err != nil || p.SQL != "DROP "+one.sql+";" || p.Cascade != "DROP "+one.sql+" CASCADE;" {
				t.Errorf("%s: %+v, %v", one.sql, p, err)
				continue
			}
			all := strings.Join(p.Dependents, "\n") + "\n"
			for _, want := range one.dependents {
				if s.Major < 11 {
					want = inOldWords(want)
				}
				if !strings.Contains(all, want+"\n") {
					t.Errorf("%s: %q is not among the dependents: %s", one.sql, want, all)
				}
			}
			if one.without != "" && strings.Contains(all, one.without) || len(one.dependents) == 0 && len(p.Dependents) > 0 {
				t.Errorf("%s: %s", one.sql, all)
			}
			// The plan is what the server thinks, too: without CASCADE it refuses exactly when something depends.
			err = d.try("begin; " + p.SQL + " rollback")
			if refused := err != nil; refused != (len(p.Dependents) > 0) && !strings.Contains(one.sql, "parted") {
				t.Errorf("%s: %v, but the plan says %q", p.SQL, err, p.Dependents)
			}
			if err := d.try("begin; " + p.Cascade + " rollback"); err != nil {
				t.Errorf("%s: %v", p.Cascade, err)
			}
		}
		if ext := d.oid("select oid from pg_catalog.pg_extension where extname = 'hstore'"); true {
			p, err := c.Drop(ctx, d.pool, "extension", ext)
			if err != nil || p.SQL != "DROP EXTENSION hstore;" || len(p.Dependents) != 3 {
				t.Errorf("%+v, %v", p, err)
			}
		}
		for _, kind := range []string{"relation", "function", "type", "schema", "extension"} {
			if _, err := c.Drop(ctx, d.pool, kind, 4_000_000_000); apperr.KindOf(err) != apperr.Missing {
				t.Errorf("a %s that is gone: %v", kind, err)
			}
			if _, err := c.Definition(ctx, d.pool, kind, 4_000_000_000); apperr.KindOf(err) != apperr.Missing {
				t.Errorf("a %s that is gone: %v", kind, err)
			}
		}
	})
}

// inOldWords is how PostgreSQL 10 describes what later ones call "column c of table t".
func inOldWords(s string) string {
	s, isDefault := strings.CutPrefix(s, "default value for ")
	if rest, ok := strings.CutPrefix(s, "column "); ok {
		column, table, _ := strings.Cut(rest, " of ")
		s = table + " column " + column
	}
	if isDefault {
		s = "default for " + s
	}
	return s
}

func TestSearchPath(t *testing.T) {
	t.Parallel()
	majors(t, func(t *testing.T, s *pgtest.Server) {
		d := open(t, s.DB(t))
		d.exec(`create schema "odd "", name"; create schema b; do $$ begin
			execute format('alter database %I set search_path = b, "$user", missing, "odd "", name", pg_catalog', current_database()); end $$`)
		d = open(t, d.url)
		if got := d.load().SearchPath(); !slices.Equal(got, []string{"b", `odd ", name`, "pg_catalog"}) {
			t.Errorf("%q", got)
		}
	})
}
