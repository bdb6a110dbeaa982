package backend_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
)

// What is opened and saved unchanged is the same, byte for byte.
func TestFilesKeepTheirBytes(t *testing.T) {
	t.Parallel()
	a := start(t)
	for name, content := range map[string]string{
		"plain":   "select 1;\nselect 'é𝒳';\n",
		"no end":  "select 1;\nselect 2",
		"windows": "select 1;\r\nselect 2;\r\n",
		"mark":    "\ufeffselect 1;\n",
		"both":    "\ufeffselect 1;\r\nselect 2;",
		"empty":   "",
		"blank":   "\r\n",
	} {
		path := filepath.Join(t.TempDir(), "a file.sql")
		must(t, os.WriteFile(path, []byte(content), 0o640))
		f, err := a.Work().OpenFile(backend.PathRequest{Path: path})
		if err != nil || f.Note != "" || f.Name != "a file.sql" || strings.Contains(f.Text, "\r") || strings.Contains(f.Text, "\ufeff") {
			t.Errorf("%s: %+v, %v", name, f, err)
			continue
		}
		saved, err := a.Work().SaveFile(backend.SaveFileRequest{File: f.File, Text: f.Text})
		must(t, err)
		b, err := os.ReadFile(path)
		if err != nil || string(b) != content {
			t.Errorf("%s: %q became %q, %v", name, content, b, err)
		}
		if fi, _ := os.Stat(path); fi.Mode().Perm() != 0o640 {
			t.Errorf("%s: permissions %v", name, fi.Mode())
		}
		if s, err := a.Work().FileState(backend.PathRequest{Path: path}); err != nil || s.Missing || s.Stamp != saved.Stamp {
			t.Errorf("%s: %+v, %v, saved %+v", name, s, err, saved)
		}
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	a := start(t)
	dir := t.TempDir()
	large := filepath.Join(dir, "large.sql")
	must(t, os.WriteFile(large, nil, 0o600))
	must(t, os.Truncate(large, 21<<20))
	for name, c := range map[string]struct {
		content string
		kind    apperr.Kind
		says    string
	}{
		"latin1.sql": {"select 1;\nselect 'caf\xe9'", apperr.File, "line 2"},
		"utf16.sql":  {"\xff\xfes\x00", apperr.File, "UTF-16"},
		"binary.sql": {"a\x00b", apperr.File, "line 1"},
	} {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, []byte(c.content), 0o600))
		_, err := a.Work().OpenFile(backend.PathRequest{Path: path})
		if e := apperr.From(err); err == nil || e.Kind != c.kind || !strings.Contains(e.Message, c.says) || e.Hint == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for path, kind := range map[string]apperr.Kind{large: apperr.File, dir: apperr.File, filepath.Join(dir, "none.sql"): apperr.FileMissing} {
		if _, err := a.Work().OpenFile(backend.PathRequest{Path: path}); apperr.KindOf(err) != kind {
			t.Errorf("%s: %v", path, err)
		}
	}
	mixed := filepath.Join(dir, "mixed.sql")
	must(t, os.WriteFile(mixed, []byte("a\r\nb\r\nc\nd"), 0o600))
	if f, err := a.Work().OpenFile(backend.PathRequest{Path: mixed}); err != nil || f.Note == "" || f.File.LineEnds != "\r\n" || f.Text != "a\nb\nc\nd" {
		t.Errorf("mixed: %+v, %v", f, err)
	}
}

// A file that something else has changed is not replaced unless the person says so.
func TestFileChangedOnDisk(t *testing.T) {
	t.Parallel()
	a := start(t)
	path := filepath.Join(t.TempDir(), "q.sql")
	fresh := backend.TextFile{Path: path, LineEnds: "\n"}
	f, err := a.Work().SaveFile(backend.SaveFileRequest{File: fresh, Text: "one"})
	must(t, err)
	must(t, os.WriteFile(path, []byte("theirs"), 0o600))
	must(t, os.Chtimes(path, time.Now(), time.Now().Add(time.Second)))
	if s, err := a.Work().FileState(backend.PathRequest{Path: path}); err != nil || s.Stamp == f.Stamp {
		t.Errorf("the change is not seen: %+v, %v", s, err)
	}
	for _, file := range []backend.TextFile{f, fresh} {
		if _, err := a.Work().SaveFile(backend.SaveFileRequest{File: file, Text: "mine"}); apperr.KindOf(err) != apperr.FileExists {
			t.Errorf("%+v: %v", file, err)
		}
	}
	if b, _ := os.ReadFile(path); string(b) != "theirs" {
		t.Errorf("it has %q", b)
	}
	if f, err = a.Work().SaveFile(backend.SaveFileRequest{File: f, Text: "mine", Replace: true}); err != nil {
		t.Fatal(err)
	}
	must(t, os.Remove(path))
	if s, err := a.Work().FileState(backend.PathRequest{Path: path}); err != nil || !s.Missing {
		t.Errorf("it is gone: %+v, %v", s, err)
	}
	if _, err := a.Work().SaveFile(backend.SaveFileRequest{File: f, Text: "again"}); err != nil {
		t.Errorf("a file that is gone is made again: %v", err)
	}
	gone := backend.TextFile{Path: filepath.Join(path, "x", "q.sql"), LineEnds: "\n"}
	if _, err := a.Work().SaveFile(backend.SaveFileRequest{File: gone, Text: "x"}); apperr.KindOf(err) != apperr.FileMissing {
		t.Errorf("no folder: %v", err)
	}
}
