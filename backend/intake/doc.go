// Package intake reads the rows of files that other programs wrote.
//
// What: Open finds out what a file is (its encoding, format, delimiter, header, and types of PostgreSQL for its columns)
// from its first 256 kB, unless the options say so, and gives its rows one by one, as the text that PostgreSQL reads.
// A table of formats: csv, tsv, copy, json, ndjson, xlsx, parquet. Adding one is a reader and a row in formats.go. A text may be
// compressed with gzip or zstd, which its first bytes tell; packed.go lists the ways.
//
// Not: a writer, which is package transfer; a connection to anything: package load puts rows into tables.
//
// Invariants: memory does not grow with the file, only with its largest row, which has a limit: MaxRow. No byte is lost or changed in
// silence: what cannot be read is a RowError with its line, column and reason, and the rows behind it can be read where
// it is known where they begin. Numbers and dates are passed on as they are written. Of a compressed file no more is
// unpacked than is asked for, and one that is damaged is an error, never the end.
//
// A null of JSON is NULL, in columns of json and jsonb too: an object that has no value for a key says the same as one that
// has null, and an export writes NULL so. The JSON value null is told apart in CSV, where it is the text null.
//
// Why a CSV reader of our own: encoding/csv gives no NULL apart from an empty text, knows no lone carriage return, changes
// line ends inside quotes, has no limit for a quote that is never closed, and is several times slower than COPY.
//
// Why a reader of workbooks of our own: excelize gives dates as the workbook shows them, in any order of day and month,
// and knows a cell's style only with the whole sheet in memory; xlsxreader cuts seconds and knows no dates since 1904; both end a damaged
// sheet as if it were over. Not held: the texts that a workbook's cells share are kept in memory, up to the limit of a row.
package intake
