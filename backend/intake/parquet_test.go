package intake_test

import (
	"bytes"
	"errors"
	"fmt"
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
	if want := "text text, u32 bigint, u64 numeric, i bigint, dec numeric(12,2), f double precision, old timestamp, millis timestamptz, days date, raw bytea, list text[], last boolean"; columns(f) != want {
		t.Errorf("%s\nwant %s", columns(f), want)
	}
	if len(f.Notes) != 1 {
		t.Error(f.Notes)
	}
	first := `"12" "4294967295" "18446744073709551615" "-7" "-0.05" "0.1" "2026-11-20 00:02:22.52863488" "1969-12-31 23:59:59.999+00" "0002-12-31 BC" "\\x00ff" "{\"a\",\"b\"}" "true"`
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
	nested, err := os.ReadFile(nestedFile(t))
	if err != nil {
		t.Fatal(err)
	}
	for at := 4; at < len(nested); at += 23 {
		damaged := bytes.Clone(nested)
		damaged[at] ^= 0xff
		if f, err := open(t, "a.parquet", string(damaged), intake.Options{}); err == nil {
			show(f)
		}
	}
	for at := 4; at < len(b); at += 23 { // whatever is wrong in it is told, and ends
		damaged := bytes.Clone(b)
		damaged[at] ^= 0xff
		if f, err := open(t, "a.parquet", string(damaged), intake.Options{}); err == nil {
			show(f)
		}
	}
}

type nestedPart struct {
	Name string   `parquet:"name"`
	Sold *float64 `parquet:"sold,optional"`
	Tags []string `parquet:"tags,list"`
}

type nestedRow struct {
	ID     int64                 `parquet:"id"`
	Plain  []int32               `parquet:"plain"`
	List   []*string             `parquet:"list,optional,list"`
	Days   []int32               `parquet:"days,list" parquet-element:",date"`
	Raw    [][]byte              `parquet:"raw,list"`
	Deep   [][]int64             `parquet:"deep,list"`
	Map    map[string]*int64     `parquet:"map,optional"`
	Parts  []nestedPart          `parquet:"parts,list"`
	Struct *nestedPart           `parquet:"struct,optional"`
	Of     map[string]nestedPart `parquet:"of"`
	End    string                `parquet:"end"`
}

// nestedFile has rows with lists, maps and structs: full ones, empty ones, and such with NULL in them.
func nestedFile(t testing.TB) string {
	t.Helper()
	text := func(s string) *string { return &s }
	half, seven := 0.5, int64(7)
	path := filepath.Join(t.TempDir(), "nested.parquet")
	if err := parquet.WriteFile(path, []nestedRow{
		{ID: 1, Plain: []int32{1, -2}, List: []*string{text(`a "b" \, {c}`), nil, text("NULL"), text("")}, Days: []int32{0, 1}, Raw: [][]byte{{0, 255}}, Deep: [][]int64{{1, 2}, {}, {3}},
			Map: map[string]*int64{"x\"<y>": &seven}, Parts: []nestedPart{{Name: "p", Sold: &half, Tags: []string{"t", "u"}}, {Name: "q"}}, Struct: &nestedPart{Name: "é\n", Tags: []string{""}},
			Of: map[string]nestedPart{"k": {Name: "v", Tags: []string{"w"}}}, End: "end"},
		{ID: 2, End: "end"},
		{ID: 3, List: []*string{}, Deep: [][]int64{{}}, Map: map[string]*int64{"none": nil}, Parts: []nestedPart{{Name: "r", Tags: []string{"z"}}}, Struct: &nestedPart{}, End: "end"},
		{ID: 4, List: []*string{text("bad \xff")}, End: "end"},
		{ID: 5, Parts: []nestedPart{{Name: "bad \xff"}}, End: "end"},
	}); err != nil {
		t.Fatal(err)
	}
	return path
}

