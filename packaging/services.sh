#!/usr/bin/env bash
# The tests start a PostgreSQL and a Chromium of their own, and copy text out of PDFs with poppler; this
# makes sure that all three are there.
set -euo pipefail

missing=()
if ! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 && ! command -v postgres >/dev/null; then
    missing+=(postgresql)
fi
if ! command -v chromium chromium-browser google-chrome-stable google-chrome >/dev/null; then
    missing+=(chromium)
fi
command -v pdftotext >/dev/null || missing+=(poppler-utils)
[ "${#missing[@]}" = 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
else
    echo "The tests that need them will be skipped, because these are missing: ${missing[*]}" >&2
    echo "Install them:  sudo apt-get install ${missing[*]}" >&2
fi
