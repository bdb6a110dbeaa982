package spool

import "testing"

func TestLabelsAreToldApart(t *testing.T) {
	for _, test := range []struct {
		value []byte
		label string
	}{
		{nil, "NULL"}, {[]byte("NULL"), "'NULL'"}, {[]byte("'NULL'"), "'''NULL'''"}, {[]byte(""), "''"}, {[]byte("''"), "''''''"},
		{[]byte("'"), "'"}, {[]byte("null"), "null"}, {[]byte("it's"), "it's"},
	} {
		if got := string(labelOf(test.value)); got != test.label {
			t.Errorf("%q is called %s, want %s", test.value, got, test.label)
		}
	}
}
