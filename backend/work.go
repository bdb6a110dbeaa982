package backend

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/store"
)

// Work is bound to the window: what lies open in it, kept so that nothing typed is lost, however Tusk ends.
type Work struct{ state *AppState }

// Work is the bound struct of that name.
func (a *AppState) Work() *Work { return &Work{a} }

// OpenTab is an editor tab as it is kept. Positions are in UTF-16 units.
type OpenTab struct {
	ID    string `json:"id"` // made by the page: letters, digits, dashes
	Title string `json:"title"`
	Text  string `json:"text"`
	// Origin is the connection it was on last; nil when it had none. ConnectionID means something in this run only.
	Origin       *Origin         `json:"origin"`
	ConnectionID string          `json:"connectionId"`
	Selection    []SelectedRange `json:"selection"`
	Main         int             `json:"main"` // the range in it that is the cursor
	Top          int             `json:"top"`  // where the first line in view begins
	// ManualCommit and ContinueOnError are the tab's own choices.
	ManualCommit    bool      `json:"manualCommit"`
	ContinueOnError bool      `json:"continueOnError"`
	File            *TextFile `json:"file"`     // the file it was read from or saved to; nil for none
	Dirty           bool      `json:"dirty"`    // the text is not that of the file
	ClosedAt        int       `json:"closedAt"` // ms since 1970; 0 while it is open. A closed tab can be reopened
}

// Origin names a connection that a tab was on, so that it can be made again.
type Origin struct {
	ProfileID string       `json:"profileId"` // of the saved connection; "" when it was not saved
	Profile   conn.Profile `json:"profile"`   // without passwords
	Sample    bool         `json:"sample"`
}

// SelectedRange is a selection, or a cursor where both ends are one.
type SelectedRange struct {
	Anchor int `json:"anchor"`
	Head   int `json:"head"`
}

// Layout is how the window is divided, and which tab is where.
type Layout struct {
	Order  []string `json:"order"` // ids of the open tabs
	Active string   `json:"active"`
	// Split is the editor's share of the height in thousandths; Sidebar the explorer's width, 0 for its own.
	Split         int  `json:"split"`
	Sidebar       int  `json:"sidebar"`
	SidebarHidden bool `json:"sidebarHidden"`
}

// Geometry is the window's place on the screen, in pixels.
type Geometry struct {
	X         int  `json:"x"`
	Y         int  `json:"y"`
	Width     int  `json:"width"`
	Height    int  `json:"height"`
	Maximised bool `json:"maximised"`
}

// DefaultGeometry is the window's at a first start; the screen chooses its place.
var DefaultGeometry = Geometry{Width: 1280, Height: 820}

// Kept is all that lay open.
type Kept struct {
	// Tabs are the open ones in their order, and the closed ones, closed last behind.
	Tabs   []OpenTab `json:"tabs"`
	Layout *Layout   `json:"layout"` // nil at a first start
}

// SaveWorkRequest says what has changed.
type SaveWorkRequest struct {
	Tabs   []OpenTab `json:"tabs"`   // each whole
	Gone   []string  `json:"gone"`   // ids of tabs that need not be kept any longer
	Layout *Layout   `json:"layout"` // nil when it is unchanged
	// Leaving answers EventLeaving: there is nothing more to keep.
	Leaving bool `json:"leaving"`
}

// Keys of what is on a desk beside tabs. The ids of tabs are longer.
const (
	layoutKey   = "layout"
	geometryKey = "geometry"
)

func desksDir(dataDir string) string { return filepath.Join(dataDir, "tabs") }

// openDesk takes what lay open when Tusk ended last. A person is told once of what is damaged.
func (a *AppState) openDesk() {
	a.geometry = DefaultGeometry
	if last, ok := LastGeometry(a.dir()); ok {
		a.geometry = last
	}
	desk, err := store.OpenDesk(desksDir(a.dir()), store.Options{})
	a.mu.Lock()
	a.deskNow, a.deskNo = desk, err
	told := a.placeNo != ""
	a.mu.Unlock()
	if err == nil {
		return
	}
	a.log.Warn().Err(err).Msg("tabs are not kept")
	if e := apperr.From(err); !told {
		a.warn(e.Title + " " + e.Message + " What is typed lasts for this run only.")
	}
}

