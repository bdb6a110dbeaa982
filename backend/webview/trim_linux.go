package webview

import (
	"bufio"
	"bytes"
	"os"
	"strconv"
	"syscall"
	"time"
)

// trimAfter is how long after the page is there the start is over.
const trimAfter = 1500 * time.Millisecond

// Trim gives back the pages of the program's own file that only its start has read: initialisation goes through most of
// it, of which an idle window needs a third. They are mapped again when they are used again, from the page cache. A
// kernel that keeps the file in pages of 2 MB, as just after it was linked, maps as much again at once. It waits until the
// start is over, and returns when it is done.
func Trim() {
	time.Sleep(trimAfter)
	self, err := os.Executable()
	if err != nil {
		return // the pages stay
	}
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }()
	var from, to uint64
	for lines := bufio.NewScanner(f); lines.Scan(); {
		switch line := lines.Bytes(); {
		case bytes.HasSuffix(line, []byte(self)):
			from, to = readOnly(line)
		case from != 0 && bytes.HasPrefix(line, []byte("Anonymous:")):
			// A page that was written to is the process's own: it would be lost.
			if string(bytes.Fields(line)[1]) == "0" {
				_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, uintptr(from), uintptr(to-from), syscall.MADV_DONTNEED)
			}
			from = 0
		}
	}
}

// readOnly gives the addresses of a mapping that cannot be written to, from its line in smaps; 0 for another.
func readOnly(line []byte) (from, to uint64) {
	f := bytes.Fields(line)
	if mode := string(f[1]); mode != "r-xp" && mode != "r--p" {
		return 0, 0
	}
	a, b, _ := bytes.Cut(f[0], []byte("-"))
	from, err := strconv.ParseUint(string(a), 16, 64)
	if err != nil {
		return 0, 0
	}
	to, err = strconv.ParseUint(string(b), 16, 64)
	if err != nil {
		return 0, 0
	}
	return from, to
}
