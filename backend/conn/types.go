package conn

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Type is how a column's type is shown.
type Type struct {
	Name  string
	Class string // as spool.Column has it
}

// builtin are the types every server has, by OID.
var builtin = map[uint32]Type{
	16: {"bool", "bool"}, 17: {"bytea", "bytes"}, 18: {"char", "text"}, 19: {"name", "text"}, 20: {"int8", "number"},
	21: {"int2", "number"}, 23: {"int4", "number"}, 24: {"regproc", "text"}, 25: {"text", "text"}, 26: {"oid", "number"},
	27: {"tid", "text"}, 28: {"xid", "number"}, 29: {"cid", "number"}, 114: {"json", "json"}, 142: {"xml", "text"},
	600: {"point", "text"}, 601: {"lseg", "text"}, 602: {"path", "text"}, 603: {"box", "text"}, 604: {"polygon", "text"},
	628: {"line", "text"}, 650: {"cidr", "text"}, 700: {"float4", "number"}, 701: {"float8", "number"}, 705: {"unknown", "text"},
	718: {"circle", "text"}, 774: {"macaddr8", "text"}, 790: {"money", "number"}, 829: {"macaddr", "text"}, 869: {"inet", "text"},
	1000: {"bool[]", "text"}, 1001: {"bytea[]", "text"}, 1005: {"int2[]", "text"}, 1007: {"int4[]", "text"}, 1009: {"text[]", "text"},
	1015: {"varchar[]", "text"}, 1016: {"int8[]", "text"}, 1021: {"float4[]", "text"}, 1022: {"float8[]", "text"}, 1028: {"oid[]", "text"},
	1042: {"bpchar", "text"}, 1043: {"varchar", "text"}, 1082: {"date", "time"}, 1083: {"time", "time"}, 1114: {"timestamp", "time"},
	1115: {"timestamp[]", "text"}, 1182: {"date[]", "text"}, 1184: {"timestamptz", "time"}, 1185: {"timestamptz[]", "text"}, 1186: {"interval", "time"},
	1231: {"numeric[]", "text"}, 1266: {"timetz", "time"}, 1560: {"bit", "text"}, 1562: {"varbit", "text"}, 1700: {"numeric", "number"},
	1790: {"refcursor", "text"}, 2205: {"regclass", "text"}, 2206: {"regtype", "text"}, 2249: {"record", "text"}, 2278: {"void", "text"},
	2950: {"uuid", "text"}, 2951: {"uuid[]", "text"}, 3220: {"pg_lsn", "text"}, 3614: {"tsvector", "text"}, 3615: {"tsquery", "text"},
	3802: {"jsonb", "json"}, 3807: {"jsonb[]", "text"}, 3904: {"int4range", "text"}, 3906: {"numrange", "text"}, 3908: {"tsrange", "text"},
	3910: {"tstzrange", "text"}, 3912: {"daterange", "text"}, 3926: {"int8range", "text"}, 4072: {"jsonpath", "text"}, 5069: {"xid8", "number"},
}

// withModifier writes a type's modifier behind its name, as in numeric(12,2).
func withModifier(oid uint32, name string, mod int32) string {
	if mod < 0 {
		return name
	}
	switch oid {
	case 1042, 1043:
		if mod >= 4 {
			return fmt.Sprintf("%s(%d)", name, mod-4)
		}
	case 1560, 1562:
		return fmt.Sprintf("%s(%d)", name, mod)
	case 1700:
		if mod >= 4 {
			scale := (mod - 4) & 0x7ff
			if scale >= 1024 {
				scale -= 2048
			}
			return fmt.Sprintf("%s(%d,%d)", name, (mod-4)>>16&0xffff, scale)
		}
	case 1083, 1114, 1184, 1266:
		return fmt.Sprintf("%s(%d)", name, mod)
	}
	return name
}

// TypeOf names the type of a field, and tells whether it is known yet; LearnTypes asks the server for the others.
func (p *Pool) TypeOf(f pgconn.FieldDescription) (Type, bool) {
	t, ok := builtin[f.DataTypeOID]
	if !ok {
		if v, learnt := p.types.Load(f.DataTypeOID); learnt {
			t, ok = v.(Type), true
		} else {
			t = Type{Name: fmt.Sprintf("oid %d", f.DataTypeOID), Class: "text"}
		}
	}
	t.Name = withModifier(f.DataTypeOID, t.Name, f.TypeModifier)
	return t, ok
}

// LearnTypes asks the server, on a connection of its own, what the types are called. A type made in a transaction that
// is still open is not seen from there.
func (p *Pool) LearnTypes(ctx context.Context, oids []uint32) error {
	if len(oids) == 0 {
		return nil
	}
	list := make([]string, len(oids))
	for i, o := range oids {
		list[i] = fmt.Sprint(o)
	}
	const sql = `select t.oid::pg_catalog.text, coalesce(e.typname || '[]', t.typname), t.typcategory::pg_catalog.text
  from pg_catalog.pg_type t
  left join pg_catalog.pg_type e on e.oid operator(pg_catalog.=) t.typelem and t.typcategory operator(pg_catalog.=) 'A'
 where t.oid operator(pg_catalog.=) any ($1::pg_catalog.oid[])`
	rows, err := p.Query(ctx, sql, "{"+strings.Join(list, ",")+"}")
	if err != nil {
		return fmt.Errorf("learn types: %w", err)
	}
	for _, r := range rows {
		if len(r) != 3 {
			continue // no server of ours says so
		}
		var oid uint32
		if _, err := fmt.Sscan(string(r[0]), &oid); err != nil {
			continue
		}
		class := map[string]string{"N": "number", "B": "bool", "D": "time", "T": "time"}[string(r[2])]
		p.types.Store(oid, Type{Name: string(r[1]), Class: or(class, "text")})
	}
	return nil
}
