<#
.SYNOPSIS
    What an operation costs by what stands in its block, beside the same block called by & in a plain loop.
.DESCRIPTION
    Four ways in turns, in one shell for each block, warm, results dropped; microseconds of the clock and of the processor, and bytes,
    an operation, medians. The first two are the engine alone, and what nobody can go below without calling blocks in another way than
    by &: a loop in the caller's shell, and two runspaces with half of the loop in each, which tells what the engine itself gains from
    a second one. Neither has results, time limits, streams or isolation. The others are a batch with one worker and with two.
    CpuRatio is the processor time beside that of the plain loop. Gain is how many times as fast two are as one, by the clock: two
    runspaces beside the plain loop, and two workers beside one.
    On Linux and macOS the engine prepares a line for syslog for each command that it runs. With -Quiet each shell is started with
    "LogLevel": "Error", which leaves that out.
    Build the module first: ./build.ps1 -Task Build, Precompile.
.EXAMPLE
    ./benchmarks/batch-blocks.ps1 | Format-Table
.EXAMPLE
    ./benchmarks/batch-blocks.ps1 -Quiet -Block 'Join-Path', 'a splatted call'
    Some of the rows alone.
#>
[CmdletBinding()]
param(
    [ValidateRange(1000, 10000000)]
    [int] $Count = 30000,

    # How many times each way is measured, after ten times that do not count: the runtime compiles the engine anew meanwhile.
    [ValidateRange(1, 100)]
    [int] $Rounds = 3,

    # The names of rows, with wildcards.
    [string[]] $Block = '*',

    [switch] $Quiet
)

