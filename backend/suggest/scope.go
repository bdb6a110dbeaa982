package suggest

// clause tells what kind of place a token stands at.
type clause uint8

const (
	inNothing    clause = iota
	inStart             // where a statement begins
	inQuery             // where a query may begin, in a parenthesis or after AS
	inSelect            // the list of a SELECT
	inFrom              // where FROM wants something to read from
	inJoin              // the same, behind JOIN
	inFromEnd           // behind that: an alias, the next join, the next clause
	inOn                // the condition of a join
	inUsing             // the columns of USING (…)
	inWhere             // any condition: WHERE, HAVING
	inGroup             // GROUP BY
	inOrder             // ORDER BY
	inWindow            // WINDOW
	inLimit             // LIMIT, OFFSET, FETCH, FOR
	inValues            // a row of VALUES
	inReturning         // RETURNING
	inTarget            // what INSERT, UPDATE, DELETE or MERGE works on
	inTargetEnd         // behind it
	inColumns           // the column list of INSERT
	inSet               // a column to set
	inSetValue          // its value
	inConflict          // the columns of ON CONFLICT (…)
	inAlias             // where a name is made up
	inWithEnd           // behind the queries of WITH
	inOther             // in any other statement: trail tells where
	inOtherValue        // in an expression of one
)

// scope is what can be seen from a place: the items of a block, those before the place for what LATERAL and ON see; then
// the queries of WITH; then what is around.
type scope struct {
	block *block
	limit int // how many items; -1 for all
	ctes  []*cte
	outer *scope
}

// cte is a query of WITH.
type cte struct {
	name    string
	at      int // its token
	columns []string
	query   *block
	extra   []string // of SEARCH and CYCLE
}

// block is one SELECT, VALUES, INSERT …: what has a FROM of its own.
type block struct {
	kind    string // its first word
	items   []*item
	list    []span // the expressions of its SELECT or RETURNING list
	scope   *scope // what the list sees
	clauses map[string]bool
	listed  []string // columns of an INSERT list or SET list
	target  *item
	memo    []column // its outputs, when read
	read    bool
}

// span is tokens [from, to).
type span struct{ from, to int }

// item is something to read from.
type item struct {
	name    []string // as written: schema and name; of a function too
	at      span     // its name, or its parenthesis
	end     int      // the token behind it and its alias
	alias   string
	aliasAt int // its token; 0 for none
	columns []string
	types   []string // of a column definition list
	query   *block
	call    bool
	ordinal bool
	scope   *scope // in which a name is looked for among the queries of WITH
	using   []string
	natural bool
	join    bool
	left    bool     // rows without a partner are kept
	memo    []column // its columns, when read
	read    bool
}

// call is a parenthesis the place stands in, inside of its block.
type call struct {
	name   span // the callee; empty for a plain parenthesis
	open   int
	commas int
}

// place is what the reader knew when it came to the marked token.
type place struct {
	clause clause
	scope  *scope
	calls  []call
	item   *item // the last item before, in FROM
	joined *item // the item a condition joins
	block  *block
	trail  []string
}
