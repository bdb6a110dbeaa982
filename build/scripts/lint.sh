#!/usr/bin/env bash
# What the linters say of Go and of the page. The Go tools are pinned in build/tools.env and built once into build/cache.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=../tools.env
source build/tools.env

tools=$PWD/build/cache/tools
stamp="$STATICCHECK_VERSION $ERRCHECK_VERSION"
if [ "$(cat "$tools/.stamp" 2>/dev/null)" != "$stamp" ]; then
	echo "lint: building the Go linters" >&2
	GOBIN=$tools go install "honnef.co/go/tools/cmd/staticcheck@$STATICCHECK_VERSION"
	GOBIN=$tools go install "github.com/kisielk/errcheck@$ERRCHECK_VERSION"
	echo "$stamp" >"$tools/.stamp"
fi
go vet ./backend/...
go vet -tags desktop,production,webkit2_41 .
"$tools/staticcheck" ./backend/...
"$tools/staticcheck" -tags desktop,production,webkit2_41 .
"$tools/errcheck" -ignoretests -exclude build/errcheck.txt ./backend/...
bad=$(git grep -nE '\{@html|innerHTML|outerHTML|insertAdjacentHTML' -- 'frontend/src/*.svelte' 'frontend/src/*.ts' || true)
if [ -n "$bad" ]; then
	printf 'lint: raw HTML:\n%s\n' "$bad" >&2
	exit 1
fi
cd frontend
npx eslint .
npm run --silent check -- --output human | tail -5
