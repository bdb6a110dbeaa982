package backend

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// ownMemory is the process's own share of memory (PSS) in bytes, 0 when the system does not tell.
func ownMemory() int {
	b, err := os.ReadFile("/proc/self/smaps_rollup")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "Pss:" {
			if kb, err := strconv.Atoi(f[1]); err == nil {
				return kb << 10
			}
		}
	}
	return 0
}

// freeBytes is what is left on the disk that holds dir.
func freeBytes(dir string) int {
	var st syscall.Statfs_t
	if syscall.Statfs(dir, &st) != nil {
		return 0
	}
	return int(st.Bavail) * int(st.Bsize)
}
