package suggest

// Completion replaces [From, To) of the text, in UTF-16 units.
type Completion struct {
	From  int          `json:"from"`
	To    int          `json:"to"`
	Items []Suggestion `json:"items"` // best first
}

// Suggestion is one candidate.
type Suggestion struct {
	Label string `json:"label"` // what is listed
	Apply string `json:"apply"` // what is written; a caret position is marked by ${}
	// Kind is keyword schema table view column join function type snippet alias cte constant setting role.
	Kind   string `json:"kind"`
	Detail string `json:"detail"` // right column: "text not null", "public · 41 k", "foreign key"
	Info   string `json:"info"`   // footer: a comment, a constraint's name
}

// About tells of a name under the pointer; Kind "" means nothing is known.
type About struct {
	From    int    `json:"from"`
	To      int    `json:"to"`
	Kind    string `json:"kind"`
	Name    string `json:"name"`   // qualified
	Detail  string `json:"detail"` // type, signature
	Table   string `json:"table"`  // of a column
	Comment string `json:"comment"`
	OID     uint32 `json:"oid"` // of a relation, or a column's; 0 else
}

// Signatures are the argument lists that fit a call the cursor stands in.
type Signatures struct {
	Name     string      `json:"name"`
	Argument int         `json:"argument"` // which one the cursor is in, from 0
	Choices  []Signature `json:"choices"`
}

// Signature is one argument list.
type Signature struct {
	Arguments []string `json:"arguments"`
	Result    string   `json:"result"`
	Comment   string   `json:"comment"`
}

// Expansion replaces [From, To), a star in a list, by its columns; Text is "" when they are not known.
type Expansion struct {
	From int    `json:"from"`
	To   int    `json:"to"`
	Text string `json:"text"`
}

// Mistake is a name the server does not know.
type Mistake struct {
	Name string // as it is written; "" when it cannot be told
	Why  string // one sentence more; "" when there is nothing to say
	Near []Near // best first, at most three
	// Known tells that a function has that name, for other arguments; Qualifier that the name is what stands before a dot.
	Known, Qualifier bool
}

// Near replaces [From, To) of the text by what may be meant.
type Near struct {
	From, To int
	Text     string
	Detail   string // what Text is: "text not null", "table in public"
}
