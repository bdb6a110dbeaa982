package cell_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"desktop.tusk/backend/cell"
)

func of(text string) *io.SectionReader {
	return io.NewSectionReader(strings.NewReader(text), 0, int64(len(text)))
}

// outline writes a JSON text again from its tree alone.
func outline(t testing.TB, text string, at int) string {
	t.Helper()
	c, err := cell.Open(of(text), at, 3) // the others come by marks
	if err != nil {
		t.Fatalf("%s at %d: %v", text, at, err)
	}
	members := c.Members
	for len(members) < c.Count {
		n := len(members)
		more, err := cell.Members(of(text), c.Kind, c.Marks[n/c.Stride], n%c.Stride, 4)
		if err != nil || len(more) == 0 {
			t.Fatalf("members from %d: %d, %v", n, len(more), err)
		}
		members = append(members, more...)
	}
	var parts []string
	for _, m := range members {
		value := m.Text
		if m.Kind == cell.Object || m.Kind == cell.Array {
			inner, err := cell.Open(of(text), m.At, 0)
			if err != nil || inner.Count != m.Count || inner.Kind != m.Kind {
				t.Fatalf("%+v opens as %+v, %v", m, inner, err)
			}
			value = outline(t, text, m.At)
		} else if text[m.At:m.End] != m.Text {
			t.Fatalf("%q stands where %q is said to be", text[m.At:m.End], m.Text)
		}
		if c.Kind == cell.Object {
			value = m.Key + ":" + value
		}
		parts = append(parts, value)
	}
	if c.Kind == cell.Object {
		return "{" + strings.Join(parts, ",") + "}"
	}
	return "[" + strings.Join(parts, ",") + "]"
}

func TestTreeIsTheText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"a": 12.50000000000000000001, "b": -0, "c": 1E400, "d": 9007199254740993}`,
		`{"z": 1, "a": 2, "z": 3}`,
		`[[], {}, [{}], [[1], []], "\u00e9\"\\", true, false, null]`,
		` { "" : { "" : "" , "}]" : "{[,:" } } `,
		`["a\\", "\\\"", {"k\"": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}]`,
	} {
		var want bytes.Buffer
		if err := json.Compact(&want, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got := outline(t, text, 0); got != want.String() {
			t.Errorf("%s became %s", text, got)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		b, err := json.Marshal(random(r, 0))
		if err != nil {
			t.Fatal(err)
		}
		spaced, err := json.MarshalIndent(json.RawMessage(b), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if got := outline(t, string(spaced), 0); got != string(b) {
			t.Fatalf("%s became %s", b, got)
		}
	}
}

// random is an array or object of anything.
func random(r *rand.Rand, deep int) any {
	if deep > 0 {
		switch k := r.IntN(8); {
		case k == 0:
			return r.Float64() * 1e9
		case k == 1:
			return "te\"x\\t\n{[,]}" + string(rune(r.IntN(50000)))
		case k == 2:
			return nil
		case k == 3 || deep > 4:
			return r.IntN(2) == 0
		}
	}
	n := r.IntN(7)
	if r.IntN(2) == 0 {
		m := map[string]any{}
		for i := range n {
			m[fmt.Sprintf(`k"%d`, i)] = random(r, deep+1)
		}
		return m
	}
	list := make([]any, n)
	for i := range list {
		list[i] = random(r, deep+1)
	}
	return list
}

