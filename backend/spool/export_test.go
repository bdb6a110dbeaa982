package spool

// SmallRuns makes sorting use runs of so many rows and so many bytes of keys, and merge so few at once.
func (d *Dir) SmallRuns(entries, arena, fan int) {
	d.limits = limits{entries: entries, arena: arena, fan: fan}
}

// SmallGroups makes grouping hold so many groups before it writes a run.
func (d *Dir) SmallGroups(n int) { d.limits.groups = n }

// Dir is where the result is kept.
func (r *Result) Dir() *Dir { return r.dir }
