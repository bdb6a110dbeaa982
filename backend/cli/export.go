package cli

import (
	"fmt"
	"strings"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/transfer"
)

type exportCmd struct {
	Args    []string `arg:"" optional:"" name:"URL" help:"Where to connect, as for query."`
	Command string   `short:"c" help:"The query whose rows are exported." placeholder:"SQL"`
	File    string   `short:"f" help:"The query is in this file." placeholder:"FILE"`
	Table   string   `help:"A table or view, as SQL names it, all rows of which are exported." placeholder:"NAME"`
	Output  string   `short:"o" required:"" help:"The file to write; it is replaced when all rows are there. An ending of .gz or .zst compresses it." placeholder:"FILE"`
	Format  string   `help:"${formats}. Default: what the file's ending says." placeholder:"FORMAT"`

	NoHeader      bool   `help:"Leave out the names of the columns."`
	Delimiter     string `help:"Between the values of csv; a comma, if not given." placeholder:"CHARACTER"`
	Quote         string `help:"Around values of csv that need it; a double quote, if not given." placeholder:"CHARACTER"`
	QuoteAll      bool   `help:"Put all values of csv but NULL in quotes."`
	Null          string `help:"What stands for NULL in csv; nothing, if not given." placeholder:"TEXT"`
	Encoding      string `help:"Of csv and tsv: ${encodings}." placeholder:"NAME"`
	CRLF          bool   `name:"crlf" help:"End the lines of csv and tsv as Windows does."`
	Safe          bool   `help:"Have a spreadsheet compute nothing in csv and tsv: an apostrophe goes before text that begins like a formula."`
	NumbersAsText bool   `help:"Write bigint and numeric as strings in json and ndjson."`
	Into          string `help:"The table that insert and update write to, as SQL; what --table says, if not given." placeholder:"NAME"`
	Key           string `help:"The columns by which update finds a row." placeholder:"A,B"`

	Param map[string]string `help:"A value for :name in the SQL; may be given several times." placeholder:"NAME=VALUE" mapsep:"none"`
}

// Run writes the rows of one query to a file.
func (c *exportCmd) Run(e *env) error {
	named, compress, known := transfer.ByName(c.Output)
	if c.Format == "" {
		if !known {
			return apperr.E(apperr.Usage, fmt.Sprintf("The ending of %q says nothing about its format.", c.Output), apperr.Hint("Give --format, one of "+formatNames()+"."))
		}
		c.Format = named.Name
	}
	o, err := c.options()
	if err != nil {
		return err
	}
	q := queryCmd{Args: c.Args, Command: c.Command, File: c.File, Format: c.Format, Output: c.Output, Param: c.Param, OnError: "stop", compress: compress, options: o}
	if c.Table != "" {
		if c.Command != "" || c.File != "" {
			return apperr.E(apperr.Usage, "Give one of -c SQL, -f FILE and --table NAME.")
		}
		q.table = c.Table
	}
	return q.Run(e)
}

// options checks what changes the format. Errors: usage.
func (c *exportCmd) options() (o transfer.Options, err error) {
	o = transfer.Options{NoHeader: c.NoHeader, QuoteAll: c.QuoteAll, Null: c.Null, Encoding: c.Encoding, CRLF: c.CRLF, Safe: c.Safe, NumbersAsText: c.NumbersAsText, Table: c.Into}
	if o.Table == "" {
		o.Table = c.Table
	}
	if c.Key != "" {
		o.Key = strings.Split(c.Key, ",")
	}
	for _, one := range []struct {
		name, text string
		to         *byte
	}{{"--delimiter", c.Delimiter, &o.Delimiter}, {"--quote", c.Quote, &o.Quote}} {
		if one.text == `\t` {
			one.text = "\t"
		}
		if len(one.text) > 1 {
			return o, apperr.E(apperr.Usage, fmt.Sprintf("%s is one character of ASCII, not %q.", one.name, one.text))
		}
		if one.text != "" {
			*one.to = one.text[0]
		}
	}
	for _, given := range []struct {
		name    string
		given   bool
		formats string
	}{
		{"--delimiter", c.Delimiter != "", "csv"}, {"--quote", c.Quote != "", "csv"}, {"--quote-all", c.QuoteAll, "csv"}, {"--null", c.Null != "", "csv"},
		{"--encoding", c.Encoding != "", "csv tsv"}, {"--crlf", c.CRLF, "csv tsv"}, {"--safe", c.Safe, "csv tsv"},
		{"--numbers-as-text", c.NumbersAsText, "json ndjson"}, {"--into", c.Into != "", "insert update"}, {"--key", c.Key != "", "update"},
	} {
		if given.given && !strings.Contains(" "+given.formats+" ", " "+c.Format+" ") {
			return o, apperr.E(apperr.Usage, fmt.Sprintf("%s is for %s, and not for %s.", given.name, strings.ReplaceAll(given.formats, " ", " and "), c.Format))
		}
	}
	if c.Format == "csv" {
		if err := o.Check(); err != nil {
			return o, err
		}
	}
	if c.Encoding != "" && !transfer.KnownEncoding(c.Encoding) {
		return o, apperr.E(apperr.Usage, fmt.Sprintf("There is no encoding %q.", c.Encoding), apperr.Hint("It is one of "+strings.Join(transfer.Encodings, ", ")+"."))
	}
	return o, nil
}
