#!/usr/bin/env bash
# Port pickers side by side in one run: Python's portpicker, npm's get-port, and PortMgmt.
# Needs: python3 with portpicker (Debian: python3-portpicker), node with npm, the .NET SDK.
# usage: benchmarks/lease-peers.sh [picks in one process] [fresh processes] [concurrent callers, such as 1,20,100,500]
# A caller that got no port has failed, and is counted as that, ours and theirs.
set -euo pipefail
cd "$(dirname "$0")/.."
picks=${1:-1000} fresh=${2:-40} callers=${3:-1,20,100,500}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PORTMGMT_REGISTRY=$work/registry

dotnet publish -v q --nologo -c Release -o "$work/native" src/PortMgmt.Cli >/dev/null
dotnet publish -v q --nologo -c Release -p:PublishAot=false -o "$work/precompiled" src/PortMgmt.Cli >/dev/null
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

ours=$(dotnet benchmarks/PortMgmt.Benchmarks/bin/Release/net10.0/PortMgmt.Benchmarks.dll pick "$picks")
pick_python=$($python "$work/many.py" "$picks")
pick_node=$(node "$work/npm/many.mjs" "$picks")
printf '%-12s %22s\n' picker 'us a pick, in process' PortMgmt "$ours" portpicker "$pick_python" get-port "$pick_node"

contestants=(
    native="$work/native/portmgmt lease new"
    precompiled="$work/precompiled/portmgmt lease new"
    portpicker="$python $work/one.py"
    get-port="$(command -v node) $work/npm/one.mjs"
)
printf '\nfresh processes, one after another, in turns\n'
benchmarks/processes.py "$fresh" "${contestants[@]}"
printf '\nfresh processes, all at once\n'
benchmarks/cold-callers.py --callers "$callers" "${contestants[@]}"
