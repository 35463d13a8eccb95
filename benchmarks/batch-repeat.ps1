<#
.SYNOPSIS
    What small batches cost that a shell runs one after another: with the same block each time, and with a new one.
.DESCRIPTION
    Each way in shells of its own, in turns, warm, one worker, results dropped: milliseconds of the clock and of the processor, and
    methods that the runtime compiled, a batch; medians. The same block is what a function or a loop has that runs the batch. The new
    one has the same statements and another comment, so that the engine has to make and compile it.
    Build the module first: ./build.ps1 -Task Build, Precompile.
.EXAMPLE
    ./benchmarks/batch-repeat.ps1 | Format-Table
#>
[CmdletBinding()]
param(
    # Operations in a batch.
    [ValidateRange(1, 1000000)]
    [int] $Count = 100,

    # After one and a half times as many that do not count.
    [ValidateRange(1, 10000)]
    [int] $Batches = 200,

    [ValidateRange(1, 100)]
    [int] $Samples = 3,

    [string] $Block = '$x = Join-Path a $_; $x'
)

$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'BatchPeers.ps1')

$ways = [ordered]@{ 'the same block' = '$same'; 'a new block' = '[scriptblock]::Create("$same # $i")' }
$run = 'foreach ($i in FIRST..LAST) { 1..COUNT | Start-OperationBatch -MaxConcurrent 1 (WAY) | Out-Null }'.Replace('COUNT', $Count)
$measured = foreach ($round in 1..$Samples) {
    foreach ($way in $ways.Keys) {
        $one = $run.Replace('WAY', $ways[$way])
        $first = [int] (1.5 * $Batches)
        $prepare = "`$same = [scriptblock]::Create('$Block')`n" + $one.Replace('FIRST', 1).Replace('LAST', $first) +
            "`n`$methods = [System.Runtime.JitInfo]::GetCompiledMethodCount()"
        Measure-InFreshShell -Module $BatchPeers['Start-OperationBatch'].Module -Prepare $prepare -Run $one.Replace('FIRST', $first + 1).Replace('LAST', $first + $Batches) `
            -Say '[System.Runtime.JitInfo]::GetCompiledMethodCount() - $methods' | Add-Member -PassThru -NotePropertyName Way -NotePropertyValue $way
    }
}
foreach ($way in $ways.Keys) {
    $own = @($measured | Where-Object -Property Way -EQ $way)
    [pscustomobject]@{
        Way     = $way
        WallMs  = [math]::Round((Get-Median $own.WallMs) / $Batches, 1)
        CpuMs   = [math]::Round((Get-Median $own.CpuMs) / $Batches, 1)
        Methods = [math]::Round((Get-Median $own.Said) / $Batches, 1)
    }
}
