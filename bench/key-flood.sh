#!/bin/sh
# 5,000 requests/s with unknown key ids for 10 s against a gateway in OIDC mode, with and without it the calls of others
# who have good tokens. Prints one line `key flood: ...`. Usage: bench/key-flood.sh [rate=5000] [seconds=10]
# Needs a JDK 25 in JAVA_HOME and the modules built once. All on loopback, in one process: the load takes CPU too.
set -eu
cd "$(dirname "$0")/.."
mvn -q -o --batch-mode -pl gateway -am verify -Dtest=NoUnitTest -Dit.test=KeyFloodIT -Dsurefire.failIfNoSpecifiedTests=false \
  -Dfailsafe.failIfNoSpecifiedTests=false -Dspotless.check.skip -Djacoco.skip \
  -Dtest.jvm="-Dmist.flood.rate=${1:-5000} -Dmist.flood.seconds=${2:-10} -Dmist.flood.warmUp=10" | grep '^key flood'
