<#
.SYNOPSIS
    A runbook over many hosts that can be cut off at any time and goes on where it was.
.DESCRIPTION
    Every result is a line in the job log. Started again with the same log, the runbook leaves out what the log has as
    succeeded, and runs the rest: what failed, what had not begun, and what was under way when it was cut off. So a step must
    bear being repeated.
.EXAMPLE
    ./examples/overnight-runbook.ps1 -HostName (Get-Content hosts.txt) -JobLog ./night.jsonl
.EXAMPLE
    ./examples/overnight-runbook.ps1 -HostName (Get-Content hosts.txt) -JobLog ./night.jsonl
    The next morning, or after a power failure.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string[]] $HostName,

    [Parameter(Mandatory)]
    [string] $JobLog,

    # Where the steps leave their marks: stands for what they would change.
    [Parameter(Mandatory)]
    [string] $Target,

    [ValidateRange(0, 3600000)]
    [int] $StepMilliseconds = 50
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module -Name PortMgmt)) {
    Import-Module -Name (Join-Path $PSScriptRoot '../PortMgmt.psd1')
}
$log = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($JobLog)
$marks = (New-Item -ItemType Directory -Path $Target -Force).FullName

$results = $HostName | Start-OperationBatch -Id { $_ } -JobLog $log -Resume -MaxConcurrent 4 -BatchSize 1 -Retry 1 -TimeoutSeconds 60 {
    Start-Sleep -Milliseconds $using:StepMilliseconds
    Add-Content -Path (Join-Path $using:marks $_) -Value (Get-Date -Format o)
}
$results | Group-Object -Property Status | Select-Object -Property Name, Count
