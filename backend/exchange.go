package backend

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
)

// Sources of connections.
const (
	SourceJSON     = "json"     // a file that ExportProfiles wrote
	SourcePassfile = "pgpass"   // libpq's password file
	SourceServices = "services" // libpq's pg_service.conf
	SourceURLs     = "urls"     // a connection string a line
)

// FoundSource is a file of libpq's on this computer. Nothing of it has been read.
type FoundSource struct {
	Source string `json:"source"`
	Path   string `json:"path"`
}

// FoundSources lists what connections could be imported from.
type FoundSources struct {
	Sources []FoundSource `json:"sources"`
}

// ImportSource says where connections are to come from: a Path, "" for where libpq looks, or Text for URLs.
type ImportSource struct {
	Source string `json:"source"`
	Path   string `json:"path"`
	Text   string `json:"text"`
}

// ImportPreview is what would come.
type ImportPreview struct {
	Path  string       `json:"path"`
	Items []ImportItem `json:"items"`
}

// ImportItem is one connection that would come.
type ImportItem struct {
	Profile StoredProfile `json:"profile"`
	Summary string        `json:"summary"` // where it leads
	// State is "new"; "there", one that is saved exactly so; or "unusable".
	State string `json:"state"`
	// Notes say what was left out, and what it would do beyond connecting: read files, run SQL.
	Notes []string `json:"notes"`
}

// ImportRequest names what to save.
type ImportRequest struct {
	Profiles []StoredProfile `json:"profiles"`
}

// ExportProfilesRequest says which connections to write where; all without IDs.
type ExportProfilesRequest struct {
	Path string   `json:"path"`
	IDs  []string `json:"ids"`
}

// Counted is how many there were.
type Counted struct {
	Count int `json:"count"`
}

// exchanged is the file of exported connections.
type exchanged struct {
	Format   string          `json:"format"`
	Version  int             `json:"version"`
	Profiles []StoredProfile `json:"profiles"`
}

const (
	exchangeFormat  = "tusk-connections"
	exchangeVersion = 1
	// maxExchange bounds a file to import, in bytes.
	maxExchange = 8 << 20
)

// Found looks whether libpq has files here that connections could be imported from. It reads none of them.
func (c *Connections) Found() (f FoundSources, err error) {
	defer c.state.guard("connections.found", &err)()
	f.Sources = []FoundSource{}
	for source, path := range map[string]string{SourcePassfile: conn.Passfile(os.LookupEnv), SourceServices: conn.Servicefile(os.LookupEnv)} {
		if path != "" {
			f.Sources = append(f.Sources, FoundSource{source, path})
		}
	}
	slices.SortFunc(f.Sources, func(x, y FoundSource) int { return strings.Compare(x.Source, y.Source) })
	return f, nil
}

// PreviewImport reads connections and tells what would come. Nothing is saved. Errors: file, usage.
func (c *Connections) PreviewImport(req ImportSource) (p ImportPreview, err error) {
	defer c.state.guard("connections.previewImport", &err)()
	p.Items = []ImportItem{}
	var candidates []conn.Candidate
	switch p.Path = req.Path; req.Source {
	case SourceJSON:
		list, err := readExchanged(req.Path)
		if err != nil {
			return p, err
		}
		for _, one := range list {
			p.Items = append(p.Items, ImportItem{Profile: one, Notes: []string{}})
		}
	case SourcePassfile:
		if p.Path == "" {
			p.Path = conn.Passfile(os.LookupEnv)
		}
		candidates, err = conn.FromPassfile(p.Path)
	case SourceServices:
		if p.Path == "" {
			p.Path = conn.Servicefile(os.LookupEnv)
		}
		candidates, err = conn.FromServicefile(p.Path)
	case SourceURLs:
		candidates = conn.FromURLs(req.Text)
	default:
		err = apperr.E(apperr.Usage, "Connections cannot be imported from that.")
	}
	if err != nil {
		return p, err
	}
	for _, one := range candidates {
		p.Items = append(p.Items, ImportItem{Profile: StoredProfile{Profile: one.Profile}, Notes: one.Notes})
	}
	saved, err := c.state.savedProfiles()
	if err != nil {
		return p, err
	}
	for i := range p.Items {
		p.Items[i].judge(saved)
	}
	return p, nil
}

