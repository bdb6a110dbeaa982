package transfer_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/transfer"
)

// TestXML compares with the server's query_to_xml, where values have the same text.
func TestXML(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		t.Parallel()
		url := s.DB(t)
		for _, sql := range []string{
			`select 1 as a, null as b, E'<&>"\r\n\t''' as c, '' as d, 1.10 as "e f", 'x' as "1g", 'x' as "_xh", 'x' as "ünï-1.é", 'x' as "xmlish", 'x' as "XMLish", 'x' as "a:b", 'x' as "😀x"`,
			`select g as n, repeat('x', g % 5) as t from generate_series(1, 3) g`,
			`select 1 as a where false`,
			`select 1 as "nº", 1 as "ª", 1 as "x²", 1 as "²x", 1 as "a⃝", 1 as "aͰ", 1 as "à", 1 as "日本", 1 as "٣", 1 as "a٣"`,
		} {
			want := psql(t, url, "-At", "-c", "select query_to_xml($q$"+sql+"$q$, true, false, '')")
			got := strings.TrimPrefix(string(written(t, url, sql, "xml", transfer.Options{})), `<?xml version="1.0" encoding="UTF-8"?>`+"\n")
			same(t, "query_to_xml", sql, []byte(flat(got)), []byte(flat(string(want))))
		}
		for _, sql := range append(nasty, matrix, others) {
			if strings.HasPrefix(sql, "select string_agg") || strings.Contains(sql, `\b\f\v`) {
				continue // TestXMLCannot
			}
			d := xml.NewDecoder(strings.NewReader(string(written(t, url, sql, "xml", transfer.Options{}))))
			for {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Errorf("%s: %v", sql, err)
					break
				}
			}
		}
	})
}

// flat leaves out the empty lines, of which versions of the server write different ones.
func flat(s string) string {
	var kept []string
	for line := range strings.Lines(s) {
		if line != "\n" {
			kept = append(kept, line)
		}
	}
	return strings.TrimSpace(strings.Join(kept, ""))
}

func TestXMLCannot(t *testing.T) {
	t.Parallel()
	f, _ := transfer.Find("xml")
	for _, v := range []string{"a\bb", "\x00", "\ufffe"} {
		enc, _ := f.NewEncoder(io.Discard, transfer.Options{})
		if err := enc.Begin([]spool.Column{{Name: "t"}}); err != nil {
			t.Fatal(err)
		}
		if err := enc.Row([][]byte{[]byte(v)}); apperr.KindOf(err) != apperr.Limit || !strings.Contains(err.Error(), "t has in row 1") {
			t.Errorf("%q: %v", v, err)
		}
	}
}
