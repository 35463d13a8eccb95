#Requires -Version 7.4
<#
.SYNOPSIS
    Makes the help file of the cmdlets (MAML) from the pages in docs/en-US.
.DESCRIPTION
    Needs nothing but PowerShell: the pages are in the form of PlatyPS, which need not be installed. Get-Help shows code as code, with its
    output behind it, a paragraph as a paragraph, and no links that lead nowhere.
.EXAMPLE
    ./docs/tools/build-help.ps1 -Destination ./en-US
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Destination
)

$ErrorActionPreference = 'Stop'
Import-Module -Name (Join-Path $PSScriptRoot 'HelpPages.psm1') -Force
$namespaces = @{
    maml = 'http://schemas.microsoft.com/maml/2004/10'
    command = 'http://schemas.microsoft.com/maml/dev/command/2004/10'
    dev = 'http://schemas.microsoft.com/maml/dev/2004/10'
}

function Write-Element {
    # The names of these are visible in the body, so that they are names that no other function here has.
    param([string] $Tag, [System.Collections.IDictionary] $Attributes, [scriptblock] $Body, [string] $InnerText)
    $prefix, $local = $Tag -split ':'
    $xml.WriteStartElement($prefix, $local, $namespaces[$prefix])
    foreach ($key in $Attributes.Keys) {
        $xml.WriteAttributeString($key, $Attributes[$key])
    }
    if ($Body) {
        & $Body
    }
    if ($InnerText) {
        $xml.WriteString($InnerText)
    }
    $xml.WriteEndElement()
}

# Lines of a paragraph are joined: the reader's window decides where they end. Lists keep their lines.
function ConvertTo-Paragraph {
    param([string] $Text)
    $Text.Trim() -split '\n{2,}' -ne '' | ForEach-Object -Process { $_ -match '(?m)^- ' ? $_ : ($_ -replace '\s*\n\s*', ' ') }
}

function Write-Description {
    param([string] $Text, [string] $Name = 'maml:description')
    Write-Element -Tag $Name -Body {
        ConvertTo-Paragraph -Text $Text | ForEach-Object -Process { Write-Element -Tag 'maml:para' -InnerText $_ }
    }
}

function Get-PipelineInput {
    param($Table)
    $ways = @(
        if ($Table.Sets.Values.ValueFromPipeline -contains 'true') { 'ByValue' }
        if ($Table.Sets.Values.ValueFromPipelineByPropertyName -contains 'true') { 'ByPropertyName' }
    )
    $ways ? "true ($($ways -join ', '))" : 'false'
}

function Write-Parameter {
    param($Parameter, [string] $Set, [string] $ShownType)
    $table = $Parameter.Table
    $values = ($table.Sets | Where-Object -Property Name -In $Set, '(All)' | Select-Object -First 1) ?? $table.Sets[0]
    $attributes = [ordered] @{
        required = $Set ? $values.Values.IsRequired : "$($table.Sets.Values.IsRequired -notcontains 'false')".ToLowerInvariant()
        variableLength = 'false'
        globbing = "$($table.SupportsWildcards)".ToLowerInvariant()
        pipelineInput = Get-PipelineInput -Table $table
        position = $values.Values.Position.ToLowerInvariant()
        aliases = $table.Aliases ? ($table.Aliases -join ', ') : 'none'
    }
    Write-Element -Tag 'command:parameter' -Attributes $attributes -Body {
        Write-Element -Tag 'maml:name' -InnerText $Parameter.Name
        Write-Description -Text ($Set ? '' : $Parameter.Text)
        if ($table.Type -ne 'System.Management.Automation.SwitchParameter') {
            Write-Element -Tag 'command:parameterValue' -Attributes ([ordered] @{ required = 'true'; variableLength = 'false' }) -InnerText ($ShownType ? $ShownType : $table.Type)
        }
        Write-Element -Tag 'dev:type' -Body { Write-Element -Tag 'maml:name' -InnerText $table.Type }
        if (-not $Set) {
            Write-Element -Tag 'dev:defaultValue' -InnerText ($table.Default ? $table.Default : 'None')
        }
    }
}

