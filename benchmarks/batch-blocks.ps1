<#
.SYNOPSIS
    What an operation costs by what stands in its block, beside the same block called by & in a plain loop.
.DESCRIPTION
    One worker, warm, results dropped: microseconds of processor time and bytes, an operation. The floors are loops of the engine
    itself, on one thread, without results, timeouts, streams or isolation.
    On Linux and macOS the engine prepares a line for syslog for each command that it runs. With -Quiet each shell is started with
    "LogLevel": "Error", which leaves that out.
    Build the module first: ./build.ps1 -Task Build, Precompile.
.EXAMPLE
    ./benchmarks/batch-blocks.ps1
.EXAMPLE
    ./benchmarks/batch-blocks.ps1 -Quiet
#>
[CmdletBinding()]
param(
    [ValidateRange(1000, 10000000)]
    [int] $Count = 100000,

    [switch] $Quiet
)

$ErrorActionPreference = 'Stop'
$manifest = Join-Path $PSScriptRoot '../PortMgmt.psd1' -Resolve
# This shell again. As the .NET tool its program is dotnet, with pwsh.dll as the first argument.
$shell = [System.Environment]::ProcessPath
$dll = @(if ($shell -match 'dotnet(\.exe)?$') { "$PSHOME/pwsh.dll" })
$blocks = [ordered]@{
    'an expression'               = '$_ + 1'
    'an assignment'               = '$x = $_; $x + 1'
    'a command of the engine'     = 'Join-Path a $_'
    'a command and an assignment' = '$x = Join-Path a $_; $x'
    'a function of its own'       = 'function f { $_ }; f'
}
$ways = [ordered]@{
    'Start-OperationBatch'    = '1..COUNT | Start-OperationBatch -MaxConcurrent 1 { BLOCK } | Out-Null'
    'floor: & in a plain loop' = '$block = { BLOCK }; foreach ($_ in 1..COUNT) { $null = & $block }'
}
$probe = @'
$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'; $env:POWERSHELL_TELEMETRY_OPTOUT = 1
Import-Module 'MANIFEST'
function Invoke-Way { WAY }
Invoke-Way
$used = [System.Environment]::CpuUsage.TotalTime
$bytes = [System.GC]::GetTotalAllocatedBytes()
Invoke-Way
@{ Us = ([System.Environment]::CpuUsage.TotalTime - $used).TotalMicroseconds / COUNT; Bytes = ([System.GC]::GetTotalAllocatedBytes() - $bytes) / COUNT } | ConvertTo-Json -Compress
'@

$place = New-Item -ItemType Directory -Path (Join-Path ([System.IO.Path]::GetTempPath()) "$([guid]::NewGuid())")
$settings = Join-Path $place 'settings.json'
$script = Join-Path $place 'probe.ps1'
Set-Content -Path $settings -Value ($Quiet ? '{ "LogLevel": "Error" }' : '{}')
try {
    foreach ($block in $blocks.GetEnumerator()) {
        foreach ($way in $ways.GetEnumerator()) {
            $run = $probe.Replace('MANIFEST', $manifest).Replace('WAY', $way.Value).Replace('BLOCK', $block.Value).Replace('COUNT', $Count)
            Set-Content -Path $script -Value $run
            $said = & $shell @dll -NoProfile -NonInteractive -SettingsFile $settings -File $script
            if ($LASTEXITCODE -ne 0) {
                throw "The measured shell failed: $said"
            }
            $figures = $said | Select-Object -Last 1 | ConvertFrom-Json
            [pscustomobject]@{ Block = $block.Key; Way = $way.Key; CpuUs = [math]::Round($figures.Us, 1); Bytes = [math]::Round($figures.Bytes) }
        }
    }
}
finally {
    Remove-Item -Path $place -Recurse
}