func TestNoJSONEnds(t *testing.T) {
	t.Parallel()
	no := new(cell.NotJSON)
	for _, text := range []string{``, ` `, `{`, `[`, `{oops}`, `["a`, `["a\`, `{"a"}`, `{"a":`, `{"a":1`, `[1 2]`, `[,]`, `12`, `"x"`, `[{]`, `[}`, `{"a":1,`} {
		_, err := cell.Open(of(text), 0, 10)
		if text != `[}` && !errors.As(err, &no) { // brackets are not paired
			t.Errorf("%q: %v", text, err)
		}
	}
	whole := `{"a": [1, "te\"xt", {"b": true}], "c": null}`
	for n := range whole {
		if _, err := cell.OpenAll(of(whole[:n]), 0, 10); !errors.As(err, &no) {
			t.Errorf("%q: %v", whole[:n], err)
		}
	}
}

func TestOpenAll(t *testing.T) {
	t.Parallel()
	text := `{"a": {"x": 1, "y": [1, 2]}, "long": [` + strings.Repeat("7,", 99) + `7], "e": []}`
	list, err := cell.OpenAll(of(text), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range list {
		got = append(got, fmt.Sprintf("%s %d at %q", c.Kind, c.Count, text[c.At:c.At+4]))
	}
	want := []string{`object 3 at "{\"a\""`, `object 2 at "{\"x\""`, `array 2 at "[1, "`}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("opened %q", got)
	}
	if m := list[0].Members[1]; m.Count != 100 || m.Kind != cell.Array {
		t.Errorf("%+v", m)
	}
	if m := list[0].Members[0]; !reflect.DeepEqual(m.Keys, []string{"x", "y"}) {
		t.Errorf("%+v", m)
	}
}

func TestMarksLead(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&text, ", %d", i)
	}
	src := of("[" + text.String()[2:] + "]")
	c, err := cell.Open(src, 0, 5)
	if err != nil || c.Count != 20_000 || len(c.Members) != 5 || len(c.Marks) > 4096 || c.Stride != 8 {
		t.Fatalf("%d members, %d marks, every %d, %v", c.Count, len(c.Marks), c.Stride, err)
	}
	for i, at := range c.Marks {
		m, err := cell.Members(src, c.Kind, at, 3, 1)
		if want := fmt.Sprint(i*c.Stride + 3); err != nil || m[0].Text != want {
			t.Fatalf("mark %d leads to %+v, %v", i, m, err)
		}
	}
}

func TestLocate(t *testing.T) {
	t.Parallel()
	text := `{"a": 1, "b": [10, {"c": "needle"}, 3], "d": {}}`
	for at, want := range map[int]string{
		strings.Index(text, "needle"): `"b"#1 #1 "c"#0 `, strings.Index(text, `"c"`): `"b"#1 #1 "c"#0 `, strings.Index(text, `"b"`): `"b"#1 `,
		strings.Index(text, `3]`): `"b"#1 #2 `, 0: ``, len(text) - 1: ``,
	} {
		steps, err := cell.Locate(of(text), at)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, s := range steps {
			got += fmt.Sprintf("%s#%d ", s.Key, s.Index)
		}
		if got != want {
			t.Errorf("at %q: %q, want %q", text[at:], got, want)
		}
	}
	if steps, err := cell.Locate(of(`"only a text"`), 4); err != nil || len(steps) != 0 {
		t.Errorf("%v, %v", steps, err)
	}
}

func TestBytea(t *testing.T) {
	t.Parallel()
	want := make([]byte, 600_000)
	r := rand.New(rand.NewPCG(3, 4))
	for i := range want {
		want[i] = byte(r.IntN(256))
	}
	var old strings.Builder
	for _, b := range want {
		switch {
		case b == '\\':
			old.WriteString(`\\`)
		case b < 32 || b > 126:
			fmt.Fprintf(&old, `\%03o`, b)
		default:
			old.WriteByte(b)
		}
	}
	for _, text := range []string{`\x` + hex.EncodeToString(want), old.String()} {
		src, err := cell.Bytea(of(text))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(src); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		for _, from := range []int{0, 1, 299_999, 599_990, 600_000, 700_000} {
			part, all, err := cell.ByteaPart(of(text), from, 100)
			if err != nil || all != len(want) || !bytes.Equal(part, want[min(from, len(want)):min(from+100, len(want))]) {
				t.Errorf("from %d: %d of %d bytes, %v", from, len(part), all, err)
			}
		}
	}
	for _, text := range []string{`\xzz`, `a\9`, `a\12`, `\400x\`} {
		if _, _, err := cell.ByteaPart(of(text), 0, 100); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
	if part, all, err := cell.ByteaPart(of(``), 0, 10); err != nil || all != 0 || len(part) != 0 {
		t.Errorf("%v, %d, %v", part, all, err)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	filler := strings.Repeat("abcdefghij", 26_000) // near the size of what is read at once
	for _, c := range []struct {
		text, needle string
		exact        bool
		want         int
	}{
		{"one two ONE", "one", false, 2}, {"one two ONE", "one", true, 1}, {"aaaa", "aa", true, 2}, {"aaaa", "Aa", false, 2},
		{"ÄÖ äö", "äö", false, 2}, {"ÄÖ äö", "äö", true, 1}, {"x", "longer", false, 0}, {"", "x", true, 0}, {"x", "", true, 0}, {"a.b", ".", false, 1},
		{filler + filler + filler, "jabC", false, 77_999}, {filler + "Ünd" + filler + "ünD", "ünd", false, 2},
		{strings.Repeat("x", 256<<10-2) + "needle" + strings.Repeat("x", 256<<10), "NEEDLE", false, 1},
	} {
		places, more, err := cell.Find(of(c.text), c.needle, c.exact, 100_000)
		if err != nil || more || len(places) != 2*c.want {
			t.Errorf("%q: %d places, %v, %v", c.needle, len(places)/2, more, err)
		}
		for i := 0; i < len(places); i += 2 {
			if got := c.text[places[i]:places[i+1]]; !strings.EqualFold(got, c.needle) {
				t.Fatalf("%q for %q", got, c.needle)
			}
		}
	}
	if places, more, err := cell.Find(of("aaaa"), "a", true, 3); err != nil || !more || len(places) != 6 {
		t.Errorf("%v, %v, %v", places, more, err)
	}
	// At every place around the edge of what is read at once, whole and once.
	for at := 256<<10 - 10; at < 256<<10+10; at++ {
		text := strings.Repeat("-", at) + "NeedLe" + strings.Repeat("-", 300_000)
		if places, _, err := cell.Find(of(text), "needle", false, 10); err != nil || !reflect.DeepEqual(places, []int{at, at + 6}) {
			t.Errorf("at %d: %v, %v", at, places, err)
		}
	}
}

// Speed is what keeps a large document from being felt: 100 MB are opened within a second.
func BenchmarkOpen100MB(b *testing.B) {
	one := `{"id": 123456, "name": "a bean of some kind", "tags": ["x", "y"], "price": 12.5000, "nested": {"a": null, "b": true}},`
	text := "[" + strings.Repeat(one, 100_000_000/len(one))
	text = text[:len(text)-1] + "]"
	for b.Loop() {
		begin := time.Now()
		c, err := cell.Open(of(text), 0, 400)
		if err != nil || c.Count != 100_000_000/len(one) {
			b.Fatal(c.Count, err)
		}
		b.ReportMetric(float64(len(text))/1e6/time.Since(begin).Seconds(), "MB/s")
	}
}

// FuzzTree: of any text comes a tree or an error, and of JSON with members a tree of as many as encoding/json counts.
func FuzzTree(f *testing.F) {
	for _, text := range []string{`{"a": [1, "x\"y"], "b": {}}`, `[[[[]]], {"": null}]`, `{"a"`, `[1,]`, "[\"\\", `}{`} {
		f.Add(text, 3)
	}
	f.Fuzz(func(t *testing.T, text string, at int) {
		if at = max(0, at); at > len(text) {
			return
		}
		c, err := cell.Open(of(text), at, 2)
		if err == nil && c.Count > 0 {
			_, _ = cell.Members(of(text), c.Kind, c.Marks[0], 1, 3)
		}
		_, _ = cell.OpenAll(of(text), at, 10)
		_, _ = cell.Locate(of(text), at)
		var list []json.RawMessage
		if at == 0 && json.Unmarshal([]byte(text), &list) == nil && list != nil && c.Count != len(list) {
			t.Errorf("%q has %d members, not %d", text, len(list), c.Count)
		}
	})
}
