package store

import (
	"fmt"
	"maps"
)

// lift brings the records of older schemas up to now, and gives those it changed.
func (d *DB) lift(c *content) (*content, []record, error) {
	var changed []record
	for _, r := range c.records {
		if int(r.schema) >= len(d.options.Migrations) {
			continue
		}
		for ; int(r.schema) < len(d.options.Migrations); r.schema++ {
			var err error
			if r.payload, err = d.options.Migrations[r.schema](r.bucket, r.key, r.payload); err != nil {
				return nil, nil, fmt.Errorf("bring %s of %s to the present form: %w", r.key, r.bucket, err)
			}
		}
		changed = append(changed, r)
	}
	lifted := &content{head: c.head, records: maps.Clone(c.records)}
	for _, r := range changed {
		lifted.records[r.id] = r
	}
	return lifted, changed, nil
}

// migrate writes what lift changed, in one change; the snapshot before it stays. A store of a newer schema is read only.
func (d *DB) migrate(c *content) (*content, error) {
	newer := false
	for _, r := range c.records {
		newer = newer || int(r.schema) > len(d.options.Migrations)
	}
	if newer != d.State().ReadOnly {
		d.note(func(s *State) {
			s.ReadOnly, s.Why = newer, ""
			if newer {
				s.Why = "A newer Tusk has written the connections and preferences. This one reads them and changes nothing."
			}
		})
	}
	if newer {
		return c, nil
	}
	_, changed, err := d.lift(c)
	if err != nil || len(changed) == 0 {
		return c, err
	}
	if !d.hasSnapshot(c) {
		d.shoot(c)
	}
	return d.commit(c, changed, nil)
}
