#!/usr/bin/env bash
# The tests start a PostgreSQL of their own, and copy text out of PDFs with poppler; this makes sure that
# both are there.
set -euo pipefail
wanted=()
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null || wanted+=(postgresql)
command -v pdftotext >/dev/null || wanted+=(poppler-utils)
[ ${#wanted[@]} = 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${wanted[@]}" >/dev/null
else
    echo "Missing, their tests will be skipped: ${wanted[*]}" >&2
    echo "Install them:  sudo apt-get install ${wanted[*]}" >&2
fi