function Write-Syntax {
    param($Page, $Block)
    $set = $Block.Title -replace ' \(Default\)$' -replace '^__AllParameterSets$', '(All)'
    Write-Element -Tag 'command:syntaxItem' -Body {
        Write-Element -Tag 'maml:name' -InnerText $Page.Name
        foreach ($found in [regex]::Matches($Block.Text, '(?<=[\s\[])-(?<name>\w+)\]?(?: <(?<type>[^>]+)>)?(?=[\]\s]|\z)')) {
            $parameter = $Page.Parameters | Where-Object -Property Name -EQ $found.Groups['name'].Value
            if ($parameter) {
                Write-Parameter -Parameter $parameter -Set $set -ShownType $found.Groups['type'].Value
            }
        }
    }
}

# Get-Help shows an introduction and the code behind it in one line, and takes the indent off remarks: so the introduction
# ends its own line, and output is part of the code, which is shown as it is.
function Write-Example {
    param($Example)
    $blocks = [regex]::Matches($Example.Text, '(?ms)^```\w*\n(?<code>.*?)\n?^```$')
    $introduction = ConvertTo-Paragraph -Text ([regex]::Replace($Example.Text, '(?ms)^```\w*\n.*?^```$', ''))
    Write-Element -Tag 'command:example' -Body {
        Write-Element -Tag 'maml:title' -InnerText "--------- $($Example.Title) ---------"
        Write-Element -Tag 'maml:introduction' -Body { $introduction | ForEach-Object -Process { Write-Element -Tag 'maml:para' -InnerText "$_`n`n" } }
        Write-Element -Tag 'dev:code' -InnerText (($blocks | ForEach-Object -Process { $_.Groups['code'].Value }) -join "`n`n")
        Write-Element -Tag 'dev:remarks' -Body { Write-Element -Tag 'maml:para' }
    }
}

function Write-Type {
    param([string] $Kind, $Type)
    Write-Element -Tag "command:${Kind}s" -Body {
        foreach ($item in $Type) {
            Write-Element -Tag "command:$Kind" -Body {
                Write-Element -Tag 'dev:type' -Body { Write-Element -Tag 'maml:name' -InnerText $item.Title }
                Write-Description -Text $item.Text
            }
        }
    }
}

function Write-Command {
    param($Page)
    Write-Element -Tag 'command:command' -Body {
        $verb, $noun = $Page.Name -split '-', 2
        Write-Element -Tag 'command:details' -Body {
            Write-Element -Tag 'command:name' -InnerText $Page.Name
            Write-Description -Text $Page.Synopsis
            Write-Element -Tag 'command:verb' -InnerText $verb
            Write-Element -Tag 'command:noun' -InnerText $noun
        }
        Write-Description -Text $Page.Description
        Write-Element -Tag 'command:syntax' -Body { $Page.Syntax | ForEach-Object -Process { Write-Syntax -Page $Page -Block $_ } }
        Write-Element -Tag 'command:parameters' -Body { $Page.Parameters | ForEach-Object -Process { Write-Parameter -Parameter $_ } }
        Write-Type -Kind 'inputType' -Type $Page.Inputs
        Write-Type -Kind 'returnValue' -Type $Page.Outputs
        Write-Element -Tag 'maml:alertSet' -Body { Write-Description -Name 'maml:alert' -Text $Page.Notes }
        Write-Element -Tag 'command:examples' -Body { $Page.Examples | ForEach-Object -Process { Write-Example -Example $_ } }
        Write-Element -Tag 'command:relatedLinks' -Body {
            foreach ($link in $Page.Links) {
                Write-Element -Tag 'maml:navigationLink' -Body {
                    Write-Element -Tag 'maml:linkText' -InnerText $link.Text
                    Write-Element -Tag 'maml:uri' -InnerText ($link.Uri -like '*.md' ? '' : $link.Uri)
                }
            }
        }
    }
}

$settings = [System.Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; Encoding = [System.Text.UTF8Encoding]::new($false) }
$target = Join-Path (New-Item -ItemType Directory -Path $Destination -Force) 'PortMgmt.dll-Help.xml'
$xml = [System.Xml.XmlWriter]::Create($target, $settings)
try {
    $xml.WriteStartElement('helpItems', 'http://msh')
    $xml.WriteAttributeString('schema', 'maml')
    foreach ($prefix in 'maml', 'command', 'dev') {
        $xml.WriteAttributeString('xmlns', $prefix, $null, $namespaces[$prefix])
    }
    Get-ChildItem -Path (Join-Path $PSScriptRoot '../en-US') -Filter '*-*.md' | Sort-Object -Property Name -Culture '' |
        ForEach-Object -Process { Write-Command -Page (Read-HelpPage -Path $_.FullName) }
    $xml.WriteEndElement()
}
finally {
    $xml.Dispose()
}
Get-Item -Path $target
