package spool

import "testing"

func TestPivotNamesAreToldApart(t *testing.T) {
	for _, test := range []struct {
		value []byte
		name  string
	}{
		{nil, "NULL"}, {[]byte("NULL"), "'NULL'"}, {[]byte("'NULL'"), "'''NULL'''"}, {[]byte(""), "''"}, {[]byte("''"), "''''''"},
		{[]byte("'"), "'"}, {[]byte("null"), "null"}, {[]byte("it's"), "it's"},
	} {
		if got := pivotName(test.value); got != test.name {
			t.Errorf("%q is called %s, want %s", test.value, got, test.name)
		}
	}
}
