<#
.SYNOPSIS
    Adds up what the test runs left behind: lists the skipped and the failed tests with their reasons, and closes with one line of counts.
.DESCRIPTION
    Counted are the tests of xunit and the single tests of Pester. A Pester file is one test of xunit as well; it is not counted
    again, unless it failed without a failed test in it. What failed and then passed when it was run again (see .ci/run) counts as
    passed, and is named.
#>
[CmdletBinding()]
param(
    # Where the reports are: *.xunit.xml of the test projects, those of what was run again in the folder 'again', *.json of the Pester files.
    [Parameter(Mandatory)]
    [string] $Path
)

$ErrorActionPreference = 'Stop'
$passed = $failed = 0
$skipped = [System.Collections.Generic.List[string]]::new()
$failures = [System.Collections.Generic.List[string]]::new()
$unsteady = [System.Collections.Generic.List[string]]::new()
$suites = @{}

# What passed when it was run again.
$again = @(Get-ChildItem -Path (Join-Path -Path $Path -ChildPath 'again') -Filter '*.xunit.xml' -ErrorAction Ignore | ForEach-Object -Process {
        ([xml](Get-Content -Path $_.FullName -Raw)).SelectNodes('//test[@result="Pass"]').name
    })

foreach ($file in Get-ChildItem -Path $Path -Filter '*.json' -Recurse) {
    $suite = Get-Content -Path $file.FullName -Raw | ConvertFrom-Json
    $suites[$suite.File] = $suite
    $passed += $suite.Passed
    $failed += $suite.Failed
    $suite.Skipped | ForEach-Object -Process { $skipped.Add("$($suite.File): $($_.Name): $($_.Reason)") }
}

foreach ($file in Get-ChildItem -Path $Path -Filter '*.xunit.xml') {
    foreach ($test in ([xml](Get-Content -Path $file.FullName -Raw)).SelectNodes('//test')) {
        # The test of several files stands for all of them.
        $suite = if ($test.name -match 'PesterFiles_AllTheirTests_Pass') {
            [regex]::Matches($test.name, '[\w-]+\.Tests\.ps1').Value.ForEach({ $suites[$_] }) | Where-Object -FilterScript { $_ } | Sort-Object -Property Failed -Descending | Select-Object -First 1
        }

        switch ($test.result) {
            'Pass' { $passed += [int](-not $suite) }
            'Skip' { $skipped.Add("$($test.name): $($test.reason)") }
            { $_ -eq 'Fail' -and $test.name -in $again } {
                $passed += [int](-not $suite)
                $unsteady.Add("$($test.name): $($test.SelectSingleNode('failure/message').InnerText)")
            }

            default {
                $failed += [int](-not ($suite -and $suite.Failed))
                $failures.Add("$($test.name): $($test.SelectSingleNode('failure/message').InnerText)")
            }
        }
    }
}

if ($skipped.Count) {
    'Skipped:'
    $skipped | Sort-Object | ForEach-Object -Process { '  ' + $_ }
}

# Last of all, for whoever sees only the end of the log.
foreach ($list in @{ Title = 'Failed once, and passed when run again:'; Tests = $unsteady }, @{ Title = 'Failed:'; Tests = $failures }) {
    if ($list.Tests.Count) {
        $list.Title
        $list.Tests | Sort-Object | ForEach-Object -Process { '  ' + ($_ -replace '\r?\n', "`n    ") }
    }
}

'{0} passed, {1} failed, {2} skipped' -f $passed, $failed, $skipped.Count
exit [int]($failed -gt 0 -or $passed -eq 0)
