<#
.SYNOPSIS
    The working set of a pwsh that runs batches whose results are not kept, above an idle one, at growing counts.
.DESCRIPTION
    The peak is what the system says was the largest (VmHWM on Linux, PeakWorkingSet64 elsewhere).
    Build the module first: ./build.ps1 -Task Build, Precompile.
.EXAMPLE
    ./benchmarks/batch-memory.ps1
#>
[CmdletBinding()]
param(
    [ValidateRange(1, 100000000)]
    [int[]] $Count = @(10000, 100000, 1000000)
)

$ErrorActionPreference = 'Stop'
$manifest = Join-Path $PSScriptRoot '../PortMgmt.psd1' -Resolve
# This shell again. As the .NET tool its program is dotnet, with pwsh.dll as the first argument.
$shell = [System.Environment]::ProcessPath
$dll = @(if ($shell -match 'dotnet(\.exe)?$') { "$PSHOME/pwsh.dll" })
$probe = @'
$ProgressPreference = 'SilentlyContinue'
Import-Module 'MANIFEST'
RUN
$high = if ($IsLinux) { 1KB * [long] ([regex]::Match([System.IO.File]::ReadAllText('/proc/self/status'), 'VmHWM:\s+(\d+)').Groups[1].Value) } else { (Get-Process -Id $PID).PeakWorkingSet64 }
$high
'@

function Measure-PeakMemory {
    param([string] $Run)
    [long] (& $shell @dll -NoProfile -NonInteractive -Command $probe.Replace('MANIFEST', $manifest).Replace('RUN', $Run)) / 1MB
}

$idle = Measure-PeakMemory -Run ''
foreach ($operations in $Count) {
    $peak = Measure-PeakMemory -Run "1..$operations | Start-OperationBatch -MaxConcurrent 4 { `$_ } | Out-Null"
    [pscustomobject]@{ Operations = $operations; IdleMB = [math]::Round($idle); PeakMB = [math]::Round($peak); AboveIdleMB = [math]::Round($peak - $idle) }
}
