#!/bin/sh
# The journeys in a real browser, against the whole product: `./mist up` with the simulated Mist, on a free port and in a
# data directory of its own, stopped at the end. Needs a built product; ./mist builds what is stale.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
launcher=$(cd "$here/../.." && pwd)/mist
work=$(mktemp -d)
up=
finish() {
  status=$?
  trap - EXIT INT TERM
  if [ -n "$up" ]; then
    kill "$up" 2>/dev/null || true
    wait "$up" 2>/dev/null || true
  fi
  if [ "$status" -ne 0 ] && [ -n "${E2E_KEEP:-}" ]; then
    echo "[web] kept: $work" >&2
  else
    rm -rf "$work"
  fi
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

for name in $(env | sed -n 's/^\(\(MIST\|SIM\|OIDC\|GATEWAY\|MODE\|SERVICE\|UPSTREAMS\|POLICY\|MODEL\)_[A-Z_]*\)=.*/\1/p'); do
  unset "$name"
done
export DATA_DIR="$work/data" WRITE_ENABLED=true
SIM_CONTROL_TOKEN=$(node -e 'console.log(crypto.randomBytes(16).toString("hex"))')
GATEWAY_PORT=$(node -e 'const s = net.createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
export SIM_CONTROL_TOKEN GATEWAY_PORT
# A server of a stranger that asks, and a policy that lets everybody call it.
export E2E_HEARD="$work/heard" UPSTREAMS_PATH="$work/upstreams.json" POLICY_PATH="$work/policy.json"
: >"$E2E_HEARD"
node -e '
  const [upstreams, policy, asker, heard, shipped] = process.argv.slice(1);
  const { readFileSync, writeFileSync } = require("node:fs");
  const command = [process.execPath, asker];
  const desk = { command, env: { ASKER_HEARD: heard }, era: "legacy", reads: ["*"], sites: "none", relay: ["elicitation"] };
  writeFileSync(upstreams, JSON.stringify({ upstreams: { desk } }));
  const rules = JSON.parse(readFileSync(shipped, "utf8"));
  for (const role of Object.values(rules.roles)) role.allow.push("desk/*");
  writeFileSync(policy, JSON.stringify(rules));
' "$UPSTREAMS_PATH" "$POLICY_PATH" "$here/e2e/asker.mjs" "$E2E_HEARD" "$here/../../policy_rbac.json"
export E2E_BASE="http://127.0.0.1:$GATEWAY_PORT" E2E_LAUNCHER="$launcher"

"$launcher" build
cd "$work"
"$launcher" up >"$work/up.log" 2>&1 </dev/null &
up=$!
waited=0
until grep -q '^Mist MCP Gateway is up' "$work/up.log"; do
  waited=$((waited + 1))
  if [ "$waited" -gt 240 ] || ! kill -0 "$up" 2>/dev/null; then
    echo "[web] ./mist up did not come up:" >&2
    tail -n 40 "$work/up.log" >&2
    exit 1
  fi
  sleep 0.5
done
node "$here/e2e/journey.mjs" "$@"
