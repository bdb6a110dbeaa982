package backend

import (
	"encoding/base64"
	"errors"
	"io"
	"unicode/utf8"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/cell"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/transfer"
)

// CellRef names one cell of a result or a view.
type CellRef struct {
	ResultID string `json:"resultId"`
	Row      int    `json:"row"`
	Column   int    `json:"column"`
}

// CellRequest asks for a part of one cell, in bytes of what the server sent.
type CellRequest struct {
	ResultID string `json:"resultId"`
	Row      int    `json:"row"`
	Column   int    `json:"column"`
	From     int    `json:"from"`
	Count    int    `json:"count"` // at most 1 MiB
	// Align says that From may stand within a character: the part then begins behind that.
	Align bool `json:"align"`
}

// Cell is a part of a cell.
type Cell struct {
	Null   bool   `json:"null"`
	Text   string `json:"text"`
	Length int    `json:"length"` // of the whole cell, in bytes
	From   int    `json:"from"`
	// Next is where the following part starts; it may be short of From+Count so as not to split a character.
	Next int `json:"next"`
	// Invalid says that the bytes are no UTF-8: they are shown as \xFF.
	Invalid bool `json:"invalid"`
}

// CellBytes are some of the bytes of a cell: those that a bytea stands for, and of any other type those of its text.
type CellBytes struct {
	Data   string `json:"data"`   // base64
	Length int    `json:"length"` // of all of them
}

// CellTreeRequest asks for a container of a JSON cell, at a byte of it, and for those inside it as long as no more than
// Rows members are shown in all.
type CellTreeRequest struct {
	ResultID string `json:"resultId"`
	Row      int    `json:"row"`
	Column   int    `json:"column"`
	At       int    `json:"at"`
	Rows     int    `json:"rows"` // at most 1000
}

// CellTree lists containers, the outer ones first.
type CellTree struct {
	Containers []cell.Container `json:"containers"`
}

// CellMembersRequest asks for members of a container of a JSON cell: Count of them from a mark on, without the Skip first.
type CellMembersRequest struct {
	ResultID string `json:"resultId"`
	Row      int    `json:"row"`
	Column   int    `json:"column"`
	Kind     string `json:"kind"`
	At       int    `json:"at"`
	Skip     int    `json:"skip"`
	Count    int    `json:"count"` // at most 1000
}

// CellMembers are some of a container's.
type CellMembers struct {
	Members []cell.Member `json:"members"`
}

// CellPlace names a byte of a JSON cell.
type CellPlace struct {
	ResultID string `json:"resultId"`
	Row      int    `json:"row"`
	Column   int    `json:"column"`
	At       int    `json:"at"`
}

// CellWay leads from the root of a JSON text to a member.
type CellWay struct {
	Steps []cell.Step `json:"steps"`
}

// CellFindRequest asks where a text stands in a cell.
type CellFindRequest struct {
	ResultID string `json:"resultId"`
	Row      int    `json:"row"`
	Column   int    `json:"column"`
	Text     string `json:"text"`
	Case     bool   `json:"case"` // capitals and small letters differ
}

// CellFound are the places: the byte at which one begins and the one behind it, by turns.
type CellFound struct {
	Places []int `json:"places"`
	// More says that there are others behind the last.
	More bool `json:"more"`
}

// SaveCellRequest asks for a cell as a file.
type SaveCellRequest struct {
	ResultID string `json:"resultId"`
	Row      int    `json:"row"`
	Column   int    `json:"column"`
	// Path is where to: a whole path, or one from ~/. Replace says that a file that is there may go.
	Path    string `json:"path"`
	Replace bool   `json:"replace"`
}

// SavedCell tells what was written.
type SavedCell struct {
	Path  string `json:"path"`
	Bytes int    `json:"bytes"`
}

const (
	maxCellPart    = 1 << 20 // the most of a cell that crosses the bridge at once
	maxCellMembers = 1000
	maxCellFound   = 10_000
)

// value gives a cell in place, nil for NULL. Errors: usage, when the result is gone; file, when the disk fails.
func (a *AppState) value(ref CellRef) (*io.SectionReader, spool.Column, error) {
	r, _, _, err := a.rows(ref.ResultID)
	if err != nil {
		return nil, spool.Column{}, err
	}
	if ref.Column < 0 || ref.Column >= len(r.Columns()) {
		return nil, spool.Column{}, errNoColumn
	}
	v, err := r.Value(int64(ref.Row), ref.Column)
	if err != nil {
		return nil, spool.Column{}, unreadable(err)
	}
	return v, r.Columns()[ref.Column], nil
}

// Cell reads a part of one cell. Errors: usage, when the result is gone; file, when the disk fails.
func (q *Queries) Cell(req CellRequest) (c Cell, err error) {
	defer q.state.guard("queries.cell", &err)()
	r, _, _, err := q.state.rows(req.ResultID)
	if err != nil {
		return Cell{}, err
	}
	if req.Align && req.From > 0 {
		v, _, err := q.state.value(CellRef{req.ResultID, req.Row, req.Column})
		if err != nil {
			return Cell{}, err
		}
		if req.From, err = aligned(v, req.From); err != nil {
			return Cell{}, unreadable(err)
		}
	}
	part, err := r.Cell(int64(req.Row), req.Column, req.From, min(req.Count, maxCellPart))
	if err != nil {
		return Cell{}, unreadable(err)
	}
	c = Cell{Null: part.Null, Text: part.Text, Length: part.Length, Next: part.Next, Invalid: part.Invalid}
	c.From = min(req.From, c.Length)
	return c, nil
}

