<#
    The pages of the help in docs/en-US, in the form of PlatyPS: read as objects, and the parts of them that follow from the code.
#>

$sections = 'SYNOPSIS', 'SYNTAX', 'DESCRIPTION', 'EXAMPLES', 'PARAMETERS', 'INPUTS', 'OUTPUTS', 'NOTES', 'RELATED LINKS'
$syntaxWidth = 100

function Get-PageText {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    [System.IO.File]::ReadAllText((Convert-Path -LiteralPath $Path)).Replace("`r", '')
}

# The parts of a text that begin with a heading: its rest of the line, and what follows.
function Split-Heading {
    param([string] $Text, [string] $Pattern)
    $next = $Pattern.Replace('(?<title>', '(?:')
    foreach ($found in [regex]::Matches($Text, "(?ms)^### $Pattern\n(?<body>.*?)(?=^### $next\n|\z)")) {
        [pscustomobject] @{ Title = $found.Groups['title'].Value; Text = $found.Groups['body'].Value.Trim() }
    }
}

function ConvertFrom-ParameterTable {
    param([string] $Text)
    $field = {
        param($name)
        [regex]::Match($Text, "(?m)^${name}: ?(.*)$").Groups[1].Value.Trim("'")
    }
    $list = [regex]::Match($Text, '(?m)^Aliases:(?<inline>.*)\n(?<items>(?:- .*\n)*)')
    $sets = foreach ($found in [regex]::Matches($Text, '(?m)^- Name: (?<name>.+)\n(?<values>(?:  .+\n)+)')) {
        $values = @{}
        foreach ($line in $found.Groups['values'].Value.Trim() -split '\n') {
            $key, $value = $line.Trim() -split ': ', 2
            $values[$key] = $value
        }
        [pscustomobject] @{ Name = $found.Groups['name'].Value; Values = $values }
    }
    [pscustomobject] @{
        Type = & $field 'Type'
        Default = & $field 'DefaultValue'
        SupportsWildcards = (& $field 'SupportsWildcards') -eq 'true'
        Aliases = @($list.Groups['items'].Value -split '\n' -replace '^- ' -ne '')
        Sets = @($sets)
    }
}

function Read-HelpPage {
    <#
    .SYNOPSIS
        A page as an object: its sections, examples, and parameters with their tables.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    $text = Get-PageText -Path $Path
    $part = @{}
    for ($i = 0; $i -lt $sections.Count; $i++) {
        $end = $i + 1 -lt $sections.Count ? "\n## $($sections[$i + 1])\n" : '\z'
        $found = [regex]::Match($text, "(?s)\n## $($sections[$i])\n(.*?)(?=$end)")
        if (-not $found.Success) {
            throw "$Path has no section '$($sections[$i])', or it is not followed by the next one: the order is $($sections -join ', ')."
        }
        $part[$sections[$i]] = $found.Groups[1].Value.Trim()
    }
    $tables = foreach ($item in [regex]::Matches($part.PARAMETERS, '(?ms)^### -(?<name>\S+)\n(?<text>.*?)```yaml\n(?<table>.*?)^```$')) {
        [pscustomobject] @{
            Name = $item.Groups['name'].Value
            Text = $item.Groups['text'].Value.Trim()
            TableText = $item.Groups['table'].Value
            Table = ConvertFrom-ParameterTable -Text $item.Groups['table'].Value
        }
    }
    [pscustomobject] @{
        Name = [System.IO.Path]::GetFileNameWithoutExtension($Path)
        Text = $text
        Synopsis = $part.SYNOPSIS
        SyntaxText = $part.SYNTAX
        Syntax = @(Split-Heading -Text $part.SYNTAX -Pattern '(?<title>\S+(?: \(Default\))?)')
        Description = $part.DESCRIPTION
        Examples = @(Split-Heading -Text $part.EXAMPLES -Pattern '(?<title>Example \d+: [^\n]+)')
        Parameters = @($tables)
        Inputs = @(Split-Heading -Text $part.INPUTS -Pattern '(?<title>\S+)')
        Outputs = @(Split-Heading -Text $part.OUTPUTS -Pattern '(?<title>\S+)')
        Notes = $part.NOTES
        Links = @([regex]::Matches($part.'RELATED LINKS', '\[(?<text>[^\]]+)\]\((?<uri>[^)]+)\)') |
                ForEach-Object -Process { [pscustomobject] @{ Text = $_.Groups['text'].Value; Uri = $_.Groups['uri'].Value } })
    }
}

