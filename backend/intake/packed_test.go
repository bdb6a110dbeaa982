package intake_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"compress/gzip"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/intake"
	"github.com/klauspost/compress/zstd"
)

// pack compresses what is copied into it.
func pack(t testing.TB, how string, from io.Reader, o ...zstd.EOption) string {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser = gzip.NewWriter(&b)
	if how == "zstd" {
		var err error
		if w, err = zstd.NewWriter(&b, append(o, zstd.WithEncoderConcurrency(1))...); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := io.Copy(w, from); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func packed(t testing.TB, how, text string) string { return pack(t, how, strings.NewReader(text)) }

// A file that is compressed is read as what is in it, whatever it is called.
func TestCompressed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, format, want string }{
		{"a.csv", "id,name\n1,\"two\nlines\"\n2,x,y\n3,\n", "csv", "2 \"1\" \"two\\nlines\"\nLine 4: It has 3 values instead of 2.\n5 \"3\" NULL\n"},
		{"a.tsv", "id\tname\n1\tx, y\n", "tsv", "2 \"1\" \"x, y\"\n"},
		{"a.json", `[{"a":1},{"a":2}]`, "json", "1 \"1\"\n1 \"2\"\n"},
		{"a.ndjson", "{\"a\":1}\n{\"a\":2}\n", "ndjson", "1 \"1\"\n2 \"2\"\n"},
		{"utf16.csv", "\xff\xfe" + utf16Text("a,b\n1,é\n", false), "csv", "2 \"1\" \"é\"\n"},
		{"a", "{\"a\":1}\n", "ndjson", "1 \"1\"\n"},
	} {
		for how, endings := range map[string][]string{"gzip": {".gz", ".GZ", ".gzip", "", ".zst"}, "zstd": {".zst", ".zstd", ""}} {
			for _, ending := range endings {
				f, err := open(t, c.name+ending, packed(t, how, c.text), intake.Options{})
				if err != nil {
					t.Errorf("%s%s: %v", c.name, ending, err)
					continue
				}
				if got := show(f); got != c.want || f.Options.Format != c.format || f.Packing != how || f.Read() != f.Size {
					t.Errorf("%s%s: %s, %s, %d of %d bytes: %q, want %q", c.name, ending, f.Packing, f.Options.Format, f.Read(), f.Size, got, c.want)
				}
			}
		}
	}
	// gzip files can be put one behind the other, as logs are.
	f, err := open(t, "a.csv.gz", packed(t, "gzip", "a,b\n1,2\n")+packed(t, "gzip", "3,4\n"), intake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := show(f), "2 \"1\" \"2\"\n3 \"3\" \"4\"\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// What is damaged behind the first rows is told when it is met, and never taken for the end.
func TestCompressedDamaged(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&text, "%d,%x\n", i, i*i*7919)
	}
	for how, ending := range map[string]string{"gzip": ".gz", "zstd": ".zst"} {
		good := packed(t, how, text.String())
		flipped := []byte(good)
		flipped[len(flipped)/2] ^= 0xff
		for name, c := range map[string]struct{ content, want string }{
			"cut":             {good[:len(good)/2], "a.csv" + ending + " ends too early: the rest of its " + how + " data is missing."},
			"without its sum": {good[:len(good)-3], "a.csv" + ending + " ends too early: the rest of its " + how + " data is missing."},
			"flipped":         {string(flipped), "a.csv" + ending + " is damaged: its " + how + " data cannot be unpacked any further."},
			"with a tail":     {good + "tail that is nothing", "a.csv" + ending + " is damaged: its " + how + " data cannot be unpacked any further."},
		} {
			f, err := open(t, "a.csv"+ending, c.content, intake.Options{})
			if err != nil {
				t.Errorf("%s %s: %v", how, name, err)
				continue
			}
			for bad := new(intake.RowError); err == nil || errors.As(err, &bad) && !bad.Last(); { // what is flipped may read wrong too
				_, err = f.Next()
			}
			of := apperr.From(err)
			if of.Kind != apperr.Data || of.Title != c.want || of.Hint != "Nothing was imported. Copy or download the file again." {
				t.Errorf("%s %s: %+v", how, name, of)
			}
		}
		// Nor is a text that is wrong for good taken for all there is to say.
		f, err := open(t, "a.json"+ending, packed(t, how, "[{\"a\":1} {\"a\":2}"+text.String())[:len(good)-3], intake.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := show(f), "1 \"1\"\na.json"+ending+" ends too early"; !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", how, got, want)
		}
		// One that is cut within what is looked at cannot be looked at.
		if _, err := open(t, "a.csv"+ending, good[:5000], intake.Options{}); err == nil || !strings.Contains(err.Error(), "ends too early") {
			t.Errorf("%s: %v", how, err)
		}
	}
}

