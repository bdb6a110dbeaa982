package transfer

import (
	"compress/gzip"
	"fmt"
	"io"
	"strings"

	"desktop.tusk/backend/apperr"
	"github.com/klauspost/compress/zstd"
)

// Compressions are the endings of compressed files, by the names of the ways.
var Compressions = map[string]string{"gzip": ".gz", "zstd": ".zst"}

// Compress gives a writer that compresses on the way to w, and the function that ends it, which leaves w open. "" is no
// compression. Errors: usage, when there is no such way.
func Compress(w io.Writer, how string) (io.Writer, func() error, error) {
	switch how {
	case "":
		return w, func() error { return nil }, nil
	case "gzip":
		z := gzip.NewWriter(w)
		return z, z.Close, nil
	case "zstd":
		z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
		if err != nil {
			return nil, nil, fmt.Errorf("compress: %w", err)
		}
		return z, z.Close, nil
	}
	return nil, nil, apperr.E(apperr.Usage, fmt.Sprintf("There is no compression %q.", how), apperr.Hint("It is gzip or zstd."))
}

// ByName finds the format and the compression that a file's name asks for, by its ending.
func ByName(path string) (f Format, compress string, ok bool) {
	path = strings.ToLower(path)
	for how, ending := range Compressions {
		if rest, cut := strings.CutSuffix(path, ending); cut {
			path, compress = rest, how
		}
	}
	for _, f := range Formats {
		if f.Ending != "" && strings.HasSuffix(path, "."+f.Ending) {
			return f, compress, true
		}
	}
	return Format{}, compress, false
}
