#!/usr/bin/env bash
# What has to hold before anything is tested: formatting, lint, import edges and bound signatures, fresh bindings, and a
# build for Windows without cgo.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

part() { printf 'verify: %-12s %s\n' "$1" "$2"; }

unformatted=$(gofmt -l $(git ls-files '*.go'))
if [ -n "$unformatted" ]; then
	printf 'verify: not formatted, run make fmt:\n%s\n' "$unformatted" >&2
	exit 1
fi
(cd frontend && npx prettier --log-level warn --check .)
part formatting ok

build/scripts/lint.sh
part lint ok

go test -count=1 -run 'TestImportEdges|TestBoundSignatures' ./backend >/dev/null || go test -count=1 -run 'TestImportEdges|TestBoundSignatures' ./backend
part edges ok

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
cp -r frontend/wailsjs/go "$fresh/before"
make -s generate
if ! diff -r "$fresh/before" frontend/wailsjs/go >&2; then
	echo 'verify: frontend/wailsjs was out of date; make generate has renewed it, commit it' >&2
	exit 1
fi
part bindings fresh

GOOS=windows CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags desktop,production -o "$fresh/tusk.exe" .
part windows compiles
