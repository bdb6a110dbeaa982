package apperr

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/jackc/pgx/v5/pgconn"
)

// states maps a SQLSTATE, or its first two characters, to a Kind. The longer key wins.
var states = map[string]Kind{
	"08": Lost, "08P01": Protocol, "0A": Unsupported,
	"20": Data, "21": Data, "22": Data, "23": Constraint, "24": TxState, "25": TxState,
	"25006": ReadOnly, "25P02": TxFailed, "25P03": Lost, "25P04": Lost,
	"26": Missing, "27": Constraint, "28": AuthRule, "28P01": AuthFailed,
	"2B": Constraint, "2D": TxState, "2F": Data, "34": Missing, "38": Query, "39": Query,
	"3B": TxState, "3D": DBMissing, "3F": Missing, "40": Serialize, "40P01": Deadlock,
	"42": Syntax, "42501": Permission, "42703": Missing, "42P01": Missing, "42883": Missing, "42704": Missing,
	"42P02": Missing, "42702": Syntax, "42804": Data, "42846": Data, "42P18": Data, "42P03": TxState,
	"42710": Constraint, "42P07": Constraint, "42P06": Constraint, "42701": Constraint, "42723": Constraint,
	"42P04": Constraint, "42P05": Constraint, "44": Constraint,
	"53": ResServer, "53300": TooMany, "54": ResServer, "55": TxState, "55P03": LockTimeout, "55000": TxState,
	"57": Query, "57014": Cancelled, "57P01": Shutdown, "57P02": Shutdown, "57P03": Starting, "57P04": DBMissing,
	"57P05": Lost, "58": ResServer, "72": Query, "F0": Query, "HV": Query, "P0": Query, "XX": Query,
}

// titles gives a state a plainer sentence than its kind's row has.
var titles = map[string]string{
	"23505": "The value is there already, and the key allows it only once.",
	"23503": "The row refers to something that is not there, or is still referred to.",
	"23502": "A column that must have a value would be NULL.",
	"23514": "A check of the table forbids this value.",
	"23P01": "The row overlaps another one, which a constraint forbids.",
	"42703": "There is no such column.",
	"42P01": "There is no such table or view.",
	"42883": "There is no such function or operator for these types.",
	"42704": "There is no such object.",
	"42702": "A column name could mean more than one column.",
	"42P07": "A relation of that name exists already.",
	"42701": "A column of that name is there already.",
	"42723": "A function of that name and those arguments exists already.",
	"42P03": "A cursor of that name is open already.",
	"42P04": "A database of that name exists already.",
	"42P05": "A prepared statement of that name exists already.",
	"42P06": "A schema of that name exists already.",
	"26000": "There is no such prepared statement.",
	"34000": "There is no such cursor.",
	"42803": "A column stands neither in group by nor in an aggregate.",
	"42804": "The types do not fit together.",
	"42846": "There is no cast between these types.",
	"58030": "The server's disk or operating system failed.",
	"58P01": "The server does not find a file.",
	"42710": "An object of that name exists already.",
	"3F000": "There is no such schema.",
	"22012": "Something was divided by zero.",
	"22001": "The text is longer than the column allows.",
	"22003": "The number does not fit its type.",
	"22007": "That is no date or time in a form the server knows.",
	"22008": "That date or time is outside what the type can hold.",
	"22P02": "The text is no value of that type.",
	"2BP01": "Other objects depend on it.",
	"25001": "That statement has to run alone, outside a transaction.",
	"25P01": "No transaction is open.",
	"25P03": "The server ended the session: its transaction had been idle too long.",
	"53100": "The server's disk is full.",
	"53200": "The server is out of memory.",
	"54000": "A limit built into PostgreSQL is reached.",
	"54011": "A table or a result may not have that many columns.",
	"42809": "That cannot be done with an object of this kind.",
	"57P01": "The session was ended by an administrator, or the server is restarting.",
	"57P02": "The server crashed or was stopped at once.",
	"57P04": "The database was dropped.",
	"P0001": "A function raised an error.",
	"55006": "Somebody is using it.",
}

