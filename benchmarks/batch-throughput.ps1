<#
.SYNOPSIS
    What an operation costs that does nothing: { $_ }, four at a time, results collected, each contender in a fresh pwsh.
.DESCRIPTION
    Slow contenders get fewer inputs; the microseconds are for one input, so that they compare. Start-up of the shell and the
    import are not on the clock, opening runspaces and compiling are. The contenders take turns. CpuUs is the processors' time,
    which a busy machine lengthens less. The rows of 100 inputs show what the first batch of a shell costs whatever there is
    to do. The floor is the engine alone: as many bare runspaces, each with a loop over its share, without results, limits
    or isolation. Build the module first: ./build.ps1 -Task Build, Precompile, and run this in the PowerShell in question: an
    installed one is precompiled, that of the .NET tool is not.
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

$BatchPeers['floor: bare runspaces'] = @{
    Module = 'Microsoft.PowerShell.Utility'
    Run    = '$share = COUNT / LIMIT
        $shells = foreach ($i in 1..LIMIT) { [powershell]::Create().AddScript({ param($first, $last) foreach ($_ in $first..$last) { BLOCK } }.ToString()).AddArgument(1 + ($i - 1) * $share).AddArgument($i * $share) }
        $runs = foreach ($one in $shells) { $one.BeginInvoke() }
        for ($i = 0; $i -lt LIMIT; $i++) { @($shells)[$i].EndInvoke(@($runs)[$i]) }'
}

# The share of the inputs that a contender gets.
$shares = @{ 'Invoke-Parallel' = 5; 'ForEach-Object -Parallel' = 10; 'Start-RSJob' = 50; 'Start-ThreadJob' = 100 }

$contenders = @($BatchPeers.Keys | ForEach-Object -Process {
        @{ Label = $_; Peer = $_; Count = [math]::Max(100, $Count / ($shares[$_] ?? 1)); Limit = 4; Block = '$_' }
    }
    @{ Label = "Start-OperationBatch, $(10 * $Count)"; Peer = 'Start-OperationBatch'; Count = 10 * $Count; Limit = 4; Block = '$_' }
    @{ Label = 'Start-OperationBatch, 100'; Peer = 'Start-OperationBatch'; Count = 100; Limit = 4; Block = '$_' }
    @{ Label = 'floor: bare runspaces, 100'; Peer = 'floor: bare runspaces'; Count = 100; Limit = 4; Block = '$_' })
$figures = @(Measure-Contender -Contender $contenders -Samples $Samples)
foreach ($row in $figures) {
    [pscustomobject]@{
        Command  = $row.Label
        Inputs   = $row.Count
        WallMs   = [math]::Round($row.WallMs)
        WallUs   = [math]::Round(1000 * $row.WallMs / $row.Count, 1)
        CpuUs    = [math]::Round(1000 * $row.CpuMs / $row.Count, 1)
        Ratio    = [math]::Round($row.WallMs / $row.Count / ($figures[0].WallMs / $figures[0].Count), 1)
        CpuRatio = [math]::Round($row.CpuMs / $row.Count / ($figures[0].CpuMs / $figures[0].Count), 1)
    }
}
