package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
)

// errDamaged is in the chain of everything that calls for a repair.
var errDamaged = errors.New("damaged")

// ensure panics: what checks bytes is wrapped in caught, so that a rule broken and an index out of range are one thing.
func ensure(ok bool, rule string) {
	if !ok {
		panic(rule)
	}
}

// caught makes an errDamaged of a panic.
func caught(err *error) {
	switch p := recover().(type) {
	case nil:
	case string:
		*err = fmt.Errorf("%w: %s", errDamaged, p)
	default: // an index out of range, a fault: nothing a person could use
		*err = fmt.Errorf("%w: its parts do not fit together", errDamaged)
	}
}

// id says where a record belongs.
type id struct{ bucket, key string }

// record is one sealed value. Its bytes, little endian:
//
//	0 mark | 4 crc32c of all behind it | 8 size of all | 12 schema | 14 length of bucket | 15 length of key
//	16 generation | 24 bucket, key, JSON
type record struct {
	id
	generation uint64 // of the change that wrote it
	schema     uint16
	payload    json.RawMessage
}

const sealSize = 24

var (
	// mark starts a record. Its first byte is in no UTF-8 text, so that no payload can contain one.
	mark       = []byte("\xf5TuS")
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	le         = binary.LittleEndian
)

// seal gives the record's bytes. Bucket and key are at most 255 bytes long; commit sees to that.
func (r record) seal() []byte {
	b := make([]byte, sealSize, sealSize+len(r.bucket)+len(r.key)+len(r.payload))
	copy(b, mark)
	le.PutUint16(b[12:], r.schema)
	b[14], b[15] = byte(len(r.bucket)), byte(len(r.key))
	le.PutUint64(b[16:], r.generation)
	b = append(append(append(b, r.bucket...), r.key...), r.payload...)
	le.PutUint32(b[8:], uint32(len(b)))
	le.PutUint32(b[4:], crc32.Checksum(b[8:], castagnoli))
	return b
}

// sealed tells the size of the record b begins with; 0 when it is none, or a damaged one.
func sealed(b []byte) int {
	if len(b) < sealSize || !bytes.HasPrefix(b, mark) {
		return 0
	}
	size, key := uint64(le.Uint32(b[8:])), sealSize+uint64(b[14])+uint64(b[15])
	if size > uint64(len(b)) || size < key || crc32.Checksum(b[8:size], castagnoli) != le.Uint32(b[4:]) {
		return 0
	}
	return int(size)
}

// unseal reads the record b begins with and tells its size, as sealed does. The payload is part of b.
func unseal(b []byte) (record, int) {
	size := sealed(b)
	if size == 0 {
		return record{}, 0
	}
	bucket := sealSize + int(b[14])
	key := bucket + int(b[15])
	return record{
		id: id{string(b[sealSize:bucket]), string(b[bucket:key])}, generation: le.Uint64(b[16:]),
		schema: le.Uint16(b[12:]), payload: b[key:size:size],
	}, size
}

// carve finds every whole record in b, whatever lies between.
func carve(b []byte, found func(record)) {
	for {
		i := bytes.Index(b, mark)
		if i < 0 {
			return
		}
		r, size := unseal(b[i:])
		if size > 0 {
			found(r)
		}
		b = b[i+max(size, 1):]
	}
}

// head is the record meta/head: what the store says about all the others.
type head struct {
	Generation uint64 `json:"generation"` // one more with every change
	// Txid is bbolt's number of the transaction that wrote it. The meta page has it too, and they must agree.
	Txid  uint64 `json:"txid"`
	Count int    `json:"count"`
	Sum   uint64 `json:"sum"` // of the weights of all records, in any order
}

var headID = id{"meta", "head"}

func (h head) record() record {
	payload, err := json.Marshal(h)
	if err != nil {
		panic(err) // four numbers
	}
	return record{id: headID, generation: h.Generation, payload: payload}
}

// content is everything in the store.
type content struct {
	head    head
	records map[id]record
}

// weight is a record's part in a head's sum.
func (r record) weight() uint64 {
	sum := sha256.Sum256(r.seal())
	return le.Uint64(sum[:])
}

// vouch makes the head count and sum the records.
func (c *content) vouch() {
	c.head.Count, c.head.Sum = len(c.records), 0
	for _, r := range c.records {
		c.head.Sum += r.weight()
	}
}

// vouchedBy tells whether the records are those h counted.
func (c *content) vouchedBy(h head) bool {
	same := content{records: c.records}
	same.vouch()
	return same.head.Count == h.Count && same.head.Sum == h.Sum
}
