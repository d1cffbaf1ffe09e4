#!/bin/sh
# 5,000 requests/s with unknown key ids for 10 s against a gateway in OIDC mode, sent by a process of its own, and beside
# it the calls of others who have good tokens. Prints one line `key flood: ...`: what was reached, every status, the
# fetches of keys, the CPU time of a request on either side, and how the good tokens fared. All on loopback.
# Usage: bench/key-flood.sh [rate=5000] [seconds=10]. Needs a JDK 25 in JAVA_HOME and the modules built once.
set -eu
cd "$(dirname "$0")/.."
out=$(mvn -q -o --batch-mode -pl gateway -am verify -Dtest=NoUnitTest -Dit.test=KeyFloodIT -Dsurefire.failIfNoSpecifiedTests=false \
  -Dfailsafe.failIfNoSpecifiedTests=false -Dspotless.check.skip -Djacoco.skip \
  -Dtest.jvm="-Xmx1g -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -Dmist.flood.rate=${1:-5000} -Dmist.flood.seconds=${2:-10} -Dmist.flood.warmUp=10" 2>&1) || failed=1
printf '%s\n' "$out" | grep -o 'key flood: .*' || { printf '%s\n' "$out" | tail -n 40; exit 1; }
exit "${failed:-0}"
