package sortkey_test

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/sortkey"
	"github.com/jackc/pgx/v5"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// matrix has, for each type, a query of values that are hard to put in order. Every one is put in order by the server and
// by the keys.
var matrix = []struct {
	name   string
	column sortkey.Column
	kind   string
	setup  string
	values string // of a column v
}{
	{"int8", sortkey.Column{OID: 20}, sortkey.Number, "", `select v::int8 from (values ('9223372036854775807'), ('-9223372036854775808'), ('0'), ('-1'), ('255'), ('256'), ('-256'), ('-257')) x(v) union all select ((random() - 0.5) * 10 ^ (random() * 18))::int8 from generate_series(1, 300)`},
	{"oid", sortkey.Column{OID: 26}, sortkey.Number, "", `select v::oid from (values ('4294967295'), ('0'), ('2147483648')) x(v)`},
	{"xid8", sortkey.Column{OID: 5069}, sortkey.Number, "", `select v::xid8 from (values ('18446744073709551615'), ('0'), ('9223372036854775808'), ('9223372036854775807')) x(v)`},
	{"float8", sortkey.Column{OID: 701}, sortkey.Number, "", `select v::float8 from (values ('NaN'), ('Infinity'), ('-Infinity'), ('-0'), ('0'), ('1e-308'), ('-1e308'), ('5e-324')) x(v) union all select (random() - 0.5) * 10 ^ (random() * 600 - 300) from generate_series(1, 300)`},
	{"float4", sortkey.Column{OID: 700}, sortkey.Number, "", `select ((random() - 0.5) * 10 ^ (random() * 60 - 30))::float4 from generate_series(1, 300)`},
	{"numeric", sortkey.Column{OID: 1700}, sortkey.Number, "", `select v::numeric from (values ('NaN'), ('Infinity'), ('-Infinity'), ('0'), ('0.00'), ('10.00'), ('10'), ('1e1000'), ('-1e1000'), ('1e-1000'), ('-1e-1000'), ('99999999999999999999.1'), ('99999999999999999999.10'), ('0.1'), ('0.09'), ('-0.1'), ('-0.11')) x(v) union all select ((random() - 0.5) * 10 ^ (random() * 40 - 20))::numeric from generate_series(1, 300) union all select repeat('9', g)::numeric from generate_series(1, 200, 7) g`},
	{"money", sortkey.Column{OID: 790}, sortkey.Number, "", `select v::money from (values ('0'), ('-1.5'), ('1234567.89'), ('-99999'), ('0.01'), ('-0.01')) x(v)`},
	{"bool", sortkey.Column{OID: 16}, sortkey.Bool, "", `values (true), (false), (true)`},
	{"date", sortkey.Column{OID: 1082}, sortkey.Time, "", `select v::date from (values ('infinity'), ('-infinity'), ('0001-01-01'), ('0001-12-31 BC'), ('4713-01-01 BC'), ('5874897-12-31'), ('2000-02-29'), ('2000-03-01'), ('1900-02-28')) x(v) union all select '2000-01-01'::date + (random() * 3000000 - 1500000)::int % 730000 from generate_series(1, 300)`},
	{"timestamp", sortkey.Column{OID: 1114}, sortkey.Time, "", `select v::timestamp from (values ('infinity'), ('-infinity'), ('0044-03-15 12:00:00.5 BC'), ('294276-12-31 23:59:59.999999'), ('2024-01-01'), ('2024-01-01 00:00:00.000001'), ('4713-11-24 BC')) x(v) union all select '2000-01-01'::timestamp + random() * 2000 * '1 year'::interval - '1500 years'::interval from generate_series(1, 300)`},
	{"timestamptz", sortkey.Column{OID: 1184}, sortkey.Time, "set timezone = 'Europe/Berlin'", `select v::timestamptz from (values ('infinity'), ('-infinity'), ('2024-10-27 00:30:00+00'), ('2024-10-27 01:30:00+00'), ('2024-10-27 01:00:00+00'), ('1850-01-01 00:00:00+00'), ('0044-03-15 12:00:00.5+00 BC'), ('294276-12-31 00:00+00')) x(v) union all select '2024-01-01'::timestamptz + random() * 366 * '1 day'::interval from generate_series(1, 300)`},
	{"time", sortkey.Column{OID: 1083}, sortkey.Time, "", `select v::time from (values ('24:00:00'), ('00:00'), ('23:59:59.999999'), ('12:00:00.5'), ('12:00')) x(v)`},
	{"timetz", sortkey.Column{OID: 1266}, sortkey.Time, "", `select v::timetz from (values ('12:00+00'), ('13:00+01'), ('11:00-01'), ('24:00+00'), ('00:00+14'), ('12:00+05:30'), ('23:00-12:59:59')) x(v)`},
	{"interval", sortkey.Column{OID: 1186}, sortkey.Time, "", intervals},
	{"interval iso_8601", sortkey.Column{OID: 1186}, sortkey.Time, "set intervalstyle = iso_8601", intervals},
	{"interval verbose", sortkey.Column{OID: 1186}, sortkey.Time, "set intervalstyle = postgres_verbose", intervals},
	{"uuid", sortkey.Column{OID: 2950}, sortkey.Bytes, "", `select md5(g::text)::uuid from generate_series(1, 100) g`},
	{"inet", sortkey.Column{OID: 869}, sortkey.Address, "", `select v::inet from (values ('10.0.0.1'), ('10.0.0.1/8'), ('10.0.0.0/8'), ('10.0.0.0/16'), ('9.255.0.0/16'), ('::1'), ('fe80::/10'), ('fe80::1'), ('10.0.0.2/24'), ('10.0.0.1/24'), ('0.0.0.0/0'), ('::ffff:1.2.3.4'), ('10.128.0.0/9')) x(v)`},
	{"cidr", sortkey.Column{OID: 650}, sortkey.Address, "", `select v::cidr from (values ('10.0.0.0/8'), ('10.0.0.0/16'), ('10.0.0.0/32'), ('9.0.0.0/8'), ('::/0'), ('0.0.0.0/0')) x(v)`},
	{"macaddr", sortkey.Column{OID: 829}, sortkey.Bytes, "", `select v::macaddr from (values ('08:00:2b:01:02:03'), ('ff:00:2b:01:02:03'), ('00:ff:00:00:00:00')) x(v)`},
	{"varbit", sortkey.Column{OID: 1562}, sortkey.Bytes, "", `select v::varbit from (values ('1'), ('10'), ('0'), (''), ('101'), ('10000000'), ('1000000000'), ('01'), ('010')) x(v)`},
	{"bytea", sortkey.Column{OID: 17}, sortkey.Bytes, "", binaries},
	{"bytea escape", sortkey.Column{OID: 17}, sortkey.Bytes, "set bytea_output = escape", binaries},
	{"pg_lsn", sortkey.Column{OID: 3220}, sortkey.Number, "", `select v::pg_lsn from (values ('0/0'), ('16/B374D848'), ('FFFFFFFF/FFFFFFFF'), ('1/0'), ('0/FFFFFFFF')) x(v)`},
	{"enum", sortkey.Column{OID: 99999, Labels: []string{"small", "medium", "large", "extra"}}, sortkey.Enum, "create type pg_temp.size as enum ('small', 'medium', 'large', 'extra')", `select v::pg_temp.size from (values ('large'), ('extra'), ('small'), ('medium')) x(v)`},
	{"text C", sortkey.Column{OID: 25, Collation: "C"}, sortkey.Bytes, "", `select v::text collate "C" from (` + words + `) x(v)`},
	{"bpchar C", sortkey.Column{OID: 1042, Collation: "C"}, sortkey.Bytes, "", `select v::char(12) collate "C" from (` + words + `) x(v)`},
	{"text und", sortkey.Column{OID: 25, Collation: "und"}, sortkey.Unicode, "", `select v::text collate "und-x-icu" from (` + words + `) x(v)`},
	{"text sv", sortkey.Column{OID: 25, Collation: "sv"}, sortkey.Unicode, "", `select v::text collate "sv-x-icu" from (` + words + `) x(v)`},
}

