#!/usr/bin/env bash
# Opens the window on the sample database; without a display, does the same headless and prints what it saw.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
	exec build/bin/tusk --sample
fi
echo "There is no display, so the window opens on a virtual one."
make -s build/bin/tusk-driven
exec go run ./backend/internal/window/headless -shot build/shots/run.png
