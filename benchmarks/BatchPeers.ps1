# Dot-sourced by the batch benchmarks: who is compared, and how one is timed in a pwsh of its own.

# This shell again. As the .NET tool its program is dotnet, with pwsh.dll as the first argument.
$shell = [System.Environment]::ProcessPath
$dll = @(if ($shell -match 'dotnet(\.exe)?$') { "$PSHOME/pwsh.dll" })

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

# Runs a script in a fresh pwsh and gives what it took. PREPARE is not on the clock; SAY is a figure that is found in $results.
function Measure-InFreshShell {
    param([string] $Module, [string] $Prepare = '', [string] $Run, [string] $Say = '$null')
    $probe = @'
$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'; $env:POWERSHELL_TELEMETRY_OPTOUT = 1
Import-Module 'MODULE' 3> $null
$null = Measure-Command { }
PREPARE
$used = [System.Environment]::CpuUsage.TotalTime
$clock = [System.Diagnostics.Stopwatch]::StartNew()
$results = @(& { RUN })
$clock.Stop()
$used = [System.Environment]::CpuUsage.TotalTime - $used
@{ Results = $results.Count; WallMs = $clock.Elapsed.TotalMilliseconds; CpuMs = $used.TotalMilliseconds; Said = & { SAY } } | ConvertTo-Json -Compress
'@
    $script = $probe.Replace('MODULE', $Module).Replace('PREPARE', $Prepare).Replace('RUN', $Run).Replace('SAY', $Say)
    # As a file: the engine notes its command line for each command that it runs, so a long one would slow down whoever runs many.
    $file = Join-Path ([System.IO.Path]::GetTempPath()) "$([guid]::NewGuid()).ps1"
    Set-Content -Path $file -Value $script
    try {
        $said = & $shell @dll -NoProfile -NonInteractive -File $file
    }
    finally {
        Remove-Item -Path $file
    }
    if ($LASTEXITCODE -ne 0) {
        throw "The measured shell failed: $said"
    }
    $said | Select-Object -Last 1 | ConvertFrom-Json
}

# Measures contenders in turns, so that what else the machine does meets all of them alike, and gives each one's medians.
function Measure-Contender {
    param([System.Collections.IDictionary[]] $Contender, [int] $Samples)
    $present = $Contender | Where-Object -FilterScript { Test-Peer $_.Peer }
    $measured = foreach ($round in 1..$Samples) {
        foreach ($one in $present) {
            $peer = $BatchPeers[$one.Peer]
            $run = $peer.Run.Replace('COUNT', $one.Count).Replace('LIMIT', $one.Limit).Replace('BLOCK', $one.Block)
            $figures = Measure-InFreshShell -Module $peer.Module -Prepare "$($one.Prepare)" -Run $run -Say ($one.Say ?? '$null')
            if ($figures.Results -ne $one.Count) {
                throw "$($one.Label) put out $($figures.Results) results for $($one.Count) inputs."
            }
            $figures | Add-Member -PassThru -NotePropertyName Label -NotePropertyValue $one.Label
        }
    }
    foreach ($one in $present) {
        $own = @($measured | Where-Object -Property Label -EQ $one.Label)
        [pscustomobject]@{
            Label  = $one.Label
            Count  = $one.Count
            Limit  = $one.Limit
            WallMs = Get-Median $own.WallMs
            CpuMs  = Get-Median $own.CpuMs
            Said   = Get-Median $own.Said
        }
    }
}

function Get-Median {
    param([object[]] $Value)
    $known = @($Value | Where-Object -FilterScript { $null -ne $_ } | Sort-Object)
    $known[[math]::Floor($known.Count / 2)]
}

function Test-Peer {
    param([string] $Name)
    $module = $BatchPeers[$Name].Module
    [bool] ((Test-Path -Path $module) -or (Get-Module -Name $module -ListAvailable))
}
