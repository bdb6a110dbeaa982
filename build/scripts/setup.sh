#!/usr/bin/env bash
# Installs what is missing for running, building or testing, and says what and why. Asks nothing, and starts no service.
#
#   build/scripts/setup.sh run|build|test
set -euo pipefail
what=${1:-test}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"

say() { echo "setup: $*" >&2; }

need() {
	command -v "$1" >/dev/null || {
		say "$1 is needed ($2) and is not there"
		exit 1
	}
}
need go 'version 1.26 or newer'
need node 'version 20.20 or newer'
need npm 'it comes with node'

packages=(build-essential pkg-config libgtk-3-dev libwebkit2gtk-4.1-dev)
why='the window is a GTK window with a WebKit view'
if [ "$what" != build ]; then
	packages+=(xvfb xauth openbox xdotool xclip imagemagick wmctrl x11-utils fonts-dejavu-core procps dbus-x11)
	why+='; without a display it opens on a virtual one'
fi
if [ "$what" = test ]; then
	browser=chromium-headless-shell # other systems have the whole browser only
	[ "$(. /etc/os-release && echo "$ID")" = debian ] || browser=chromium
	packages+=("$browser" webkit2gtk-driver pgbouncer postgresql-client util-linux gnome-keyring dbus-daemon xterm)
	why+='; tests use a browser, a pooler, psql and a keyring'
fi

# install takes only what is not there, so that a second run costs a few milliseconds.
install() {
	local missing=() p
	for p in "${packages[@]}"; do
		[ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$p" 2>/dev/null)" = 'ii ' ] || missing+=("$p")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	say "installing ${missing[*]}: $why"
	local sudo=()
	if [ "$(id -u)" != 0 ]; then
		sudo=(sudo -n)
		"${sudo[@]}" true || {
			say "not root, and sudo asks for a password: run  apt-get install ${missing[*]}"
			exit 1
		}
	fi
	# A policy of 101 keeps packages from starting their services; the machine's own policy, if any, is put back.
	local policy=/usr/sbin/policy-rc.d made=no
	if [ ! -e "$policy" ]; then
		printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null
		"${sudo[@]}" chmod 755 "$policy"
		made=yes
	fi
	local rc=0
	{
		"${sudo[@]}" apt-get update -qq &&
			"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
				-o DPkg::Lock::Timeout=500 "${missing[@]}"
	} >"$log" 2>&1 || rc=$?
	[ $made = no ] || "${sudo[@]}" rm -f "$policy"
	if [ $rc != 0 ]; then
		tail -20 "$log" >&2
		exit $rc
	fi
}

mkdir -p build/cache build/bin
log=build/cache/setup.log
if command -v dpkg-query >/dev/null; then
	install
else
	say "no apt here: these have to be there already: ${packages[*]}"
fi

# npm ci takes seconds, so only when the lock file is newer than what it installed.
if [ ! frontend/node_modules/.package-lock.json -nt frontend/package-lock.json ]; then
	say "installing the page's packages: $(grep -c '^    "node_modules/' frontend/package-lock.json) of them"
	(cd frontend && npm ci --silent --no-audit --no-fund) >"$log" 2>&1 || {
		tail -20 "$log" >&2
		exit 1
	}
	touch frontend/node_modules/.package-lock.json
fi

case $what in
run) build/scripts/postgres.sh 18 ;;
test) build/scripts/postgres.sh 18 13 ;;
esac
