// Package transfer writes rows in the forms other programs read.
//
// What: a table of formats, each an Encoder over an io.Writer: csv as COPY … CSV HEADER writes it, byte for byte; tsv as
// psql -A -F<tab>; sheet, the TSV that spreadsheets paste; json and ndjson; table, Markdown and HTML, for eyes; xml as
// query_to_xml writes it; INSERT, UPDATE by key, VALUES, a list for IN, and COPY's text, for servers; xlsx and parquet,
// with types of their own. And a File that takes its place when all of it is written.
//
// Not: a reader of rows. Encoders are given cells as the server sent them, nil for NULL, by whoever has them: a spooled
// result or a live stream.
//
// Invariants: bytes of values pass through unchanged but for the quoting the format asks for; nothing is parsed as a
// number or a date, but for xlsx and parquet, and there only what they hold exactly. What a format or an encoding cannot
// hold is an error, never another value; only bytes that are no UTF-8 stand as \xFF, as they are shown, wherever a format
// is text of Unicode. Memory does not grow with the number of rows: table looks at the first 1,000 to choose its widths,
// parquet gathers 16 MB; a long value is made text in pieces.
//
// Why xuri/excelize: XLSX is a zip of XML in which much can be wrong; its stream writer keeps rows on disk.
//
// Why parquet-go/parquet-go: pure Go, kept up, and a third of arrow-go's weight; it sorts columns by name, which a group
// of our own prevents.
//
// Why rivo/uniseg: how wide a text stands in a terminal is a table of Unicode's, which changes each year.
package transfer
