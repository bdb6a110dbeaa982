package busguard

// Verdict is what was found.
type Verdict int

const (
	// None: there is no session bus, or none that can be asked.
	None Verdict = iota
	// Alive: it answered.
	Alive
	// Dead: something accepts and does not answer.
	Dead
)

var found Verdict

// Found tells what became of the session bus when the program started.
func Found() Verdict { return found }
