#!/bin/sh
# The page's tests: types, units, a real browser against a stand-in of the gateway, and the journeys against the running
# product (test/e2e.sh). `--full` looks at every page of the stand-in in every state; without it at one representative
# width and scheme. What is left out is counted and told; with CI=true nothing may be left out.
set -eu
cd "$(dirname "$0")"
full=
[ "${1:-}" = --full ] && full=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
left_out=0

check() {
  name=$1
  shift
  echo "[web] $name"
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "[web] FAILED: $name" >&2
  fi
}

leave_out() {
  if [ "${CI:-}" = true ]; then
    failed=$((failed + 1))
    echo "[web] FAILED: $1; in CI nothing is left out" >&2
  else
    left_out=$((left_out + 1))
    echo "[web] left out: $1" >&2
  fi
}

done_with_all() {
  [ "$left_out" -eq 0 ] || echo "[web] $left_out left out"
  echo "[web] $passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}

first_load() {
  size=$(cat "$work"/ui/index.html "$work"/ui/assets/* | gzip -9 | wc -c)
  echo "[web] first load: $((size / 1000)) kB compressed"
  [ "$size" -le 250000 ]
}

if ! command -v npm >/dev/null 2>&1; then
  leave_out "all tests of the page: npm was not found"
  done_with_all
  exit
fi
check "the page builds" ./build.sh "$work/ui"
if [ ! -f "$work/ui/index.html" ]; then
  failed=$((failed + 1))
  done_with_all
  exit
fi
check "types" npx --no-install tsc --noEmit
check "units" npx --no-install vitest run
check "the first load is at most 250 kB" first_load
if node -e "import('./test/chromium.mjs').then((m) => process.exit(m.browserPath() ? 0 : 1))"; then
  if [ -n "$full" ]; then
    check "every page in every state, against a stand-in" node test/browser.mjs "$work/ui"
  else
    check "journeys and a part of the pages, against a stand-in" node test/browser.mjs "$work/ui" --part
  fi
  check "journeys against the running product" test/e2e.sh
else
  leave_out "everything in a browser: no Chromium was found (set CHROMIUM)"
fi
done_with_all
