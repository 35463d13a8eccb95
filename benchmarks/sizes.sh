#!/usr/bin/env bash
# Cost against size: prints series, size and microseconds, and draws them to docs/images/cost-WHAT.svg.
# Needs what was built with dotnet build -c Release; for operations and workers PowerShell as well: pwsh, or dotnet tool restore.
# usage: benchmarks/sizes.sh leases|operations|workers [rounds]
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:?leases, operations or workers} rounds=${2:-3}
bench() { dotnet benchmarks/PortMgmt.Benchmarks/bin/Release/net10.0/PortMgmt.Benchmarks.dll "$@"; }
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT

case $what in
    leases) title='One lease, against the leases that are there' axis='live leases of other processes' ;;
    operations) title='One operation, against their number, 4 at once' axis='operations in a batch' ;;
    workers) title='One operation, against the workers' axis='operations at once' ;;
    *) echo "usage: $0 leases|operations|workers [rounds]" >&2; exit 2 ;;
esac
if [ "$what" != leases ]; then
    shell=$(command -v pwsh || echo dotnet pwsh)
    $shell -NoProfile -NonInteractive -File benchmarks/batch-sizes.ps1 "$what" -Rounds "$rounds" | tee -a "$lines"
fi
bench sizes "$what" "$rounds" | tee -a "$lines"
bench plot "$title" "$axis" "docs/images/cost-$what.svg" <"$lines"