const (
	intervals = `select v::interval from (values ('1 mon'), ('30 days'), ('29 days 24:00'), ('-1 mon'), ('1 year -3 days +04:05:06.789'), ('0'), ('-00:00:00.5'), ('178000000 years'), ('-178000000 years'), ('1 day -00:00:01'), ('1000000:00:00'), ('3 years 2 mons 1 day'), ('-1 year -2 mons +3 days -04:05:06.000001')) x(v)`
	binaries  = `select v::bytea from (values ('\x'), ('\x00'), ('\x0000'), ('\x0001'), ('\xff'), ('\x5c'), ('\x5c78'), ('\x41'), ('\x4100'), ('\x41ff')) x(v)`
	words     = `values (''), ('a'), ('A'), ('b'), ('B'), ('ä'), ('Ä'), ('z'), ('Z'), ('å'), ('ö'), ('ab'), ('aB'), ('Ab'), ('a b'), ('Strasse'), ('Straße'), ('résumé'), ('resume'), ('Resume'), ('日本'), ('漢字'), ('1'), ('10'), ('2'), ('a1'), ('a10'), ('a2'), ('é'), ('e'), ('f'), ('zz'), ('😀'), ('x  '), ('x')`
)

// TestOrderIsTheServers puts the same values in order on a real server and by their keys.
func TestOrderIsTheServers(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, m := range matrix {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			con, err := pgx.Connect(ctx, pgtest.DB(t))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = con.Close(ctx) }()
			if m.setup != "" {
				if _, err := con.Exec(ctx, m.setup); err != nil {
					t.Fatal(err)
				}
			}
			rows, err := con.Query(ctx, `select o, s, dense_rank() over (order by v) from (select row_number() over () o, v, v s from (`+m.values+`) q(v)) q order by v, o`,
				pgx.QueryExecModeSimpleProtocol)
			if err != nil {
				t.Fatal(err)
			}
			type value struct {
				text, place, rank string
				key               []byte
			}
			var want []value
			rule := sortkey.For(m.column)
			if rule.Kind != m.kind || rule.AsText {
				t.Fatalf("rule %+v", rule)
			}
			encoder := rule.Encoder()
			for rows.Next() {
				raw := rows.RawValues()
				v := value{text: string(raw[1]), place: string(raw[0]), rank: string(raw[2])}
				var ok bool
				if v.key, ok = encoder.Append(nil, raw[1]); !ok {
					t.Fatalf("%q has no key", raw[1])
				}
				if v.key[0] == 0 || v.key[0] == 0xff {
					t.Errorf("the key of %q begins with %x", v.text, v.key[0])
				}
				if m.column.OID != 790 { // what a person types as money is in no server's language
					if typed, ok := encoder.Literal(nil, v.text); !ok || !bytes.Equal(typed, v.key) {
						t.Errorf("typed %q has another key", v.text)
					}
				}
				want = append(want, v)
			}
			if rows.Err() != nil || len(want) < 3 {
				t.Fatal(rows.Err(), len(want))
			}
			for i := 1; i < len(want); i++ {
				a, b := want[i-1], want[i]
				if got, equal := bytes.Compare(a.key, b.key), a.rank == b.rank; got > 0 || (got == 0) != equal {
					t.Errorf("%q then %q: keys compare %d, equal on the server %v", a.text, b.text, got, equal)
				}
				if !bytes.Equal(a.key, b.key) && bytes.HasPrefix(b.key, a.key) {
					t.Errorf("the key of %q begins that of %q", a.text, b.text)
				}
				down, up := slices.Clone(a.key), slices.Clone(b.key)
				sortkey.Invert(down)
				sortkey.Invert(up)
				if bytes.Compare(down, up) != -bytes.Compare(a.key, b.key) {
					t.Errorf("%q then %q: the other way round they compare the same", a.text, b.text)
				}
			}
		})
	}
}

