<#
.SYNOPSIS
    Runs the tests of the core, the module, the command line and the transport under the coverage collector and prints line and branch
    coverage by folder, with the lowest files named. What any of the runs covers counts as covered.
.DESCRIPTION
    Child processes count as well where they are started from beside the tests and end by themselves. Not seen is what a process does
    that is killed, becomes another program or is another user's, and the module as it is loaded from module/bin: by the files of
    tests/pester and by the hosted tests. The module's share is therefore that of PortMgmt.Tests alone.
.EXAMPLE
    ./tests/coverage.ps1 -Project PortMgmt.Core.Tests -Filter 'FullyQualifiedName~Tests.Leases'
#>
[CmdletBinding()]
param(
    # Whose tests.
    [string[]] $Project = ('PortMgmt.Core.Tests', 'PortMgmt.Tests', 'PortMgmt.Cli.Tests', 'PortMgmt.RabbitMq.Tests'),

    # Which of them, as dotnet test has it; all by default.
    [string] $Filter,

    # Reports that are there already, instead of runs.
    [string[]] $Report,

    # How many files to name.
    [int] $Lowest = 15
)

$ErrorActionPreference = 'Stop'
$source = Join-Path (Split-Path -Path $PSScriptRoot) 'src'

function Invoke-Collector {
    param([string] $Project, [string] $Filter)
    $results = Join-Path (Split-Path -Path $PSScriptRoot) 'artifacts/coverage' $Project
    if (Test-Path -Path $results) {
        Remove-Item -Path $results -Recurse
    }
    $arguments = 'test', '--project', (Join-Path $PSScriptRoot $Project), '-p:Precompile=false', '--coverlet', '--coverlet-output-format', 'cobertura', '--results-directory', $results
    if ($Filter) {
        $arguments += '--filter', $Filter
    }
    & dotnet @arguments | Out-Host
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $arguments ended with $LASTEXITCODE."
    }
    (Get-ChildItem -Path $results -Filter *.cobertura.*xml -Recurse)[0].FullName
}

function Read-Report {
    param([string[]] $Path)
    $files = @{}
    foreach ($class in $Path.ForEach({ ([xml](Get-Content -Path $_ -Raw)).SelectNodes('//class') })) {
        # The report's paths begin at one of its roots.
        $name = $class.filename -replace '\\', '/' -replace '^(.*/)?src/(?=PortMgmt)', ''
        if (-not $files.ContainsKey($name)) {
            $files[$name] = @{}
        }
        foreach ($line in $class.SelectNodes('lines/line')) {
            $hit = [int]$line.hits -gt 0
            $taken, $all = if ($line.'condition-coverage' -match '\((\d+)/(\d+)\)') { [int]$Matches[1], [int]$Matches[2] } else { 0, 0 }
            # A line of a generic or nested type, or of several runs, comes more than once: what one of them covers is covered.
            $known = $files[$name][$line.number]
            $files[$name][$line.number] = [pscustomobject]@{
                Hit = $hit -or ($known -and $known.Hit)
                Taken = [Math]::Max($taken, $(if ($known) { $known.Taken } else { 0 }))
                All = [Math]::Max($all, $(if ($known) { $known.All } else { 0 }))
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

$path = if ($Report) { $Report } else { $Project.ForEach({ Invoke-Collector -Project $_ -Filter $Filter }) }
$measured = Read-Report -Path $path | Where-Object -FilterScript { $_.File -notmatch '/obj/' -and (Test-Path -Path (Join-Path $source $_.File)) }
function Format-Sum {
    param([string] $Name, [object[]] $Files)
    $sum = @{}
    foreach ($what in 'Lines', 'LinesHit', 'Branches', 'BranchesTaken') {
        $sum[$what] = ($Files | Measure-Object -Property $what -Sum).Sum
    }
    [pscustomobject]@{
        Folder = $Name
        Lines = Format-Share -Part $sum.LinesHit -Whole $sum.Lines
        Branches = Format-Share -Part $sum.BranchesTaken -Whole $sum.Branches
    }
}

$(
    $measured | Group-Object -Property Folder | Sort-Object -Property Name | ForEach-Object -Process { Format-Sum -Name $_.Name -Files $_.Group }
    $measured | Group-Object -Property { ($_.File -split '/')[0] } | Sort-Object -Property Name | ForEach-Object -Process { Format-Sum -Name "all of $($_.Name)" -Files $_.Group }
) | Format-Table -AutoSize | Out-String -Width 160 | Out-Host
$columns = @(
    'File'
    @{ Name = 'Lines'; Expression = { Format-Share -Part $_.LinesHit -Whole $_.Lines } }
    @{ Name = 'Branches'; Expression = { Format-Share -Part $_.BranchesTaken -Whole $_.Branches } }
)
$measured | Where-Object -Property Branches -GT 0 | Sort-Object -Property { $_.BranchesTaken / $_.Branches }, File |
    Select-Object -First $Lowest | Format-Table -Property $columns -AutoSize | Out-String -Width 160 | Out-Host
