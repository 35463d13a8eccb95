<#
.SYNOPSIS
    What the first New-PortLease of a fresh pwsh costs after Import-Module, against the first calls of its neighbours.
.DESCRIPTION
    Each sample is a pwsh process of its own, which times one command and ends. Get-PortPolicy is the plain compiled cmdlet:
    what it takes is the price of binding and of the module's first use; the second New-PortLease shows what is left when
    everything is compiled. CpuMs is the thread's own time, which a busy machine does not lengthen (Linux only).
    Build the module first: ./build.ps1 -Task Build, Precompile.
.EXAMPLE
    ./benchmarks/first-call.ps1 -Samples 30
#>
[CmdletBinding()]
param(
    [ValidateRange(3, 1000)]
    [int] $Samples = 20
)

$ErrorActionPreference = 'Stop'
$manifest = Join-Path $PSScriptRoot '../PortMgmt.psd1' -Resolve
$registry = Join-Path ([System.IO.Path]::GetTempPath()) "portmgmt-first-call-$PID"
# This shell again. As the .NET tool its program is dotnet, with pwsh.dll as the first argument.
$shell = [System.Environment]::ProcessPath
$dll = @(if ($shell -match 'dotnet(\.exe)?$') { "$PSHOME/pwsh.dll" })

$cases = [ordered]@{
    'Get-Date, first call'       = '', 'Get-Date'
    'Get-PortPolicy, first call' = '', 'Get-PortPolicy'
    'New-PortLease, first call'  = '', 'New-PortLease -Name web'
    'New-PortLease, second call' = '$null = New-PortLease -Name web', 'New-PortLease -Name web'
}

# The instruments are warmed up first, so that only the command in question is on the clock.
$probe = @'
function Get-ThreadTime {
    $file = '/proc/thread-self/schedstat'
    [System.IO.File]::Exists($file) ? [double]([System.IO.File]::ReadAllText($file).Split(' ')[0]) / 1e6 : [double]::NaN
}
Import-Module 'MANIFEST'
$null = Measure-Command { }; $null = Get-ThreadTime; $null = Get-ThreadTime
PREPARE
$before = Get-ThreadTime
$elapsed = Measure-Command { $null = COMMAND }
$after = Get-ThreadTime
[string]::Format([cultureinfo]::InvariantCulture, '{0} {1}', $elapsed.TotalMilliseconds, $after - $before)
'@

function Measure-FirstCall {
    param([string] $Prepare, [string] $Command)
    $script = $probe.Replace('MANIFEST', $manifest).Replace('PREPARE', $Prepare).Replace('COMMAND', $Command)
    [double[]] ((& $shell @dll -NoProfile -NonInteractive -Command $script) -split ' ')
}

function Get-Median {
    param([double[]] $Values)
    [math]::Round(($Values | Sort-Object)[[math]::Floor($Values.Count / 2)], 1)
}

$env:PORTMGMT_REGISTRY = $registry
$null = New-Item -ItemType Directory -Path $registry
try {
    foreach ($name in $cases.Keys) {
        $prepare, $command = $cases[$name]
        $pairs = @(1..$Samples | ForEach-Object -Process { , (Measure-FirstCall -Prepare $prepare -Command $command) })
        $elapsed = $pairs.ForEach({ $_[0] })
        [pscustomobject]@{
            Case     = $name
            MedianMs = Get-Median -Values $elapsed
            MinMs    = [math]::Round(($elapsed | Measure-Object -Minimum).Minimum, 1)
            CpuMs    = Get-Median -Values $pairs.ForEach({ $_[1] })
        }
    }
}
finally {
    $env:PORTMGMT_REGISTRY = $null
    Remove-Item -Path $registry -Recurse
}
