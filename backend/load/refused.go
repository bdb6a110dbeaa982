package load

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/intake"
	"github.com/jackc/pgx/v5/pgconn"
)

// refused says which line an error is about.
func (l *loader) refused(err error, f *feed) error {
	const hint = "Nothing was imported. Correct the line, change the column, or go on without such lines and have them written to a file."
	var bad *intake.RowError
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &bad):
		e := apperr.E(apperr.Data, bad.Error(), apperr.Field("line", fmt.Sprint(bad.Line)), apperr.Field("column", bad.Column), apperr.Op("load"))
		e.Hint = strings.TrimSpace(bad.Hint + " Nothing was imported.")
		return e
	case errors.As(err, &pg):
		row, column, ok := l.place(pg)
		if !ok {
			return err
		}
		e := apperr.Server(pg)
		line := f.lines.of(int64(row))
		if line == 0 || !aboutRow(pg) && !l.aboutValue(pg) {
			return e
		}
		where := fmt.Sprintf("ine %d", line)
		if column != "" {
			where += ", column " + column
		}
		e.Title, e.Hint, e.Op = "L"+where+": "+e.Title, hint, "load"
		e.Detail = strings.TrimSpace("In l" + where + " of the file.\n" + e.Detail)
		e.Where = "" // it counts rows, not the file's lines
		apperr.Field("line", fmt.Sprint(line))(e)
		apperr.Field("column", column)(e)
		return e
	}
	return err
}

// refusedAtEnd says of a COMMIT that failed that nothing was imported, and of a deferred constraint why no row was left out.
func (l *loader) refusedAtEnd(pg *pgconn.PgError) error {
	e := apperr.Server(pg)
	e.Op, e.Hint = "load", strings.TrimSpace("Nothing was imported. "+e.Hint)
	if !aboutRow(pg) {
		return e
	}
	e.Title = "What is looked at when all rows are there does not hold."
	if pg.ConstraintName != "" {
		e.Title = fmt.Sprintf("The constraint %s of %s is looked at when all rows are there, and does not hold.", apperr.Plain(pg.ConstraintName), apperr.Plain(pg.TableName))
	}
	e.Hint = "Nothing was imported. The constraint is deferred: it is looked at when all rows are there. Correct the row that is named"
	if l.plan.KeepGoing {
		e.Hint += ", or make the constraint initially immediate for this import: rows that do not fit can be left out only then"
	}
	e.Hint += "."
	return e
}

// aboutRow tells that an error is about a row's values, and others may be fine.
func aboutRow(pg *pgconn.PgError) bool {
	switch pg.Code[:min(2, len(pg.Code))] {
	case "21", "22", "23", "27", "2F", "38", "39", "44", "P0":
		return true
	}
	return pg.Code == "54000" || pg.Code == "0A000" && pg.Where != "" // a row that is too large for a page or an index
}

// aboutValue tells that a type could not read a text: some report that as they would a mistake in SQL, as tsvector and
// regtype do. COPY names the column then, and no function stands between.
func (l *loader) aboutValue(pg *pgconn.PgError) bool {
	_, column, _ := l.place(pg)
	if column == "" || !strings.HasPrefix(pg.Code, "42") && !strings.HasPrefix(pg.Code, "3F") {
		return false
	}
	i := slices.IndexFunc(l.columns, func(c Column) bool { return c.Name == column })
	return strings.HasPrefix(pg.Where, "COPY "+l.relation) || i >= 0 && l.types[i].parsed()
}

// parsed tells that the server's parser reads texts of the type. It says where it is before COPY does; no function of
// anybody's is run by it.
func (t columnType) parsed() bool {
	return slices.Contains([]string{"regtype", "regprocedure", "regoperator"}, strings.TrimSuffix(t.name, "[]"))
}

// place finds which row COPY was at, from 1, and which column. The words around them are in the server's language.
func (l *loader) place(pg *pgconn.PgError) (row int, column string, ok bool) {
	for line := range strings.Lines(pg.Where) {
		rest, is := strings.CutPrefix(line, "COPY "+l.relation)
		if !is {
			continue
		}
		at := strings.IndexFunc(rest, func(r rune) bool { return r >= '0' && r <= '9' })
		if at < 0 {
			continue
		}
		rest = rest[at:]
		for len(rest) > 0 && rest[0] >= '0' && rest[0] <= '9' && row < 1<<50 {
			row, rest = row*10+int(rest[0]-'0'), rest[1:]
		}
		for _, c := range l.columns {
			if (strings.Contains(rest, " "+c.Name+":") || strings.Contains(rest, " "+c.Name+"：")) && len(c.Name) > len(column) {
				column = c.Name
			}
		}
		if pg.ColumnName != "" {
			column = pg.ColumnName
		}
		return row, column, row > 0
	}
	return 0, "", false
}
