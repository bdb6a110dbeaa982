package backend_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	"desktop.tusk/backend"
)

const module = "desktop.tusk/"

// allowed says which packages of Tusk's a package may import, and which of others'. A prefix ending in / stands for all
// below it. Tests are not looked at.
var allowed = map[string]struct{ tusk, others []string }{
	"backend/apperr":       {nil, []string{"github.com/jackc/pgx/v5/pgconn"}},
	"backend/cell":         {nil, nil},
	"backend/sqltext":      {nil, nil},
	"backend/webview":      {nil, nil},
	"backend/instance":     {nil, []string{"github.com/gofrs/flock"}},
	"backend/logging":      {nil, []string{"github.com/rs/zerolog", "github.com/DeRuina/timberjack"}},
	"backend/secret":       {nil, nil},
	"backend/secret/vault": {[]string{"apperr", "internal/busguard", "secret"}, []string{"github.com/99designs/keyring", "github.com/godbus/dbus/v5"}},
	"backend/sortkey":      {nil, []string{"golang.org/x/text/"}},
	"backend/spool":        {[]string{"sortkey"}, []string{"github.com/gofrs/flock"}},
	"backend/store":        {[]string{"apperr"}, []string{"go.etcd.io/bbolt", "golang.org/x/sys/windows"}},
	"backend/catalog":      {[]string{"apperr"}, nil},
	"backend/suggest":      {[]string{"sqltext"}, nil},
	"backend/localpg":      {[]string{"apperr", "secret"}, []string{"github.com/gofrs/flock", "golang.org/x/sys/"}},
	"backend/conn":         {[]string{"apperr", "secret"}, []string{"github.com/jackc/"}},
	"backend/session":      {[]string{"apperr", "conn", "spool", "sqltext"}, []string{"github.com/jackc/pgx/v5/"}},
	"backend/intake":       {[]string{"apperr"}, []string{"github.com/klauspost/compress/zstd", "golang.org/x/text/encoding/charmap", "github.com/parquet-go/parquet-go"}},
	"backend/load":         {[]string{"apperr", "conn", "intake"}, []string{"github.com/jackc/pgx/v5/pgconn"}},
	"backend/transfer":     {[]string{"apperr", "spool"}, []string{"github.com/rivo/uniseg", "github.com/klauspost/compress/zstd", "github.com/xuri/excelize/v2", "github.com/parquet-go/parquet-go", "golang.org/x/text/encoding/charmap"}},
	"backend":              {[]string{"apperr", "catalog", "cell", "conn", "intake", "load", "localpg", "logging", "secret", "secret/vault", "session", "sortkey", "spool", "sqltext", "store", "suggest", "transfer"}, []string{"github.com/rs/zerolog"}},
	"backend/cli":          {[]string{"", "apperr", "conn", "intake", "localpg", "secret", "session", "spool", "store", "transfer"}, []string{"github.com/alecthomas/kong", "golang.org/x/term"}},
	".":                    {[]string{"", "apperr", "cli", "instance", "localpg", "webview"}, []string{"github.com/pkg/browser", "github.com/wailsapp/wails/v2"}},
}

func TestImportEdges(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(p.ImportPath, module)
		if p.ImportPath+"/" == module {
			name = "."
		}
		if strings.HasPrefix(name, "backend/internal/") || strings.Contains(name, "node_modules/") {
			continue
		}
		rule, ok := allowed[name]
		if !ok {
			t.Errorf("%s has no rule here: say what it may import", name)
			continue
		}
		seen++
		for _, imp := range p.Imports {
			if own, isOurs := strings.CutPrefix(imp, module); isOurs {
				if !slices.Contains(rule.tusk, strings.TrimPrefix(strings.TrimPrefix(own, "backend"), "/")) {
					t.Errorf("%s imports %s", name, imp)
				}
			} else if strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") && !permits(rule.others, imp) {
				t.Errorf("%s imports %s", name, imp)
			}
		}
	}
	if seen != len(allowed) {
		t.Errorf("%d packages seen, %d have rules", seen, len(allowed))
	}
}

func permits(rules []string, imp string) bool {
	return slices.ContainsFunc(rules, func(r string) bool { return imp == r || strings.HasPrefix(imp, strings.TrimSuffix(r, "/")+"/") })
}

// TestBoundSignatures keeps out of the bridge what Wails or JavaScript would break: one request, one answer, one error;
// no float, no any, no times, no 64-bit ids as numbers.
func TestBoundSignatures(t *testing.T) {
	t.Parallel()
	errType := reflect.TypeFor[error]()
	for _, s := range backend.New(backend.Config{}).Bound() {
		typ := reflect.TypeOf(s)
		if typ.NumMethod() == 0 {
			t.Errorf("%s binds nothing", typ)
		}
		for i := range typ.NumMethod() {
			m := typ.Method(i)
			name := typ.Elem().Name() + "." + m.Name
			if m.Type.NumIn() > 2 || m.Type.NumOut() == 0 || m.Type.NumOut() > 2 || m.Type.Out(m.Type.NumOut()-1) != errType {
				t.Errorf("%s: has to take at most one struct and give at most one, and an error", name)
				continue
			}
			for j := 1; j < m.Type.NumIn(); j++ {
				crosses(t, name, m.Type.In(j), nil)
			}
			for j := range m.Type.NumOut() - 1 {
				crosses(t, name, m.Type.Out(j), nil)
			}
		}
	}
}

// crosses walks through a type that crosses the bridge.
func crosses(t *testing.T, where string, typ reflect.Type, path []reflect.Type) {
	t.Helper()
	if slices.Contains(path, typ) {
		return
	}
	path = append(path, typ)
	switch typ.Kind() {
	case reflect.Bool, reflect.Int, reflect.Uint32, reflect.String:
	case reflect.Pointer, reflect.Slice:
		crosses(t, where, typ.Elem(), path)
	case reflect.Map:
		if typ.Key().Kind() != reflect.String {
			t.Errorf("%s: %s has keys that are no text", where, typ)
		}
		crosses(t, where, typ.Elem(), path)
	case reflect.Struct:
		for i := range typ.NumField() {
			f := typ.Field(i)
			if !f.IsExported() {
				if f.Anonymous {
					t.Errorf("%s: %s embeds %s", where, typ, f.Name)
				}
				continue
			}
			if tag := f.Tag.Get("json"); tag == "" || tag == "-" {
				t.Errorf("%s: %s.%s has no JSON name", where, typ, f.Name)
			}
			crosses(t, where+"."+f.Name, f.Type, path)
		}
	default:
		t.Errorf("%s: %s may not cross the bridge", where, typ)
	}
}
