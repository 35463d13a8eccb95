# Dot-sourced by the batch benchmarks: who is compared, and how one is timed in a pwsh of its own.

# What each does with BLOCK for the numbers 1..COUNT, LIMIT at a time. A peer without its module is left out.
$BatchPeers = [ordered]@{
    'Start-OperationBatch'      = @{ Module = (Join-Path $PSScriptRoot '../PortMgmt.psd1' -Resolve); Run = '1..COUNT | Start-OperationBatch -MaxConcurrent LIMIT { BLOCK }' }
    'Start-OperationBatch -Raw' = @{ Module = (Join-Path $PSScriptRoot '../PortMgmt.psd1' -Resolve); Run = '1..COUNT | Start-OperationBatch -Raw -MaxConcurrent LIMIT { BLOCK }' }
    'Split-Pipeline'            = @{ Module = 'SplitPipeline'; Run = '1..COUNT | Split-Pipeline -Count LIMIT -Load 30, 100 { process { BLOCK } }' }
    'Invoke-Parallel'           = @{ Module = 'PSParallelPipeline'; Run = '1..COUNT | Invoke-Parallel -ThrottleLimit LIMIT { BLOCK }' }
    'ForEach-Object -Parallel'  = @{ Module = 'Microsoft.PowerShell.Utility'; Run = '1..COUNT | ForEach-Object -ThrottleLimit LIMIT -Parallel { BLOCK }' }
    'Start-RSJob'               = @{ Module = 'PoshRSJob'; Run = '$jobs = 1..COUNT | Start-RSJob -Throttle LIMIT -ScriptBlock { BLOCK }; $jobs | Wait-RSJob | Receive-RSJob' }
    'Start-ThreadJob'           = @{ Module = 'Microsoft.PowerShell.ThreadJob'; Run = '$jobs = foreach ($i in 1..COUNT) { Start-ThreadJob -ThrottleLimit LIMIT -ArgumentList $i { $_ = $args[0]; BLOCK } }; $jobs | Receive-Job -Wait' }
}

# Runs a script in a fresh pwsh and gives what it puts out as JSON. PREPARE is not on the clock.
function Measure-InFreshShell {
    param([string] $Module, [string] $Prepare = '', [string] $Run)
    $probe = @'
$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'; $env:POWERSHELL_TELEMETRY_OPTOUT = 1
Import-Module 'MODULE' 3> $null
$null = Measure-Command { }
PREPARE
$used = [System.Environment]::CpuUsage.TotalTime
$clock = [System.Diagnostics.Stopwatch]::StartNew()
$results = @(& { RUN })
$clock.Stop()
@{
    Results = $results.Count
    WallMs  = $clock.Elapsed.TotalMilliseconds
    CpuMs   = ([System.Environment]::CpuUsage.TotalTime - $used).TotalMilliseconds
} | ConvertTo-Json -Compress
'@
    $script = $probe.Replace('MODULE', $Module).Replace('PREPARE', $Prepare).Replace('RUN', $Run)
    $said = & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command $script
    if ($LASTEXITCODE -ne 0) {
        throw "The measured shell failed: $said"
    }
    $said | Select-Object -Last 1 | ConvertFrom-Json
}

# The figures of one peer: the median of several shells.
function Measure-Peer {
    param([string] $Name, [int] $Count, [int] $Limit, [string] $Block, [int] $Samples, [string] $Prepare = '')
    $peer = $BatchPeers[$Name]
    $run = $peer.Run.Replace('COUNT', $Count).Replace('LIMIT', $Limit).Replace('BLOCK', $Block)
    $measured = 1..$Samples | ForEach-Object -Process { Measure-InFreshShell -Module $peer.Module -Prepare $Prepare -Run $run }
    if ($measured.Results -ne $Count) {
        throw "$Name put out $($measured[0].Results) results for $Count inputs."
    }
    ($measured | Sort-Object -Property WallMs)[[math]::Floor($Samples / 2)]
}

function Test-Peer {
    param([string] $Name)
    $module = $BatchPeers[$Name].Module
    [bool] ((Test-Path -Path $module) -or (Get-Module -Name $module -ListAvailable))
}
