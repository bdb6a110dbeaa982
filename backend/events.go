package backend

import (
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/session"
)

// Names of the events Go sends to the page. Contract has their payloads.
const (
	EventRun        = "run"        // session.Snapshot without a first page; at most ten a second for a run, the last at once
	EventConnection = "connection" // Connection: its state changed
	EventCatalog    = "catalog"    // CatalogEvent: the catalog of a connection was read again
	EventStore      = "store"      // StoreHealth: saving stopped, works again, or something was repaired
	EventSecrets    = "secrets"    // SecretHealth: the credential store is found, or what is kept beside it has changed
	EventProfile    = "profile"    // StoredProfile: its password was kept, or is gone
	EventExport     = "export"     // ExportState: at most ten a second for an export, the last at once
	EventImport     = "import"     // ImportState: at most ten a second for an import, the last at once
	EventWork       = "work"       // WorkState: at most ten a second for a piece of work on a result; its end is the call's answer
	EventHandedOver = "handedOver" // nothing: another start has handed something over, HandedOver has it
	EventLeaving    = "leaving"    // nothing: the window goes, and the page keeps what is not kept yet
	EventClosing    = "closing"    // Closing: the window is about to close and something is open
)

// Closing lists why the window asks before it closes.
type Closing struct {
	Running      int `json:"running"`      // runs under way
	Transactions int `json:"transactions"` // tabs with an open transaction
	Exports      int `json:"exports"`      // files that are being written
	Imports      int `json:"imports"`      // files that are being read into tables
}

// Contract mentions every type that crosses the bridge only in an event or in an error, so that it is generated too.
type Contract struct {
	Run        session.Snapshot `json:"run"`
	Connection Connection       `json:"connection"`
	Closing    Closing          `json:"closing"`
	Export     ExportState      `json:"export"`
	Import     ImportState      `json:"import"`
	Work       WorkState        `json:"work"`
	Catalog    CatalogEvent     `json:"catalog"`
	Store      StoreHealth      `json:"store"`
	Secrets    SecretHealth     `json:"secrets"`
	Profile    StoredProfile    `json:"profile"`
	Error      apperr.Error     `json:"error"`
}
