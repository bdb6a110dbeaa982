# Tusk. `make help` lists what there is; README.md says more.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

include build/tools.env

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
WINDOW_TAGS := desktop,production,webkit2_41
GO_FILES = $(shell git ls-files --cached --others --exclude-standard '*.go' go.mod go.sum 'backend/**/*.sql')
PAGE_FILES = $(shell git ls-files --cached --others --exclude-standard frontend ':!frontend/wailsjs' ':!frontend/tests' ':!frontend/dist')

.PHONY: help run dev build lint fmt generate verify bench test test/go test/ui test/e2e test/window test/race test/damage test/full cover setup clean

help: ## list the targets
	@grep -hE '^[a-z0-9/]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9/]+):[^#]*## (.*)/  \1\t\2/' | expand -t 16

run: ## build, start the sample server, open the window on it (headless without a display)
	@build/scripts/setup.sh run
	@$(MAKE) -s build/bin/tusk
	@build/scripts/run.sh

dev: ## wails dev: the window with hot reload, for work on the page
	@build/scripts/setup.sh build
	@go run github.com/wailsapp/wails/v2/cmd/wails@$(WAILS_VERSION) dev -tags webkit2_41 -m -skipembedcreate

build: ## build/bin/tusk
	@build/scripts/setup.sh build
	@$(MAKE) -s build/bin/tusk

setup: ## install all that building and testing need
	@build/scripts/setup.sh test

build/bin/tusk: frontend/dist/index.html $(GO_FILES)
	@go build -trimpath -buildvcs=false -tags $(WINDOW_TAGS) -ldflags "$(LDFLAGS)" -o $@ .

# What only tests use is built as they are, with cgo and whole paths, so that the libraries are compiled once for both.
build/bin/tusk-driven: frontend/dist/index.html $(GO_FILES)
	@go build -buildvcs=false -tags $(WINDOW_TAGS),testhook -ldflags "$(LDFLAGS)" -o $@ .

build/bin/browserhost: $(GO_FILES)
	@go build -buildvcs=false -o $@ ./backend/internal/browserhost

frontend/dist/index.html: $(PAGE_FILES)
	@cd frontend && npm run --silent build
	@touch $@

fmt: ## format Go and the page
	@gofmt -w $$(git ls-files '*.go')
	@cd frontend && npx prettier --log-level warn --write .

lint: ## what the linters say of Go and the page
	@build/scripts/lint.sh

generate: ## the page's TypeScript types, from the bound Go structs
	@mkdir -p build/bin
	@CGO_ENABLED=0 go build -buildvcs=false -tags bindings -o build/bin/bindings .
	@rm -rf frontend/wailsjs/go && tsoutputtype=interfaces build/bin/bindings >/dev/null && chmod 644 frontend/wailsjs/runtime/*

verify: ## lint, formatting, import edges, fresh bindings, a Windows build
	@build/scripts/setup.sh build
	@build/scripts/verify.sh

test: ## Go tests on real servers, the page's unit tests, end to end; under 15 minutes
	@build/scripts/setup.sh test
	@build/scripts/test.sh go ui e2e window

test/go: ## Go tests on real PostgreSQL servers
	@build/scripts/setup.sh test
	@build/scripts/test.sh go

test/ui: ## the page's unit tests
	@build/scripts/setup.sh test
	@build/scripts/test.sh ui

test/e2e: ## flows in Chromium and WebKit over the real backend
	@build/scripts/setup.sh test
	@build/scripts/test.sh e2e

test/window: ## walks in the real window
	@build/scripts/setup.sh test
	@build/scripts/test.sh window

test/race: ## Go tests with the race detector
	@build/scripts/setup.sh test
	@build/scripts/test.sh race

test/damage: ## the store, damaged 1,000 times in each of 15 ways
	@build/scripts/setup.sh test
	@build/scripts/test.sh damage

test/full: ## all of test, and what takes longer: the race detector, damage, 10,000 cancel races, 10,000 mutated connections, ten million rows at work, minutes of fuzzing, PostgreSQL 10 to 18
	@build/scripts/setup.sh test
	@build/scripts/test.sh go ui e2e window race damage long fuzz majors

bench: ## ratios against psql, raw sockets and an empty window, in one run
	@build/scripts/setup.sh test
	@$(MAKE) -s build/bin/tusk build/bin/tusk-driven
	@build/scripts/bench.sh

cover: ## which lines the Go tests reach
	@build/scripts/setup.sh test
	@go test -coverprofile coverage.out ./backend/... && go tool cover -func coverage.out | tail -1

clean: ## remove what was built; the downloads in build/cache stay
	@rm -rf build/bin build/shots coverage.out && find frontend/dist -mindepth 1 ! -name .gitkeep -delete
