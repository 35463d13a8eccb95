<#
.SYNOPSIS
    What the first New-PortLease of a fresh pwsh costs after Import-Module, against the first calls of its neighbours.
.DESCRIPTION
    Each sample is a pwsh process of its own, which times one command and ends. Get-PortPolicy is the plain compiled cmdlet:
    what it takes is the price of binding and of the module's first use; the second New-PortLease shows what is left when
    everything is compiled. Build the module first: ./build.ps1 -Task Build.
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
$shell = (Get-Process -Id $PID).Path

# Measure-Command is warmed by an empty block, so that only the command in question is on the clock.
$cases = [ordered]@{
    'Get-Date, first call'       = 'Get-Date'
    'Get-PortPolicy, first call' = 'Get-PortPolicy'
    'New-PortLease, first call'  = 'New-PortLease -Name web'
    'New-PortLease, second call' = '$null = New-PortLease -Name web', 'New-PortLease -Name web'
}

function Measure-FirstCall {
    param([string] $Prepare, [string] $Command)
    $script = "Import-Module '$manifest'; `$null = Measure-Command { }; $Prepare; (Measure-Command { `$null = $Command }).TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)"
    [double]::Parse((& $shell -NoProfile -NonInteractive -Command $script), [cultureinfo]::InvariantCulture)
}

$env:PORTMGMT_REGISTRY = $registry
$null = New-Item -ItemType Directory -Path $registry
try {
    foreach ($name in $cases.Keys) {
        $steps = @($cases[$name])
        $times = 1..$Samples | ForEach-Object -Process { Measure-FirstCall -Prepare ($steps.Count -gt 1 ? $steps[0] : '') -Command $steps[-1] } | Sort-Object
        [pscustomobject]@{
            Case     = $name
            MedianMs = [math]::Round($times[[math]::Floor($Samples / 2)], 1)
            MinMs    = [math]::Round($times[0], 1)
            MaxMs    = [math]::Round($times[-1], 1)
        }
    }
}
finally {
    $env:PORTMGMT_REGISTRY = $null
    Remove-Item -Path $registry -Recurse
}
