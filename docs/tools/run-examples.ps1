#Requires -Version 7.6
<#
.SYNOPSIS
    Runs the examples of the help pages, and can write what they put out into the pages; and what follows a prompt in the
    README and in the topics.
.DESCRIPTION
    The examples run in one process, each in a directory of its own with a registry of its own, and none leaves leases,
    daemons or jobs to the next one. (Two registries at once could hand out one port.) The prompts of a document are one
    session. The result has what was put out and what went wrong.
.EXAMPLE
    ./docs/tools/run-examples.ps1 | Where-Object Error
.EXAMPLE
    ./docs/tools/run-examples.ps1 -Name Get-Daemon -Update
    Writes the output of today into the page.
#>
[CmdletBinding()]
param(
    # Names of pages and files, with wildcards.
    [string] $Name = '*',

    # The manifest of the module to run them with.
    [string] $Manifest = (Convert-Path -Path (Join-Path $PSScriptRoot '../../PortMgmt.psd1')),

    # A broker for the examples of clusters, in place of amqp://localhost; without one they are not run.
    [string] $Broker,

    # Writes the output into the pages.
    [switch] $Update
)

$ErrorActionPreference = 'Stop'

# What cannot run unattended, and why.
$attended = @{
    'Initialize-PortRegistry 4' = 'needs an administrator, and changes the machine'
    'Start-OperationWorker 3' = 'goes on until Ctrl-C'
}

# What names this needs a broker to run.
$clustered = 'amqps?://localhost'

# What a page shows that the output streams do not have.
$shown = '(?m)^What if: .*\n'
$runner = Join-Path $PSScriptRoot 'example-process.ps1'

# This shell again. As the .NET tool its program is dotnet, with pwsh.dll as the first argument.
$shell = [System.Environment]::ProcessPath
$dll = @(if ($shell -match 'dotnet(\.exe)?$') { "$PSHOME/pwsh.dll" })

function Get-Example {
    param([System.IO.FileInfo] $Page, [string] $Broker)
    $text = (Get-Content -Path $Page.FullName -Raw).Replace("`r", '')
    $examples = [regex]::Match($text, '(?s)## EXAMPLES\n(.*?)\n## PARAMETERS').Groups[1].Value
    foreach ($example in [regex]::Matches($examples, '(?s)### Example (\d+): ([^\n]+)\n(.*?)(?=\n### Example |$)')) {
        $body = $example.Groups[3].Value
        [pscustomobject]@{
            Page = $Page.FullName
            Name = '{0} {1}' -f $Page.BaseName, $example.Groups[1].Value
            Title = $example.Groups[2].Value
            Code = [regex]::Match($body, '(?s)```powershell\n(.*?)\n```').Groups[1].Value
            Documented = [regex]::Match($body, '(?s)```Output\n(.*?)\n```').Groups[1].Value
            Output = $null
            Error = $null
            Attended = $attended['{0} {1}' -f $Page.BaseName, $example.Groups[1].Value] ?? ($body -match $clustered -and -not $Broker ? 'needs a broker' : $null)
            Session = $null
        }
    }
}

# What follows a prompt in a document, in one session for the whole document.
function Get-Prompt {
    param([System.IO.FileInfo] $Document)
    $text = (Get-Content -Path $Document.FullName -Raw).Replace("`r", '')
    $number = 0
    foreach ($prompt in [regex]::Matches($text, '(?m)^ *PS> (?<first>.*)(?<more>(\n *>> .*)*)')) {
        $number++
        [pscustomobject]@{
            Page = $Document.FullName
            Name = '{0} {1}' -f $Document.Name, $number
            Title = $prompt.Groups['first'].Value
            Code = $prompt.Groups['first'].Value + ($prompt.Groups['more'].Value -replace '\n *>> ', "`n")
            Documented = ''
            Output = $null
            Error = $null
            Attended = $null
            Session = $Document.Name
        }
    }
}

function Invoke-Example {
    param([object[]] $Example, [string] $Manifest, [string] $Broker)
    $work = Join-Path ([System.IO.Path]::GetTempPath()) ([guid]::NewGuid().ToString('n'))
    $runnable = $Example | Where-Object -Property Attended -EQ $null | ForEach-Object -Process {
        [pscustomobject]@{ Name = $_.Name; Session = $_.Session; Code = $_.Code -replace $clustered, $Broker }
    }
    try {
        $directory = New-Item -ItemType Directory -Path $work
        ConvertTo-Json -InputObject @($runnable) | Set-Content -Path "$directory/examples.json"
        & $shell @dll -NoProfile -NonInteractive -File $runner -Directory $directory -Manifest $Manifest | Out-Null
        $found = Get-Content -Path "$directory/results.jsonl" | ConvertFrom-Json
    }
    finally {
        Remove-Item -Path $work -Recurse -Force -ErrorAction Ignore
    }
    foreach ($one in $Example) {
        $result = $found | Where-Object -Property Name -EQ $one.Name
        $one.Output = $result.Output
        $one.Error = $one.Attended -or $result ? $result.Error : 'It did not run: the process ended before.'
        $one
    }
}

function Update-Page {
    param([object] $Example)
    $text = (Get-Content -Path $Example.Page -Raw).Replace("`r", '')
    $whatIf = [regex]::Matches($Example.Documented + "`n", $shown).Value -join ''
    $output = ($whatIf + $Example.Output).TrimEnd()
    $block = $output ? "`n`n``````Output`n$output`n``````" : ''
    $code = [regex]::Escape("``````powershell`n$($Example.Code)`n``````")
    $pattern = [regex]::new("(?s)(### Example $($Example.Name.Split(' ')[1]): .*?$code)(\n\n``````Output\n.*?\n``````)?")
    $text = $pattern.Replace($text, { param($found) $found.Groups[1].Value + $block }, 1)
    [System.IO.File]::WriteAllText($Example.Page, $text)
}

$root = Convert-Path -Path (Join-Path $PSScriptRoot '../..')
$examples = @(
    Get-ChildItem -Path "$root/docs/en-US" -Filter '*-*.md' |
        Where-Object -Property BaseName -Like $Name |
        ForEach-Object -Process { Get-Example -Page $_ -Broker $Broker }
    Get-Item -Path "$root/README.md", "$root/en-US/about_*.help.txt" |
        Where-Object -Property Name -Like $Name |
        ForEach-Object -Process { Get-Prompt -Document $_ }
)
foreach ($result in Invoke-Example -Example $examples -Manifest $Manifest -Broker $Broker) {
    if ($Update -and -not $result.Session -and -not $result.Error -and -not $result.Attended) {
        Update-Page -Example $result
    }
    $result
}
