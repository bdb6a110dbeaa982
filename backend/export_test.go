package backend

import (
	"desktop.tusk/backend/catalog"
	"desktop.tusk/backend/suggest"
)

// Guarded runs f as a bound method runs.
func (a *AppState) Guarded(f func() error) (err error) {
	defer a.guard("test.guarded", &err)()
	return f()
}

// CatalogOf and NamesOf are what other parts ask.
func (a *AppState) CatalogOf(id string) *catalog.Catalog { return a.catalogOf(id) }

// NamesOf is catalogOf for suggest.
func (a *AppState) NamesOf(id string) suggest.Names {
	if n := a.namesOf(id); n != nil {
		return n
	}
	return nil
}
