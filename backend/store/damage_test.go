package store_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"desktop.tusk/backend/store"
)

// damages are the ways a file is spoilt. Each gets the part of it that bbolt uses as b[:used].
var damages = []struct {
	name string
	do   func(r *rand.Rand, b []byte, used int) []byte
}{
	{"one bit anywhere", func(r *rand.Rand, b []byte, used int) []byte { return flip(r, b, r.IntN(used)) }},
	{"one bit in the head of a page", func(r *rand.Rand, b []byte, used int) []byte {
		return flip(r, b, pageAt(r, used)+r.IntN(128))
	}},
	{"16 random bytes", func(r *rand.Rand, b []byte, used int) []byte { return noise(r, b, r.IntN(used-16), 16) }},
	{"a sector zeroed", func(r *rand.Rand, b []byte, used int) []byte { return zero(b, 512*r.IntN(used/512), 512) }},
	{"a page zeroed", func(r *rand.Rand, b []byte, used int) []byte { return zero(b, pageAt(r, used), 4096) }},
	{"a page random", func(r *rand.Rand, b []byte, used int) []byte { return noise(r, b, pageAt(r, used), 4096) }},
	{"two pages swapped", func(r *rand.Rand, b []byte, used int) []byte {
		x, y := pageAt(r, used), pageAt(r, used)
		was := bytes.Clone(b[x : x+4096])
		copy(b[x:x+4096], b[y:y+4096])
		copy(b[y:], was)
		return b
	}},
	{"cut anywhere", func(r *rand.Rand, b []byte, used int) []byte { return b[:r.IntN(used)] }},
	{"cut at a page", func(r *rand.Rand, b []byte, used int) []byte { return b[:pageAt(r, used)] }},
	{"tail zeroed", func(r *rand.Rand, b []byte, used int) []byte { at := r.IntN(used); return zero(b, at, len(b)-at) }},
	{"both meta pages zeroed", func(_ *rand.Rand, b []byte, _ int) []byte { return zero(b, 0, 8192) }},
	{"newest meta page zeroed", func(_ *rand.Rand, b []byte, _ int) []byte { return zero(b, 4096*store.NewestMeta(b), 4096) }},
	{"64 bits here and there", func(r *rand.Rand, b []byte, used int) []byte {
		for range 64 {
			flip(r, b, r.IntN(used))
		}
		return b
	}},
	{"every fourth page zeroed", func(r *rand.Rand, b []byte, used int) []byte {
		for at := 0; at < used; at += 4096 {
			if r.IntN(4) == 0 {
				zero(b, at, 4096)
			}
		}
		return b
	}},
	{"all of it random", func(r *rand.Rand, b []byte, _ int) []byte { return noise(r, b, 0, len(b)) }},
}

func pageAt(r *rand.Rand, used int) int { return 4096 * r.IntN(used/4096) }

func flip(r *rand.Rand, b []byte, at int) []byte { b[at] ^= 1 << r.IntN(8); return b }

func zero(b []byte, at, n int) []byte { clear(b[at : at+n]); return b }

func noise(r *rand.Rand, b []byte, at, n int) []byte {
	for i := range n {
		b[at+i] = byte(r.Uint32())
	}
	return b
}

// TestDamage spoils the file in every way, TUSK_DAMAGE times each (100 when it is not set): with all snapshots beside it,
// and, a tenth as often, with snapshots that are a change behind, and with none. A crash would end the test.
func TestDamage(t *testing.T) {
	t.Parallel()
	f := makeFixture(t)
	t.Logf("%d records, file of %d kB, %d snapshots", len(f.oracle), len(f.file)>>10, len(f.snapshots))
	times := 100
	if n, err := strconv.Atoi(os.Getenv("TUSK_DAMAGE")); err == nil {
		times = n
	}
	for i, d := range damages {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			for n := range times {
				trial{f, fmt.Sprintf("%s #%d", d.name, n), len(f.snapshots)}.run(t, spoil(f, i, n))
				if n%10 == 0 {
					trial{f, fmt.Sprintf("%s #%d, snapshots behind", d.name, n), len(f.snapshots) - 1}.run(t, spoil(f, i, n))
					trial{f, fmt.Sprintf("%s #%d, no snapshots", d.name, n), 0}.run(t, spoil(f, i, n))
				}
			}
		})
	}
}

