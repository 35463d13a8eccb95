#!/usr/bin/env bash
# Runs the Windows build on Linux, in Wine: the command line's demo and suite, the core's suite and the module's C#, class by class, and
# all Pester files in the real PowerShell for Windows. What it needs it gets from packages, and keeps in a folder of its own outside the checkout.
#
#   tests/windows/run.sh                    everything
#   tests/windows/run.sh --smoke            the demo, and what Windows once got wrong (smoke.txt)
#   tests/windows/run.sh --only NAME…       the classes and files whose names contain one of these
#   tests/windows/run.sh [--smoke] --again  of the last run what failed, and what it did not come to; the rest counts as it was
#   tests/windows/run.sh --prepare          nothing yet, but what takes from the checkout's build: a run of the same sources then leaves that alone
#
# As many run at once as there are processors, at most 4; PORTMGMT_WINDOWS_LANES is another number.
# PORTMGMT_WINDOWS_CACHE names the folder; else it is portmgmt-windows in $XDG_CACHE_HOME or ~/.cache. It takes 4 GB.
# What Wine lacks is in lacking.csv: a test on it that passes fails the run, as does one that fails and is not on it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)
cache=${PORTMGMT_WINDOWS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/portmgmt-windows}
lanes=${PORTMGMT_WINDOWS_LANES:-$(nproc)}
[ -n "${PORTMGMT_WINDOWS_LANES-}" ] || [ "$lanes" -le 4 ] || lanes=4
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 POWERSHELL_TELEMETRY_OPTOUT=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1
# What runs here ends too soon to gain from code that is watched, and compiled once more.
export DOTNET_TieredPGO=0 DOTNET_TC_CallCountingDelayMs=EA60

. "$here/prepare.sh"
. "$here/wine.sh"
. "$here/suites.sh"

mode=all
only=()
again=false
case "${1-}" in
    '') ;;
    --smoke) mode=smoke; [ "${2-}" != --again ] || again=true; mapfile -t only < <(grep -v '^#' "$here/smoke.txt") ;;
    --again) again=true ;;
    --prepare) mode=prepare ;;
    --only) mode=only; shift; only=("$@"); [ $# -gt 0 ] || { echo 'Only what? Name classes or files behind --only.' >&2; exit 2; } ;;
    *) echo 'usage: tests/windows/run.sh [--smoke] [--again] | --only NAME… | --prepare' >&2; exit 2 ;;
esac

mkdir -p "$cache"
exec 9>"$cache/lock"
flock -n 9 || { echo "Another run uses $cache. Wait for it, or name another folder in PORTMGMT_WINDOWS_CACHE." >&2; exit 2; }
begin=$SECONDS
say "folder: $cache"
install_wine
make_prefixes
copy_checkout
build_for_windows
lay_out_runtime
compile_engine
say "ready after $((SECONDS - begin)) s"
[ $mode != prepare ] || exit 0

results=$cache/results
$again || rm -rf "$results"
mkdir -p "$results"
list_items
drop_reports
run_items
say "ended after $((SECONDS - begin)) s"
judge
