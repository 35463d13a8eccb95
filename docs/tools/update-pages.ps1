#Requires -Version 7.6
<#
.SYNOPSIS
    Brings syntax and parameters of the help pages up to the built module; makes pages for new cmdlets.
.DESCRIPTION
    What people wrote stays. A new parameter gets a section with "{{ Fill", which the tests refuse until it says something;
    that of a parameter which is gone goes too. Then ./docs/tools/build-help.ps1 makes the help file.
.EXAMPLE
    ./docs/tools/update-pages.ps1; git diff docs/en-US
#>
[CmdletBinding()]
param(
    [string] $Manifest = (Join-Path $PSScriptRoot '../../PortMgmt.psd1')
)

$ErrorActionPreference = 'Stop'
Import-Module -Name (Join-Path $PSScriptRoot 'HelpPages.psm1') -Force
$folder = Convert-Path -LiteralPath (Join-Path $PSScriptRoot '../en-US')
$syntax = '(?s)(?<=\n## SYNTAX\n\n).*?(?=\n\n## )'
$parameters = '(?s)(?<=\n## PARAMETERS\n\n).*?(?=### CommonParameters)'

function New-PageText {
    param([string] $Name)
    @(
        '---', 'document type: cmdlet', 'external help file: PortMgmt.dll-Help.xml', "HelpUri: ''", 'Locale: en-US', 'Module Name: PortMgmt'
        "ms.date: $(Get-Date -Format MM/dd/yyyy -AsUTC)", 'PlatyPS schema version: 2024-05-01', "title: $Name", '---', ''
        "# $Name", '', '## SYNOPSIS', '', '{{ Fill in what it does }}', '', '## SYNTAX', '', '-', '', '## DESCRIPTION', '', '{{ Fill in }}', ''
        '## EXAMPLES', '', '### Example 1: {{ Fill in }}', '', '```powershell', $Name, '```', '', '## PARAMETERS', '', '### CommonParameters', ''
        'This cmdlet supports the common parameters: -Debug, -ErrorAction, -ErrorVariable,'
        '-InformationAction, -InformationVariable, -OutBuffer, -OutVariable, -PipelineVariable,'
        '-ProgressAction, -Verbose, -WarningAction, and -WarningVariable. For more information, see'
        '[about_CommonParameters](https://go.microsoft.com/fwlink/?LinkID=113216).', ''
        '## INPUTS', '', '### None', '', '{{ Fill in }}', '', '## OUTPUTS', '', '### None', '', '{{ Fill in }}', ''
        '## NOTES', '', '{{ Fill in }}', '', '## RELATED LINKS', '', '- [about_PortMgmt](about_PortMgmt)', ''
    ) -join "`n"
}

function Get-ParameterSection {
    param($Page, [System.Management.Automation.CommandInfo] $Command)
    $made = foreach ($parameter in Get-OwnParameter -Command $Command) {
        $written = $Page.Parameters | Where-Object -Property Name -EQ $parameter.Name
        $default = [regex]::Match("$($written.TableText)", '(?m)^DefaultValue: (.*)$').Groups[1].Value
        $table = Get-ParameterTable -Parameter $parameter -Default $default
        "### -$($parameter.Name)", '', ($written ? $written.Text : '{{ Fill in what it is }}'), '', '```yaml', "$table``````", '', '' -join "`n"
    }
    -join $made
}

Import-Module -Name $Manifest
foreach ($command in (Get-Module -Name PortMgmt).ExportedCmdlets.Values) {
    $path = Join-Path $folder "$($command.Name).md"
    if (-not (Test-Path -LiteralPath $path)) {
        [System.IO.File]::WriteAllText($path, (New-PageText -Name $command.Name))
    }
    $page = Read-HelpPage -Path $path
    $text = [regex]::Replace($page.Text, $syntax, { Get-SyntaxText -Command $command })
    $text = [regex]::Replace($text, $parameters, { Get-ParameterSection -Page $page -Command $command })
    if ($text -cne $page.Text) {
        [System.IO.File]::WriteAllText($path, $text)
        Get-Item -LiteralPath $path
    }
}
