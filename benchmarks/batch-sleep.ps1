<#
.SYNOPSIS
    How close operations that wait come to the ideal time: sleeps of 10 ms, four and a hundred at a time.
.DESCRIPTION
    Ratio is the time taken divided by Count * 10 ms / limit. Warm means that a batch before opened the workers' runspaces.
    Build the module first: ./build.ps1 -Task Build.
.EXAMPLE
    ./benchmarks/batch-sleep.ps1 -Count 10000
#>
[CmdletBinding()]
param(
    [ValidateRange(100, 1000000)]
    [int] $Count = 2000,

    [ValidateRange(1, 100)]
    [int] $Samples = 1
)

$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'BatchPeers.ps1')

$block = 'Start-Sleep -Milliseconds 10; 1'
$warm = '$null = 1..LIMIT | Start-OperationBatch -MaxConcurrent LIMIT -BatchSize 1 { Start-Sleep -Milliseconds 500 }'
$contenders = @(
    @{ Name = 'Start-OperationBatch'; Limit = 4 }
    @{ Name = 'Split-Pipeline'; Limit = 4 }
    @{ Name = 'Invoke-Parallel'; Limit = 4 }
    @{ Name = 'ForEach-Object -Parallel'; Limit = 4 }
    @{ Name = 'Start-OperationBatch'; Limit = 100; Warm = $true }
    @{ Name = 'Start-OperationBatch'; Limit = 100 }
    @{ Name = 'Invoke-Parallel'; Limit = 100 }
    @{ Name = 'ForEach-Object -Parallel'; Limit = 100 }
)
foreach ($contender in $contenders | Where-Object -FilterScript { Test-Peer $_.Name }) {
    $prepare = $contender.Warm ? $warm.Replace('LIMIT', $contender.Limit) : ''
    $figures = Measure-Peer -Name $contender.Name -Count $Count -Limit $contender.Limit -Block $block -Samples $Samples -Prepare $prepare
    [pscustomobject]@{
        Command = $contender.Name + ($contender.Warm ? ', warm' : '')
        AtOnce  = $contender.Limit
        IdealMs = $Count * 10 / $contender.Limit
        WallMs  = [math]::Round($figures.WallMs)
        CpuMs   = [math]::Round($figures.CpuMs)
        Ratio   = [math]::Round($figures.WallMs / ($Count * 10 / $contender.Limit), 2)
    }
}