func TestCompressedRefused(t *testing.T) {
	t.Parallel()
	tar := strings.Repeat("\x00", 257) + "ustar\x00" + strings.Repeat("\x00", 249)
	far := pack(t, "zstd", &endless{text: []byte("1,a\n"), left: 1 << 20}, zstd.WithWindowSize(256<<20))
	for _, c := range []struct {
		name, content string
		o             intake.Options
		want          string
	}{
		{"a.xlsx.gz", packed(t, "gzip", "PK\x03\x04"), intake.Options{}, "a.xlsx.gz is compressed with gzip, and only files of text can be read so."},
		{"a.csv.zst", packed(t, "zstd", "a,b\n"), intake.Options{Format: "parquet"}, "a.csv.zst is compressed with zstd, and only files of text can be read so."},
		{"a.csv.gz.gz", packed(t, "gzip", packed(t, "gzip", "a\n1\n")), intake.Options{}, "a.csv.gz.gz is compressed more than once."},
		{"a.tar.gz", packed(t, "gzip", tar), intake.Options{}, "a.tar.gz is an archive of files, not a file of rows."},
		{"a.csv.gz", packed(t, "gzip", ""), intake.Options{}, "a.csv.gz is empty."},
		{"a.csv.gz", "\x1f\x8b\x08", intake.Options{}, "a.csv.gz ends too early: the rest of its gzip data is missing."},
		{"a.csv.gz", "\x1f\x8bnone of it", intake.Options{}, "a.csv.gz is damaged: its gzip data cannot be unpacked any further."},
		{"a.csv.zst", "\x28\xb5\x2f\xfd", intake.Options{}, "a.csv.zst ends too early: the rest of its zstd data is missing."},
		{"a.csv.zst", far, intake.Options{}, "a.csv.zst takes more than 128 MB of memory to unpack its zstd data, which is the limit."},
	} {
		if _, err := open(t, c.name, c.content, c.o); err == nil || apperr.KindOf(err) != apperr.Data || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

// Of a file that is far larger than it looks, no more is unpacked than is looked at; all of it is read in as little memory.
func TestCompressedBomb(t *testing.T) {
	if testing.Short() {
		t.Skip("unpacks 512 MB")
	}
	row := []byte("12345,\"some text, with \"\"quotes\"\"\",2020-01-01,3.50\n")
	size := 256 << 20 / len(row) * len(row)
	for how, ending := range map[string]string{"gzip": ".gz", "zstd": ".zst"} {
		path := filepath.Join(t.TempDir(), "a.csv"+ending)
		if err := os.WriteFile(path, []byte(pack(t, how, &endless{text: row, left: size})), 0o600); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f, err := intake.Open(path, intake.Options{Header: "no"})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		runtime.ReadMemStats(&after)
		// 256 kB are looked at several times over; unpacked whole they would be 256 MB.
		if made := (after.TotalAlloc - before.TotalAlloc) >> 20; made > 32 {
			t.Errorf("%s: to look at it took %d MB", how, made)
		}
		if f.Read() > f.Size/5 {
			t.Errorf("%s: %d of %d bytes were read to look at it", how, f.Read(), f.Size)
		}
		var most uint64
		n := 0
		for ; ; n++ {
			if _, err := f.Next(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if n%1_000_000 == 0 {
				runtime.GC() // what other tests have left
				runtime.ReadMemStats(&after)
				most = max(most, after.HeapInuse)
			}
		}
		if n != size/len(row) || most > 48<<20 {
			t.Errorf("%s: %d rows in %d MB", how, n, most>>20)
		}
	}
}
