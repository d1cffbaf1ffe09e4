#!/bin/sh
# Builds the page into the folder given. Without npm the gateway runs without its page, and the build says so.
# Runs npm only when it has to: `npm ci` when the lock file is not the one installed, the build when a source
# is newer than the page.
set -eu
out=$1
cd "$(dirname "$0")"
if ! command -v npm >/dev/null 2>&1; then
  echo "[web] npm was not found: the gateway is built WITHOUT its page; everything else works. Install Node.js 20 or newer with npm, then build again." >&2
  exit 0
fi
if ! node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)'; then
  echo "[web] Node.js $(node --version) is too old: the gateway is built WITHOUT its page; everything else works. Install Node.js 20 or newer, then build again." >&2
  exit 0
fi
if [ -f "$out/index.html" ] && [ -z "$(find src index.html package.json package-lock.json vite.config.ts build.sh -newer "$out/index.html" -print | head -n 1)" ]; then
  exit 0
fi
if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
  echo "[web] npm ci"
  npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed-lock.json
fi
echo "[web] building the page"
npm run --silent build -- --outDir "$out" --emptyOutDir --logLevel warn
# Assets that Vite copies keep old times; the page's own time is what the next build compares with.
touch "$out/index.html"