// aligned is the byte from one on at which a character begins.
func aligned(v *io.SectionReader, from int) (int, error) {
	if v == nil {
		return 0, nil
	}
	ahead := make([]byte, utf8.UTFMax)
	n, err := v.ReadAt(ahead, int64(from))
	if err != nil && err != io.EOF {
		return 0, err
	}
	for i, b := range ahead[:n] {
		if utf8.RuneStart(b) {
			return from + i, nil
		}
	}
	return from, nil
}

// CellBytes reads up to Count bytes of a cell, of what it stands for. Errors as Cell.
func (q *Queries) CellBytes(req CellRequest) (b CellBytes, err error) {
	defer q.state.guard("queries.cellBytes", &err)()
	v, column, err := q.state.value(CellRef{req.ResultID, req.Row, req.Column})
	if err != nil || v == nil {
		return CellBytes{}, err
	}
	n := min(max(0, req.Count), maxCellPart)
	from := max(0, req.From)
	if column.Class == "bytes" {
		part, all, err := cell.ByteaPart(v, from, n)
		if err != nil {
			return CellBytes{}, unreadable(err)
		}
		return CellBytes{Data: base64.StdEncoding.EncodeToString(part), Length: all}, nil
	}
	part := make([]byte, max(0, min(n, int(v.Size())-from)))
	if _, err := v.ReadAt(part, int64(from)); err != nil && err != io.EOF {
		return CellBytes{}, unreadable(err)
	}
	return CellBytes{Data: base64.StdEncoding.EncodeToString(part), Length: int(v.Size())}, nil
}

// CellTree opens a container of a JSON cell. Errors as Cell, and unsupported when it is no JSON.
func (q *Queries) CellTree(req CellTreeRequest) (t CellTree, err error) {
	defer q.state.guard("queries.cellTree", &err)()
	t.Containers = []cell.Container{}
	v, _, err := q.state.value(CellRef{req.ResultID, req.Row, req.Column})
	if err != nil || v == nil {
		return t, err
	}
	list, err := cell.OpenAll(v, req.At, min(max(0, req.Rows), maxCellMembers))
	if err != nil {
		return t, notTree(err)
	}
	t.Containers = list
	return t, nil
}

// CellMembers reads members of a container of a JSON cell. Errors as CellTree.
func (q *Queries) CellMembers(req CellMembersRequest) (m CellMembers, err error) {
	defer q.state.guard("queries.cellMembers", &err)()
	m.Members = []cell.Member{}
	v, _, err := q.state.value(CellRef{req.ResultID, req.Row, req.Column})
	if err != nil || v == nil {
		return m, err
	}
	list, err := cell.Members(v, req.Kind, max(0, req.At), max(0, req.Skip), min(max(0, req.Count), maxCellMembers))
	if err != nil {
		return m, notTree(err)
	}
	m.Members = list
	return m, nil
}

// CellLocate tells in which member of a JSON cell a byte stands. Errors as CellTree.
func (q *Queries) CellLocate(req CellPlace) (w CellWay, err error) {
	defer q.state.guard("queries.cellLocate", &err)()
	w.Steps = []cell.Step{}
	v, _, err := q.state.value(CellRef{req.ResultID, req.Row, req.Column})
	if err != nil || v == nil {
		return w, err
	}
	if w.Steps, err = cell.Locate(v, req.At); err != nil {
		return w, notTree(err)
	}
	return w, nil
}

func notTree(err error) error {
	if no := new(cell.NotJSON); errors.As(err, &no) {
		return apperr.E(apperr.Unsupported, "This is not JSON all the way.", apperr.Cause(err), apperr.Message(no.Error()), apperr.Hint("Look at it as text."))
	}
	return unreadable(err)
}

// CellFind tells where a text stands in a cell: the first 10,000 places. Errors as Cell.
func (q *Queries) CellFind(req CellFindRequest) (f CellFound, err error) {
	defer q.state.guard("queries.cellFind", &err)()
	f.Places = []int{}
	v, _, err := q.state.value(CellRef{req.ResultID, req.Row, req.Column})
	if err != nil || v == nil {
		return f, err
	}
	if f.Places, f.More, err = cell.Find(v, req.Text, req.Case, maxCellFound); err != nil {
		return f, unreadable(err)
	}
	return f, nil
}

// SaveCell writes a cell to a file: the bytes that a bytea stands for, and of any other type its text. What was at the
// path stays until all is written. Errors as Cell; usage for NULL; file and its kin.
func (q *Queries) SaveCell(req SaveCellRequest) (s SavedCell, err error) {
	defer q.state.guard("queries.saveCell", &err)()
	v, column, err := q.state.value(CellRef{req.ResultID, req.Row, req.Column})
	if err != nil {
		return s, err
	}
	if v == nil {
		return s, apperr.E(apperr.Usage, "NULL has nothing to save.")
	}
	if s.Path, err = exportPath(req.Path, req.Replace); err != nil {
		return s, err
	}
	from := io.Reader(v)
	if column.Class == "bytes" {
		if from, err = cell.Bytea(v); err != nil {
			return s, unreadable(err)
		}
	}
	file, err := transfer.Create(s.Path)
	if err != nil {
		return s, err
	}
	n, err := io.Copy(file, from)
	if err != nil {
		file.Discard()
		return s, ours(err)
	}
	s.Bytes = int(n)
	return s, file.Keep()
}
