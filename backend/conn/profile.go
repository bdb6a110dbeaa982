package conn

// Profile says how to reach a server. It holds no secret.
type Profile struct {
	Name string `json:"name"`
	// Color is the name of a connection colour of the look: red, orange, amber, green, teal, blue, violet, gray; or "".
	Color string `json:"color"`
	// Settings are libpq's keywords, as text: host, port, dbname, user, sslmode … Options lists those we know. host and
	// port may be lists, separated by commas.
	Settings map[string]string `json:"settings"`
}

// Option is one connection setting: a row of the table that the form, URL parsing and the documentation are made of.
type Option struct {
	Key     string   `json:"key"` // libpq's keyword
	Label   string   `json:"label"`
	Group   string   `json:"group"`   // "general", "tls" or "advanced"
	Kind    string   `json:"kind"`    // "text", "lines", "number", "choice", "file" or "flag"
	Default string   `json:"default"` // what applies when it is left empty, shown as the placeholder
	Choices []Choice `json:"choices"`
	Help    string   `json:"help"`
}

// Choice is one value of an Option of kind "choice".
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Help  string `json:"help"`
}

// Parsed is what a pasted text was read as. Nothing connects by itself.
type Parsed struct {
	Profile Profile `json:"profile"`
	// Password is the one in the text, for the form's field; "" if there was none.
	Password string `json:"password"`
	// Summary reads it back in words: "app_rw at db.example, database roastery".
	Summary string `json:"summary"`
	// Notes say what was left out or changed, and why.
	Notes []string `json:"notes"`
}

// Report tells about a server that was reached.
type Report struct {
	ServerVersion string `json:"serverVersion"` // "17.2"
	Host          string `json:"host"`          // the host, of several, that answered
	Port          int    `json:"port"`
	Database      string `json:"database"`
	User          string `json:"user"`
	// TLS is "verified" (the server proved its name), "encrypted" (nobody checked who answers), "local" (a socket or
	// loopback, where none is needed) or "none".
	TLS string `json:"tls"`
	// TLSVersion is such as "TLS 1.3"; "" without.
	TLSVersion string `json:"tlsVersion"`
	// Pooler says that a connection pooler answers, which does not keep a session together.
	Pooler bool `json:"pooler"`
	// Standby says that the server is in recovery.
	Standby   bool `json:"standby"`
	ElapsedUs int  `json:"elapsedUs"`
}