// Restore gives all that lay open when Tusk ended last, or lies open now. Nothing connects or runs. Errors: storage.
func (w *Work) Restore() (k Kept, err error) {
	defer w.state.guard("work.restore", &err)()
	k.Tabs = []OpenTab{}
	w.state.keepingWork.Lock()
	defer w.state.keepingWork.Unlock()
	desk, _ := w.state.desk()
	if desk == nil {
		return k, nil
	}
	sheets, aside, err := desk.Sheets()
	if err != nil {
		return k, err
	}
	for _, one := range aside {
		w.state.tellAside(one)
	}
	for _, s := range sheets {
		switch s.Key {
		case layoutKey:
			k.Layout = &Layout{}
			err = json.Unmarshal(s.Value, k.Layout)
		case geometryKey:
		default:
			t := OpenTab{}
			err = json.Unmarshal(s.Value, &t)
			t.ID = s.Key
			k.Tabs = append(k.Tabs, t)
		}
		if err != nil { // whole, and yet of another form: a newer Tusk's
			return Kept{Tabs: []OpenTab{}}, apperr.E(apperr.Storage, "The tabs that were open cannot be read.", apperr.Cause(err), apperr.Hint("They were saved by a newer Tusk, and are kept."))
		}
	}
	if k.Layout != nil {
		if k.Layout.Order == nil {
			k.Layout.Order = []string{}
		}
		place := func(t OpenTab) int {
			if i := slices.Index(k.Layout.Order, t.ID); i >= 0 {
				return i
			}
			return len(k.Layout.Order)
		}
		slices.SortStableFunc(k.Tabs, func(x, y OpenTab) int {
			return cmp.Or(cmp.Compare(x.ClosedAt, y.ClosedAt), cmp.Compare(place(x), place(y)))
		})
	}
	return k, nil
}

// tellAside warns of a tab that could not be read.
func (a *AppState) tellAside(one store.Aside) {
	switch {
	case one.Key == layoutKey || one.Key == geometryKey:
		return // the window has its own sizes again; nobody's work is lost
	case one.Damaged:
		a.warn(fmt.Sprintf("The file of one open tab was damaged and could not be restored; it is kept as %s.", one.Path))
	default:
		a.warn(fmt.Sprintf("One open tab cannot be read now: %s. It is left there for the next start.", one.Path))
	}
	a.log.Warn().Str("path", one.Path).Bool("damaged", one.Damaged).Msg("tab not restored")
}

// Save keeps what has changed. Each tab is there whole, as it is now or as it was. Errors: storage; what could be kept
// is.
func (w *Work) Save(req SaveWorkRequest) (err error) {
	defer w.state.guard("work.save", &err)()
	if req.Leaving {
		defer w.state.left()
	}
	w.state.keepingWork.Lock()
	defer w.state.keepingWork.Unlock()
	desk, err := w.state.desk()
	if desk == nil {
		return err
	}
	var errs []error
	for _, t := range req.Tabs {
		if t.Origin != nil {
			t.Origin.Profile.Settings = withoutSecrets(t.Origin.Profile.Settings)
		}
		errs = append(errs, desk.Put(t.ID, t))
	}
	for _, id := range req.Gone {
		errs = append(errs, desk.Delete(id))
	}
	if req.Layout != nil {
		errs = append(errs, desk.Put(layoutKey, req.Layout))
		w.state.start(w.state.keepGeometry)
	}
	if i := slices.IndexFunc(errs, func(err error) bool { return err != nil }); i >= 0 {
		return errs[i]
	}
	return nil
}

// Leave has the page keep what is not kept yet, before the window goes, and waits for it: at most so long. Only the first
// call does.
func (a *AppState) Leave(limit time.Duration) {
	select {
	case <-a.open:
	default:
		return
	}
	a.leaving.Do(func() {
		a.config.Desktop.Emit(EventLeaving, nil)
		a.keepGeometry()
		select {
		case <-a.gone:
		case <-time.After(limit):
			a.log.Warn().Msg("the page kept nothing at the end")
		}
	})
}

// left notes that the page has kept all.
func (a *AppState) left() { a.leftOnce.Do(func() { close(a.gone) }) }

// keepGeometry keeps where the window is now.
func (a *AppState) keepGeometry() {
	now, ok := a.config.Desktop.Geometry()
	desk, _ := a.desk()
	if !ok || desk == nil {
		return
	}
	a.mu.Lock()
	if now.Maximised { // its size is the screen's: the one to go back to stays
		now = a.geometry
		now.Maximised = true
	}
	same := now == a.geometry
	a.geometry = now
	a.mu.Unlock()
	if !same {
		if err := desk.Put(geometryKey, now); err != nil {
			a.log.Warn().Err(err).Msg("the window's place is not kept")
		}
	}
}

// LastGeometry is where the window was when Tusk ended last; false when it is not known.
func LastGeometry(dataDir string) (g Geometry, ok bool) {
	ok = store.LastSheet(desksDir(dataDir), geometryKey, &g)
	return g, ok && g.Width > 0 && g.Height > 0
}
