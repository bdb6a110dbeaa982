package backend

import (
	"cmp"
	"crypto/rand"
	"maps"
	"slices"
	"strings"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/store"
)

// SavedQuery is a text that was given a name, to be opened again or, as a snippet, to be written by its prefix.
type SavedQuery struct {
	ID     string `json:"id"` // made by SaveQuery when it is ""
	Name   string `json:"name"`
	Folder string `json:"folder"` // the heading it stands under; "" for none
	Text   string `json:"text"`
	// Prefix offers the text while one writes it; "" for none.
	Prefix string `json:"prefix"`
}

// SavedQueryRef names a saved query.
type SavedQueryRef struct {
	ID string `json:"id"`
}

// SavedQueries are all of them, by folder and name.
type SavedQueries struct {
	Queries []SavedQuery `json:"queries"`
}

func (a *AppState) savedQueries() store.Collection[SavedQuery] {
	return store.NewCollection[SavedQuery](a.store, "saved")
}

// Saved lists the saved queries, those of no folder first. Errors: storage.
func (l *Library) Saved() (s SavedQueries, err error) {
	defer l.state.guard("library.saved", &err)()
	all, err := l.state.savedQueries().List()
	s.Queries = append([]SavedQuery{}, slices.SortedFunc(maps.Values(all), func(x, y SavedQuery) int {
		lower := func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }
		return cmp.Or(lower(x.Folder, y.Folder), lower(x.Name, y.Name), strings.Compare(x.ID, y.ID))
	})...)
	return s, err
}

// SaveQuery saves a query, anew or in place of the one with its id, and gives it as it was saved. Errors: usage, when it
// has no name; storage, and then nothing is changed.
func (l *Library) SaveQuery(req SavedQuery) (q SavedQuery, err error) {
	defer l.state.guard("library.saveQuery", &err)()
	req.Name, req.Folder, req.Prefix = strings.TrimSpace(req.Name), strings.TrimSpace(req.Folder), strings.TrimSpace(req.Prefix)
	if req.Name == "" {
		return req, apperr.E(apperr.Usage, "The query has no name.", apperr.Hint("Give it one, then save it."))
	}
	if req.ID == "" {
		req.ID = rand.Text()
	}
	return req, l.state.savedQueries().Put(req.ID, req)
}

// DeleteQuery forgets a saved query. An unknown one is no error: it is gone already. Errors: storage.
func (l *Library) DeleteQuery(req SavedQueryRef) (err error) {
	defer l.state.guard("library.deleteQuery", &err)()
	return l.state.savedQueries().Delete(req.ID)
}