// Lists of plain values are arrays, where they go as JSON too if that is asked for; what else has parts is JSON.
func TestParquetNested(t *testing.T) {
	t.Parallel()
	f, err := intake.Open(nestedFile(t), intake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if want := "id bigint, plain integer[], list text[], days date[], raw bytea[], deep jsonb, map jsonb, parts jsonb, struct jsonb, of jsonb, end text"; columns(f) != want {
		t.Errorf("%s\nwant %s", columns(f), want)
	}
	const (
		arrays = `{"1","-2"} {"a \"b\" \\, {c}",NULL,"NULL",""} {"1970-01-01","1970-01-02"} {"\\x00ff"}`
		lists  = `[1,-2] ["a \"b\" \\, {c}",null,"NULL",""] ["1970-01-01","1970-01-02"] ["\\x00ff"]`
		rest   = ` [[1,2],[],[3]] {"x\"<y>":7} [{"name":"p","sold":0.5,"tags":["t","u"]},{"name":"q","sold":null,"tags":[]}] {"name":"é\n","sold":null,"tags":[""]} {"k":{"name":"v","sold":null,"tags":["w"]}} end` + "\n"
		bad    = ": There is something in it that is no character of the encoding.\n"
	)
	if got, want := cells(f), "1 "+arrays+rest+`2 {} NULL {} {} [] NULL [] NULL {} end
3 {} {} {} {} [[]] {"none":null} [{"name":"r","sold":null,"tags":["z"]}] {"name":"","sold":null,"tags":[]} {} end
Line 4, column list`+bad+"Line 5, column parts"+bad; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if f, err = intake.Open(nestedFile(t), intake.Options{}); err != nil {
		t.Fatal(err)
	}
	f.KeepJSON([]int{1, 2, 3, 4})
	if got, want := cells(f), "1 "+lists+rest+"2 [] NULL [] [] [] NULL [] NULL {} end\n3 [] [] [] [] [[]]"; !strings.HasPrefix(got, want) {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// cells writes the cells of all rows, and what is wrong.
func cells(rows intake.Rows) string {
	var b strings.Builder
	for {
		r, err := rows.Next()
		var bad *intake.RowError
		switch {
		case errors.As(err, &bad):
			fmt.Fprintln(&b, bad)
			if bad.Last() {
				return b.String()
			}
			continue
		case err != nil:
			return b.String()
		}
		for i, c := range r.Cells {
			if i > 0 {
				b.WriteByte(' ')
			}
			if c == nil {
				c = []byte("NULL")
			}
			b.Write(c)
		}
		b.WriteByte('\n')
	}
}

// annotated is a group that says it is a list, or a map, whatever is in it.
type annotated struct {
	parquet.Node
	typ parquet.Type
}

func (a annotated) Type() parquet.Type { return a.typ }

// Writers of old have other parts in lists than the format asks for now.
func TestParquetListsOfOld(t *testing.T) {
	t.Parallel()
	list, whole := parquet.List(parquet.Int(32)).Type(), parquet.Int(32)
	schema := parquet.NewSchema("old", parquet.Group{
		"array": annotated{parquet.Group{"array": parquet.Repeated(whole)}, list},
		"bag":   annotated{parquet.Group{"bag": parquet.Repeated(parquet.Group{"array_element": parquet.Optional(whole)})}, list},
		"one":   annotated{parquet.Group{"array": parquet.Repeated(parquet.Group{"x": whole})}, list},
		"set":   annotated{parquet.Group{"key_value": parquet.Repeated(parquet.Group{"key": whole})}, parquet.Map(whole, whole).Type()},
		"tuple": annotated{parquet.Group{"tuple_tuple": parquet.Repeated(parquet.Group{"x": whole})}, list},
	})
	var b bytes.Buffer
	w := parquet.NewWriter(&b, schema)
	at := func(column, repetition, definition int, v any) parquet.Value {
		return parquet.ValueOf(v).Level(repetition, definition, column)
	}
	if _, err := w.WriteRows([]parquet.Row{{
		at(0, 0, 1, int32(1)), at(0, 1, 1, int32(2)), at(1, 0, 2, int32(3)), at(1, 1, 1, nil), at(2, 0, 1, int32(4)), at(3, 0, 1, int32(5)), at(3, 1, 1, int32(6)), at(4, 0, 1, int32(7)),
	}, {at(0, 0, 0, nil), at(1, 0, 0, nil), at(2, 0, 0, nil), at(3, 0, 0, nil), at(4, 0, 0, nil)}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := open(t, "old.parquet", b.String(), intake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if want := "array integer[], bag integer[], one jsonb, set jsonb, tuple jsonb"; columns(f) != want {
		t.Errorf("%s\nwant %s", columns(f), want)
	}
	if got, want := cells(f), `{"1","2"} {"3",NULL} [{"x":4}] {"key_value":[{"key":5},{"key":6}]} [{"x":7}]`+"\n"+`{} {} [] {"key_value":[]} []`+"\n"; got != want {
		t.Errorf("%s\nwant %s", got, want)
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