$ErrorActionPreference = 'Stop'
$manifest = Join-Path $PSScriptRoot '../PortMgmt.psd1' -Resolve
# This shell again. As the .NET tool its program is dotnet, with pwsh.dll as the first argument.
$shell = [System.Environment]::ProcessPath
$dll = @(if ($shell -match 'dotnet(\.exe)?$') { "$PSHOME/pwsh.dll" })
$brought = 'function Get-Double { param($Value) $Value * 2 }'
$blocks = [ordered]@{
    'an expression'               = '$_ + 1'
    'an assignment'               = '$x = $_; $x + 1'
    'Join-Path'                   = 'Join-Path a $_'
    'Join-Path and an assignment' = '$x = Join-Path a $_; $x'
    'a function of its own'       = 'function f { $_ }; f'
    'a function of the caller'    = 'Get-Double $_'
    'three cmdlets in a pipeline' = '1, 2, $_ | Where-Object { $_ -gt 1 } | ForEach-Object { $_ * 2 } | Select-Object -First 1'
    'try and catch'               = 'try { $x = [int] "$_"; $x } catch { 0 }'
    'try and an error caught'     = 'try { throw "no" } catch { 0 }'
    'a splatted call'             = '$p = @{ Path = "a"; ChildPath = "$_" }; Join-Path @p'
    'foreach with an if'          = 'foreach ($i in 1..5) { if ($i -gt 3) { $i } }'
    'string formatting'           = '$x = "item {0:d5}" -f $_; "<$x>"'
    'a regular expression'        = 'if ("item $_" -match "item (\d+)") { $Matches[1] }'
    'a method of .NET'            = '$x = [System.IO.Path]::GetFileName("/a/b/$_"); $x.ToUpper()'
    'ConvertFrom-Json'            = '$x = "{ ""id"": $_ }" | ConvertFrom-Json; $x.id'
    'a command and a function'    = '$x = Join-Path a "$_"; function f($y) { $y + 1 }; f 1'
}
$probe = @'
$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'; $env:POWERSHELL_TELEMETRY_OPTOUT = 1
Import-Module 'MANIFEST'
BROUGHT
$functions = 'BROUGHT' ? @{ Functions = 'Get-Double' } : @{}
$shells = foreach ($half in 1, 2) {
    $shell = [powershell]::Create([System.Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace())
    $shell.Runspace.Open()
    $null = $shell.AddScript('BROUGHT').Invoke()
    $shell.Commands.Clear()
    $shell.AddScript({ $block = { BLOCK }; foreach ($_ in 1..HALF) { $null = & $block } }.ToString())
}
$ways = [ordered]@{
    'floor: & in a plain loop'   = { $block = { BLOCK }; foreach ($_ in 1..COUNT) { $null = & $block } }
    'floor: two bare runspaces'  = { $waits = $shells | ForEach-Object { $_.BeginInvoke() }; 0, 1 | ForEach-Object { $null = $shells[$_].EndInvoke($waits[$_]) } }
    'Start-OperationBatch, one'  = { 1..COUNT | Start-OperationBatch -MaxConcurrent 1 @functions { BLOCK } | Out-Null }
    'Start-OperationBatch, two'  = { 1..COUNT | Start-OperationBatch -MaxConcurrent 2 @functions { BLOCK } | Out-Null }
}
# Until what both sides need is compiled for good: what is measured is the block.
foreach ($_ in 1..4) {
    1..100000 | Start-OperationBatch -MaxConcurrent 2 { $_ } | Out-Null
    1..20000 | Start-OperationBatch -MaxConcurrent 2 { $x = $_; $x } | Out-Null
    & { $block = { $x = $_; $x }; foreach ($_ in 1..50000) { $null = & $block } }
}
foreach ($round in -9..ROUNDS) {
    foreach ($way in $ways.GetEnumerator()) {
        $bytes = [System.GC]::GetTotalAllocatedBytes()
        $paused = [System.GC]::GetTotalPauseDuration()
        $used = [System.Environment]::CpuUsage.TotalTime
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        & $way.Value
        $clock.Stop()
        if ($round -gt 0) {
            @{
                Way     = $way.Key
                WallUs  = $clock.Elapsed.TotalMicroseconds / COUNT
                CpuUs   = ([System.Environment]::CpuUsage.TotalTime - $used).TotalMicroseconds / COUNT
                PauseUs = ([System.GC]::GetTotalPauseDuration() - $paused).TotalMicroseconds / COUNT
                Bytes   = ([System.GC]::GetTotalAllocatedBytes() - $bytes) / COUNT
            } | ConvertTo-Json -Compress
        }
    }
}
'@

function Get-Median {
    param([double[]] $Value)
    ($Value | Sort-Object)[[math]::Floor($Value.Count / 2)]
}

$place = New-Item -ItemType Directory -Path (Join-Path ([System.IO.Path]::GetTempPath()) "$([guid]::NewGuid())")
$settings = Join-Path $place 'settings.json'
$script = Join-Path $place 'probe.ps1'
Set-Content -Path $settings -Value ($Quiet ? '{ "LogLevel": "Error" }' : '{}')
try {
    foreach ($row in $blocks.GetEnumerator()) {
        if (-not ($Block | Where-Object -FilterScript { $row.Key -like $_ })) {
            continue
        }
        $run = $probe.Replace('MANIFEST', $manifest).Replace('BROUGHT', ($row.Value -match 'Get-Double' ? $brought : '')).Replace('BLOCK', $row.Value)
        Set-Content -Path $script -Value $run.Replace('COUNT', $Count).Replace('HALF', [math]::Floor($Count / 2)).Replace('ROUNDS', $Rounds)
        $said = & $shell @dll -NoProfile -NonInteractive -SettingsFile $settings -File $script
        if ($LASTEXITCODE -ne 0) {
            throw "The measured shell failed: $said"
        }
        $medians = [ordered]@{}
        $said | ConvertFrom-Json | Group-Object -Property Way | ForEach-Object -Process {
            $medians[$_.Name] = @{ Wall = Get-Median $_.Group.WallUs; Cpu = Get-Median $_.Group.CpuUs; Pause = Get-Median $_.Group.PauseUs; Bytes = Get-Median $_.Group.Bytes }
        }
        $floor, $two, $one, $both = $medians['floor: & in a plain loop', 'floor: two bare runspaces', 'Start-OperationBatch, one', 'Start-OperationBatch, two']
        $gains = @{ 'floor: two bare runspaces' = $floor.Wall / $two.Wall; 'Start-OperationBatch, two' = $one.Wall / $both.Wall }
        foreach ($way in $medians.GetEnumerator()) {
            [pscustomobject]@{
                Block    = $row.Key
                Way      = $way.Key
                WallUs   = [math]::Round($way.Value.Wall, 1)
                CpuUs    = [math]::Round($way.Value.Cpu, 1)
                CpuRatio = [math]::Round($way.Value.Cpu / $floor.Cpu, 2)
                PauseUs  = [math]::Round($way.Value.Pause, 1)
                Bytes    = [math]::Round($way.Value.Bytes)
                Gain     = $gains.Contains($way.Key) ? [math]::Round($gains[$way.Key], 2) : $null
            }
        }
    }
}
finally {
    Remove-Item -Path $place -Recurse
}
