package spool

import (
	"bytes"

	"desktop.tusk/backend/sortkey"
)

// groupWorker puts rows into groups. It belongs to one goroutine.
type groupWorker struct {
	*grouper
	rows      int64
	groups    *hashPart
	different []*hashPart
	across    *hashPart
	keyed     []*sortkey.Encoder // of the keys
	valued    []*sortkey.Encoder // of the aggregates
	key       []byte
	value     []byte
	shown     []byte
}

func (w *grouper) worker() *groupWorker {
	k := &groupWorker{grouper: w, groups: w.groups.part(), different: make([]*hashPart, len(w.different))}
	for _, r := range w.rules {
		k.keyed = append(k.keyed, r.Encoder())
	}
	for i, a := range w.spec.Aggregates {
		var e *sortkey.Encoder
		switch a.Func {
		case Distinct:
			e = w.spec.Rules[a.Column].Exact().Encoder()
			k.different[i] = w.different[i].part()
		case Min, Max:
			e = w.spec.Rules[a.Column].Encoder()
		}
		k.valued = append(k.valued, e)
	}
	if w.across != nil {
		k.across = w.across.part()
	}
	return k
}

func (k *groupWorker) parts() []*hashPart {
	list := []*hashPart{k.groups}
	for _, p := range append(k.different, k.across) {
		if p != nil {
			list = append(list, p)
		}
	}
	return list
}

func (k *groupWorker) done() {
	for _, p := range k.parts() {
		p.done()
	}
}

func (k *groupWorker) add(rec *record) error {
	k.rows++
	for _, p := range k.parts() {
		if p.full() {
			if err := p.flush(); err != nil {
				return err
			}
		}
	}
	at, err := k.makeKey(rec)
	if err != nil {
		return err
	}
	g := k.groups.held[string(k.key)]
	if g == nil {
		g = &group{row: uint32(rec.row), at: at, shown: bytes.Clone(k.shown), tally: make([]tally, len(k.spec.Aggregates))}
		k.groups.held[string(k.key)] = g
		k.groups.bytes += groupCost + len(k.key) + len(k.shown) + tallyCost*len(g.tally)
	}
	for i, a := range k.spec.Aggregates {
		if err := k.take(rec, i, a, &g.tally[i]); err != nil {
			return err
		}
	}
	return nil
}

// makeKey makes the key of a row and what it is written as. at is where the part of a pivot's column begins.
func (k *groupWorker) makeKey(rec *record) (at int, err error) {
	k.key, k.shown = k.key[:0], k.shown[:0]
	shown := 0
	for i, key := range k.keys {
		if i == len(k.spec.Keys) {
			at, shown = len(k.key), len(k.shown)
		}
		v, whole, err := rec.cell(key.Column)
		if err != nil {
			return 0, err
		}
		ok := true
		if v != nil && key.Unit != "" {
			v, ok = sortkey.Truncate(key.Unit, v)
		}
		if !ok {
			return 0, &unordered{key.Column}
		}
		var long bool
		if k.key, long, err = k.append(k.key, rec, key.Column, k.keyed[i], v, whole); err != nil {
			return 0, err
		}
		k.shown = appendText(k.shown, v, long)
	}
	if k.across != nil {
		k.note(k.across, k.key[at:], rec, 0, k.shown[shown:])
	}
	return at, nil
}

// append adds the key of a value. long says that the value is too long to be held.
func (k *groupWorker) append(dst []byte, rec *record, column int, e *sortkey.Encoder, v []byte, whole bool) (key []byte, long bool, err error) {
	if v == nil {
		return append(dst, 0xff), false, nil
	}
	if !whole || len(v) > keyMax && k.spec.Rules[column].Cuttable() {
		dst, err = longKey(rec, column, e, dst, v)
		return dst, true, err
	}
	dst, ok := e.Append(dst, v)
	if !ok {
		return dst, false, &unordered{column}
	}
	return dst, false, nil
}

// note makes sure that a key is there.
func (k *groupWorker) note(p *hashPart, key []byte, rec *record, at int, shown []byte) {
	if p.held[string(key)] == nil {
		p.held[string(key)] = &group{row: uint32(rec.row), at: at, shown: bytes.Clone(shown)}
		p.bytes += groupCost + len(key) + len(shown)
	}
}

// take has an aggregate take a row in.
func (k *groupWorker) take(rec *record, i int, a Aggregate, t *tally) error {
	if a.Column < 0 {
		t.n++
		return nil
	}
	v, whole, err := rec.cell(a.Column)
	if err != nil || v == nil {
		return err
	}
	switch a.Func {
	case Count:
		t.n++
	case Sum, Average:
		t.n++
		if t.sum == nil {
			t.sum = &total{}
		}
		had := t.sum.bytes
		t.sum.add(v)
		k.groups.bytes += t.sum.bytes - had
	case Distinct:
		at := len(k.key)
		if k.value, _, err = k.append(append(k.value[:0], k.key...), rec, a.Column, k.valued[i], v, whole); err != nil {
			return err
		}
		k.note(k.different[i], k.value, rec, at, nil)
	default:
		return k.best(rec, i, a, t, v, whole)
	}
	return nil
}

// best keeps the smallest value, or the greatest.
func (k *groupWorker) best(rec *record, i int, a Aggregate, t *tally, v []byte, whole bool) error {
	if t.best != nil && !t.cut && bytes.Equal(v, t.value) {
		return nil
	}
	cut := false
	if !whole || len(v) > keyMax && k.spec.Rules[a.Column].Cuttable() {
		v, cut = v[:cutPoint(v, keyMax)], true
	}
	var ok bool
	if k.value, ok = keyOf(k.valued[i], k.value[:0], v, !cut); !ok {
		return &unordered{a.Column}
	}
	better, err := k.better(a, t, k.value, cut, uint32(rec.row))
	if err != nil || !better {
		return err
	}
	k.groups.bytes -= len(t.best) + len(t.value)
	t.best, t.value, t.cut, t.row = append(t.best[:0], k.value...), t.value[:0], cut, uint32(rec.row)
	if !cut {
		t.value = append(t.value, v...)
	}
	k.groups.bytes += len(t.best) + len(t.value)
	return nil
}
