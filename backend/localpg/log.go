package localpg

import (
	"bytes"
	"io"
	"os"
	"strings"
)

const (
	logLimit = 1 << 20  // a log that is longer when the server starts becomes the old one
	tailSize = 64 << 10 // how much of the log's end is read
)

// openLog opens the server's log for appending. One older log is kept.
func openLog(path string) (*os.File, error) {
	if st, err := os.Stat(path); err == nil && st.Size() > logLimit {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
}

// Tail gives the last n lines of a log; none when there is no log yet.
func Tail(path string, n int) ([]string, error) {
	f, err := os.Open(path)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	from := max(0, st.Size()-tailSize)
	b, err := io.ReadAll(io.NewSectionReader(f, from, st.Size()-from))
	if err != nil {
		return nil, err
	}
	if from > 0 {
		b = b[bytes.IndexByte(b, '\n')+1:] // the first line is cut
	}
	text := strings.TrimRight(string(b), "\n")
	if text == "" {
		return nil, nil
	}
	lines := strings.Split(text, "\n")
	return lines[max(0, len(lines)-n):], nil
}

// since is what was written to the log after the mark, at most tailSize of it.
func since(path string, mark int64) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	b, _ := io.ReadAll(io.NewSectionReader(f, mark, tailSize))
	return strings.TrimSpace(string(b))
}

// reason picks the line that says why a server ended: the last of severity FATAL or PANIC or without any, else the last.
func reason(log string) string {
	lines := strings.Split(log, "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		for _, severity := range []string{"FATAL:", "PANIC:", "postgres: "} {
			if at := strings.Index(lines[i], severity); at >= 0 {
				return lines[i][at:]
			}
		}
	}
	return lines[len(lines)-1]
}

func lastLine(b []byte) string {
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return lines[len(lines)-1]
}
