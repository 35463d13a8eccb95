#Requires -Version 7.4
#Requires -Modules Microsoft.PowerShell.PlatyPS
<#
.SYNOPSIS
    Makes the help file of the cmdlets from the pages in docs/en-US.
.DESCRIPTION
    PlatyPS makes the MAML. What follows is about how Get-Help shows it: code as code, output behind it, a paragraph as a
    paragraph, and no links that lead nowhere.
.EXAMPLE
    ./docs/tools/build-help.ps1 -Destination ./en-US
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Destination
)

$ErrorActionPreference = 'Stop'
$fence = '(?s)^```(?<language>\w*)\n(?<text>.*?)\n?```$'

# PlatyPS separates the blocks of an example by paragraphs of this one character.
$separator = [char] 0x80

function Set-Paragraph {
    param([System.Xml.XmlElement] $Parent, [string[]] $Text)
    $namespace = $Parent.GetNamespaceOfPrefix('maml')
    $Parent.InnerXml = ''
    foreach ($paragraph in $Text) {
        $element = $Parent.OwnerDocument.CreateElement('maml', 'para', $namespace)
        $element.InnerText = $paragraph
        $null = $Parent.AppendChild($element)
    }
}

# Lines of a paragraph are joined: the reader's window decides where they end. Lists keep their lines.
function ConvertTo-Paragraph {
    param([string] $Text)
    $Text.Trim() -split '\n{2,}' | ForEach-Object -Process { $_ -match '(?m)^- ' ? $_ : ($_ -replace '\s*\n\s*', ' ') }
}

# Get-Help shows an introduction and the code behind it in one line, and takes the indent off remarks: so the introduction
# ends its own line, and output is part of the code, which is shown as it is.
function Update-Example {
    param([System.Xml.XmlElement] $Example)
    $introduction = @()
    $code = @()
    foreach ($block in $Example.introduction.para) {
        if ($block -match $fence) {
            $code += $Matches.text
        }
        elseif ($block -and $block -ne $separator) {
            $introduction += (ConvertTo-Paragraph -Text $block) + "`n`n"
        }
    }
    Set-Paragraph -Parent $Example['maml:introduction'] -Text $introduction
    $Example['dev:code'].InnerText = $code -join "`n`n"
    Set-Paragraph -Parent $Example['dev:remarks'] -Text ''
}

# PlatyPS leaves the defaults out.
function Add-Default {
    param([System.Xml.XmlElement] $Command, $Help)
    foreach ($parameter in $Command.SelectNodes('*[local-name() = "parameters"]/*')) {
        $documented = $Help.Parameters | Where-Object -Property Name -EQ $parameter.name
        $element = $Command.OwnerDocument.CreateElement('dev', 'defaultValue', $Command.GetNamespaceOfPrefix('dev'))
        $element.InnerText = $documented.DefaultValue ? $documented.DefaultValue : 'None'
        $null = $parameter.AppendChild($element)
    }
}

function Update-Command {
    param([System.Xml.XmlElement] $Command)
    $Command.SelectNodes('.//*[local-name() = "description" and *[local-name() = "para"]]') |
        ForEach-Object -Process { Set-Paragraph -Parent $_ -Text (ConvertTo-Paragraph -Text ($_.para -join "`n`n")) }
    $Command.SelectNodes('.//*[local-name() = "example"]') | ForEach-Object -Process { Update-Example -Example $_ }
    foreach ($link in $Command.SelectNodes('.//*[local-name() = "navigationLink"]')) {
        if ($link.linkText -eq 'Online Version' -and -not $link.uri) {
            $null = $link.ParentNode.RemoveChild($link)
        }
        elseif ($link.uri -like '*.md') {
            $link['maml:uri'].InnerText = ''
        }
    }
}

$work = Join-Path ([System.IO.Path]::GetTempPath()) ([guid]::NewGuid().ToString('n'))
try {
    $pages = Get-ChildItem -Path (Join-Path $PSScriptRoot '../en-US') -Filter '*-*.md' | Sort-Object -Property Name -Culture '' |
        Import-MarkdownCommandHelp
    $made = $pages | Export-MamlCommandHelp -OutputFolder $work
    foreach ($file in $made) {
        $document = [xml]::new()
        $document.LoadXml((Get-Content -Path $file.FullName -Raw).Replace("`r", ''))
        foreach ($command in $document.DocumentElement.ChildNodes) {
            Update-Command -Command $command
            Add-Default -Command $command -Help ($pages | Where-Object -Property Title -EQ $command.details.name)
        }
        $settings = [System.Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; Encoding = [System.Text.UTF8Encoding]::new($false) }
        $target = Join-Path (New-Item -ItemType Directory -Path $Destination -Force) $file.Name
        $writer = [System.Xml.XmlWriter]::Create($target, $settings)
        $document.Save($writer)
        $writer.Dispose()
        Get-Item -Path $target
    }
}
finally {
    Remove-Item -Path $work -Recurse -ErrorAction Ignore
}
