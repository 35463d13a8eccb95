#Requires -Version 7.6
#Requires -Modules Microsoft.PowerShell.PlatyPS
<#
.SYNOPSIS
    Brings syntax and parameters of the help pages up to the built module; makes pages for new cmdlets.
.DESCRIPTION
    What people wrote stays. A new parameter gets a section with "{{ Fill", which the tests refuse until it says something;
    that of a parameter which is gone goes too.
.EXAMPLE
    ./docs/tools/update-pages.ps1; git diff docs/en-US
#>
[CmdletBinding()]
param(
    [string] $Manifest = (Join-Path $PSScriptRoot '../../PortMgmt.psd1')
)

$ErrorActionPreference = 'Stop'
$pages = Join-Path $PSScriptRoot '../en-US'
$parameter = '(?s)### -(?<name>\S+)\n(?<text>.*?)```yaml\n(?<yaml>.*?)```\n'
$syntax = '(?s)(?<=\n## SYNTAX\n).*?(?=\n## )'
$parameters = '(?s)(?<=\n## PARAMETERS\n).*?(?=\n### CommonParameters)'

function Get-Text {
    param([string] $Path)
    (Get-Content -Path $Path -Raw).Replace("`r", '')
}

function Merge-Parameter {
    param([string] $Present, [string] $Made)
    $written = @{}
    foreach ($found in [regex]::Matches($Present, $parameter)) {
        $written[$found.Groups['name'].Value] = $found
    }
    $sections = foreach ($found in [regex]::Matches($Made, $parameter)) {
        $name = $found.Groups['name'].Value
        $yaml = $found.Groups['yaml'].Value
        $text = $found.Groups['text'].Value
        if ($written[$name]) {
            $text = $written[$name].Groups['text'].Value
            $default = [regex]::Match($written[$name].Groups['yaml'].Value, '(?m)^DefaultValue:.*$').Value
            $yaml = [regex]::Replace($yaml, '(?m)^DefaultValue:.*$', { $default })
        }
        "`n### -$name`n$text``````yaml`n$yaml```````n"
    }
    -join $sections
}

$work = Join-Path ([System.IO.Path]::GetTempPath()) ([guid]::NewGuid().ToString('n'))
try {
    Import-Module -Name $Manifest
    foreach ($command in (Get-Module -Name PortMgmt).ExportedCmdlets.Values) {
        $file = New-MarkdownCommandHelp -CommandInfo $command -OutputFolder $work
        $made = (Get-Text -Path $file.FullName) -replace '(?s)## ALIASES\n.*?(?=## )'
        $page = Join-Path $pages $file.Name
        $present = (Test-Path -Path $page) ? (Get-Text -Path $page) : $made
        $text = [regex]::Replace($present, $syntax, { [regex]::Match($made, $syntax).Value })
        $text = [regex]::Replace($text, $parameters, { Merge-Parameter -Present $present -Made $made })
        if (-not (Test-Path -Path $page) -or $text -cne $present) {
            [System.IO.File]::WriteAllText([System.IO.Path]::GetFullPath($page), $text)
            Get-Item -Path $page
        }
    }
}
finally {
    Remove-Item -Path $work -Recurse -ErrorAction Ignore
}
