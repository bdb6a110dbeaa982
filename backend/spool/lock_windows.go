package spool

import (
	"os"
	"path/filepath"
	"syscall"
)

// lockDir opens the file that says a directory is in use so that nobody else can: Windows drops that with the process.
func lockDir(path string) (*os.File, error) {
	name, err := syscall.UTF16PtrFromString(filepath.Join(path, "lock"))
	if err != nil {
		return nil, err
	}
	h, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(h), "lock"), nil
}
