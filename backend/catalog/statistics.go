package catalog

import "context"

// Statistics reads the sizes and counters of a relation, of all partitions together. What cannot be read stays -1; when
// neither can, that is the error. Errors: those of Querier.Ask.
func (c *Catalog) Statistics(ctx context.Context, q Querier, oid uint32) (Statistics, error) {
	var s Statistics
	reset := func() {
		s = Statistics{TableBytes: -1, IndexBytes: -1, TotalBytes: -1, LiveRows: -1, DeadRows: -1, SeqScans: -1, IndexScans: -1}
	}
	reset()
	parts := []part{
		{"Sizes", "statistics_sizes", func(r row) { s.TableBytes, s.IndexBytes, s.TotalBytes = r.known(0), r.known(1), r.known(2) }},
		{"Counters", "statistics_counters", func(r row) {
			s.LiveRows, s.DeadRows, s.SeqScans, s.IndexScans = r.known(0), r.known(1), r.known(2), r.known(3)
			s.LastVacuum, s.LastAnalyze = r.text(4), r.text(5)
		}},
	}
	var refused []error
	err := askAll(ctx, q, c.major(), parts, reset, func(_ part, err error) { refused = append(refused, err) }, decimal(oid))
	if err == nil && len(refused) == len(parts) {
		err = refused[0]
	}
	return s, err
}
