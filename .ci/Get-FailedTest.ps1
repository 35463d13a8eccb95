<#
.SYNOPSIS
    Writes a line for each test project in which tests failed: its name, and the filter that chooses them.
.DESCRIPTION
    Nothing is written where more failed than may be put down to chance.
#>
[CmdletBinding()]
param(
    # Where the reports are: *.xunit.xml of the test projects.
    [Parameter(Mandatory)]
    [string] $Path,

    # How many methods and Pester files may fail by chance.
    [int] $AtMost = 3
)

$ErrorActionPreference = 'Stop'
$failed = foreach ($file in Get-ChildItem -Path $Path -Filter '*.xunit.xml') {
    $report = [xml](Get-Content -Path $file.FullName -Raw)
    foreach ($test in $report.SelectNodes('//test[@result="Fail"]')) {
        [pscustomobject]@{
            Project = [System.IO.Path]::GetFileNameWithoutExtension($test.SelectSingleNode('ancestor::assembly').name)
            Filter = $test.name -match 'PesterFiles_AllTheirTests_Pass\(files: \[\\?"(.+?)\\?"' ? "DisplayName~$($Matches[1])" : "FullyQualifiedName=$($test.type).$($test.method)"
        }
    }
}

$failed = @($failed | Sort-Object -Property Project, Filter -Unique)
if ($failed.Count -le $AtMost) {
    $failed | Group-Object -Property Project | ForEach-Object -Process { "$($_.Name) $($_.Group.Filter -join '|')" }
}
