package backend

import (
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/catalog"
	"desktop.tusk/backend/suggest"
)

// Schema is bound to the window: what is in a database, and what can be written next.
type Schema struct{ state *AppState }

// CatalogEvent says that the catalog of a connection was read again.
type CatalogEvent struct {
	ConnectionID string `json:"connectionId"`
	Version      int    `json:"version"` // grows
	// Complete says that columns, functions and types are there too, so that completion knows all.
	Complete bool `json:"complete"`
}

// ObjectRef names an object of a connection. Kind is "schema", "relation", "function", "type", "extension", "database".
type ObjectRef struct {
	ConnectionID string `json:"connectionId"`
	Kind         string `json:"kind"`
	OID          uint32 `json:"oid"`
}

// MembersRequest asks for the members of a schema that Tree only counts: Kind is "function" or "type"; "extension" and
// "role" are of the whole database, with SchemaOID 0.
type MembersRequest struct {
	ConnectionID string `json:"connectionId"`
	Kind         string `json:"kind"`
	SchemaOID    uint32 `json:"schemaOid"`
}

// SearchRequest looks for objects and columns by parts of their names.
type SearchRequest struct {
	ConnectionID string `json:"connectionId"`
	Text         string `json:"text"`
	Limit        int    `json:"limit"` // 50 when 0
}

// CompleteRequest asks what can be written at the cursor of a text. ConnectionID may be "": then only the language is
// known.
type CompleteRequest struct {
	ConnectionID string `json:"connectionId"`
	SessionID    string `json:"sessionId"`
	Text         string `json:"text"`
	Cursor       int    `json:"cursor"` // UTF-16 units
	// Upper asks for keywords in capitals.
	Upper bool `json:"upper"`
}

// AboutRequest asks about the name, or the call, at a place of a text.
type AboutRequest struct {
	ConnectionID string `json:"connectionId"`
	SessionID    string `json:"sessionId"`
	Text         string `json:"text"`
	Cursor       int    `json:"cursor"`
}

func (s *Schema) later(op string) error {
	return apperr.E(apperr.Unsupported, op+" is not there yet.")
}

// Tree reads all schemas and relations; from memory when they were read before.
func (s *Schema) Tree(req ConnectionRef) (t catalog.Tree, err error) {
	defer s.state.guard("schema.tree", &err)()
	c, _, err := s.state.catalog(req.ConnectionID)
	if err != nil {
		return t, err
	}
	return c.Tree(), nil
}

// Refresh reads the catalog again. The event "catalog" follows.
func (s *Schema) Refresh(req ConnectionRef) (t catalog.Tree, err error) {
	defer s.state.guard("schema.refresh", &err)()
	con, _, err := s.state.reachable(req.ConnectionID)
	if err != nil {
		return t, err
	}
	c, err := s.state.await(con, true)
	if err != nil {
		return t, err
	}
	return c.Tree(), nil
}

// Members lists functions, types, extensions or roles.
func (s *Schema) Members(req MembersRequest) (m catalog.Members, err error) {
	defer s.state.guard("schema.members", &err)()
	c, pool, err := s.state.catalog(req.ConnectionID)
	if err != nil {
		return m, err
	}
	return c.Members(s.state.ctx, pool, req.Kind, req.SchemaOID)
}

// Describe tells all of a relation.
func (s *Schema) Describe(req ObjectRef) (d catalog.Description, err error) {
	defer s.state.guard("schema.describe", &err)()
	c, pool, err := s.state.catalog(req.ConnectionID)
	if err != nil {
		return d, err
	}
	return c.Describe(s.state.ctx, pool, req.OID)
}

// Statistics reads the sizes and counters of a relation.
func (s *Schema) Statistics(req ObjectRef) (st catalog.Statistics, err error) {
	defer s.state.guard("schema.statistics", &err)()
	c, pool, err := s.state.catalog(req.ConnectionID)
	if err != nil {
		return st, err
	}
	return c.Statistics(s.state.ctx, pool, req.OID)
}

// Definition writes the SQL that makes an object.
func (s *Schema) Definition(req ObjectRef) (d catalog.Definition, err error) {
	defer s.state.guard("schema.definition", &err)()
	c, pool, err := s.state.catalog(req.ConnectionID)
	if err != nil {
		return d, err
	}
	return c.Definition(s.state.ctx, pool, req.Kind, req.OID)
}

// Drop tells what dropping an object would run and take with it. Nothing is dropped.
func (s *Schema) Drop(req ObjectRef) (p catalog.DropPlan, err error) {
	defer s.state.guard("schema.drop", &err)()
	c, pool, err := s.state.catalog(req.ConnectionID)
	if err != nil {
		return p, err
	}
	return c.Drop(s.state.ctx, pool, req.Kind, req.OID)
}

// Search finds objects and columns by parts of their names.
func (s *Schema) Search(req SearchRequest) (r catalog.SearchResult, err error) {
	defer s.state.guard("schema.search", &err)()
	c, _, err := s.state.catalog(req.ConnectionID)
	if err != nil {
		return r, err
	}
	return c.Search(req.Text, req.Limit), nil
}

// Complete tells what can be written at the cursor.
func (s *Schema) Complete(req CompleteRequest) (c suggest.Completion, err error) {
	defer s.state.guard("schema.complete", &err)()
	return c, s.later("Complete")
}

// About tells of the name at a place of a text.
func (s *Schema) About(req AboutRequest) (a suggest.About, err error) {
	defer s.state.guard("schema.about", &err)()
	return a, s.later("About")
}

// Signatures tells the arguments of the call the cursor stands in.
func (s *Schema) Signatures(req AboutRequest) (g suggest.Signatures, err error) {
	defer s.state.guard("schema.signatures", &err)()
	return g, s.later("Signatures")
}
