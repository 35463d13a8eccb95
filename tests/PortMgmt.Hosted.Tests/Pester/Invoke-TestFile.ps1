<#
.SYNOPSIS
    Runs files of tests one after the other and says how they went, with the reason of each skipped test.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory, Position = 0, ValueFromRemainingArguments)]
    [string[]] $Path,

    # A directory for the counts of each file, for whoever adds them up.
    [string] $Results
)

$ErrorActionPreference = 'Stop'
Import-Module -Name Pester -MinimumVersion 6.2
$variables = [System.Environment]::GetEnvironmentVariables()
$place = Get-Location
$failed = $false

foreach ($file in $Path) {
    $configuration = New-PesterConfiguration
    $configuration.Run.Path = $file
    $configuration.Run.PassThru = $true
    $configuration.Output.Verbosity = 'Normal'
    $configuration.Output.RenderMode = 'Plaintext'
    $run = Invoke-Pester -Configuration $configuration
    $failed = $failed -or $run.Result -ne 'Passed' -or $run.PassedCount -eq 0

    $skipped = @($run.Skipped | ForEach-Object -Process {
            # Set-ItResult leaves its reason as an error; -Skip has none to leave.
            $said = "$($_.ErrorRecord | Select-Object -First 1)" -replace '^is skipped(, because )?'
            [ordered]@{ Name = $_.ExpandedPath; Reason = $said ? $said : 'not on this system' }
        })
    $skipped | ForEach-Object -Process { "Skipped: $($_.Name): $($_.Reason)" }

    if ($Results) {
        $null = New-Item -ItemType Directory -Path $Results -Force
        [ordered]@{
            File = Split-Path -Path $file -Leaf
            Passed = $run.PassedCount
            Failed = $run.FailedCount + $run.FailedContainersCount + $run.FailedBlocksCount
            Skipped = $skipped
            PassedTests = @($run.Passed | ForEach-Object -MemberName ExpandedPath)
            FailedTests = @($run.Failed | ForEach-Object -Process { [ordered]@{ Name = $_.ExpandedPath; Reason = "$($_.ErrorRecord | Select-Object -First 1)" } })
        } | ConvertTo-Json -Depth 3 | Set-Content -Path (Join-Path $Results "$(Split-Path -Path $file -Leaf).json")
    }

    # The next begins where this one did.
    [string[]] [System.Environment]::GetEnvironmentVariables().Keys | ForEach-Object -Process { [System.Environment]::SetEnvironmentVariable($_, $variables[$_]) }
    $variables.Keys | ForEach-Object -Process { [System.Environment]::SetEnvironmentVariable($_, $variables[$_]) }
    Set-Location -Path $place
}

exit [int] $failed
