#!/bin/sh
# Child processes side by side in one run: portmgmt batch, xargs -P and GNU parallel, all at the same concurrency, all running `true`.
# portmgmt also captures both outputs of every child and writes a result for it, which xargs does not. LC_ALL=C makes `true` itself, and
# so all rows, faster: run it with and without.
#
# usage: cli-batch.sh [PORTMGMT [JOBS [COUNT [ROUNDS]]]]      the rounds are interleaved; what is shown is each one's median
set -eu

portmgmt=${1:-portmgmt}
jobs=${2:-$(nproc)}
count=${3:-2000}
rounds=${4:-5}

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
seq "$count" > "$directory/input"

# Appends the microseconds that a command takes to the file of that name.
measure() {
    name=$1
    shift
    begin=$(date +%s%N)
    "$@" < "$directory/input" > "$directory/output"
    end=$(date +%s%N)
    echo $(((end - begin) / 1000)) >> "$directory/$name.times"
}

round=0
while [ "$round" -lt "$rounds" ]; do
    measure portmgmt "$portmgmt" batch --jobs "$jobs" -- true
    [ "$(grep -c '"status":"succeeded"' "$directory/output")" -eq "$count" ] || { echo "portmgmt lost results" >&2; exit 1; }
    measure portmgmt-argument "$portmgmt" batch --jobs "$jobs" -- true '{}'
    measure xargs xargs -P "$jobs" -n 1 true
    if command -v parallel > /dev/null; then
        measure parallel parallel --will-cite -j "$jobs" true '{}'
    fi
    round=$((round + 1))
done

median() { sort -n "$directory/$1.times" | sed -n "$(((rounds + 1) / 2))p"; }

reference=$(median portmgmt)
printf '%s x true, %s at once, median of %s rounds\n' "$count" "$jobs" "$rounds"
printf '%-20s %10s %12s %12s\n' tool 's' 'ms a child' 'x portmgmt'
for name in portmgmt portmgmt-argument xargs parallel; do
    [ -f "$directory/$name.times" ] || { printf '%-20s %10s\n' "$name" '(not here)'; continue; }
    median "$name" | awk -v name="$name" -v count="$count" -v reference="$reference" \
        '{ printf "%-20s %10.2f %12.3f %12.2f\n", name, $1 / 1e6, $1 / 1e3 / count, $1 / reference }'
done
