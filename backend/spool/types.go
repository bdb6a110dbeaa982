package spool

// Column describes one column of a result as the server described it.
type Column struct {
	Name string `json:"name"`
	// Type is the type as PostgreSQL writes it, modifier included: numeric(12,2), text[], order_status.
	Type string `json:"type"`
	// Class says how values look, not what they are: "number" stands right, "json" and "bytes" have viewers of their
	// own, "bool", "time" and "text" are the rest.
	Class string `json:"class"`
	// TableOID and Attribute name the table column the value comes from; 0 for expressions.
	TableOID  uint32 `json:"tableOid"`
	Attribute int    `json:"attribute"`
	TypeOID   uint32 `json:"typeOid"`
}

// Page is a window of rows. A nil cell is NULL.
type Page struct {
	ResultID string      `json:"resultId"`
	From     int         `json:"from"`
	Rows     [][]*string `json:"rows"`
	// Cut lists the cells of which Rows holds only a prefix.
	Cut []Cut `json:"cut"`
	// Total is how many rows are there so far, Complete that there will be no more.
	Total    int  `json:"total"`
	Complete bool `json:"complete"`
}

// Cut names a cell of a page that is longer than what the page holds of it.
type Cut struct {
	Row    int `json:"row"` // counted from 0 in the result
	Column int `json:"column"`
	Length int `json:"length"` // in bytes, as the server sent it
}