function Format-Syntax {
    param([string] $Text)
    $line = ''
    $lines = foreach ($word in [regex]::Matches($Text, '\[\[?-\w+\]?(?: <[^>]+>)?\]|\[?-\w+\]?(?: <[^>]+>)?|\S+')) {
        if ($line -and $line.Length + 1 + $word.Length -gt $syntaxWidth) {
            $line
            $line = ''
            $word = " $word"
        }
        $line = $line ? "$line $word" : "$word"
    }
    @($lines) + $line -join "`n"
}

function Get-SyntaxText {
    <#
    .SYNOPSIS
        The section on syntax that a command has by its code.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Management.Automation.CommandInfo] $Command)
    $blocks = foreach ($set in $Command.ParameterSets | Sort-Object -Property { -not $_.IsDefault } -Stable) {
        $words = "$set".Replace('[<CommonParameters>]', '').Trim()
        "### $($set.Name)$($set.IsDefault ? ' (Default)' : '')", '', '```', (Format-Syntax -Text "$($Command.Name) $words"), '```' -join "`n"
    }
    $blocks -join "`n`n"
}

function Get-OwnParameter {
    <#
    .SYNOPSIS
        The parameters of a command that are not common to all, by name.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Management.Automation.CommandInfo] $Command)
    $Command.Parameters.Values |
        Where-Object -FilterScript { $_.Name -notin [System.Management.Automation.Cmdlet]::CommonParameters } |
        Sort-Object -Property Name -Culture ''
}

function Get-ParameterTable {
    <#
    .SYNOPSIS
        The table that a parameter has by its code; the default value is what the page says.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.ParameterMetadata] $Parameter,
        [string] $Default
    )
    $bool = { param($value) $value ? 'true' : 'false' }
    $wildcards = $Parameter.Attributes.Where({ $_ -is [System.Management.Automation.SupportsWildcardsAttribute] }).Count -gt 0
    $aliases = $Parameter.Aliases.Count ? "Aliases:`n" + (($Parameter.Aliases | ForEach-Object -Process { "- $_" }) -join "`n") : 'Aliases: []'
    $sets = foreach ($name in $Parameter.ParameterSets.Keys | Sort-Object -Culture '') {
        $set = $Parameter.ParameterSets[$name]
        "- Name: $($name -eq '__AllParameterSets' ? '(All)' : $name)"
        "  Position: $($set.Position -lt 0 ? 'Named' : $set.Position)"
        "  IsRequired: $(& $bool $set.IsMandatory)"
        "  ValueFromPipeline: $(& $bool $set.ValueFromPipeline)"
        "  ValueFromPipelineByPropertyName: $(& $bool $set.ValueFromPipelineByPropertyName)"
        "  ValueFromRemainingArguments: $(& $bool $set.ValueFromRemainingArguments)"
    }
    $value = [System.Nullable]::GetUnderlyingType($Parameter.ParameterType)
    $type = $value ? "System.Nullable``1[$($value.FullName)]" : $Parameter.ParameterType.FullName
    @(
        "Type: $type"
        "DefaultValue: $($Default ? $Default : "''")"
        "SupportsWildcards: $(& $bool $wildcards)"
        $aliases
        'ParameterSets:'
        $sets
        'DontShow: false'
        'AcceptedValues: []'
        "HelpMessage: ''"
        ''
    ) -join "`n"
}

Export-ModuleMember -Function Get-PageText, Read-HelpPage, Get-SyntaxText, Get-OwnParameter, Get-ParameterTable
