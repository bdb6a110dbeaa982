// Package suggest tells what can be written next.
package suggest

// Names is what is known of the database while a person writes. All of it is answered from memory; an empty answer
// means "not known (yet)", never "there is none". Implementations are immutable: a newer catalog is another Names.
type Names interface {
	// SearchPath lists the schemas in which unqualified names are looked up, in order, pg_catalog where the server puts
	// it (first, when nobody names it).
	SearchPath() []string
	// Schemas lists all schemas.
	Schemas() []Schema
	// Relations lists the relations of a schema.
	Relations(schema string) []Relation
	// Relation finds one by its exact name.
	Relation(schema, name string) (Relation, bool)
	// RelationOf finds one by its oid.
	RelationOf(oid uint32) (Relation, bool)
	// Columns lists the columns of a relation in order.
	Columns(oid uint32) []Column
	// ForeignKeys lists those that leave or reach a relation.
	ForeignKeys(oid uint32) []ForeignKey
	// Functions lists the functions, procedures and aggregates of a schema, in the order of their names.
	Functions(schema string) []Function
	// Types lists the types of a schema, without the array types that PostgreSQL makes by itself.
	Types(schema string) []Type
}

// Schema is a namespace.
type Schema struct {
	Name    string
	Comment string
	System  bool // pg_catalog, information_schema, pg_toast
}

// Relation is what can stand in FROM.
type Relation struct {
	OID    uint32
	Schema string
	Name   string
	Kind   byte // pg_class.relkind: r p f v m S c
	Rows   int  // the planner's estimate; -1 when never analysed
	// Part is true for a partition of another table.
	Part    bool
	Comment string
}

// Column is a column of a relation.
type Column struct {
	Name    string
	Type    string // as format_type writes it
	NotNull bool
	// HasDefault is true for a default, an identity and a generated column; Generated for those nobody may write.
	HasDefault bool
	Generated  bool
	Key        bool // part of the primary key
	Comment    string
}

// ForeignKey is a foreign key constraint.
type ForeignKey struct {
	Name      string
	From, To  uint32 // the referring and the referred relation
	Columns   []string
	ToColumns []string
	NotNull   bool // all referring columns are NOT NULL: an inner join keeps every row
}

// Function is a function, procedure, aggregate or window function: one for each list of arguments.
type Function struct {
	Schema    string
	Name      string
	Kind      byte     // pg_proc.prokind: f p a w
	Arguments []string // each as pg_get_function_arguments writes it: "amount numeric DEFAULT 0", "VARIADIC text[]"
	Required  int      // how many have no default
	Result    string   // "" for a procedure
	Set       bool     // returns a set: can stand in FROM
	Columns   []Column // of a set-returning function with OUT arguments or TABLE
	Comment   string
}

// Type is a data type.
type Type struct {
	Schema  string
	Name    string
	Kind    byte     // pg_type.typtype: b c d e r m p
	Labels  []string // of an enum, in its order
	Comment string
}

// Server is what an implementation of Names may know besides. None of it is needed.
type Server interface {
	// Version is the server's, as server_version_num; 0 when not known.
	Version() int
	// Roles lists the names of all roles.
	Roles() []string
}

// Language is Names without a database: only the language is known.
type Language struct{}

// SearchPath is that of a new server.
func (Language) SearchPath() []string { return []string{"pg_catalog", "public"} }

// Schemas has none.
func (Language) Schemas() []Schema { return nil }

// Relations has none.
func (Language) Relations(string) []Relation { return nil }

// Relation finds none.
func (Language) Relation(string, string) (Relation, bool) { return Relation{}, false }

// RelationOf finds none.
func (Language) RelationOf(uint32) (Relation, bool) { return Relation{}, false }

// Columns has none.
func (Language) Columns(uint32) []Column { return nil }

// ForeignKeys has none.
func (Language) ForeignKeys(uint32) []ForeignKey { return nil }

// Functions has none.
func (Language) Functions(string) []Function { return nil }

// Types has none.
func (Language) Types(string) []Type { return nil }
