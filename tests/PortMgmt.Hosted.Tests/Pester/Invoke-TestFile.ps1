<#
.SYNOPSIS
    Runs one file of tests and says how it went, with the reason of each skipped test.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Path,

    # A directory for the counts, for whoever adds them up.
    [string] $Results
)

$ErrorActionPreference = 'Stop'
Import-Module -Name Pester -MinimumVersion 6.2

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.RenderMode = 'Plaintext'
$run = Invoke-Pester -Configuration $configuration

$skipped = @($run.Skipped | ForEach-Object -Process {
        # Set-ItResult leaves its reason as an error; -Skip has none to leave.
        $said = "$($_.ErrorRecord | Select-Object -First 1)" -replace '^is skipped(, because )?'
        [ordered]@{ Name = $_.ExpandedPath; Reason = $said ? $said : 'not on this system' }
    })
$skipped | ForEach-Object -Process { "Skipped: $($_.Name): $($_.Reason)" }

if ($Results) {
    $null = New-Item -ItemType Directory -Path $Results -Force
    [ordered]@{
        File = Split-Path -Path $Path -Leaf
        Passed = $run.PassedCount
        Failed = $run.FailedCount + $run.FailedContainersCount + $run.FailedBlocksCount
        Skipped = $skipped
        PassedTests = @($run.Passed | ForEach-Object -MemberName ExpandedPath)
        FailedTests = @($run.Failed | ForEach-Object -Process { [ordered]@{ Name = $_.ExpandedPath; Reason = "$($_.ErrorRecord | Select-Object -First 1)" } })
    } | ConvertTo-Json -Depth 3 | Set-Content -Path (Join-Path $Results "$(Split-Path -Path $Path -Leaf).json")
}

exit [int]($run.Result -ne 'Passed' -or $run.PassedCount -eq 0)
