package store

import (
	"bytes"
	"encoding/json"
	"hash/fnv"
)

// Kinds of bbolt's pages, and the flag of a leaf's entry that is a bucket.
const (
	branchPage   = 1
	leafPage     = 2
	freelistPage = 16
	bucketEntry  = 1

	pageHeader = 16 // id u64, kind u16, count u16, pages that follow u32
	entrySize  = 16
	maxDepth   = 16
)

// parse reads a bbolt file as bytes: whether bbolt can open, read and change it without harm, and whether it holds what
// its head says. Damage to free pages and to unused room is none. Errors: errDamaged, with the rule that is broken.
func parse(b []byte) (c *content, err error) {
	defer caught(&err)
	m := newestMeta(b)
	w := &walk{b: b, pageSize: m.pageSize, used: make([]bool, m.pages), content: &content{records: map[id]record{}}}
	w.used[0], w.used[1] = true, true
	w.freelist(w.page(m.freelist))
	w.node(w.page(m.root), span{}, nil, 0)
	for _, used := range w.used {
		ensure(used, "a page is neither used nor free")
	}
	ensure(w.hasHead && w.content.head.Txid == m.txid, "the head is of another transaction")
	ensure(w.content.vouchedBy(w.content.head), "the records are not those the head counted")
	return w.content, nil
}

// meta is one of bbolt's two meta pages.
type meta struct{ pageSize, root, freelist, pages, txid uint64 }

func readMeta(b []byte) (m meta, ok bool) {
	if len(b) < 80 || le.Uint32(b[16:]) != 0xED0CDAED || le.Uint32(b[20:]) != 2 {
		return meta{}, false
	}
	sum := fnv.New64a()
	_, _ = sum.Write(b[16:72])
	m = meta{uint64(le.Uint32(b[24:])), le.Uint64(b[32:]), le.Uint64(b[48:]), le.Uint64(b[56:]), le.Uint64(b[64:])}
	return m, sum.Sum64() == le.Uint64(b[72:])
}

// newestMeta wants both meta pages whole and of neighbouring transactions: bbolt itself would fall back on the older one
// in silence.
func newestMeta(b []byte) meta {
	first, ok := readMeta(b)
	ensure(ok && first.pageSize >= 512 && first.pageSize <= 1<<20 && first.pageSize < uint64(len(b)), "first meta page")
	second, ok := readMeta(b[first.pageSize:])
	ensure(ok && second.pageSize == first.pageSize, "second meta page")
	ensure(le.Uint64(b) == 0 && le.Uint64(b[first.pageSize:]) == 1, "numbers of the meta pages")
	if first.txid < second.txid {
		first, second = second, first
	}
	ensure(first.txid == second.txid+1, "transactions of the meta pages")
	ensure(first.pages >= 4 && first.pages <= uint64(len(b))/first.pageSize, "the file is shorter than it says")
	return first
}

type walk struct {
	b        []byte
	pageSize uint64
	used     []bool
	content  *content
	hasHead  bool
}

// page gives a page and those that belong to it, and marks them used.
func (w *walk) page(number uint64) []byte {
	ensure(number < uint64(len(w.used)), "number of a page")
	p := w.b[number*w.pageSize:]
	n := uint64(le.Uint32(p[12:])) + 1
	ensure(le.Uint64(p) == number && number+n <= uint64(len(w.used)), "header of a page")
	for i := range n {
		w.use(number + i)
	}
	return p[:n*w.pageSize]
}

func (w *walk) use(number uint64) {
	ensure(!w.used[number], "a page is used twice")
	w.used[number] = true
}

func (w *walk) freelist(p []byte) {
	n, list := uint64(le.Uint16(p[10:])), p[pageHeader:]
	if n == 0xFFFF { // too many for two bytes: the first entry counts
		n, list = le.Uint64(list), list[8:]
	}
	ensure(le.Uint16(p[8:]) == freelistPage && n <= uint64(len(list))/8, "free list")
	last := uint64(1)
	for i := range n {
		number := le.Uint64(list[8*i:])
		ensure(number > last, "order of the free list")
		w.use(number)
		last = number
	}
}

// span is where keys have to lie: from from on, and before to if there is one.
type span struct{ from, to []byte }

// entry is one of a page's.
type entry struct {
	flags    uint32 // of a leaf's
	child    uint64 // of a branch's
	key, val []byte
}

func entryAt(p []byte, i, n int, leaf bool) (e entry) {
	b := p[pageHeader+entrySize*i:]
	var at, keySize, valSize uint64
	if leaf {
		e.flags, at, keySize, valSize = le.Uint32(b), uint64(le.Uint32(b[4:])), uint64(le.Uint32(b[8:])), uint64(le.Uint32(b[12:]))
	} else {
		at, keySize, e.child = uint64(le.Uint32(b)), uint64(le.Uint32(b[4:])), le.Uint64(b[8:])
	}
	ensure(keySize > 0 && at >= uint64(entrySize*(n-i)), "an entry of a page")
	e.key, e.val = b[at:at+keySize], b[at+keySize:at+keySize+valSize]
	return e
}

// node checks a page and all below it. bucket is nil in the root.
func (w *walk) node(p []byte, in span, bucket []byte, depth int) {
	kind, n := le.Uint16(p[8:]), int(le.Uint16(p[10:]))
	leaf := kind == leafPage
	ensure((leaf || kind == branchPage) && depth < maxDepth, "kind of a page")
	ensure(n > 0 || leaf && depth == 0, "an empty page")
	for i := range n {
		e := entryAt(p, i, n, leaf)
		next := in.to
		if i+1 < n {
			next = entryAt(p, i+1, n, leaf).key
		}
		ensure(bytes.Compare(e.key, in.from) >= 0 && (next == nil || bytes.Compare(e.key, next) < 0), "order of keys")
		switch {
		case !leaf:
			w.node(w.page(e.child), span{e.key, next}, bucket, depth+1)
		case bucket != nil:
			w.value(e, string(bucket))
		default:
			ensure(e.flags == bucketEntry, "a value outside of a bucket")
			if root := le.Uint64(e.val); root != 0 {
				w.node(w.page(root), span{}, e.key, 0)
			} else {
				w.node(e.val[16:], span{}, e.key, 0) // a small bucket: its page stands in place of a page number
			}
		}
	}
}

// value takes a record in.
func (w *walk) value(e entry, bucket string) {
	r, size := unseal(e.val)
	ensure(e.flags == 0 && size > 0 && size == len(e.val) && r.id == id{bucket, string(e.key)}, "a record")
	if r.id == headID {
		ensure(json.Unmarshal(r.payload, &w.content.head) == nil, "head")
		w.hasHead = true
		return
	}
	w.content.records[r.id] = r
}