// judge fills in what a person should know before it is saved.
func (item *ImportItem) judge(saved []StoredProfile) {
	p := &item.Profile
	p.HasPassword = false
	p.Profile.Settings = withoutSecrets(p.Profile.Settings)
	s := p.Profile.Settings
	item.Summary = conn.Summary(p.Profile)
	switch {
	case len(s) == 0:
		item.State = "unusable"
		return
	case slices.ContainsFunc(saved, func(x StoredProfile) bool {
		return x.Profile.Name == p.Profile.Name && reflect.DeepEqual(x.Profile.Settings, s)
	}):
		item.State = "there"
	default:
		item.State = "new"
	}
	if s["ssh_host"] != "" {
		item.Notes = append(item.Notes, "It goes through SSH. That is kept; Tusk makes no tunnels yet.")
	}
	if s["startup_sql"] != "" {
		item.Notes = append(item.Notes, "It runs SQL at the beginning of each session: "+s["startup_sql"])
	}
	var files []string
	for _, o := range conn.Options() {
		if o.Kind == conn.KindFile && s[o.Key] != "" && s[o.Key] != "system" {
			files = append(files, s[o.Key])
		}
	}
	if len(files) > 0 {
		item.Notes = append(item.Notes, "It reads "+strings.Join(files, ", ")+".")
	}
}

// Import saves connections beside those that are there: nothing is replaced, and one whose id is taken gets another.
// Errors: storage; those before it are saved.
func (c *Connections) Import(req ImportRequest) (n Counted, err error) {
	defer c.state.guard("connections.import", &err)()
	for _, p := range req.Profiles {
		if p.ID != "" {
			if _, taken, err := c.state.profiles().Get(p.ID); err != nil {
				return n, err
			} else if taken {
				p.ID = ""
			}
		}
		p.HasPassword = false
		if _, err := c.SaveProfile(SaveProfileRequest{Profile: p}); err != nil {
			return n, err
		}
		n.Count++
	}
	return n, nil
}

// ExportProfiles writes saved connections into a file, without passwords. One that is there is replaced: the dialog that
// gave the path has asked. Errors: file, storage.
func (c *Connections) ExportProfiles(req ExportProfilesRequest) (n Counted, err error) {
	defer c.state.guard("connections.exportProfiles", &err)()
	saved, err := c.state.savedProfiles()
	if err != nil {
		return n, err
	}
	out := exchanged{Format: exchangeFormat, Version: exchangeVersion, Profiles: []StoredProfile{}}
	for _, p := range saved {
		if len(req.IDs) > 0 && !slices.Contains(req.IDs, p.ID) {
			continue
		}
		p.HasPassword, p.Profile.Settings = false, withoutSecrets(p.Profile.Settings)
		out.Profiles = append(out.Profiles, p)
	}
	text, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return n, err
	}
	if err := replaceFile(req.Path, append(text, '\n')); err != nil {
		return n, apperr.E(apperr.File, "The connections cannot be written to "+req.Path+".", apperr.Message(err.Error()), apperr.Cause(err))
	}
	return Counted{len(out.Profiles)}, nil
}

// replaceFile writes a file beside the one it takes the place of, which stays whole until then.
func replaceFile(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // what is told is why it could not be written
	}
	return err
}

// readExchanged reads a file of exported connections.
func readExchanged(path string) ([]StoredProfile, error) {
	no := func(title string, more ...apperr.Option) error {
		return apperr.E(apperr.File, title, append(more, apperr.Op("connections.import"))...)
	}
	if fi, err := os.Stat(path); err == nil && fi.Size() > maxExchange {
		return nil, no("The file is too large for one of connections.", apperr.Hint("Choose a file that Tusk has exported."))
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, no("The file cannot be read.", apperr.Message(err.Error()), apperr.Cause(err))
	}
	var in exchanged
	switch err := json.NewDecoder(bytes.NewReader(text)).Decode(&in); {
	case err != nil || in.Format != exchangeFormat:
		return nil, no("That is no file of connections.", apperr.Hint("Choose a file that Tusk has exported."))
	case in.Version > exchangeVersion:
		return nil, no(fmt.Sprintf("The file was written by a newer Tusk (version %d of the format; this one reads %d).", in.Version, exchangeVersion), apperr.Hint("Use that Tusk, or export again with this one."))
	}
	return in.Profiles, nil
}
