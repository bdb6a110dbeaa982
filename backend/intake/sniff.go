package intake

import (
	"bytes"
	"cmp"
	"strings"
)

// completeCSV finds out the delimiter, the quote, how numbers and dates are written, the header and what stands for NULL.
func completeCSV(o *Options, h head) error {
	// Where all else is given, no text for NULL is a choice too.
	open := o.Quote == "" || o.Delimiter == "" || o.Decimal == "" || o.Dates == "" || o.Header == ""
	if o.Format == "tsv" {
		o.Delimiter = cmp.Or(o.Delimiter, "\t")
		if o.Quote == "" {
			o.Quote = guessQuote(*o, h)
		}
	}
	o.Quote = cmp.Or(o.Quote, `"`)
	if o.Delimiter == "" {
		o.Delimiter = guessDelimiter(*o, h.text, h.whole)
	}
	if o.Null == "" && !o.emptyNull && open && hasBackslashN(*o, h) {
		o.Null = `\N`
	}
	rows := headRows(*o, h.text, h.whole, 500)
	if o.Decimal == "" {
		o.Decimal = guessDecimal(rows)
	}
	if o.Dates == "" {
		o.Dates = guessDates(rows)
	}
	if o.Header == "" {
		o.Header = guessHeader(*o, rows)
	}
	return nil
}

// guessDecimal tells what stands before a fraction: a comma, where a column has no other numbers and none has those with a
// point. 1.234 says nothing, and neither does 1,234, which may be thousands.
func guessDecimal(rows [][][]byte) string {
	found := "."
	for i := range columnsOf(rows) {
		commas, points, numbers := 0, 0, true
		for _, v := range column(rows, i) {
			s := string(v)
			n, local := Pointed(s)
			switch local = local && isNumeric(n); {
			case local && strings.Contains(s, ","):
				if _, fraction, _ := strings.Cut(s, ","); len(fraction) != 3 || strings.Contains(s, ".") {
					commas++
				}
			case !local && isNumeric(s):
				points++
			case !local:
				numbers = false
			}
		}
		switch {
		case !numbers:
		case points > 0:
			return "."
		case commas > 0:
			found = ","
		}
	}
	return found
}

// guessDates tells the order of the dates that are not in ISO 8601, where a column has only those and they say it.
func guessDates(rows [][][]byte) string {
	for i := range columnsOf(rows) {
		n, day, month, points := 0, true, true, false // the first number may be the day, the month
		for _, v := range column(rows, i) {
			first, second, _, _, sep, ok := localDate(string(v))
			switch {
			case isTime(string(v), dayOnly), ok && first > 12 && second > 12: // says nothing; a slip
				continue
			case !ok:
				day, month = false, false
			}
			n++
			day, month, points = day && second <= 12, month && first <= 12, points || sep == '.'
		}
		switch {
		case n == 0:
		case day && (points || !month):
			return "DMY"
		case month && !day:
			return "MDY"
		}
	}
	return "server"
}

func columnsOf(rows [][][]byte) (n int) {
	for _, r := range rows {
		n = max(n, len(r))
	}
	return n
}

// column gives the values below the first row, which may be a header, that are not empty.
func column(rows [][][]byte, i int) (values [][]byte) {
	for _, r := range rows[min(1, len(rows)):] {
		if i < len(r) && len(r[i]) > 0 {
			values = append(values, r[i])
		}
	}
	return values
}

// headRows reads at most n rows of the head that can be read, without the one that its end may cut.
func headRows(o Options, head []byte, whole bool, n int) [][][]byte {
	rows, _ := readHead(o, head, whole, n)
	return rows
}

// guessDelimiter chooses the one that divides most rows into the same number of values. The first row has to be among them:
// what does not divide the header stands in texts. A comma it is where none does.
func guessDelimiter(o Options, head []byte, whole bool) string {
	best, bestScore := ",", 0.0
	for _, d := range []string{",", ";", "\t", "|"} {
		o.Delimiter = d
		rows := headRows(o, head, whole, 200)
		width, n := 0, 0
		for i, r := range rows {
			if i == 0 {
				width = len(r)
			}
			if len(r) == width {
				n++
			}
		}
		if width < 2 || 2*n < len(rows) {
			continue
		}
		// More columns count a little, so that of two that fit equally well the finer one is taken.
		if score := float64(n)/float64(len(rows)) + float64(min(width, 100))/1000; score > bestScore {
			best, bestScore = d, score
		}
	}
	return best
}

// hasBackslashN tells that \N stands for NULL. Where some empty values are quoted and others not, it is that what says which
// are NULL, as PostgreSQL writes them, and \N is a text.
func hasBackslashN(o Options, h head) bool {
	if !bytes.Contains(h.text, []byte(`\N`)) {
		return false
	}
	const rows = 1000
	bare, quoted := false, false
	for _, r := range headRows(o, h.text, h.whole, rows) {
		for _, c := range r {
			bare, quoted = bare || c == nil, quoted || c != nil && len(c) == 0
		}
	}
	if bare && quoted {
		return false
	}
	o.Null = `\N`
	for _, r := range headRows(o, h.text, h.whole, rows) {
		for _, c := range r {
			if c == nil { // it is not quoted
				return true
			}
		}
	}
	return false
}

// guessHeader tells whether the first row names the columns: it does when it would not fit the types of those below, and
// when all is text and it stands nowhere else.
func guessHeader(o Options, rows [][][]byte) string {
	if len(rows) == 0 {
		return "yes"
	}
	first := rows[0]
	fits, typed, repeated := 0, 0, false
	for i, name := range first {
		t := newTypeGuess(o)
		for _, r := range rows[1:] {
			if i < len(r) {
				t.see(r[i])
				repeated = repeated || len(name) > 0 && bytes.Equal(r[i], name)
			}
		}
		if t.name(false) == "text" {
			continue
		}
		typed++
		if t.see(name); len(name) > 0 && t.name(false) != "text" {
			fits++
		}
	}
	switch {
	case typed > 0 && fits < typed:
		return "yes"
	case typed > 0 || repeated || len(rows) == 1 && looksLikeData(o, first):
		return "no"
	}
	return "yes"
}

// looksLikeData tells that there is a value which no column would be called.
func looksLikeData(o Options, row [][]byte) bool {
	for _, c := range row {
		t := newTypeGuess(o)
		if t.see(c); t.name(false) != "text" {
			return true
		}
	}
	return false
}
