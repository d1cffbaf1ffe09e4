#!/bin/sh
# The page's own tests: types, units, and a real browser against a stand-in of the gateway. Without npm or Chromium it
# says what it leaves out.
set -eu
cd "$(dirname "$0")"
if ! command -v npm >/dev/null 2>&1; then
  echo "[web] npm was not found: the page's tests are left out." >&2
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
./build.sh "$work/ui"
npx --no-install tsc --noEmit
npx --no-install vitest run
size=$(cat "$work"/ui/index.html "$work"/ui/assets/* | gzip -9 | wc -c)
echo "[web] first load: $((size / 1000)) kB compressed"
if [ "$size" -gt 250000 ]; then
  echo "[web] the first load is over 250 kB" >&2
  exit 1
fi
if node -e "import('./test/chromium.mjs').then((m) => process.exit(m.browserPath() ? 0 : 1))"; then
  node test/browser.mjs "$work/ui"
else
  echo "[web] no Chromium was found (set CHROMIUM): axe and the journeys are left out." >&2
fi
