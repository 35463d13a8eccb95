<#
.SYNOPSIS
    What an operation of Start-OperationBatch costs that does nothing, against the number of operations or of workers.
.DESCRIPTION
    Prints lines of series, size and microseconds, for benchmarks/sizes.sh, which draws them. One shell, warmed up; medians. The
    floor is the process block of a pipeline. Build the module first: ./build.ps1 -Task Build, Precompile.
.EXAMPLE
    ./benchmarks/batch-sizes.ps1 operations
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [ValidateSet('operations', 'workers')]
    [string] $Grows,

    # How many rounds the medians are of; for a million operations one is enough.
    [ValidateRange(1, 100)]
    [int] $Rounds = 3
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../PortMgmt.psd1' -Resolve)

function Measure-Batch {
    param([int] $Count, [int] $Limit)
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $ended = 0
    1..$Count | Start-OperationBatch -MaxConcurrent $Limit { $_ } | ForEach-Object -Process { $ended++ }
    if ($ended -ne $Count) {
        throw "$ended of $Count operations ended."
    }
    $clock.Elapsed.TotalMicroseconds / $Count
}

# One thread that calls a block for each number, as & does.
function Measure-Call {
    param([int] $Count)
    $block = { $args[0] }
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    foreach ($number in 1..$Count) {
        $null = & $block $number
    }
    $clock.Elapsed.TotalMicroseconds / $Count
}

# The least that the engine takes to bring an object to a block: one call of a pipeline that is already there.
function Measure-Process {
    param([int] $Count)
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $null = 1..$Count | & { process { $_ } }
    $clock.Elapsed.TotalMicroseconds / $Count
}

function Write-Median {
    param([string] $Series, [int] $Size, [double[]] $Value)
    $median = ($Value | Sort-Object)[[math]::Floor($Value.Count / 2)]
    "$Series;$Size;$($median.ToString('0.000', [cultureinfo]::InvariantCulture))"
}

$null = Measure-Batch -Count 200000 -Limit 4
$null = Measure-Call -Count 50000
$null = Measure-Process -Count 50000
$sizes = if ($Grows -eq 'operations') { 1000, 10000, 100000, 1000000 } else { 1, 2, 4, 8, 16, 32, 64 }

# Sizes in turns, so that what else the machine does meets all of them alike.
$measured = foreach ($round in 1..$Rounds) {
    foreach ($size in $sizes) {
        $count, $limit = if ($Grows -eq 'operations') { $size, 4 } else { 20000, $size }
        if ($count -lt 1000000 -or $round -eq 1) {
            [pscustomobject]@{ Series = 'Start-OperationBatch { $_ }'; Size = $size; Value = Measure-Batch -Count $count -Limit $limit }
            [pscustomobject]@{ Series = 'a loop of & $block'; Size = $size; Value = Measure-Call -Count $count }
            [pscustomobject]@{ Series = 'floor: a process block'; Size = $size; Value = Measure-Process -Count $count }
        }
    }
}
$measured | Group-Object -Property Series, Size | ForEach-Object -Process { Write-Median $_.Group[0].Series $_.Group[0].Size $_.Group.Value }
