//go:build unix

package store_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/store"
)

func journal(t testing.TB) (*store.Journal[thing], string) {
	t.Helper()
	dir, err := os.MkdirTemp(quick(), "tusk-journal-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return store.NewJournal[thing](dir, store.Options{}), dir
}

func add(t testing.TB, j *store.Journal[thing], text string, tags ...string) string {
	t.Helper()
	id, err := j.Append(text, tags, thing{Name: "of " + text})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func found(t testing.TB, j *store.Journal[thing], q store.Find) string {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 1000
	}
	list, more, err := j.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, e := range list {
		if e.Value.Name != "of "+e.Text {
			t.Errorf("%q has %+v", e.Text, e.Value)
		}
		texts = append(texts, e.Text)
	}
	if more {
		texts = append(texts, "…")
	}
	return strings.Join(texts, "|")
}

func TestJournal(t *testing.T) {
	t.Parallel()
	j, dir := journal(t)
	if got := found(t, j, store.Find{}); got != "" {
		t.Errorf("of nothing: %q", got)
	}
	must(t, j.Clear())
	must(t, j.Delete("00"))
	add(t, j, "SELECT Ärger\nFROM t", "c:prod", "o:finished")
	two := add(t, j, "select b from t", "c:prod", "o:failed")
	three := add(t, j, "", "c:production")
	add(t, j, "update t set x = '\x00\"'", "c:test", "o:finished")
	for _, c := range []struct {
		q    store.Find
		want string
	}{
		{store.Find{}, "update t set x = '\x00\"'||select b from t|SELECT Ärger\nFROM t"},
		{store.Find{Words: []string{"SELECT", "from"}}, "select b from t|SELECT Ärger\nFROM t"},
		{store.Find{Words: []string{"rger"}}, "SELECT Ärger\nFROM t"},
		{store.Find{Words: []string{"Ärger"}}, "SELECT Ärger\nFROM t"},
		{store.Find{Words: []string{"select", "none"}}, ""},
		{store.Find{Tags: []string{"c:prod"}}, "select b from t|SELECT Ärger\nFROM t"},
		{store.Find{Tags: []string{"c:prod", "o:failed"}}, "select b from t"},
		{store.Find{Words: []string{"t"}, Tags: []string{"o:finished"}, Limit: 1}, "update t set x = '\x00\"'|…"},
		{store.Find{Before: three, Limit: 1}, "select b from t|…"},
		{store.Find{Before: two}, "SELECT Ärger\nFROM t"},
		{store.Find{Before: "0123"}, ""},
	} {
		if got := found(t, j, c.q); got != c.want {
			t.Errorf("%+v: %q", c.q, got)
		}
	}
	tags, err := j.Tags(t.Context(), "c:")
	if err != nil || !slices.Equal(tags, []string{"c:prod", "c:production", "c:test"}) {
		t.Errorf("tags %q, %v", tags, err)
	}
	must(t, j.Delete(two, three))
	if got := found(t, j, store.Find{}); got != "update t set x = '\x00\"'|SELECT Ärger\nFROM t" {
		t.Errorf("after deleting: %q", got)
	}
	b, err := os.ReadFile(filepath.Join(dir, "00000001.seg"))
	if err != nil || strings.Contains(string(b), "select b") {
		t.Errorf("the deleted text is in the file, %v", err)
	}
	must(t, j.Clear())
	add(t, j, "new")
	if got := found(t, j, store.Find{}); got != "new" {
		t.Errorf("after clearing: %q", got)
	}
	if _, _, err := j.Search(t.Context(), store.Find{Before: "no id"}); apperr.KindOf(err) != apperr.Usage {
		t.Errorf("a cursor that is none: %v", err)
	}
}

// Several instances append at once, each in its own order, and segments follow each other.
func TestJournalOfSeveral(t *testing.T) {
	t.Parallel()
	_, dir := journal(t)
	const each = 60
	long := strings.Repeat("x", 40_000)
	var all sync.WaitGroup
	for w := range 4 {
		j := store.NewJournal[thing](dir, store.Options{})
		all.Go(func() {
			for i := range each {
				text := fmt.Sprintf("%d/%d %s", w, i, long)
				if _, err := j.Append(text, nil, thing{Name: "of " + text}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	j := store.NewJournal[thing](dir, store.Options{})
	list, _, err := j.Search(t.Context(), store.Find{Limit: 1000})
	if err != nil || len(list) != 4*each {
		t.Fatalf("%d entries, %v", len(list), err)
	}
	next := [4]int{each - 1, each - 1, each - 1, each - 1}
	for _, e := range list {
		var w, i int
		if _, err := fmt.Sscanf(e.Text, "%d/%d", &w, &i); err != nil || next[w] != i {
			t.Fatalf("%.8s where %d/%d should be", e.Text, w, next[w])
		}
		next[w]--
	}
	if segments, _ := filepath.Glob(filepath.Join(dir, "*.seg")); len(segments) < 2 {
		t.Errorf("segments %v", segments)
	}
}

// A damaged record costs itself alone, and half a record at the end costs nothing that follows.
func TestJournalDamage(t *testing.T) {
	t.Parallel()
	for range 100 {
		j, dir := journal(t)
		var want []string
		for i := range 50 {
			add(t, j, fmt.Sprintf("entry %02d", i))
			want = append([]string{fmt.Sprintf("entry %02d", i)}, want...)
		}
		file := filepath.Join(dir, "00000001.seg")
		b, err := os.ReadFile(file)
		must(t, err)
		flips := rand.IntN(4)
		for range flips {
			b[rand.IntN(len(b))] ^= 1 << rand.IntN(8)
		}
		b = append(b, b[:rand.IntN(60)]...) // of an append that was cut short
		must(t, os.WriteFile(file, b, 0o600))
		add(t, j, "after")
		got := strings.Split(found(t, j, store.Find{}), "|")
		if got[0] != "after" || len(got) < 51-flips {
			t.Fatalf("%d flips left %q", flips, got)
		}
		if got = got[1:]; len(got) > 50 {
			got = got[1:] // the first one again, whole by chance
		}
		if !slices.IsSortedFunc(got, func(x, y string) int { return strings.Compare(y, x) }) {
			t.Errorf("order %q", got)
		}
		for _, one := range got {
			if !slices.Contains(want, one) {
				t.Errorf("%q was never written", one)
			}
		}
	}
}

// Every call fails once alone, and once with all that follow: what was said to be done is done, and nothing else is lost.
func TestJournalNthCallFails(t *testing.T) {
	t.Parallel()
	failed := 0
	for _, on := range []bool{false, true} {
		for n := 1; ; n++ {
			dir, err := os.MkdirTemp(quick(), "tusk-journal-")
			must(t, err)
			defer os.RemoveAll(dir)
			sound := store.NewJournal[thing](dir, store.Options{})
			add(t, sound, "old")
			gone := add(t, sound, "gone")
			disk := &faulty{n: n, on: on}
			name := func() string { return fmt.Sprintf("call %d, and all that follow: %t (%s)", n, on, disk.last) }
			j := store.NewJournal[thing](dir, store.Options{}.On(disk))
			ok := func(err error) bool {
				if err != nil && apperr.KindOf(err) != apperr.Storage {
					t.Errorf("%s: %v", name(), err)
				}
				return err == nil
			}
			_, err = j.Append("new", nil, thing{Name: "of new"})
			appended := ok(err)
			_, _, err = j.Search(t.Context(), store.Find{Limit: 9})
			ok(err)
			deleted := ok(j.Delete(gone))
			if disk.last == "" {
				break
			}
			failed++
			got := strings.Split(found(t, sound, store.Find{}), "|")
			has := func(text string) bool { return slices.Contains(got, text) }
			if !has("old") || appended && !has("new") || deleted && has("gone") || len(got) > 3 {
				t.Errorf("%s: appended %t, deleted %t, it holds %q", name(), appended, deleted, got)
			}
			add(t, sound, "later")
			if after := strings.Split(found(t, sound, store.Find{}), "|"); after[0] != "later" || !slices.Equal(after[1:], got) {
				t.Errorf("%s: then it holds %q", name(), after)
			}
		}
	}
	t.Logf("%d calls failed", failed)
	if failed < 15 {
		t.Errorf("only %d calls were failed", failed)
	}
}

// history has entries as people write them.
func history(b testing.TB, n int) *store.Journal[thing] {
	b.Helper()
	dir := b.TempDir()
	j := store.NewJournal[thing](dir, store.Options{})
	store.Fill(j, n, func(i int) (string, []string, thing) {
		text := fmt.Sprintf("select o.id, o.total, c.name\nfrom orders o\njoin customers c on c.id = o.customer_id\nwhere o.id between %d and %d and c.country = 'PT'\norder by o.total desc nulls last limit 100", i, i+1000)
		if i == 7 {
			text += " -- Needle"
		}
		return text, []string{fmt.Sprintf("c:%d", i%5), "o:finished"}, thing{Name: "of " + text}
	})
	return j
}

func BenchmarkJournal(b *testing.B) {
	j := history(b, 100_000)
	for _, c := range []struct {
		name string
		q    store.Find
		hits int
	}{
		{"newest", store.Find{}, 100},
		{"common-words", store.Find{Words: []string{"orders", "customers"}}, 100},
		{"connection", store.Find{Tags: []string{"c:3"}}, 100},
		{"whole-one-old", store.Find{Words: []string{"needle"}}, 1},
		{"whole-none", store.Find{Words: []string{"orders", "no such word"}}, 0},
	} {
		b.Run(c.name, func(b *testing.B) {
			c.q.Limit = 100
			for b.Loop() {
				list, _, err := j.Search(b.Context(), c.q)
				if err != nil || len(list) != c.hits {
					b.Fatalf("%d hits, %v", len(list), err)
				}
			}
		})
	}
}
