<#
.SYNOPSIS
    Runs the core's tests under the coverage collector and prints line and branch coverage by folder, with the lowest files named.
.DESCRIPTION
    What child processes do is not seen by the collector: what only they do (locks between processes, kills) counts as not covered.
.EXAMPLE
    ./tests/coverage.ps1 -Filter 'FullyQualifiedName~Tests.Leases'
#>
[CmdletBinding()]
param(
    # Which tests, as dotnet test has it; all by default.
    [string] $Filter,

    # A report that is there already, instead of a run.
    [string] $Report,

    # How many files to name.
    [int] $Lowest = 15
)

$ErrorActionPreference = 'Stop'
$source = Join-Path (Split-Path -Path $PSScriptRoot) 'src'

function Invoke-Collector {
    param([string] $Filter)
    $results = Join-Path (Split-Path -Path $PSScriptRoot) 'artifacts/coverage'
    if (Test-Path -Path $results) {
        Remove-Item -Path $results -Recurse
    }
    $arguments = 'test', '--project', (Join-Path $PSScriptRoot 'PortMgmt.Core.Tests'), '--coverlet', '--coverlet-output-format', 'cobertura', '--results-directory', $results
    if ($Filter) {
        $arguments += '--filter', $Filter
    }
    & dotnet @arguments | Out-Host
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $arguments ended with $LASTEXITCODE."
    }
    (Get-ChildItem -Path $results -Filter *.cobertura.xml -Recurse)[0].FullName
}

function Read-Report {
    param([string] $Path)
    $files = @{}
    foreach ($class in ([xml](Get-Content -Path $Path -Raw)).SelectNodes('//class')) {
        # The report's paths begin at one of its roots.
        $name = $class.filename -replace '^.*?PortMgmt\.', 'PortMgmt.' -replace '\\', '/'
        if (-not $files.ContainsKey($name)) {
            $files[$name] = @{}
        }
        foreach ($line in $class.SelectNodes('lines/line')) {
            $hit = [int]$line.hits -gt 0
            $taken, $all = if ($line.'condition-coverage' -match '\((\d+)/(\d+)\)') { [int]$Matches[1], [int]$Matches[2] } else { 0, 0 }
            # A line of a generic or nested type may come more than once: what one of them covers is covered.
            $known = $files[$name][$line.number]
            $files[$name][$line.number] = [pscustomobject]@{
                Hit = $hit -or ($known -and $known.Hit)
                Taken = [Math]::Max($taken, $(if ($known) { $known.Taken } else { 0 }))
                All = $all
            }
        }
    }
    foreach ($name in $files.Keys) {
        $lines = $files[$name].Values
        [pscustomobject]@{
            File = $name
            Folder = Split-Path -Path $name
            Lines = @($lines).Count
            LinesHit = @($lines.Where({ $_.Hit })).Count
            Branches = [int]($lines | Measure-Object -Property All -Sum).Sum
            BranchesTaken = [int]($lines | Measure-Object -Property Taken -Sum).Sum
        }
    }
}

function Format-Share {
    param([int] $Part, [int] $Whole)
    if ($Whole -eq 0) { '-' } else { '{0:0.0} % ({1}/{2})' -f (100 * $Part / $Whole), $Part, $Whole }
}

$path = if ($Report) { $Report } else { Invoke-Collector -Filter $Filter }
$measured = Read-Report -Path $path | Where-Object -FilterScript { $_.File -notmatch '/obj/' -and (Test-Path -Path (Join-Path $source $_.File)) }
$measured | Group-Object -Property Folder | Sort-Object -Property Name | ForEach-Object -Process {
    $sum = @{}
    foreach ($what in 'Lines', 'LinesHit', 'Branches', 'BranchesTaken') {
        $sum[$what] = ($_.Group | Measure-Object -Property $what -Sum).Sum
    }
    [pscustomobject]@{
        Folder = $_.Name
        Lines = Format-Share -Part $sum.LinesHit -Whole $sum.Lines
        Branches = Format-Share -Part $sum.BranchesTaken -Whole $sum.Branches
    }
} | Format-Table -AutoSize | Out-String -Width 160 | Out-Host
$columns = @(
    'File'
    @{ Name = 'Lines'; Expression = { Format-Share -Part $_.LinesHit -Whole $_.Lines } }
    @{ Name = 'Branches'; Expression = { Format-Share -Part $_.BranchesTaken -Whole $_.Branches } }
)
$measured | Where-Object -Property Branches -GT 0 | Sort-Object -Property { $_.BranchesTaken / $_.Branches }, File |
    Select-Object -First $Lowest | Format-Table -Property $columns -AutoSize | Out-String -Width 160 | Out-Host
