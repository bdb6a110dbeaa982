package backend

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/transfer"
)

// TextFile is a file that a tab shows: UTF-8, with what the editor does not keep of it.
type TextFile struct {
	Path string `json:"path"`
	// LineEnds are "\n" or "\r\n": those of the file, or of most of its lines. Mark says that it begins with a byte order mark.
	LineEnds string `json:"lineEnds"`
	Mark     bool   `json:"mark"`
	// Stamp tells one state of the file from another; "" for one that was never read or written.
	Stamp string `json:"stamp"`
}

// FileText is what a file has, with line feeds alone at the ends of lines.
type FileText struct {
	File TextFile `json:"file"`
	Name string   `json:"name"`
	Text string   `json:"text"`
	// Note says what is not kept as it is; "" as a rule.
	Note string `json:"note"`
}

// SaveFileRequest is a text for a file.
type SaveFileRequest struct {
	File TextFile `json:"file"`
	Text string   `json:"text"`
	// Replace writes it though the file is not in the state of its stamp.
	Replace bool `json:"replace"`
}

// FileState tells how a file is now.
type FileState struct {
	Missing bool   `json:"missing"`
	Stamp   string `json:"stamp"`
}

// largestFile is what the editor opens, in bytes: beyond it every key would be felt.
const largestFile = 20 << 20

var byteOrderMark = []byte("\xef\xbb\xbf")

// OpenFile reads a file for a tab. Errors: file, when it is no text in UTF-8, or too large; file_missing, file_denied.
func (w *Work) OpenFile(req PathRequest) (t FileText, err error) {
	defer w.state.guard("work.openFile", &err)()
	return readText(req.Path)
}

func readText(path string) (t FileText, err error) {
	path, err = filepath.Abs(path)
	if err != nil {
		return t, unreadableFile(path, err)
	}
	fi, err := os.Stat(path)
	switch {
	case err != nil:
		return t, unreadableFile(path, err)
	case !fi.Mode().IsRegular():
		return t, apperr.E(apperr.File, path+" is no file.", apperr.Hint("Choose a file with SQL in it."))
	case fi.Size() > largestFile:
		return t, apperr.E(apperr.File, fmt.Sprintf("%s is too large for the editor: %d MB.", filepath.Base(path), fi.Size()>>20),
			apperr.Message(fmt.Sprintf("Files of up to %d MB are opened.", largestFile>>20)), apperr.Hint("Run it with psql -f, or split it."))
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return t, unreadableFile(path, err)
	}
	t.File, t.Name = TextFile{Path: path, LineEnds: "\n", Stamp: stampOf(fi)}, filepath.Base(path)
	if b, t.File.Mark = bytes.CutPrefix(b, byteOrderMark); !t.File.Mark && (bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff"))) {
		return t, notText(t.Name, "It is UTF-16.")
	}
	if at := invalidAt(b); at >= 0 {
		return t, notText(t.Name, fmt.Sprintf("The first byte that is not is in line %d.", bytes.Count(b[:at], []byte("\n"))+1))
	}
	all, windows, old := bytes.Count(b, []byte("\n")), bytes.Count(b, []byte("\r\n")), bytes.Count(b, []byte("\r"))
	if 2*windows > all {
		t.File.LineEnds = "\r\n"
	}
	if old > windows || windows > 0 && windows < all {
		t.Note = "The ends of its lines are of several kinds. Saving makes them all alike."
	}
	t.Text = strings.ReplaceAll(strings.ReplaceAll(string(b), "\r\n", "\n"), "\r", "\n")
	return t, nil
}

// invalidAt is where the first byte is that is no UTF-8, or a zero byte, which no SQL has; -1 when there is none.
func invalidAt(b []byte) int {
	for i := 0; i < len(b); {
		if b[i] == 0 {
			return i
		}
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

func notText(name, why string) error {
	return apperr.E(apperr.File, name+" is not text in UTF-8.", apperr.Message(why+" Nothing of it was changed."), apperr.Hint("Save it as UTF-8 with another program, for example iconv, then open it."))
}

func unreadableFile(path string, err error) error {
	kind, title := apperr.File, path+" cannot be read."
	switch {
	case errors.Is(err, fs.ErrNotExist):
		kind, title = apperr.FileMissing, "There is no file "+path+"."
	case errors.Is(err, fs.ErrPermission):
		kind, title = apperr.FileDenied, path+" may not be read."
	}
	return apperr.E(kind, title, apperr.Message(err.Error()), apperr.Cause(err), apperr.Hint("Check the path and its permissions."))
}

// stampOf tells states of a file apart.
func stampOf(fi fs.FileInfo) string { return fmt.Sprintf("%d-%d", fi.Size(), fi.ModTime().UnixNano()) }

// FileState tells how a file is now. Errors: file_denied, file.
func (w *Work) FileState(req PathRequest) (s FileState, err error) {
	defer w.state.guard("work.fileState", &err)()
	fi, err := os.Stat(req.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return FileState{Missing: true}, nil
	}
	if err != nil {
		return s, unreadableFile(req.Path, err)
	}
	return FileState{Stamp: stampOf(fi)}, nil
}

// SaveFile writes a text to its file, whole or not at all, and gives the file as it is now. Errors: file_exists, when
// the file is not as the tab knows it and nobody said to replace it; file_missing, file_denied, file_full, file.
func (w *Work) SaveFile(req SaveFileRequest) (f TextFile, err error) {
	defer w.state.guard("work.saveFile", &err)()
	f = req.File
	if !req.Replace {
		fi, err := os.Stat(f.Path)
		if err == nil && stampOf(fi) != f.Stamp {
			return f, apperr.E(apperr.FileExists, filepath.Base(f.Path)+" was changed on disk by something else.", apperr.Hint("Look at what is there, or replace it by what the tab has."))
		}
	}
	text := req.Text
	if f.LineEnds == "\r\n" {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	to, err := transfer.Create(f.Path)
	if err != nil {
		return f, err
	}
	if f.Mark {
		_, err = to.Write(byteOrderMark)
	}
	if err == nil {
		_, err = io.WriteString(to, text)
	}
	if err != nil {
		to.Discard()
		return f, err
	}
	if err := to.Keep(); err != nil {
		return f, err
	}
	fi, err := os.Stat(f.Path)
	if err != nil {
		return f, unreadableFile(f.Path, err)
	}
	f.Stamp = stampOf(fi)
	return f, nil
}
