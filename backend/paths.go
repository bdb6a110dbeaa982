package backend

import (
	"os"
	"path/filepath"
	"runtime"
)

// MakeDataDir makes the data directory, for its owner alone.
func MakeDataDir(dir string) error {
	mode := os.FileMode(0o700)
	if os.Getuid() == 0 {
		mode = 0o711 // the sample server's user passes through
	}
	return os.MkdirAll(dir, mode)
}

// DataDir is where Tusk keeps its things: what the command line names, else TUSK_DATA_DIR, else the platform's place.
// Root's is /var/lib/tusk, for the sample server runs as a user who cannot enter root's home.
func DataDir(flag string) string {
	if flag != "" {
		return flag
	}
	if d := os.Getenv("TUSK_DATA_DIR"); d != "" {
		return d
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = "."
	}
	switch runtime.GOOS {
	case "windows":
		if d := os.Getenv("LOCALAPPDATA"); d != "" {
			return filepath.Join(d, "Tusk")
		}
		return filepath.Join(home, "AppData", "Local", "Tusk")
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", "Tusk")
	}
	if os.Getuid() == 0 {
		return "/var/lib/tusk"
	}
	if d := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(d) {
		return filepath.Join(d, "tusk")
	}
	return filepath.Join(home, ".local", "share", "tusk")
}