func TestWhatIsNoValueSaysSo(t *testing.T) {
	t.Parallel()
	for oid, wrong := range map[uint32][]string{
		20: {"", "x", "1x", "--1"}, 1700: {"", "1.2.3", "x", "."}, 701: {"", "x"}, 16: {"", "x", "2"}, 1082: {"01.02.2024", "2024-13-01", "x", "2024-01-01x"},
		1184: {"Mon Jan 01 00:00:00 2024 CET", "2024-01-01 00:00:00 CET"}, 1186: {"", "1", "1 fortnight"}, 869: {"10.0.0", "x"}, 3220: {"1", "x/1"},
	} {
		encoder := sortkey.For(sortkey.Column{OID: oid}).Encoder()
		for _, w := range wrong {
			if key, ok := encoder.Append(nil, []byte(w)); ok {
				t.Errorf("type %d takes %q as %x", oid, w, key)
			}
		}
	}
}

// TestTypedValues has what people type where the server writes something else, and where it stands among what the server
// writes.
func TestTypedValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		oid                 uint32
		below, typed, above string
	}{
		{20, "1", " 1.5", "2"}, {20, "-2", "-1.5", "-1"}, {20, "-1", "-0.5", "0"}, {20, "9223372036854775807", "1e30", ""}, {20, "", "-1e30", "-9223372036854775808"},
		{1700, "9", "1e1", "11"}, {1114, "2023-12-31 23:59:59.999999", "2024-01-01", "2024-01-01 00:00:00.000001"}, {16, "f", "yes", ""}, {16, "", "FALSE", "t"},
		{2950, "00000000-0000-0000-0000-00000000000a", "{0000000000000000000000000000000B}", "00000000-0000-0000-0000-00000000000c"},
	} {
		e := sortkey.For(sortkey.Column{OID: c.oid}).Encoder()
		typed, ok := e.Literal(nil, c.typed)
		if !ok {
			t.Errorf("%q is refused", c.typed)
			continue
		}
		if below, _ := e.Append(nil, []byte(c.below)); c.below != "" && bytes.Compare(below, typed) >= 0 {
			t.Errorf("%q is not above %q", c.typed, c.below)
		}
		if above, _ := e.Append(nil, []byte(c.above)); c.above != "" && bytes.Compare(typed, above) >= 0 {
			t.Errorf("%q is not below %q", c.typed, c.above)
		}
	}
}

