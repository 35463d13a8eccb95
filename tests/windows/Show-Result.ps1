<#
.SYNOPSIS
    Says how a run in Wine went: what failed though Wine has what it needs, what passed though it is listed as lacking, why tests were
    skipped, and the counts.
#>
[CmdletBinding()]
param(
    # Where the reports are: *.xunit.xml of the classes, *.json of the Pester files, and the lists of what died or took too long.
    [Parameter(Mandatory)]
    [string] $Path,

    # What Wine lacks: the name of a test, or of all rows of a theory; whether it fails only now and then; the reason.
    [Parameter(Mandatory)]
    [string] $Lacking,

    # Not everything was run, so that an entry of the list without its test is none to complain of.
    [bool] $Part
)

$ErrorActionPreference = 'Stop'
$mostUnjudged = 2
$passed = [System.Collections.Generic.List[string]]::new()
$failed = [ordered]@{}
$skipped = [System.Collections.Generic.List[string]]::new()

function Read-Names {
    param([string] $Name)
    $file = Join-Path $Path $Name
    if (Test-Path -Path $file) { Get-Content -Path $file }
}

foreach ($name in Read-Names passed) { $passed.Add($name) }
foreach ($name in Read-Names failed) { $failed[$name] = 'its log tells' }
foreach ($name in Read-Names timed-out) { $failed[$name] = 'its time was over' }
$died = @(Read-Names died)

foreach ($file in Get-ChildItem -Path $Path -Filter '*.xunit.xml') {
    foreach ($test in ([xml](Get-Content -Path $file.FullName -Raw)).SelectNodes('//test')) {
        switch ($test.result) {
            'Pass' { $passed.Add($test.name) }
            'Skip' { $skipped.Add($test.SelectSingleNode('reason').InnerText) }
            default { $failed[$test.name] = "$($test.SelectSingleNode('failure/message').InnerText)" }
        }
    }
}

foreach ($file in Get-ChildItem -Path $Path -Filter '*.json') {
    $suite = Get-Content -Path $file.FullName -Raw | ConvertFrom-Json
    foreach ($test in $suite.Skipped) { $skipped.Add($test.Reason) }
    foreach ($test in $suite.PassedTests) { $passed.Add("$($suite.File): $test") }
    foreach ($test in $suite.FailedTests) { $failed["$($suite.File): $($test.Name)"] = $test.Reason }
    if ($suite.Failed -gt @($suite.FailedTests).Count) { $failed["$($suite.File)"] = 'a block or the file itself failed' }
}

# The rows of a theory have their arguments behind the name.
function Find-Entry {
    param([string] $Test)
    $entries[$Test] ?? $entries[($Test -replace '\(.*$')]
}

$entries = [System.Collections.Generic.Dictionary[string, object]]::new()
foreach ($entry in Import-Csv -Path $Lacking) { $entries[$entry.Test] = $entry }

$faults = [System.Collections.Generic.List[string]]::new()
$excused = 0
$met = [System.Collections.Generic.HashSet[string]]::new()
foreach ($test in $failed.Keys) {
    if ($entry = Find-Entry $test) {
        $excused++
        $null = $met.Add($entry.Test)
    }
    else {
        $faults.Add("failed: $test`n    " + ($failed[$test].Trim() -replace '\r?\n', "`n    "))
    }
}

foreach ($test in $passed) {
    if ($entry = Find-Entry $test) {
        $null = $met.Add($entry.Test)
        if ($entry.Varies -ne 'varies') { $faults.Add("listed as lacking in Wine, yet passed: $test. Take it off $(Split-Path -Path $Lacking -Leaf).") }
    }
}

if (-not $Part) {
    $entries.Keys.Where({ -not $met.Contains($_) -and ($_ -replace ':.*$') -notin $died }).ForEach({ $faults.Add("listed as lacking in Wine, but no such test was run: $_") })
}

if ($died.Count) {
    "Not judged, since the runtime died in Wine twice: $($died -join ', ')"
    if ($died.Count -gt $mostUnjudged) { $faults.Add("more than $mostUnjudged were not judged") }
}

if (-not $Part) {
    'Skipped:'
    $skipped | Group-Object -NoElement | Sort-Object -Property Count -Descending | ForEach-Object { '    {0,4}  {1}' -f $_.Count, $_.Name }
}

$faults
'Windows in Wine: {0} passed, {1} failed, {2} failed as listed, {3} skipped, {4} not judged' -f $passed.Count, ($failed.Count - $excused), $excused, $skipped.Count, $died.Count
exit [int]($faults.Count -gt 0 -or $passed.Count -eq 0)
