package intake

import "io"

// OpenLimited is Open with another limit for a row.
var OpenLimited = open

// NewReader reads rows of a text in UTF-8 that is no file. All of the options have to be given.
func NewReader(r io.Reader, o Options) (Rows, error) {
	f, _ := byName(o.Format)
	return f.open(source{r: r, limit: MaxRow}, o)
}
