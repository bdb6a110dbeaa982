package cell

import (
	"errors"
	"fmt"
	"io"
)

// Kinds of members.
const (
	Object = "object"
	Array  = "array"
	String = "string"
	Number = "number"
	Word   = "word" // true, false, null
)

const (
	maxText    = 4000 // of a key or a value that is given as text, in bytes
	maxPreview = 3    // names of keys in a folded object
	maxMarks   = 4096
)

// Member is a member of an object or an element of an array.
type Member struct {
	Key  string `json:"key"` // as it is written, with its quotes; "" for an element
	Kind string `json:"kind"`
	At   int    `json:"at"` // where the value starts, and the byte behind it
	End  int    `json:"end"`
	Text string `json:"text"` // as it is written, of a long one the beginning; "" for object and array
	// Count is how many members an object or array has, Keys what the first of an object's are called.
	Count int      `json:"count"`
	Keys  []string `json:"keys"`
}

// Container is an object or array that was opened.
type Container struct {
	At    int    `json:"at"`
	Kind  string `json:"kind"`
	Count int    `json:"count"`
	// Members are the first of them.
	Members []Member `json:"members"`
	// Marks are where the members 0, Stride, 2*Stride… start, for Members to begin at.
	Marks  []int `json:"marks"`
	Stride int   `json:"stride"`
}

// Open looks through the object or array at a byte, and gives up to first of its members. The root is at 0.
func Open(src *io.SectionReader, at, first int) (Container, error) {
	s := newScanner(src, at)
	kind, err := s.open()
	if err != nil {
		return Container{}, err
	}
	c := Container{At: s.at() - 1, Kind: kind, Members: []Member{}, Marks: []int{}, Stride: 1}
	for {
		more, err := s.another(c.Count > 0)
		if err != nil || !more {
			return c, err
		}
		if c.Count%c.Stride == 0 {
			c.mark(s.at())
		}
		m, err := s.member(kind == Object, c.Count < first)
		if err != nil {
			return c, err
		}
		if c.Count < first {
			c.Members = append(c.Members, m)
		}
		c.Count++
	}
}

// mark notes where a member starts; of too many every other one is forgotten.
func (c *Container) mark(at int) {
	if len(c.Marks) == maxMarks {
		for i := range maxMarks / 2 {
			c.Marks[i] = c.Marks[2*i]
		}
		c.Marks = c.Marks[:maxMarks/2]
		c.Stride *= 2
	}
	c.Marks = append(c.Marks, at)
}

// Members gives up to n members from a mark on, without the skip first ones.
func Members(src *io.SectionReader, kind string, at, skip, n int) ([]Member, error) {
	s := newScanner(src, at)
	list := make([]Member, 0, n)
	for i := range skip + n {
		if i > 0 {
			if more, err := s.another(true); err != nil || !more {
				return list, err
			}
		}
		m, err := s.member(kind == Object, i >= skip)
		if err != nil {
			return list, err
		}
		if i >= skip {
			list = append(list, m)
		}
	}
	return list, nil
}

// Step is one on the way from the root to a byte: the member Index of the container At.
type Step struct {
	At    int    `json:"at"`
	Index int    `json:"index"`
	Key   string `json:"key"`
}

// Locate tells the way to the innermost member that a byte stands in: none when it stands in no container.
func Locate(src *io.SectionReader, at int) ([]Step, error) {
	steps := []Step{}
	for from := 0; ; {
		s := newScanner(src, from)
		kind, err := s.open()
		if no := new(NotJSON); errors.As(err, &no) {
			return steps, nil // a value without members
		} else if err != nil {
			return steps, err
		}
		step := Step{At: s.at() - 1}
		var inside Member
		var start int
		for found := false; !found; step.Index++ {
			more, err := s.another(step.Index > 0)
			if err != nil {
				return steps, err
			}
			if !more || s.at() > at {
				return steps, nil
			}
			start = s.at()
			if inside, err = s.member(kind == Object, false); err != nil {
				return steps, err
			}
			found = at < inside.End
		}
		step.Index--
		found, err := Members(src, kind, start, 0, 1) // with its key now
		if err != nil {
			return steps, err
		}
		step.Key = found[0].Key
		steps = append(steps, step)
		if at < inside.At || inside.Kind != Object && inside.Kind != Array {
			return steps, nil
		}
		from = inside.At
	}
}

// OpenAll opens the container at a byte and, as long as no more than rows members are shown in all, those inside it, the
// outer ones first.
func OpenAll(src *io.SectionReader, at, rows int) ([]Container, error) {
	first, err := Open(src, at, rows)
	if err != nil {
		return nil, err
	}
	list := []Container{first}
	left := rows - first.Count
	for i := 0; i < len(list); i++ {
		for _, m := range list[i].Members {
			if m.Kind != Object && m.Kind != Array || m.Count == 0 || m.Count > left {
				continue
			}
			c, err := Open(src, m.At, rows)
			if err != nil {
				return nil, err
			}
			left -= c.Count
			list = append(list, c)
		}
	}
	return list, nil
}

// NotJSON says where a text stops to be JSON.
type NotJSON struct{ At int }

func (e *NotJSON) Error() string { return fmt.Sprintf("no JSON at byte %d", e.At) }
