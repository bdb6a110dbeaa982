package catalog

import (
	"sync"
	"sync/atomic"
)

// Catalog is what was in a database when it was read. It never changes, and may be used from any goroutine.
type Catalog struct {
	tree   Tree
	path   []string
	server int            // server_version_num
	places map[uint32]int // where a relation is in tree's lists
	filled *contents      // nil before Fill
	kept   bool           // filled is an earlier catalog's

	indexing sync.Once // for index
	index    *index
}

// versions numbers catalogs; of two the later read has the higher.
var versions atomic.Int64

// Tree gives all schemas and relations. The caller may not change its lists.
func (c *Catalog) Tree() Tree { return c.tree }

// Version grows from each catalog to the next.
func (c *Catalog) Version() int { return c.tree.Version }

// Complete tells whether columns, functions and types are there too, read since the relations were.
func (c *Catalog) Complete() bool { return c.filled != nil && !c.kept }

// SearchPath lists the schemas a new session looks up unqualified names in, pg_catalog among them.
func (c *Catalog) SearchPath() []string { return c.path }

// major is the server's major version.
func (c *Catalog) major() int { return c.server / 10000 }

// place finds a relation in the tree's lists.
func (c *Catalog) place(oid uint32) (int, bool) {
	i, ok := c.places[oid]
	return i, ok
}
