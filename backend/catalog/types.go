package catalog

import "desktop.tusk/backend/apperr"

// Tree is all schemas and relations of a database, as columns of one table: thousands of objects would cost more.
type Tree struct {
	Version  int          `json:"version"`
	Database string       `json:"database"`
	ReadAt   int          `json:"readAt"` // ms since 1970
	Schemas  []TreeSchema `json:"schemas"`
	// Relations are in the order of their schema, then name. The lists below have one entry each.
	OIDs   []uint32 `json:"oids"`
	Names  []string `json:"names"`
	Kinds  string   `json:"kinds"`  // one character each, pg_class.relkind: r p f v m S c
	Schema []int    `json:"schema"` // index into Schemas
	Rows   []int    `json:"rows"`   // the planner's estimate; -1 when never analysed
	// Parents has the partitioned table a partition belongs to, 0 for others.
	Parents []uint32 `json:"parents"`
	// Problems are parts that could not be read, in words; the rest stands.
	Problems []string `json:"problems"`
}

// TreeSchema is a schema and how many things of the kinds that are read when opened are in it.
type TreeSchema struct {
	OID       uint32 `json:"oid"`
	Name      string `json:"name"`
	Comment   string `json:"comment"`
	System    bool   `json:"system"`
	Functions int    `json:"functions"`
	Types     int    `json:"types"`
}

// Member is a function, type, extension or role in the tree.
type Member struct {
	OID  uint32 `json:"oid"`
	Name string `json:"name"`
	// Detail is a function's arguments and result, a type's kind, an extension's version.
	Detail  string `json:"detail"`
	Variant string `json:"variant"` // function procedure aggregate window; enum composite domain range base
	Comment string `json:"comment"`
}

// Members lists members, in the order of their names.
type Members struct {
	Members []Member `json:"members"`
}

// Description is all that is known of a relation: what the tree shows below it, and its page.
type Description struct {
	OID     uint32 `json:"oid"`
	Schema  string `json:"schema"`
	Name    string `json:"name"`
	Kind    string `json:"kind"` // pg_class.relkind
	Quoted  string `json:"quoted"`
	Owner   string `json:"owner"`
	Comment string `json:"comment"`
	Rows    int    `json:"rows"` // the planner's estimate; -1 when never analysed
	// PartitionKey is how a partitioned table divides; PartitionBound which part a partition holds.
	PartitionKey   string `json:"partitionKey"`
	PartitionBound string `json:"partitionBound"`

	Columns     []ColumnInfo     `json:"columns"`
	Indexes     []IndexInfo      `json:"indexes"`
	Constraints []ConstraintInfo `json:"constraints"` // keys, checks, exclusions and the foreign keys that leave
	Referrers   []ConstraintInfo `json:"referrers"`   // foreign keys of others that reach this one
	Triggers    []NamedSQL       `json:"triggers"`
	Rules       []NamedSQL       `json:"rules"`
	Policies    []NamedSQL       `json:"policies"`
	Partitions  []PartInfo       `json:"partitions"`
	Grants      []GrantInfo      `json:"grants"`
	// Problems says which part could not be read and why, by the part's JSON name.
	Problems map[string]*apperr.Error `json:"problems"`
}

// ColumnInfo is a column of a relation.
type ColumnInfo struct {
	Number    int    `json:"number"`
	Name      string `json:"name"`
	Type      string `json:"type"`
	NotNull   bool   `json:"notNull"`
	Default   string `json:"default"`   // an expression; "" for none
	Identity  string `json:"identity"`  // "always", "by default" or ""
	Generated string `json:"generated"` // "stored", "virtual" or ""
	Collation string `json:"collation"` // when it is not the type's
	Key       bool   `json:"key"`       // part of the primary key
	Foreign   bool   `json:"foreign"`   // part of a foreign key
	Comment   string `json:"comment"`
}

// IndexInfo is an index.
type IndexInfo struct {
	OID        uint32 `json:"oid"`
	Name       string `json:"name"`
	Definition string `json:"definition"`
	Unique     bool   `json:"unique"`
	Primary    bool   `json:"primary"`
	Valid      bool   `json:"valid"`
	Method     string `json:"method"`
	Size       int    `json:"size"`  // bytes; -1 when not known
	Scans      int    `json:"scans"` // since the statistics were reset; -1 when not known
	Comment    string `json:"comment"`
}

// ConstraintInfo is a constraint.
type ConstraintInfo struct {
	OID  uint32 `json:"oid"`
	Name string `json:"name"`
	// Type is "primary", "unique", "foreign", "check", "exclude" or "not null".
	Type       string `json:"type"`
	Definition string `json:"definition"`
	Valid      bool   `json:"valid"`
	// Schema, Table and OtherOID name the other end of a foreign key.
	OtherSchema string `json:"otherSchema"`
	OtherTable  string `json:"otherTable"`
	OtherOID    uint32 `json:"otherOid"`
	Comment     string `json:"comment"`
}

// NamedSQL is a trigger, rule or policy.
type NamedSQL struct {
	Name       string `json:"name"`
	Definition string `json:"definition"`
	Enabled    bool   `json:"enabled"`
	Comment    string `json:"comment"`
}

// PartInfo is a partition.
type PartInfo struct {
	OID    uint32 `json:"oid"`
	Schema string `json:"schema"`
	Name   string `json:"name"`
	Bound  string `json:"bound"`
	Rows   int    `json:"rows"`
}

// GrantInfo is what one role may do with an object.
type GrantInfo struct {
	Role       string `json:"role"`
	Privileges string `json:"privileges"` // "SELECT, INSERT"
	Grantable  bool   `json:"grantable"`
}

// Statistics are the sizes and counters of a relation; read apart, because sizes can be slow.
type Statistics struct {
	TableBytes int `json:"tableBytes"` // -1 when not known, as all below
	IndexBytes int `json:"indexBytes"`
	TotalBytes int `json:"totalBytes"`
	LiveRows   int `json:"liveRows"`
	DeadRows   int `json:"deadRows"`
	SeqScans   int `json:"seqScans"`
	IndexScans int `json:"indexScans"`
	// Times are RFC 3339; "" for never.
	LastVacuum  string `json:"lastVacuum"`
	LastAnalyze string `json:"lastAnalyze"`
}

// Definition is the SQL that makes an object.
type Definition struct {
	SQL string `json:"sql"`
	// Missing says in words what of the object the SQL does not hold; "" for nothing.
	Missing string `json:"missing"`
}

// DropPlan is what dropping an object would run, and what depends on it.
type DropPlan struct {
	SQL        string   `json:"sql"`
	Cascade    string   `json:"cascade"` // the same with CASCADE
	Dependents []string `json:"dependents"`
}

// SearchHit is an object or a column.
type SearchHit struct {
	Kind   string `json:"kind"` // as ObjectRef's, or "column"
	OID    uint32 `json:"oid"`  // of a column: its relation's
	Schema string `json:"schema"`
	Name   string `json:"name"`
	// Relation is the relation of a column; Detail its type, or the relation's kind (pg_class.relkind).
	Relation string `json:"relation"`
	Detail   string `json:"detail"`
	// Marks are the matched characters of Name, in UTF-16 units.
	Marks []int `json:"marks"`
}

// SearchResult is best first.
type SearchResult struct {
	Hits []SearchHit `json:"hits"`
}
