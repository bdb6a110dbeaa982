package catalog

import (
	"context"
	"strconv"

	"desktop.tusk/backend/apperr"
)

func decimal(oid uint32) string { return strconv.FormatUint(uint64(oid), 10) }

// gone is the error for an object that was there when the tree was read.
func gone(what, op string) error {
	return apperr.E(apperr.Missing, "This "+what+" is not there any more.", apperr.Hint("Refresh the explorer to see what is there now."), apperr.Op(op))
}

// Describe tells all of a relation, in one message. A part that cannot be read is named in Problems. Errors: missing,
// and those of Querier.Ask.
func (c *Catalog) Describe(ctx context.Context, q Querier, oid uint32) (Description, error) {
	var d Description
	reset := func() {
		d = Description{
			Columns: []ColumnInfo{}, Indexes: []IndexInfo{}, Constraints: []ConstraintInfo{}, Referrers: []ConstraintInfo{}, Triggers: []NamedSQL{},
			Rules: []NamedSQL{}, Policies: []NamedSQL{}, Partitions: []PartInfo{}, Grants: []GrantInfo{}, Problems: map[string]*apperr.Error{},
		}
	}
	reset()
	err := askAll(ctx, q, c.major(), c.parts(&d), reset, func(p part, err error) { d.Problems[p.name] = apperr.From(err) }, decimal(oid))
	if err != nil {
		return Description{}, err
	}
	if err := d.Problems["relation"]; err != nil {
		return Description{}, err
	}
	if d.OID = oid; d.Quoted == "" {
		return Description{}, gone("relation", "catalog.describe")
	}
	return d, nil
}

// parts are the questions that make d, by the JSON names of what they fill.
func (c *Catalog) parts(d *Description) []part {
	return []part{
		{"relation", "describe_relation", func(r row) {
			d.Schema, d.Name, d.Kind, d.Quoted, d.Owner, d.Comment = r.text(0), r.text(1), r.text(2), r.text(3), r.text(4), r.text(5)
			d.Rows, d.PartitionKey, d.PartitionBound = c.estimate(r, 6, r.char(2)), r.text(8), r.text(9)
		}},
		{"columns", "describe_columns", func(r row) {
			d.Columns = append(d.Columns, ColumnInfo{
				Number: r.number(0), Name: r.text(1), Type: r.text(2), NotNull: r.yes(3), Default: r.text(4), Identity: r.text(5),
				Generated: r.text(6), Collation: r.text(7), Key: r.yes(8), Foreign: r.yes(9), Comment: r.text(10),
			})
		}},
		{"indexes", "describe_indexes", func(r row) {
			d.Indexes = append(d.Indexes, IndexInfo{
				OID: r.oid(0), Name: r.text(1), Definition: r.text(2), Unique: r.yes(3), Primary: r.yes(4), Valid: r.yes(5),
				Method: r.text(6), Size: -1, Scans: -1, Comment: r.text(7),
			})
		}},
		{"indexSizes", "describe_index_use", func(r row) {
			for i := range d.Indexes {
				if x := &d.Indexes[i]; x.OID == r.oid(0) {
					x.Size, x.Scans = r.known(1), r.known(2)
				}
			}
		}},
		{"constraints", "describe_constraints", func(r row) { d.Constraints = append(d.Constraints, constraint(r)) }},
		{"referrers", "describe_referrers", func(r row) { d.Referrers = append(d.Referrers, constraint(r)) }},
		{"triggers", "describe_triggers", func(r row) { d.Triggers = append(d.Triggers, named(r)) }},
		{"rules", "describe_rules", func(r row) { d.Rules = append(d.Rules, named(r)) }},
		{"policies", "describe_policies", func(r row) { d.Policies = append(d.Policies, named(r)) }},
		{"partitions", "describe_partitions", func(r row) {
			d.Partitions = append(d.Partitions, PartInfo{OID: r.oid(0), Schema: r.text(1), Name: r.text(2), Bound: r.text(3), Rows: c.estimate(r, 4, 'r')})
		}},
		{"grants", "describe_grants", func(r row) {
			d.Grants = append(d.Grants, GrantInfo{Role: r.text(0), Privileges: r.text(1), Grantable: r.yes(2)})
		}},
	}
}

func constraint(r row) ConstraintInfo {
	types := map[byte]string{'p': "primary", 'u': "unique", 'f': "foreign", 'c': "check", 'x': "exclude", 'n': "not null"}
	return ConstraintInfo{
		OID: r.oid(0), Name: r.text(1), Type: types[r.char(2)], Definition: r.text(3), Valid: r.yes(4),
		OtherSchema: r.text(5), OtherTable: r.text(6), OtherOID: r.oid(7), Comment: r.text(8),
	}
}

func named(r row) NamedSQL {
	return NamedSQL{Name: r.text(0), Definition: r.text(1), Enabled: r.yes(2), Comment: r.text(3)}
}
