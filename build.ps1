#Requires -Version 7.4
<#
.SYNOPSIS
    Builds, tests, checks, documents and packages PortMgmt. Thin over dotnet.
.EXAMPLE
    ./build.ps1 -Task Build, Test
.EXAMPLE
    ./build.ps1 -Task Build, Precompile
    Has the module run in the repository as it does from its package: precompiled. The next build takes that back.
.EXAMPLE
    ./build.ps1 -Task Coverage
    Prints line and branch coverage of the core by folder, with the lowest files named.
.EXAMPLE
    ./build.ps1 -Task Package
    Leaves the module in artifacts/module/PortMgmt and the packages in artifacts/packages, as they are published.
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Precompile', 'Test', 'Coverage', 'Analyze', 'Docs', 'Package', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    # The systems for which the module is precompiled, by their runtime identifiers; on others it is compiled as it is used.
    [string[]] $Runtime = [System.Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier,

    # Where Package leaves what it makes.
    [string] $Artifacts = (Join-Path $PSScriptRoot 'artifacts')
)

$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$solution = Join-Path $root 'PortMgmt.sln'
$Artifacts = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Artifacts)

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
    $sources = 'build.ps1', 'PortMgmt.psd1', 'module', 'tests/coverage.ps1', 'tests/pester', 'docs/tools', 'examples', 'benchmarks' |
        ForEach-Object -Process { Join-Path $root $_ } |
        Where-Object -FilterScript { Test-Path -Path $_ }
    $findings = $sources | ForEach-Object -Process { Invoke-ScriptAnalyzer -Path $_ -Settings $settings -Recurse }
    if ($findings) {
        $findings | Format-Table -Property ScriptName, Line, Severity, RuleName, Message -AutoSize -Wrap | Out-Host
        throw "PSScriptAnalyzer has $(@($findings).Count) findings."
    }
}

function Build-Help {
    if (-not (Get-Module -ListAvailable -Name Microsoft.PowerShell.PlatyPS)) {
        throw 'The help cannot be built: Install-Module Microsoft.PowerShell.PlatyPS.'
    }
    # In a process of its own: the module would keep its assembly from being built again.
    & (Get-Process -Id $PID).Path -NoProfile -File (Join-Path $root 'docs/tools/update-pages.ps1')
    & (Get-Process -Id $PID).Path -NoProfile -File (Join-Path $root 'docs/tools/build-help.ps1') -Destination (Join-Path $root 'en-US')
}

function Build-Precompiled {
    param([string] $Configuration, [string[]] $Runtime, [string] $Destination)
    foreach ($system in $Runtime) {
        Invoke-DotNet publish (Join-Path $root 'src/PortMgmt') --configuration $Configuration --runtime $system --output (Join-Path $Destination $system)
    }
}

# Builds into the package itself: nothing that lies about in module/bin gets in, and nothing there is touched.
function Build-ModulePackage {
    param([string] $Configuration, [string[]] $Runtime, [string] $Destination)
    if (Test-Path -Path $Destination) {
        Remove-Item -Path $Destination -Recurse
    }
    $null = New-Item -ItemType Directory -Path (Join-Path $Destination 'module')
    'PortMgmt.psd1', 'en-US', 'LICENSE', 'CHANGELOG.md', 'README.md' |
        ForEach-Object -Process { Copy-Item -Path (Join-Path $root $_) -Destination $Destination -Recurse }
    Copy-Item -Path (Join-Path $root 'module/*.ps*1*') -Destination (Join-Path $Destination 'module')
    $bin = (Join-Path $Destination 'module/bin') + '/'
    Invoke-DotNet build (Join-Path $root 'src/PortMgmt') --configuration $Configuration "--property:ModuleBin=$bin"
    Build-Precompiled -Configuration $Configuration -Runtime $Runtime -Destination $bin
    $null = Test-ModuleManifest -Path (Join-Path $Destination 'PortMgmt.psd1')
}

# The module as a file that the gallery, or any folder that serves as one, takes.
function Publish-ModulePackage {
    param([string] $Module, [string] $Destination)
    if (-not (Get-Command -Name Publish-PSResource -ErrorAction Ignore)) {
        Write-Warning -Message 'The module is not packed for the gallery: there is no Microsoft.PowerShell.PSResourceGet.'
        return
    }
    $name = 'PortMgmtBuild'
    Register-PSResourceRepository -Name $name -Uri $Destination -Trusted -Force
    try {
        Publish-PSResource -Path $Module -Repository $name
    }
    finally {
        Unregister-PSResourceRepository -Name $name
    }
}

function Build-Package {
    param([string] $Configuration, [string[]] $Runtime, [string] $Destination)
    $packages = Join-Path $Destination 'packages'
    if (Test-Path -Path $packages) {
        Remove-Item -Path $packages -Recurse
    }
    $null = New-Item -ItemType Directory -Path $packages
    $module = Join-Path $Destination 'module/PortMgmt'
    Build-ModulePackage -Configuration $Configuration -Runtime $Runtime -Destination $module
    Publish-ModulePackage -Module $module -Destination $packages
    'src/PortMgmt.Core', 'src/PortMgmt.Cli' | ForEach-Object -Process {
        Invoke-DotNet pack (Join-Path $root $_) --configuration $Configuration --output $packages
    }
    Get-ChildItem -Path $module, $packages
}

switch ($Task) {
    'Build' { Invoke-DotNet build $solution --configuration $Configuration }
    'Precompile' { Build-Precompiled -Configuration $Configuration -Runtime $Runtime -Destination (Join-Path $root 'module/bin') }
    'Test' { Invoke-DotNet test $solution --configuration $Configuration }
    'Coverage' { & (Join-Path $root 'tests/coverage.ps1') }
    'Analyze' { Test-Source }
    'Docs' { Build-Help }
    'Package' { Build-Package -Configuration $Configuration -Runtime $Runtime -Destination $Artifacts }
    'Clean' {
        Invoke-DotNet clean $solution --configuration $Configuration --verbosity quiet
        if (Test-Path -Path $Artifacts) {
            Remove-Item -Path $Artifacts -Recurse
        }
    }
}
