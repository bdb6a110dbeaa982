package backend

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/logging"
	"desktop.tusk/backend/store"
)

// Preferences are what the person has set. A missing field has its default, also in a request.
type Preferences struct {
	Theme   string `json:"theme"`   // "system", "light" or "dark"
	Density string `json:"density"` // of rows in grids, lists and trees: "compact", "regular" or "comfortable"
	// Font is the family of code and data as the system knows it, "" for Tusk's own; FontSize its size in pixels.
	Font     string `json:"font"`
	FontSize int    `json:"fontSize"`
	// NotifyAfter is how many seconds a run must have taken for the desktop to tell of its end; 0 for never.
	NotifyAfter int `json:"notifyAfter"`
	// RestoreTabs brings back the tabs of the last time.
	RestoreTabs bool `json:"restoreTabs"`
	// Keys are the person's own, by command; "" takes a command's key away. A command that is not here has its own.
	Keys map[string]string `json:"keys"`

	Wrap          bool `json:"wrap"`          // long lines in the editor
	LineNumbers   bool `json:"lineNumbers"`   // beside the text
	CloseBrackets bool `json:"closeBrackets"` // as they are typed
	Completing    bool `json:"completing"`    // while typing; by its key always
	UpperKeywords bool `json:"upperKeywords"` // as completion writes them
	Indent        int  `json:"indent"`        // in spaces
	// Checking has the server look at statements while they are written.
	Checking bool `json:"checking"`

	FirstRows int `json:"firstRows"` // rows that come with the answer of a run; the others follow as they are looked at
	// ResultsDir is where results are kept while their tab is open, for runs from now on; "" for the data directory.
	ResultsDir string `json:"resultsDir"`
	// ResultsBudget is how many megabytes results may take on disk; 0 for no limit. A run that would go beyond waits.
	ResultsBudget int `json:"resultsBudget"`

	// ManualCommit and ContinueOnError are what a new tab begins with.
	ManualCommit    bool `json:"manualCommit"`
	ContinueOnError bool `json:"continueOnError"`

	LogLevel string `json:"logLevel"` // one of logging.Levels
}

// themes and densities are the values of those fields.
var (
	themes    = []string{"system", "light", "dark"}
	densities = []string{"compact", "regular", "comfortable"}
)

// DefaultPreferences are those of a first start.
func DefaultPreferences() Preferences {
	return Preferences{
		Theme: "system", Density: "regular", FontSize: 13, NotifyAfter: 30, RestoreTabs: true, Keys: map[string]string{},
		LineNumbers: true, CloseBrackets: true, Completing: true, Indent: 2, Checking: true,
		FirstRows: 200, ResultsBudget: 20_000, LogLevel: "info",
	}
}

// UnmarshalJSON starts from the defaults.
func (p *Preferences) UnmarshalJSON(b []byte) error {
	type plain Preferences
	v := plain(DefaultPreferences())
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	*p = Preferences(v)
	if p.Keys == nil {
		p.Keys = map[string]string{}
	}
	return nil
}

// check says what cannot be, in words.
func (p Preferences) check() error {
	for _, c := range []struct {
		what  string
		value string
		among []string
	}{{"theme", p.Theme, themes}, {"density", p.Density, densities}, {"log level", p.LogLevel, logging.Levels}} {
		if !slices.Contains(c.among, c.value) {
			return wrongPreference(fmt.Sprintf("There is no %s %q.", c.what, c.value), fmt.Sprintf("Choose one of %q.", c.among))
		}
	}
	for _, c := range []struct {
		what       string
		value      int
		least, top int
	}{
		{"The size of the font", p.FontSize, 11, 18}, {"The indentation", p.Indent, 1, 8}, {"The number of first rows", p.FirstRows, 50, 5000},
		{"The room for results", p.ResultsBudget, 0, 10_000_000},
		{"The time after which a long query is told of", p.NotifyAfter, 0, 24 * 60 * 60},
	} {
		if c.value < c.least || c.value > c.top {
			return wrongPreference(fmt.Sprintf("%s cannot be %d.", c.what, c.value), fmt.Sprintf("It is from %d to %d.", c.least, c.top))
		}
	}
	if p.ResultsDir != "" && !filepath.IsAbs(p.ResultsDir) {
		return wrongPreference("The place of results has to be a whole path.", "Choose a directory.")
	}
	return nil
}

func wrongPreference(title, hint string) error {
	return apperr.E(apperr.Usage, title, apperr.Hint(hint))
}

// preferencesKey is the only key of the collection.
const preferencesKey = "all"

func (a *AppState) preferences() store.Collection[Preferences] {
	return store.NewCollection[Preferences](a.store, "preferences")
}

// Preferences gives what the person has set, or the defaults. Errors: storage.
func (s *System) Preferences() (p Preferences, err error) {
	defer s.state.guard("system.preferences", &err)()
	return s.state.savedPreferences()
}

func (a *AppState) savedPreferences() (Preferences, error) {
	p, ok, err := a.preferences().Get(preferencesKey)
	if !ok || err != nil {
		return DefaultPreferences(), err
	}
	return p, nil
}

// SetPreferences saves all of them, and gives them back. They hold at once. Errors: usage; storage, and then nothing is
// changed.
func (s *System) SetPreferences(req Preferences) (p Preferences, err error) {
	defer s.state.guard("system.setPreferences", &err)()
	if req.Keys == nil {
		req.Keys = map[string]string{}
	}
	if err := req.check(); err != nil {
		return p, err
	}
	a := s.state
	if err := a.keepResultsIn(req.ResultsDir); err != nil {
		return p, err
	}
	if err := a.preferences().Put(preferencesKey, req); err != nil {
		return p, err
	}
	a.prefer(req)
	return req, nil
}

// keepResultsIn has results from now on go to a directory; "" is that of the data.
func (a *AppState) keepResultsIn(dir string) error {
	if a.spool == nil || a.spoolAside.Load() && dir == "" {
		return nil
	}
	root := filepath.Join(a.dir(), "spool")
	if dir != "" {
		root = filepath.Join(dir, "tusk-results")
	}
	if err := a.spool.MoveTo(root); err != nil {
		return apperr.E(apperr.Usage, fmt.Sprintf("Results cannot be kept in %s.", dir), apperr.Hint("Choose a directory that you may write to."), apperr.Message(err.Error()), apperr.Cause(err))
	}
	return nil
}

// openPreferences has those that were saved hold. A log level of the command line goes before.
func (a *AppState) openPreferences() {
	p, err := a.savedPreferences()
	if err != nil {
		a.log.Warn().Err(err).Msg("preferences not read")
	}
	if a.config.LogLevel != "" {
		p.LogLevel = a.log.Level()
	}
	if err := a.keepResultsIn(p.ResultsDir); err != nil {
		a.warn(fmt.Sprintf("Results are kept in %s: %v", a.spool.Path(), err))
	}
	a.prefer(p)
}

// prefer has preferences hold in Go; the page sees to its own.
func (a *AppState) prefer(p Preferences) {
	if p.LogLevel != a.log.Level() {
		if err := a.log.SetLevel(p.LogLevel); err != nil {
			a.log.Warn().Err(err).Msg("log level left as it is")
		}
	}
	a.firstRows.Store(int64(p.FirstRows))
	if a.spool != nil {
		a.spool.SetBudget(int64(p.ResultsBudget) * 1_000_000)
	}
}
