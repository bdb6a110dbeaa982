package transfer_test

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/transfer"
)

// parquetRead is what testdata/parquet.mjs tells of a file.
type parquetRead struct {
	Schema []string
	Groups []int
	Rows   [][]any
	Count  int
}

func readParquet(t *testing.T, b []byte) (r parquetRead) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "out.parquet")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("node", "testdata/parquet.mjs", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return r
}

// TestParquet reads types and values back with another library than the one that wrote them.
func TestParquet(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		t.Parallel()
		const sql = `create temporary table p (zb bool, a2 int2, a4 int4, a8 int8, f4 float4, f8 float8, n12 numeric(12,2), n3 numeric(3,1), n38 numeric(38,9), n numeric, "Z" text,
  d date, ti time, ts timestamp, tz timestamptz, u uuid, "by" bytea, j jsonb, arr text[], iv interval);
insert into p values (true, 1, -2147483648, 9223372036854775807, 1.5, '-0', 1234.50, -1.5, '-99999999999999999999.123456789', 'NaN', 'z',
   '2026-02-28', '23:59:59.123456', '0044-03-15', '2026-02-28 12:00:00.123456+02', '8f3e0a1c-0000-4000-8000-000000000001', '\x00ff', '{"a": 1.10}', '{a,NULL}', '1 day'),
  (null, null, null, null, null, 'NaN', null, null, 0, null, '', null, null, null, null, null, '', null, null, null);
select * from p`
		got := readParquet(t, written(t, s.DB(t), "set timezone = 'Asia/Kolkata'; "+sql, "parquet", transfer.Options{}))
		want := parquetRead{
			Schema: []string{"zb BOOLEAN", "a2 INTEGER", "a4 INTEGER", "a8 INTEGER", "f4 FLOAT", "f8 DOUBLE", "n12 DECIMAL", "n3 DECIMAL", "n38 DECIMAL", "n STRING", "Z STRING", "d DATE", "ti TIME", "ts TIMESTAMP", "tz TIMESTAMP", "u UUID", "by BYTE_ARRAY", "j JSON", "arr STRING", "iv STRING"},
			Groups: []int{2}, Count: 2,
			Rows: [][]any{
				{true, 1.0, -2147483648.0, "9223372036854775807n", 1.5, "-0", 1234.5, -1.5, -99999999999999999999.123456789, "NaN", "z", "2026-02-28T00:00:00.000Z", "86399123456n", "0044-03-15T00:00:00.000Z", "2026-02-28T10:00:00.123Z", "8f3e0a1c-0000-4000-8000-000000000001", "x00ff", `{"a":1.1}`, "{a,NULL}", "1 day"},
				{nil, nil, nil, nil, nil, "NaN", nil, nil, 0.0, nil, "", nil, nil, nil, nil, nil, "x", nil, nil, nil},
			},
		}
		if g, w := fmt.Sprintf("%v", got), fmt.Sprintf("%v", want); g != w {
			t.Errorf("\n got %s\nwant %s", g, w)
		}
	})
}

// TestParquetGroups writes more than a row group holds, with columns of one name.
func TestParquetGroups(t *testing.T) {
	t.Parallel()
	rows := make([][]string, 40_000)
	for i := range rows {
		rows[i] = []string{fmt.Sprint(i), strings.Repeat("x", 1000)}
	}
	got := readParquet(t, []byte(encode(t, "parquet", transfer.Options{}, columns("#a", "a"), rows...)))
	if len(got.Groups) < 2 || got.Count != len(rows) || !slices.Equal(got.Schema, []string{"a STRING", "a_2 STRING"}) || got.Rows[9][0] != "9" {
		t.Errorf("%v %d %v %v", got.Groups, got.Count, got.Schema, got.Rows[9][0])
	}
}

// TestParquetCannot names what has no room in a type: it is not changed, and not left out.
func TestParquetCannot(t *testing.T) {
	t.Parallel()
	f, _ := transfer.Find("parquet")
	one := func(c spool.Column, v string) error {
		enc, _ := f.NewEncoder(io.Discard, transfer.Options{})
		if err := enc.Begin([]spool.Column{c}); err != nil {
			return err
		}
		return enc.Row([][]byte{[]byte(v)})
	}
	for oid, v := range map[uint32]string{1082: "infinity", 1114: "0044-03-15 00:00:00 BC", 1184: "-infinity", 1083: "24:00:00", 17: "escaped", 16: "yes", 20: "9223372036854775808", 1700: "NaN"} {
		err := one(spool.Column{Name: "v", Type: "numeric(4,2)", TypeOID: oid}, v)
		if apperr.KindOf(err) != apperr.Limit || !strings.Contains(err.Error(), "v has in row 1") {
			t.Errorf("%d %s: %v", oid, v, err)
		}
	}
	enc, _ := f.NewEncoder(io.Discard, transfer.Options{})
	if err := enc.Begin(nil); apperr.KindOf(err) != apperr.Limit {
		t.Errorf("no columns: %v", err)
	}
}
