#!/bin/sh
# Installs Debian's Chromium, which the tests of the pages and the pictures are driven with.
set -eu
if ! command -v apt-get >/dev/null; then
    echo "No chromium on the PATH, and no apt-get to install it: install Chromium and run this again." >&2
    exit 1
fi
root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "No chromium on the PATH: as root, run apt-get install chromium fonts-dejavu-core." >&2
        exit 1
    fi
    root=sudo
fi
$root apt-get update -qq
$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core