var hints = map[string]string{
	"23505": "Change the value, or use insert … on conflict.",
	"23503": "Insert the row that is referred to first, or remove the rows that refer to this one.",
	"23502": "Give the column a value, or a default.",
	"42702": "Put the table's name or alias before the column.",
	"42P07": "Use another name, or create … if not exists.",
	"42701": "Use another name.",
	"42723": "Use another name, or create or replace.",
	"42P03": "Close it first, or use another name.",
	"42P04": "Use another name.",
	"42P05": "Use another name, or deallocate it first.",
	"42P06": "Use another name, or create schema if not exists.",
	"42710": "Use another name.",
	"42803": "Put the column into group by, or into an aggregate such as max.",
	"22012": "nullif(divisor, 0) turns the divisor into NULL instead.",
	"2BP01": "Drop what depends on it first, or drop … cascade after looking at what goes with it.",
	"25001": "Run it by itself, with no transaction open.",
	"25P03": "Everything since BEGIN was rolled back. Start again; set idle_in_transaction_session_timeout longer if you may.",
	"P0001": "The function's own words say why.",
	"42804": "Cast one side so that both have the same type.",
	"42809": "Look what kind of object it is: a table, a view or something else.",
	"54011": "Choose fewer columns.",
	"42883": "Check the name and the types of the arguments; a cast may be needed.",
	"42601": "Look at and just before the marked place.",
}

// StateKind classifies a SQLSTATE.
func StateKind(code string) Kind {
	if k, ok := states[code]; ok {
		return k
	}
	if len(code) >= 2 {
		if k, ok := states[code[:2]]; ok {
			return k
		}
	}
	return Query
}

// maxText bounds what a server may make us show at once; a hostile one sends megabytes.
const maxText = 64 << 10

func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText], "") + "…"
}

// maxName is the longest name PostgreSQL itself gives anything.
const maxName = 63

// named is the title with the names of what it is about, where the server tells them; "" where it does not.
func named(pg *pgconn.PgError) string {
	names := []string{pg.TableName, pg.ConstraintName}
	form := ""
	switch pg.Code {
	case "23502":
		names[1] = pg.ColumnName
		form = "%[1]s.%[2]s must have a value."
	case "23505":
		form = "%[1]s has that value already, and %[2]s allows it only once."
	case "23514":
		form = "The check %[2]s of %[1]s forbids this value."
	case "23P01":
		form = "The row overlaps another one of %[1]s, which %[2]s forbids."
	}
	for _, n := range names {
		if form == "" || n == "" || len(n) > maxName {
			return ""
		}
	}
	return fmt.Sprintf(form, Plain(names[0]), Plain(names[1]))
}

// Server makes an Error of what the server reported. Position is left to the caller, who knows the script.
func Server(pg *pgconn.PgError) *Error {
	title := named(pg)
	if title == "" {
		title = titles[pg.Code]
	}
	e := E(StateKind(pg.Code), title, Cause(pg), Message(clip(pg.Message)))
	if h, ok := hints[pg.Code]; ok {
		e.Hint = h
	}
	e.Code = pg.Code
	e.Detail, e.ServerHint, e.Where = clip(pg.Detail), clip(pg.Hint), clip(pg.Where)
	e.Severity = pg.SeverityUnlocalized
	if e.Severity == "" {
		e.Severity = pg.Severity // before PostgreSQL 9.6
	}
	for _, f := range [][2]string{
		{"schema", pg.SchemaName}, {"table", pg.TableName}, {"column", pg.ColumnName},
		{"datatype", pg.DataTypeName}, {"constraint", pg.ConstraintName}, {"routine", pg.Routine},
		{"internalQuery", clip(pg.InternalQuery)},
	} {
		Field(f[0], f[1])(e)
	}
	return e
}

// Plural counts things for a person: 1 row, 2 rows.
func Plural[N int | int64](n N, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// Plain makes control characters and direction marks visible, for places where they could deceive: logs, terminals.
func Plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < 0x20:
			return 0x2400 + r
		case r == 0x7f || r >= 0x80 && r < 0xa0 || unicode.Is(unicode.Bidi_Control, r):
			return 0xfffd
		}
		return r
	}, s)
}
