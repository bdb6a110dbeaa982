package backend

import (
	"desktop.tusk/backend/conn"
)

// System is bound to the window: the program itself.
type System struct{ state *AppState }

// Startup is all the window needs to draw itself.
type Startup struct {
	Version  string        `json:"version"`
	Platform string        `json:"platform"` // linux, darwin or windows
	Options  []conn.Option `json:"options"`
	// Warnings are what did not work while starting, one sentence each.
	Warnings []string `json:"warnings"`
	// Place is where everything is kept, or why nothing can be.
	Place DataPlace `json:"place"`
	// Prefill is what the command line named, for the first page that asks; nothing connects or runs by itself.
	Prefill Prefill `json:"prefill"`
	// Environment says which PG* variables are set, by name; using them is the person's choice.
	Environment []string `json:"environment"`
	// Profiles are the saved connections as they are shown, and Preferences what the person has set.
	Profiles    []StoredProfile `json:"profiles"`
	Preferences Preferences     `json:"preferences"`
	Defaults    Preferences     `json:"defaults"` // of the preferences
	Store       StoreHealth     `json:"store"`
}

// Prefill is what to put in the form and the first tab.
type Prefill struct {
	URL  string `json:"url"`
	Path string `json:"path"` // of the file, which the page reads itself; "" for a text without one
	Name string `json:"name"` // of the file
	Text string `json:"text"`
	Note string `json:"note"` // why a file could not be read
	// OpenSample opens the sample database at once and puts SampleQuery in the first tab, as `make run` does.
	OpenSample  bool   `json:"openSample"`
	SampleQuery string `json:"sampleQuery"`
}

// HandedOver is what later starts of Tusk were asked to open, in their order.
type HandedOver struct {
	Prefills []Prefill `json:"prefills"`
}

// Health tells how the program is doing.
type Health struct {
	Version     string             `json:"version"`
	GoVersion   string             `json:"goVersion"`
	UptimeMs    int                `json:"uptimeMs"`
	DataDir     string             `json:"dataDir"`
	MemoryBytes int                `json:"memoryBytes"` // the main process's own share (PSS); 0 where it cannot be told
	Goroutines  int                `json:"goroutines"`
	Warnings    []string           `json:"warnings"`
	Log         LogHealth          `json:"log"`
	Spool       SpoolHealth        `json:"spool"`
	Exports     int                `json:"exports"` // files that are being written
	Store       StoreHealth        `json:"store"`
	Secrets     SecretHealth       `json:"secrets"`
	Connections []ConnectionHealth `json:"connections"`
}

// LogHealth tells about the log.
type LogHealth struct {
	Path  string `json:"path"`
	Level string `json:"level"`
	OK    bool   `json:"ok"`
	Note  string `json:"note"`
}

// SpoolHealth tells about results on disk.
type SpoolHealth struct {
	Budget  int    `json:"budget"` // bytes results may take; 0 for no limit
	Dir     string `json:"dir"`
	Results int    `json:"results"`
	Bytes   int    `json:"bytes"`
	Free    int    `json:"free"` // bytes left on that disk
}

// ConnectionHealth tells about one connection.
type ConnectionHealth struct {
	Connection Connection `json:"connection"`
	// RoundTripUs is the time of an empty statement just now; -1 when nothing answered.
	RoundTripUs int `json:"roundTripUs"`
	// Open counts server connections, Limit what is allowed, Sessions those of tabs.
	Open     int      `json:"open"`
	Limit    int      `json:"limit"`
	Sessions int      `json:"sessions"`
	Holders  []string `json:"holders"`
}

// LogTail is the end of the log, newest last.
type LogTail struct {
	Path  string   `json:"path"`
	Lines []string `json:"lines"`
}

// NotifyRequest is what the desktop tells.
type NotifyRequest struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// ChooseRequest titles a file dialog.
type ChooseRequest struct {
	Title string `json:"title"`
}

// SaveRequest titles a dialog for a file to write.
type SaveRequest struct {
	Title  string `json:"title"`
	Folder string `json:"folder"` // where it opens; "" leaves it to the system
	Name   string `json:"name"`   // what it suggests
	// Kind and Pattern say which files it shows first: "CSV", "*.csv".
	Kind    string `json:"kind"`
	Pattern string `json:"pattern"`
}

// Chosen is the path a dialog gave; "" when the person cancelled.
type Chosen struct {
	Path string `json:"path"`
}

// TextRequest carries a text.
type TextRequest struct {
	Text string `json:"text"`
}
