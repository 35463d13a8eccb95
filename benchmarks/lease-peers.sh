#!/usr/bin/env bash
# Port pickers side by side in one run: Python's portpicker, npm's get-port, and PortMgmt.
# Needs: python3 with portpicker (Debian: python3-portpicker), node with npm, the .NET SDK.
# usage: benchmarks/lease-peers.sh [picks in one process] [fresh processes] [concurrent callers]
set -euo pipefail
cd "$(dirname "$0")/.."
picks=${1:-1000} fresh=${2:-20} callers=${3:-100}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PORTMGMT_REGISTRY=$work/registry

dotnet publish -v q --nologo -c Release -o "$work/cli" src/PortMgmt.Cli >/dev/null
dotnet build -v q --nologo -c Release benchmarks/PortMgmt.Benchmarks >/dev/null
npm install --silent --no-audit --no-fund --prefix "$work/npm" get-port@7 >/dev/null

# The system's interpreter, which has Debian's packages.
python=/usr/bin/python3
cat >"$work/one.py" <<'PY'
import portpicker
print(portpicker.pick_unused_port())
PY
cat >"$work/many.py" <<'PY'
import sys, time, portpicker
n = int(sys.argv[1])
start = time.perf_counter()
for _ in range(n):
    portpicker.pick_unused_port()
print((time.perf_counter() - start) / n * 1e6)
PY
cat >"$work/npm/one.mjs" <<'JS'
import getPort from 'get-port';
console.log(await getPort());
JS
cat >"$work/npm/many.mjs" <<'JS'
import getPort from 'get-port';
const n = Number(process.argv[2]);
const start = process.hrtime.bigint();
for (let i = 0; i < n; i++) await getPort();
console.log(Number(process.hrtime.bigint() - start) / n / 1000);
JS

portpicker_one() { $python "$work/one.py"; }
getport_one() { node "$work/npm/one.mjs"; }
portmgmt_one() { "$work/cli/portmgmt" lease new; }

# Mean milliseconds of so many fresh processes, one after the other.
fresh() {
    local start end
    start=$(date +%s%N)
    for ((i = 0; i < fresh; i++)); do "$1" >/dev/null; done
    end=$(date +%s%N)
    awk -v t=$((end - start)) -v n="$fresh" 'BEGIN { printf "%.1f\n", t / n / 1e6 }'
}

# How many of the concurrent callers got a port that another one got too.
shared() {
    rm -rf "$work/got" && mkdir "$work/got"
    for ((i = 0; i < callers; i++)); do "$1" >"$work/got/$i" & done
    wait
    cat "$work"/got/* | sort | uniq -d | wc -l
}

ours=$(dotnet benchmarks/PortMgmt.Benchmarks/bin/Release/net10.0/PortMgmt.Benchmarks.dll pick "$picks")
pick_python=$($python "$work/many.py" "$picks")
pick_node=$(node "$work/npm/many.mjs" "$picks")
printf '%-12s %22s %22s %28s\n' picker 'us a pick, in process' 'ms, fresh process' "ports shared by $callers callers"
printf '%-12s %22.1f %22s %28s\n' PortMgmt "$ours" "$(fresh portmgmt_one)" "$(shared portmgmt_one)"
printf '%-12s %22.1f %22s %28s\n' portpicker "$pick_python" "$(fresh portpicker_one)" "$(shared portpicker_one)"
printf '%-12s %22.1f %22s %28s\n' get-port "$pick_node" "$(fresh getport_one)" "$(shared getport_one)"
