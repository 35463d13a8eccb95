<#
.SYNOPSIS
    The tuning guide's table for 10,000 operations: target against measured.
.DESCRIPTION
    Each id comes three times, and an operation waits a millisecond, four at a time. The p99 is that of the operations themselves,
    without their wait in the queue; the workers' runspaces are opened beforehand. Trigger evaluation is shown by 200 more that come
    5 ms apart. The one collection in these operations is the first of the shell, which has to move all that it was started with: the
    floor is what that takes in a shell that has done nothing but open its workers. Later ones are shown by ten times as many operations.
    Build the module first: ./build.ps1 -Task Build, Precompile.
.EXAMPLE
    ./benchmarks/tuning-guide.ps1
#>
[CmdletBinding()]
param(
    [ValidateRange(1000, 10000000)]
    [int] $Count = 10000
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../PortMgmt.psd1')
Remove-Daemon tuning-guide -ErrorAction Ignore

# This shell again. As the .NET tool its program is dotnet, with pwsh.dll as the first argument.
$shell = [System.Environment]::ProcessPath
$dll = @(if ($shell -match 'dotnet(\.exe)?$') { "$PSHOME/pwsh.dll" })

# Opens the workers' runspaces: the table is about a scheduler at work.
$warm = "`$null = 1..4 | Start-OperationBatch -MaxConcurrent 4 -BatchSize 1 { Start-Sleep -Milliseconds 500 }"
. ([scriptblock]::Create($warm))
$floor = [double] (& $shell @dll -NoProfile -Command @"
Import-Module '$PSScriptRoot/../PortMgmt.psd1'
$warm
`$paused = [System.GC]::GetTotalPauseDuration()
[System.GC]::Collect(0)
([System.GC]::GetTotalPauseDuration() - `$paused).TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)
"@)
$null = New-Daemon tuning-guide -MaxConcurrent 4
$pauses = [System.Collections.Generic.List[double]]::new()
$service = [System.Collections.Generic.List[double]]::new()
$collections = [System.GC]::CollectionCount(0)
$paused = [System.GC]::GetTotalPauseDuration()
$last = $paused
$ids = [math]::Ceiling($Count / 3)

$clock = [System.Diagnostics.Stopwatch]::StartNew()
1..$Count | Start-OperationBatch -Daemon tuning-guide -Id { $_ % $ids } { [System.Threading.Thread]::Sleep(1) } | ForEach-Object -Process {
    # What was paused since the last result: one collection as a rule, never less than the longest.
    $now = [System.GC]::GetTotalPauseDuration()
    $pauses.Add(($now - $last).TotalMilliseconds)
    $last = $now
    $service.Add($_.Duration.TotalMilliseconds)
}
$clock.Stop()

# Where all workers are busy there is nothing to evaluate: operations that come one by one find idle workers.
$null = 1..200 | ForEach-Object -Process { [System.Threading.Thread]::Sleep(5); $_ } | Start-OperationBatch -Daemon tuning-guide { 1 }

$metrics = Get-DaemonMetrics tuning-guide
$taken = [System.GC]::CollectionCount(0) - $collections
$meanPause = $taken ? ([System.GC]::GetTotalPauseDuration() - $paused).TotalMilliseconds / $taken : 0
$service.Sort()

$later = [System.Collections.Generic.List[double]]::new()
$seen = [System.GC]::CollectionCount(0)
$last = [System.GC]::GetTotalPauseDuration()
1..(10 * $Count) | Start-OperationBatch -Daemon tuning-guide -Id { 'later', ($_ % (10 * $ids)) -join ' ' } { [System.Threading.Thread]::Sleep(1) } | ForEach-Object -Process {
    $now = [System.GC]::CollectionCount(0)
    if ($now -ne $seen) {
        $later.Add(([System.GC]::GetTotalPauseDuration() - $last).TotalMilliseconds / ($now - $seen))
        $last = [System.GC]::GetTotalPauseDuration()
        $seen = $now
    }
}
$later.Sort()
$rows = @(
    @{ Figure = 'p99 of service'; Target = '< 100 ms'; Measured = $service[[math]::Floor(0.99 * ($service.Count - 1))]; Limit = 100; Unit = 'ms' }
    @{ Figure = 'working set'; Target = '< 500 MB'; Measured = $metrics.WorkingSet / 1MB; Limit = 500; Unit = 'MB' }
    @{ Figure = 'trigger evaluation, p50'; Target = '< 1 ms'; Measured = $metrics.TriggerEvaluation.P50.TotalMilliseconds; Limit = 1; Unit = 'ms' }
    @{ Figure = 'throughput'; Target = '> 1000/s'; Measured = $Count / $clock.Elapsed.TotalSeconds; Limit = 1000; Unit = '/s'; More = $true }
    @{ Figure = 'GC pause, mean of the first'; Target = '< 10 ms'; Measured = $meanPause; Limit = 10; Unit = 'ms' }
    @{ Figure = 'GC pause, longest of them'; Target = '< 10 ms'; Measured = ($pauses | Measure-Object -Maximum).Maximum; Limit = 10; Unit = 'ms' }
    @{ Figure = 'GC pause, floor of the first'; Target = '< 10 ms'; Measured = $floor; Limit = 10; Unit = 'ms' }
    @{ Figure = "GC pause, median of $($later.Count) later"; Target = '< 10 ms'; Measured = $later[[math]::Floor($later.Count / 2)]; Limit = 10; Unit = 'ms' }
    @{ Figure = 'cache hit rate'; Target = '> 50 %'; Measured = 100 * $metrics.CacheHitRate; Limit = 50; Unit = '%'; More = $true }
)
Remove-Daemon tuning-guide
foreach ($row in $rows) {
    $isMet = $row.More ? $row.Measured -gt $row.Limit : $row.Measured -lt $row.Limit
    [pscustomobject]@{ Figure = $row.Figure; Target = $row.Target; Measured = '{0:N2} {1}' -f $row.Measured, $row.Unit; Met = $isMet }
}
