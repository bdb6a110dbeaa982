#!/usr/bin/env bash
# Prints ratios against peers and floors, measured in this one run. backend/BENCHMARKS.md keeps what came out.
set -euo pipefail
failed=0
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
echo "$(date -u +%F), $(nproc) cores, $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2- | sed 's/^ //'), $(git rev-parse --short HEAD)"
go test -v -count=1 -tags bench -timeout 40m ./backend/internal/bench | grep -vE "^(=== RUN|--- PASS|PASS|ok )" || failed=1
echo "what can be written next, at 20,000 tables:"
go test -run '^$' -bench BenchmarkAt -benchtime 50x ./backend/suggest | grep -E '^Benchmark'
exit $failed # a limit was passed; all figures are above
