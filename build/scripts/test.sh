#!/usr/bin/env bash
# Runs parts of the tests and ends with one line for each: go ui e2e window race damage long fuzz majors.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export NO_AT_BRIDGE=1

# The catalogs of PostgreSQL differ; what is said about them holds for all of these.
majors="10 11 12 13 14 15 16 17 18"

go_tests() { go test -count=1 "$@" ./backend/...; }

# Inputs that reach new code are made smaller for a minute each unless told otherwise, and of some that was all the time.
fuzz() {
	local t=${TUSK_FUZZ:-60s}
	while read -r pkg name; do
		go test -run '^$' -fuzz "^$name\$" -fuzztime "$t" -fuzzminimizetime 100x "./$pkg" || return 1
	done < <(git grep -hoE 'func Fuzz[A-Za-z]+' -- 'backend/*_test.go' | sort -u | while read -r _ f; do
		git grep -lE "func $f\\(" -- 'backend/*_test.go' | sed "s#/[^/]*\$# $f#"
	done)
}

run() {
	case $1 in
	go) go_tests ;;
	race) go_tests -race ;;
	damage) TUSK_DAMAGE=1000 go test -count=1 -timeout 30m -run TestDamage ./backend/store ;;
	long)
		TUSK_RACES=10000 TUSK_MUTATIONS=10000 go test -count=1 -timeout 60m -run 'NeverHits|Mutations' ./backend/session &&
			TUSK_KILLS=980 TUSK_CYCLES=1000 go test -count=1 -timeout 30m -run 'NoKeystrokeIsLost|CleanUp' ./backend &&
			TUSK_ROWS=10000000 go test -count=1 -timeout 20m -run TestWorkTakes ./backend/spool
		;;
	fuzz) fuzz ;;
	majors) build/scripts/postgres.sh $majors && TUSK_MAJORS=$majors go test -count=1 -timeout 20m ./backend/catalog ;;
	ui) (cd frontend && NO_COLOR=1 npx vitest run) ;;
	e2e) make -s frontend/dist/index.html build/bin/browserhost && (cd frontend && npx playwright test) ;;
	window) make -s build/bin/tusk-driven && go test -count=1 -tags walks -timeout 10m ./backend/internal/window/... ;;
	*) echo "there is no part $1" >&2; return 2 ;;
	esac
}

summary=()
failed=0
for part in "$@"; do
	begin=$SECONDS
	log=build/cache/test-$part.log
	if run "$part" 2>&1 | tee "$log"; then state=passed; else state=FAILED failed=1; fi
	case $part in
	ui) count=$(sed 's,\x1b\[[0-9;]*m,,g' "$log" | grep -oE 'Tests +[0-9].*' | tail -1) ;;
	e2e) count=$(grep -oE '[0-9]+ passed.*' "$log" | tail -1) ;;
	*) count="$(grep -cE '^ok ' "$log") packages" ;;
	esac
	summary+=("$(printf '%-7s %-7s %4d s  %s' "$part" $state $((SECONDS - begin)) "$count")")
done
printf '\n'
printf '%s\n' "${summary[@]}"
exit $failed
