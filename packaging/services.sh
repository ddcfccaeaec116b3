#!/usr/bin/env bash
# The tests start a PostgreSQL of their own; this makes sure that there is one to start.
set -euo pipefail
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 && exit 0
command -v postgres >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null
else
    echo "PostgreSQL is missing: its tests will be skipped." >&2
    echo "Install it:  sudo apt-get install postgresql" >&2
fi
