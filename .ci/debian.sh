#!/usr/bin/env bash
# Usage: debian.sh CHECK PACKAGE...
# Installs Debian packages unless CHECK holds: the name of a program on PATH, or a command.
set -euo pipefail

holds() {
    if [[ $1 == *" "* ]]; then
        bash -c "$1" >/dev/null 2>&1
    else
        command -v "$1" >/dev/null
    fi
}

check=$1
shift
if holds "$check"; then
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "Please install by your system's own means: $* (there is no apt-get here)." >&2
    exit 1
fi

root=()
if [[ $(id -u) -ne 0 ]]; then
    if ! command -v sudo >/dev/null; then
        echo "Please have an administrator run: apt-get install $*" >&2
        exit 1
    fi
    root=(sudo)
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 \
        -o DPkg::Lock::Timeout=120 "$@" >"$log" 2>&1
}

echo "Installing $*"
# A stale list of one third-party source need not stop the install, so only the install decides.
apt update || true
if ! apt install -y --no-install-recommends "$@" </dev/null; then
    cat "$log" >&2
    exit 1
fi
if ! holds "$check"; then
    echo "Installed $*, but this still fails: $check" >&2
    exit 1
fi
