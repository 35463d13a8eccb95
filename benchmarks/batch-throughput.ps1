<#
.SYNOPSIS
    What an operation costs that does nothing: { $_ }, four at a time, results collected, each contender in a fresh pwsh.
.DESCRIPTION
    Slow contenders get fewer inputs; the microseconds are for one input, so that they compare. Start-up of the shell and the
    import are not on the clock, opening runspaces and compiling are. CpuUs is the processors' time, which a busy machine
    lengthens less. Build the module first: ./build.ps1 -Task Build.
.EXAMPLE
    ./benchmarks/batch-throughput.ps1 -Samples 5
#>
[CmdletBinding()]
param(
    [ValidateRange(1, 100)]
    [int] $Samples = 3,

    [ValidateRange(100, 10000000)]
    [int] $Count = 10000
)

$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'BatchPeers.ps1')

# The share of the inputs that a contender gets.
$shares = @{ 'ForEach-Object -Parallel' = 10; 'Start-RSJob' = 20; 'Start-ThreadJob' = 40 }

$rows = foreach ($name in $BatchPeers.Keys | Where-Object -FilterScript { Test-Peer $_ }) {
    $inputs = [math]::Max(100, $Count / ($shares[$name] ?? 1))
    $figures = Measure-Peer -Name $name -Count $inputs -Limit 4 -Block '$_' -Samples $Samples
    [pscustomobject]@{
        Command = $name
        Inputs  = $inputs
        WallMs  = [math]::Round($figures.WallMs)
        WallUs  = [math]::Round(1000 * $figures.WallMs / $inputs, 1)
        CpuUs   = [math]::Round(1000 * $figures.CpuMs / $inputs, 1)
        Ratio   = $null
    }
}
foreach ($row in $rows) {
    $row.Ratio = [math]::Round($row.WallUs / $rows[0].WallUs, 1)
}
$rows

$figures = Measure-Peer -Name 'Start-OperationBatch' -Count (10 * $Count) -Limit 4 -Block '$_' -Samples $Samples
[pscustomobject]@{
    Command = "Start-OperationBatch, $(10 * $Count)"
    Inputs  = 10 * $Count
    WallMs  = [math]::Round($figures.WallMs)
    WallUs  = [math]::Round(100 * $figures.WallMs / $Count, 1)
    CpuUs   = [math]::Round(100 * $figures.CpuMs / $Count, 1)
    Ratio   = [math]::Round(100 * $figures.WallMs / $Count / $rows[0].WallUs, 1)
}
