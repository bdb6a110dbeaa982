package intake

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"desktop.tusk/backend/apperr"
	"github.com/klauspost/compress/zstd"
)

// mostWindow is how far back a compressed text may refer to itself, which is what unpacking holds in memory: what zstd
// itself takes unless it is told otherwise.
const mostWindow = 128 << 20

// packing is a way in which files are compressed.
type packing struct {
	name    string
	begins  string // the first bytes of its files
	endings []string
	unpack  string // the command that unpacks them
	open    func(io.Reader) (io.Reader, error)
}

func packings() []packing {
	return []packing{
		{"gzip", "\x1f\x8b", []string{".gz", ".gzip"}, "gunzip", func(in io.Reader) (io.Reader, error) {
			return gzip.NewReader(bufio.NewReaderSize(in, 64<<10))
		}},
		{"zstd", "\x28\xb5\x2f\xfd", []string{".zst", ".zstd"}, "unzstd", func(in io.Reader) (io.Reader, error) {
			// One that decodes nothing ahead has nothing to be closed.
			return zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(mostWindow))
		}},
	}
}

func packingOf(first []byte) *packing {
	for _, p := range packings() {
		if bytes.HasPrefix(first, []byte(p.begins)) {
			return &p
		}
	}
	return nil
}

// UnpackedName is a path without the ending of a compression: a.csv of a.csv.gz.
func UnpackedName(path string) string {
	for _, p := range packings() {
		for _, e := range p.endings {
			if cut := len(path) - len(e); cut > 0 && strings.EqualFold(path[cut:], e) {
				return path[:cut]
			}
		}
	}
	return path
}

// unpacked reads what is in a compressed file; of one that is not, the file itself, and p is nil.
func unpacked(path string, in io.Reader) (r io.Reader, p *packing, err error) {
	first := make([]byte, 4)
	n, err := io.ReadFull(in, first)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, nil, err
	}
	in = io.MultiReader(bytes.NewReader(first[:n]), in)
	if p = packingOf(first[:n]); p == nil {
		return in, nil, nil
	}
	u := &unpacker{packing: p, path: path}
	if u.r, err = p.open(in); err != nil {
		return nil, nil, u.trouble(err)
	}
	return u, p, nil
}

// Next is that of the Rows. A compressed file may have been damaged into something else that reads wrong, and shows it at
// its end alone, where its checksum is: where nothing more can be read of the rows, the rest is looked at for that.
func (f *File) Next() (Row, error) {
	r, err := f.Rows.Next()
	if bad, ok := errors.AsType[*RowError](err); ok && bad.last && f.packed != nil {
		if _, damaged := io.Copy(io.Discard, f.packed); damaged != nil {
			return Row{}, damaged
		}
	}
	return r, err
}

// unpacker says in words why a file cannot be unpacked any further.
type unpacker struct {
	*packing
	r    io.Reader
	path string
}

func (u *unpacker) Read(b []byte) (int, error) {
	n, err := u.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		err = u.trouble(err)
	}
	return n, err
}

// trouble has no cause: one that is an early end would be taken for the end of a text that is whole.
func (u *unpacker) trouble(err error) error {
	if of, ok := errors.AsType[*apperr.Error](err); ok { // the file itself cannot be read
		return of
	}
	title, hint := "%s is damaged: its %s data cannot be unpacked any further.", "Copy or download the file again."
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		title = "%s ends too early: the rest of its %s data is missing."
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		title = fmt.Sprintf("%%s takes more than %d MB of memory to unpack its %%s data, which is the limit.", mostWindow>>20)
		hint = "Unpack it first, with unzstd --long=31."
	case errors.Is(err, zstd.ErrUnknownDictionary):
		title, hint = "%s was compressed with a dictionary, without which its %s data says nothing.", "Unpack it first, with unzstd -D."
	}
	return apperr.E(apperr.Data, fmt.Sprintf(title, filepath.Base(u.path), u.name), apperr.Message(err.Error()), apperr.Hint("Nothing was imported. "+hint))
}

// refused says why a file that was unpacked is none of rows; nil when nothing is known against it.
func (p *packing) refused(path string, format Format, first []byte) error {
	name := filepath.Base(path)
	switch {
	case packingOf(first) != nil:
		return apperr.E(apperr.Data, name+" is compressed more than once.", apperr.Hint("Unpack it first, with "+p.unpack+"."))
	case len(first) > 262 && string(first[257:262]) == "ustar":
		return apperr.E(apperr.Data, name+" is an archive of files, not a file of rows.", apperr.Hint("Unpack it with tar, and choose one of its files."))
	case !format.Text:
		return apperr.E(apperr.Data, fmt.Sprintf("%s is compressed with %s, and only files of text can be read so.", name, p.name), apperr.Hint("Unpack it first, with "+p.unpack+"."))
	}
	return nil
}
