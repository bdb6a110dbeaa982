// Package transfer writes rows in the forms other programs read.
//
// What: a table of formats, each an Encoder over an io.Writer: csv as COPY … CSV HEADER writes it, byte for byte; tsv as
// psql -A -F<tab>; sheet, the TSV that spreadsheets paste; json and ndjson; table, Markdown and HTML, for eyes; INSERT,
// VALUES, a list for IN, and COPY's text, for servers; xlsx, for spreadsheets, with types of their own. And a File that takes its place when all of it is written.
//
// Not: a reader of rows. Encoders are given cells as the server sent them, nil for NULL, by whoever has them: a spooled
// result or a live stream.
//
// Invariants: bytes of values pass through unchanged but for the quoting the format asks for; nothing is parsed as a
// number or a date, but for xlsx, and there only what it holds exactly. Memory does not grow with the number of rows; table looks at the first 1,000 to choose its widths.
//
// Why xuri/excelize: XLSX is a zip of XML in which much can be wrong; its stream writer keeps rows on disk.
//
// Why rivo/uniseg: how wide a text stands in a terminal is a table of Unicode's, which changes each year.
package transfer
