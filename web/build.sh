#!/bin/sh
# Builds the page into the folder given. Without npm the gateway runs without its page, and the build says so.
set -eu
out=$1
cd "$(dirname "$0")"
if [ ! -f package.json ]; then exit 0; fi
if ! command -v npm >/dev/null 2>&1; then
  echo "[web] npm was not found: the gateway is built WITHOUT its page; everything else works. Install Node.js 20 or newer with npm, then build again." >&2
  exit 0
fi
