package store

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"desktop.tusk/backend/apperr"
)

// Collection is the values of one kind, each under a key.
type Collection[T any] struct {
	db   *DB
	name string
}

// NewCollection gives the collection of a name; it need not exist. T is a struct that JSON can carry.
func NewCollection[T any](db *DB, name string) Collection[T] { return Collection[T]{db, name} }

// Get gives a value, and false when there is none. Errors: storage.
func (c Collection[T]) Get(key string) (value T, ok bool, err error) {
	err = c.db.locked(func() error {
		all, err := c.db.load()
		if err != nil {
			return err
		}
		var r record
		if r, ok = all.records[id{c.name, key}]; !ok {
			return nil
		}
		return c.decode(r, &value)
	})
	return value, ok, told("What is saved cannot be read.", err)
}

// List gives all values by their keys. Errors: storage.
func (c Collection[T]) List() (list map[string]T, err error) {
	err = c.db.locked(func() error {
		all, err := c.db.load()
		if err != nil {
			return err
		}
		list = map[string]T{}
		for i, r := range all.records {
			if i.bucket != c.name {
				continue
			}
			var value T
			if err := c.decode(r, &value); err != nil {
				return err
			}
			list[i.key] = value
		}
		return nil
	})
	return list, told("What is saved cannot be read.", err)
}

// Put saves a value. Fields of the saved one that T does not have, because a newer Tusk wrote them, are kept.
// Errors: storage, and then nothing is changed.
func (c Collection[T]) Put(key string, value T) error {
	return c.Update(key, func(T, bool) (T, error) { return value, nil })
}

// Update saves what make makes of the value that is there, or of none: no other Tusk changes it in between. Fields are
// kept as Put keeps them. Errors: storage and make's own, and then nothing is changed.
func (c Collection[T]) Update(key string, make func(old T, ok bool) (T, error)) error {
	if key == "" || len(key) > 255 || c.name == headID.bucket || len(c.name) > 255 {
		return apperr.E(apperr.Internal, "", apperr.Message(fmt.Sprintf("key %q of %q", key, c.name)))
	}
	return c.change(func(all *content) ([]record, []id, error) {
		i := id{c.name, key}
		r, ok := all.records[i]
		var old T
		if ok {
			if err := c.decode(r, &old); err != nil {
				ok = false // what cannot be read is replaced, as Put does
			}
		}
		value, err := make(old, ok)
		if err != nil {
			return nil, nil, err
		}
		b, err := json.Marshal(value)
		if err != nil {
			return nil, nil, apperr.E(apperr.Internal, "", apperr.Cause(err))
		}
		if r.payload != nil {
			b = keepUnknown(reflect.TypeFor[T](), r.payload, b)
		}
		return []record{{id: i, payload: b}}, nil, nil
	})
}

// Delete removes a value; that there is none is no error. Errors: storage, and then nothing is changed.
func (c Collection[T]) Delete(key string) error {
	return c.change(func(all *content) ([]record, []id, error) {
		if _, ok := all.records[id{c.name, key}]; !ok {
			return nil, nil, nil
		}
		return nil, []id{{c.name, key}}, nil
	})
}

func (c Collection[T]) change(what func(*content) ([]record, []id, error)) error {
	return told("Nothing was saved.", c.db.locked(func() error {
		all, err := c.db.load()
		if err != nil {
			return err
		}
		puts, deletes, err := what(all)
		if err != nil || len(puts)+len(deletes) == 0 {
			return err
		}
		if s := c.db.State(); s.ReadOnly {
			return apperr.E(apperr.Storage, "Nothing was saved: a newer Tusk has written this.", apperr.Message(s.Why), apperr.Hint("Use that newer Tusk to change it."))
		}
		_, err = c.db.commit(all, puts, deletes)
		return err
	}))
}

// decode reads a record. A value that is whole and yet no T is a mistake in Tusk, not damage.
func (c Collection[T]) decode(r record, to *T) error {
	if err := json.Unmarshal(r.payload, to); err != nil {
		return apperr.E(apperr.Storage, fmt.Sprintf("%s of %s is saved in a form that cannot be read.", r.key, c.name), apperr.Cause(err))
	}
	return nil
}

// keepUnknown adds to the JSON of a T those fields of an older JSON that T does not have, also in structs within.
func keepUnknown(t reflect.Type, old, now json.RawMessage) json.RawMessage {
	var was, is map[string]json.RawMessage
	if t.Kind() != reflect.Struct || json.Unmarshal(old, &was) != nil || json.Unmarshal(now, &is) != nil {
		return now
	}
	known := map[string]bool{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if known[name] = true; was[name] != nil && is[name] != nil {
			is[name] = keepUnknown(f.Type, was[name], is[name])
		}
	}
	for name, value := range was {
		if !known[name] {
			is[name] = value
		}
	}
	b, err := json.Marshal(is)
	if err != nil {
		return now
	}
	return b
}
