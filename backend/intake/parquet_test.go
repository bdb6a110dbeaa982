package intake_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"desktop.tusk/backend/intake"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/xuri/excelize/v2"
)

type parquetRow struct {
	Text   string           `parquet:"text"`
	U32    uint32           `parquet:"u32"`
	U64    uint64           `parquet:"u64"`
	I      *int64           `parquet:"i,optional"`
	Dec    int64            `parquet:"dec,decimal(2:12)"`
	F      float64          `parquet:"f"`
	Old    deprecated.Int96 `parquet:"old"`
	Millis int64            `parquet:"millis,timestamp(millisecond)"`
	Days   int32            `parquet:"days,date"`
	Raw    []byte           `parquet:"raw"`
	List   []string         `parquet:"list"`
	Last   bool             `parquet:"last"`
}

func parquetFile(t testing.TB, rows []parquetRow, groups int) string {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[parquetRow](&b)
	for range groups {
		if _, err := w.Write(rows); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.parquet")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestParquet(t *testing.T) {
	t.Parallel()
	n := int64(-7)
	path := parquetFile(t, []parquetRow{
		{Text: "12", U32: 1<<32 - 1, U64: 1<<64 - 1, I: &n, Dec: -5, F: 0.1, Old: deprecated.Int96{0x2f5e6000, 0x21, 2461365}, Millis: -1, Days: -719529, Raw: []byte{0, 255}, List: []string{"a", "b"}, Last: true},
		{Text: "é", Dec: 123456, F: 1e300},
		{Text: "bad \xff"},
	}, 2)
	f, err := intake.Open(path, intake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if want := "text text, u32 bigint, u64 numeric, i bigint, dec numeric(12,2), f double precision, old timestamp, millis timestamptz, days date, raw bytea, last boolean"; columns(f) != want {
		t.Errorf("%s\nwant %s", columns(f), want)
	}
	if len(f.Notes) != 2 || f.Notes[0] != "The column list is left out: it is a list, or has columns in it." {
		t.Error(f.Notes)
	}
	first := `"12" "4294967295" "18446744073709551615" "-7" "-0.05" "0.1" "2026-11-20 00:02:22.52863488" "1969-12-31 23:59:59.999+00" "0002-12-31 BC" "\\x00ff" "true"`
	got := show(f)
	if !strings.HasPrefix(got, "1 "+first+"\n2 \"é\" \"0\" \"0\" NULL \"1234.56\" \"1e+300\"") || !strings.Contains(got, "\nLine 3, column text: There is something in it that is no character of the encoding.\n4 "+first) || strings.Count(got, "\n") != 6 {
		t.Errorf("%s", got)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, "cut.parquet", string(b[:len(b)/2]), intake.Options{}); err == nil || !strings.Contains(err.Error(), "cut.parquet cannot be read as Parquet.") {
		t.Error(err)
	}
	for at := 4; at < len(b); at += 23 { // whatever is wrong in it is told, and ends
		damaged := bytes.Clone(b)
		damaged[at] ^= 0xff
		if f, err := open(t, "a.parquet", string(damaged), intake.Options{}); err == nil {
			show(f)
		}
	}
}

// An empty text before any other text is no NULL.
func TestEmptyTextFirst(t *testing.T) {
	t.Parallel()
	if _, got := readAll(t, parquetFile(t, []parquetRow{{Text: ""}}, 1), intake.Options{}); !strings.HasPrefix(got, `1 "" "0"`) {
		t.Errorf("Parquet: %s", got)
	}
	path := workbook(t, func(f *excelize.File) {
		for at, v := range map[string]string{"A1": "", "B1": "x"} {
			if err := f.SetCellStr("Sheet1", at, v); err != nil {
				t.Fatal(err)
			}
		}
	})
	if _, got := readAll(t, path, intake.Options{Header: "no"}); got != "1 \"\" \"x\"\n" {
		t.Errorf("XLSX: %s", got)
	}
}
