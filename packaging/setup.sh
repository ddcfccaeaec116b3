#!/usr/bin/env bash
# Sets up the virtual environment, and the few system libraries that Qt needs.
set -euo pipefail
venv=$1
python=${PYTHON:-python3.11}

command -v "$python" >/dev/null || python=python3
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Waystation needs Python 3.11 or newer. Install it and run this again." >&2
    exit 1
}

# Qt links to these even when it draws off the screen.
libraries=(libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0)
for_a_screen=(libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0
    libxcb-image0 libxcb-render-util0 libxcb-randr0 libxcb-xinerama0)
missing=()
if command -v dpkg-query >/dev/null; then
    for package in "${libraries[@]}" "${for_a_screen[@]}"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            missing+=("$package")
    done
fi
if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" = 0 ]; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
    else
        echo "These system packages are missing: ${missing[*]}" >&2
        echo "Install them:  sudo apt-get install ${missing[*]}" >&2
    fi
fi

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --require-hashes -r requirements-dev.lock
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --no-deps --no-build-isolation -e .
