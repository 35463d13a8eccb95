<#
.SYNOPSIS
    The process in which run-examples.ps1 has examples run: each in a directory with a registry of its own.
#>
[CmdletBinding()]
param(
    # Has examples.json, and gets a line of results.jsonl for each.
    [Parameter(Mandatory)]
    [string] $Directory,

    [Parameter(Mandatory)]
    [string] $Manifest
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$PSStyle.OutputRendering = 'PlainText'
$env:PORTMGMT_REGISTRY = Join-Path $Directory 'none'
Import-Module -Name $Manifest

$session = $null
foreach ($example in Get-Content -Path "$Directory/examples.json" -Raw | ConvertFrom-Json) {
    if (-not $example.Session -or $example.Session -ne $session) {
        $session = $example.Session
        Get-PortLease | Remove-PortLease -ErrorAction Ignore
        Remove-Daemon -Name *
        Get-Job | Remove-Job -Force
        Set-Location -Path (New-Item -ItemType Directory -Path "$Directory/$($example.Name)")
        $env:PORTMGMT_REGISTRY = Join-Path $PWD 'registry'
        Set-Content -Path 'services.csv' -Value 'Name,Port', 'db,', 'mq,0'
    }
    $output = ''
    $failure = $null
    try {
        $block = [scriptblock]::Create($example.Code)
        $output = $(if ($session) { . $block } else { & $block }) *>&1 | Out-String -Width 110
    }
    catch {
        $failure = "$_ $($_.ScriptStackTrace)"
    }
    $lines = $output.Replace("`r", '').TrimEnd() -split "`n" | ForEach-Object -Process { $_.TrimEnd() }
    $result = @{ Name = $example.Name; Output = ($lines -join "`n") -replace '^\n+'; Error = $failure }
    ConvertTo-Json -InputObject $result -Compress | Add-Content -Path "$Directory/results.jsonl"
}
