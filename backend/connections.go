package backend

import (
	"desktop.tusk/backend/conn"
)

// Connections is bound to the window: reaching servers.
type Connections struct{ state *AppState }

// ConnectRequest names a connection before it exists, so that Disconnect can never miss it.
type ConnectRequest struct {
	ConnectionID string       `json:"connectionId"`
	Profile      conn.Profile `json:"profile"`
	Password     string       `json:"password"`
}

// Connection is a profile that is connected.
type Connection struct {
	ID      string       `json:"id"`
	Profile conn.Profile `json:"profile"`
	Report  conn.Report  `json:"report"`
	// State is "connected" or "lost": nothing of it answers. A lost one is tried again by its next run.
	State  string `json:"state"`
	Sample bool   `json:"sample"` // it is the sample database
}

// ConnectionRef names a connection.
type ConnectionRef struct {
	ConnectionID string `json:"connectionId"`
}

// ParseRequest is a pasted text.
type ParseRequest struct {
	Text string `json:"text"`
}

// SampleRequest asks for the sample database under a connection id of the caller's.
type SampleRequest struct {
	ConnectionID string `json:"connectionId"`
}
