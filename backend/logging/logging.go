// Package logging writes what happened to rotating files.
//
// What: zerolog's JSON lines in <data directory>/logs/tusk.log, rotated each day and by size, readable by their owner
// alone; a level that can be changed while running; the end of the log for the health panel.
//
// Not: a place for SQL text, parameters, row data or settings: whoever logs names the few fields an event has.
//
// Invariants: logging never fails an operation and never blocks it on anything but the disk. When a line cannot be
// written that is noted once, in Health, and the program goes on.
package logging

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/DeRuina/timberjack"
	"github.com/rs/zerolog"
)

const (
	maxMegabytes = 5
	maxBackups   = 5
	maxDays      = 14
)

// Log is where lines go, and how it is doing.
type Log struct {
	zerolog.Logger
	level  atomic.Int32
	failed atomic.Pointer[string]
	path   atomic.Pointer[string]
	file   atomic.Pointer[timberjack.Logger] // nil when it cannot be had
}

// Levels are the names of the levels, from quiet to talkative.
var Levels = []string{"error", "warn", "info", "debug", "trace"}

// Open starts the log in dir. It always gives a Log: when the files cannot be had it writes to console only, and Note
// says why. console may be nil.
func Open(dir, level string, console io.Writer) *Log {
	l := &Log{}
	if err := l.SetLevel(level); err != nil {
		_ = l.SetLevel("info")
	}
	l.MoveTo(dir)
	var out io.Writer = file{l}
	if console != nil {
		out = zerolog.MultiLevelWriter(out, zerolog.ConsoleWriter{Out: console, TimeFormat: "15:04:05.000"})
	}
	l.Logger = zerolog.New(out).With().Timestamp().Logger().Hook(zerolog.HookFunc(func(e *zerolog.Event, lv zerolog.Level, _ string) {
		if lv < zerolog.Level(l.level.Load()) {
			e.Discard()
		}
	}))
	return l
}

// MoveTo writes the files of another directory from now on. When they cannot be had, Note says why.
func (l *Log) MoveTo(dir string) {
	path := filepath.Join(dir, "tusk.log")
	var f *timberjack.Logger
	l.failed.Store(nil)
	if err := writable(dir, path); err != nil {
		l.note(err)
	} else {
		f = &timberjack.Logger{Filename: path, MaxSize: maxMegabytes, MaxBackups: maxBackups, MaxAge: maxDays, LocalTime: true, FileMode: 0o600, RotateAt: []string{"00:00"}}
	}
	l.path.Store(&path)
	if before := l.file.Swap(f); before != nil {
		_ = before.Close()
	}
}

// writable makes the directory and the file, for their owner alone.
func writable(dir, path string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make log directory: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open log: %w", err)
	}
	return f.Close()
}

// file passes lines on to the file and swallows the failure to, after noting it: zerolog would print each to standard
// error.
type file struct{ l *Log }

func (f file) Write(p []byte) (int, error) {
	if to := f.l.file.Load(); to != nil {
		if _, err := to.Write(p); err != nil {
			f.l.note(err)
		}
	}
	return len(p), nil
}

func (l *Log) note(err error) {
	s := err.Error()
	l.failed.CompareAndSwap(nil, &s)
}

// SetLevel changes the level: one of Levels.
func (l *Log) SetLevel(name string) error {
	if name == "" {
		name = "info"
	}
	lv, err := zerolog.ParseLevel(strings.ToLower(name))
	if err != nil || lv > zerolog.ErrorLevel || lv < zerolog.TraceLevel {
		return fmt.Errorf("there is no log level %q: it is one of %s", name, strings.Join(Levels, ", "))
	}
	l.level.Store(int32(lv))
	return nil
}

// Level is the level's name.
func (l *Log) Level() string { return zerolog.Level(l.level.Load()).String() }

// Path is the file that is written now.
func (l *Log) Path() string { return *l.path.Load() }

// Note says why nothing is written to the file; "" when all is well.
func (l *Log) Note() string {
	if p := l.failed.Load(); p != nil {
		return *p
	}
	return ""
}

// Tail gives the last n lines, at most 256 kB of them.
func (l *Log) Tail(n int) ([]string, error) {
	f, err := os.Open(l.Path())
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	defer func() { _ = f.Close() }()
	const window = 256 << 10
	if end, err := f.Seek(0, io.SeekEnd); err == nil {
		if _, err := f.Seek(max(0, end-window), io.SeekStart); err != nil {
			return nil, fmt.Errorf("read log: %w", err)
		}
	}
	var lines []string
	s := bufio.NewScanner(f)
	s.Buffer(nil, window)
	for s.Scan() {
		lines = append(lines, s.Text())
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	return lines[max(0, len(lines)-n):], nil
}

// Close ends the log.
func (l *Log) Close() {
	if f := l.file.Load(); f != nil {
		_ = f.Close()
	}
}
