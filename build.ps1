#Requires -Version 7.4
<#
.SYNOPSIS
    Builds, tests, checks, documents and packages PortMgmt. Thin over dotnet.
.EXAMPLE
    ./build.ps1 -Task Build, Test
.EXAMPLE
    ./build.ps1 -Task Package
    Leaves the module in artifacts/module/PortMgmt, as it is published.
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Analyze', 'Docs', 'Package', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$solution = Join-Path $root 'PortMgmt.sln'
$artifacts = Join-Path $root 'artifacts'

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $args ended with $LASTEXITCODE."
    }
}

function Test-Source {
    Invoke-DotNet format $solution --verify-no-changes
    if (-not (Get-Module -ListAvailable -Name PSScriptAnalyzer)) {
        throw 'The scripts cannot be analysed: Install-Module PSScriptAnalyzer.'
    }
    $settings = Join-Path $root 'PSScriptAnalyzerSettings.psd1'
    $sources = 'build.ps1', 'PortMgmt.psd1', 'tests/pester', 'examples', 'benchmarks' |
        ForEach-Object -Process { Join-Path $root $_ } |
        Where-Object -FilterScript { Test-Path -Path $_ }
    $findings = $sources | ForEach-Object -Process { Invoke-ScriptAnalyzer -Path $_ -Settings $settings -Recurse }
    if ($findings) {
        $findings | Format-Table -Property ScriptName, Line, Severity, RuleName, Message -AutoSize -Wrap | Out-Host
        throw "PSScriptAnalyzer has $(@($findings).Count) findings."
    }
}

function Build-Help {
    $sources = Join-Path $root 'docs/en-US'
    if (-not (Get-ChildItem -Path $sources -Filter '*-*.md' -ErrorAction Ignore)) {
        throw "There is no help to build yet: $sources has no Verb-Noun.md."
    }
    if (-not (Get-Module -ListAvailable -Name Microsoft.PowerShell.PlatyPS)) {
        throw 'The help cannot be built: Install-Module Microsoft.PowerShell.PlatyPS.'
    }
    $built = Join-Path $artifacts 'help'
    Get-ChildItem -Path $sources -Filter '*-*.md' | Import-MarkdownCommandHelp | Export-MamlCommandHelp -OutputFolder $built -Force |
        Copy-Item -Destination (New-Item -ItemType Directory -Path (Join-Path $root 'en-US') -Force)
}

function Build-Package {
    param([string] $Configuration)
    Invoke-DotNet build (Join-Path $root 'src/PortMgmt') --configuration $Configuration
    $package = Join-Path $artifacts 'module/PortMgmt'
    if (Test-Path -Path $package) {
        Remove-Item -Path $package -Recurse
    }
    $null = New-Item -ItemType Directory -Path $package
    'PortMgmt.psd1', 'module', 'en-US', 'LICENSE', 'CHANGELOG.md', 'README.md' |
        ForEach-Object -Process { Join-Path $root $_ } |
        Where-Object -FilterScript { Test-Path -Path $_ } |
        Copy-Item -Destination $package -Recurse
    $null = Test-ModuleManifest -Path (Join-Path $package 'PortMgmt.psd1')
    Write-Output -InputObject "Packaged $package"
}

switch ($Task) {
    'Build' { Invoke-DotNet build $solution --configuration $Configuration }
    'Test' { Invoke-DotNet test $solution --configuration $Configuration }
    'Analyze' { Test-Source }
    'Docs' { Build-Help }
    'Package' { Build-Package -Configuration $Configuration }
    'Clean' {
        Invoke-DotNet clean $solution --configuration $Configuration --verbosity quiet
        if (Test-Path -Path $artifacts) {
            Remove-Item -Path $artifacts -Recurse
        }
    }
}