// quick is where files cost no waiting for a disk; what is damaged here is bytes, not the disk.
func quick() string {
	if fi, err := os.Stat("/dev/shm"); err == nil && fi.IsDir() {
		return "/dev/shm"
	}
	return ""
}

func spoil(f *fixture, kind, n int) []byte {
	return damages[kind].do(rand.New(rand.NewPCG(uint64(kind), uint64(n))), bytes.Clone(f.file), store.HighWater(f.file))
}

type trial struct {
	*fixture
	name  string
	snaps int
}

func (f trial) run(t *testing.T, damaged []byte) {
	t.Helper()
	dir, err := os.MkdirTemp(quick(), "tusk-damage-")
	must(t, err)
	defer os.RemoveAll(dir)
	f.lay(t, dir, damaged, f.snaps)
	db, r := open(t, dir)
	got := read(t, db)

	whole := maps.Equal(got, f.oracle)
	switch {
	case f.snaps == len(f.snapshots) && !whole:
		t.Errorf("%s: %d of %d records are right", f.name, f.right(got), len(f.oracle))
	case !whole && (r.What != "repaired" || !r.AtLeast && f.snaps == 0):
		t.Errorf("%s: %d of %d records are right, and nothing is said of it: %+v", f.name, f.right(got), len(f.oracle), r)
	}
	for k, v := range got {
		if !f.ever[k][v] {
			t.Errorf("%s: %s is %v, which it never was", f.name, k, v)
		}
	}
	if r.What == "repaired" {
		f.told(t, r, got, damaged)
	} else if store.Parse(damaged) != nil {
		t.Errorf("%s: a damaged file was taken for sound", f.name)
	}

	// It goes on: changes are kept, and the next start finds nothing to do.
	must(t, things(db).Put("later", thing{Name: "later"}))
	for k := range got {
		if key, ok := bytes.CutPrefix([]byte(k), []byte("profiles/")); ok {
			must(t, things(db).Delete(string(key)))
			delete(got, k)
			break
		}
	}
	got["profiles/later"] = thing{Name: "later"}
	again, r := open(t, dir)
	if after := read(t, again); r.What != "" || !maps.Equal(after, got) {
		t.Errorf("%s: the next start holds %d records for %d, and says %+v", f.name, len(after), len(got), r)
	}
}

// told checks what is said of a repair.
func (f trial) told(t *testing.T, r store.Recovery, got held, damaged []byte) {
	t.Helper()
	if b, err := os.ReadFile(r.Backup); err != nil || !bytes.Equal(b, damaged) {
		t.Errorf("%s: the backup is not the damaged file: %v", f.name, err)
	}
	n := 0
	for _, c := range r.Counts {
		n += c
	}
	if n != len(got) || r.Reason == "" || r.At.IsZero() {
		t.Errorf("%s: there are %d records, and it says %+v", f.name, len(got), r)
	}
	if f.snaps > 0 == r.AsOf.IsZero() {
		t.Errorf("%s: the snapshot's time is %v", f.name, r.AsOf)
	}
}

func (f trial) right(got held) (n int) {
	for k, v := range f.oracle {
		if got[k] == v {
			n++
		}
	}
	return n
}

// TestSnapshotsDamaged spoils snapshots too: the newest good one is taken, and what the ruins have of later changes.
func TestSnapshotsDamaged(t *testing.T) {
	t.Parallel()
	f := makeFixture(t)
	for good := range len(f.snapshots) {
		dir := t.TempDir()
		f.lay(t, dir, noise(rand.New(rand.NewPCG(1, uint64(good))), bytes.Clone(f.file), 0, len(f.file)), len(f.snapshots))
		for _, s := range snapshots(t, dir)[good:] {
			b, err := os.ReadFile(s)
			must(t, err)
			must(t, os.WriteFile(s, flip(rand.New(rand.NewPCG(1, 1)), b, len(b)-40), 0o600))
		}
		db, r := open(t, dir)
		if got := read(t, db); !maps.Equal(got, f.oracle) && !r.AtLeast {
			t.Errorf("%d good snapshots: not all is there, and it says %+v", good, r)
		}
		if len(r.Counts) == 0 {
			t.Errorf("%d good snapshots: nothing was found", good)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*.new")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}
