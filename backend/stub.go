package backend

import (
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/spool"
)

type Bound struct {
	Connections *Connections
	Queries     *Queries
	System      *System
}

func (c *Connections) Connect(req ConnectRequest) (con Connection, err error)   { return }
func (c *Connections) OpenSample(req SampleRequest) (con Connection, err error) { return }
func (c *Connections) Test(req ConnectRequest) (r conn.Report, err error)       { return }
func (c *Connections) Disconnect(req ConnectionRef) (err error)                 { return }
func (c *Connections) List() (list []Connection, err error)                     { return }
func (c *Connections) Parse(req ParseRequest) (p conn.Parsed, err error)        { return }
func (c *Connections) FromEnvironment() (p conn.Parsed, err error)              { return }

func (q *Queries) Split(req SplitRequest) (r SplitResult, err error)          { return }
func (q *Queries) Execute(req ExecuteRequest) (s session.Snapshot, err error) { return }
func (q *Queries) Cancel(req RunRef) (err error)                              { return }
func (q *Queries) Page(req PageRequest) (p spool.Page, err error)             { return }
func (q *Queries) Cell(req CellRequest) (c Cell, err error)                   { return }
func (q *Queries) Copy(req CopyRequest) (c Copied, err error)                 { return }
func (q *Queries) Notices(req NoticesRequest) (n NoticesResult, err error)    { return }
func (q *Queries) CloseSession(req SessionRef) (err error)                    { return }

func (s *System) Bootstrap() (b Startup, err error)                  { return }
func (s *System) Health() (h Health, err error)                      { return }
func (s *System) SetLogLevel(req LogLevelRequest) (err error)        { return }
func (s *System) Log() (l LogTail, err error)                        { return }
func (s *System) ServerLog() (l LogTail, err error)                  { return }
func (s *System) ChooseFile(req ChooseRequest) (c Chosen, err error) { return }
func (s *System) SetClipboard(req TextRequest) (err error)           { return }
func (s *System) OpenURL(req TextRequest) (err error)                { return }
func (s *System) Quit() (err error)                                  { return }
func (s *System) Contract() (c Contract, err error)                  { return }