// TestSinglePrecision has what is typed compared at the precision of the column, as the server reads it there.
func TestSinglePrecision(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	con, err := pgx.Connect(ctx, pgtest.DB(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = con.Close(ctx) }()
	e := sortkey.For(sortkey.Column{OID: 700}).Encoder()
	key := func(v string) []byte {
		k, ok := e.Literal(nil, v)
		if !ok {
			t.Errorf("%q is refused", v)
		}
		return k
	}
	for _, typed := range []string{"0.1", "0.10000000149011612", "0.10000000001", "16777217", "3.40282350000001e38", "-0.3", "7.038531e-26", "Infinity", "NaN", "-0"} {
		var stored string
		if err := con.QueryRow(ctx, "select $1::text::float4::text", typed).Scan(&stored); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(key(typed), key(stored)) {
			t.Errorf("%s is not found where the server shows %s", typed, stored)
		}
	}
	// What the type cannot hold is equal to none of its values.
	order := []string{"-Infinity", "-1e39", "-3.4028235e38", "-1e-45", "-1e-50", "0", "1e-50", "1e-45", "3.4028235e38", "1e39", "Infinity", "NaN"}
	for i := range order[1:] {
		if bytes.Compare(key(order[i]), key(order[i+1])) >= 0 {
			t.Errorf("%s is not below %s", order[i], order[i+1])
		}
	}
}

func TestCutTextIsBehindItsBeginning(t *testing.T) {
	t.Parallel()
	for _, collation := range []string{"C", "und"} {
		e := sortkey.For(sortkey.Column{OID: 25, Collation: collation}).Encoder()
		long := strings.Repeat("long", 100)
		whole, _ := e.Append(nil, []byte(long))
		cut := e.AppendCut(nil, []byte(long))
		if bytes.Compare(whole, cut) >= 0 {
			t.Errorf("%s: a text that goes on is before its beginning", collation)
		}
		if other, _ := e.Append(nil, []byte("longer")); bytes.Compare(cut, other) <= 0 && collation == "C" {
			t.Errorf("%s: longl is before longe", collation)
		}
	}
}
