#Requires -Version 7.4
<#
.SYNOPSIS
    Builds, tests, checks, documents and packages PortMgmt. Thin over dotnet.
.EXAMPLE
    ./build.ps1 -Task Build, Test
.EXAMPLE
    ./build.ps1 -Task Build, Precompile
    Has the module run in the repository as it does from its package: precompiled. The next build that changes it takes that back.
.EXAMPLE
    ./build.ps1 -Task Coverage
    Prints line and branch coverage of the core by folder, with the lowest files named.
.EXAMPLE
    ./build.ps1 -Task Package
    Leaves the module in artifacts/module/PortMgmt and the packages in artifacts/packages, as they are published. With -NoNative
    sooner, and without the native form of the command line.
#>
[CmdletBinding()]
param(
    # Also as one text with commas, which is what "pwsh -File build.ps1 -Task Build,Test" passes from another shell.
    [ArgumentCompletions('Build', 'Precompile', 'Test', 'Coverage', 'Analyze', 'Docs', 'Package', 'Clean')]
    [ValidateScript({
            $tasks = 'Build', 'Precompile', 'Test', 'Coverage', 'Analyze', 'Docs', 'Package', 'Clean'
            $unknown = $_.Split(',').Trim() | Where-Object -FilterScript { $_ -notin $tasks }
            if ($null -ne $unknown) {
                throw "There is no task '$($unknown -join "', '")'. The tasks are $($tasks -join ', ')."
            }
            $true
        })]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    # The systems for which the module is precompiled, by their runtime identifiers; on others it is compiled as it is used.
    # As with tasks, commas in a text separate.
    [string[]] $Runtime = [System.Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier,

    # Where Package leaves what it makes.
    [string] $Artifacts = (Join-Path $PSScriptRoot 'artifacts'),

    # Package makes the command line only in the form that needs the .NET runtime: linking the native one takes longer than the rest.
    [switch] $NoNative
)

$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$system = [System.Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier
$Task = $Task.Split(',').Trim()
$Runtime = $Runtime.Split(',').Trim()
$solution = Join-Path $root 'PortMgmt.sln'
$Artifacts = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Artifacts)

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $args ended with $LASTEXITCODE."
    }
}

# Modules of the PowerShell Gallery; NuGet does not have them, so they cannot be restored as the rest is.
function Assert-GalleryModule {
    param([string] $Name, [string] $Purpose)
    if (-not (Get-Module -ListAvailable -Name $Name)) {
        throw "$Purpose needs the module $Name, which is not on NuGet. Where the PowerShell Gallery can be reached: Install-PSResource $Name -TrustRepository"
    }
}

function Test-Source {
    Invoke-DotNet format $solution --verify-no-changes
    Assert-GalleryModule -Name PSScriptAnalyzer -Purpose 'The analysis of the scripts'
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
    # In a process of its own: the module would keep its assembly from being built again. As the .NET tool this shell is
    # dotnet with pwsh.dll.
    $shell = [System.Environment]::ProcessPath
    $dll = @(if ($shell -match 'dotnet(\.exe)?$') { "$PSHOME/pwsh.dll" })
    & $shell @dll -NoProfile -File (Join-Path $root 'docs/tools/update-pages.ps1')
    & $shell @dll -NoProfile -File (Join-Path $root 'docs/tools/build-help.ps1') -Destination (Join-Path $root 'en-US')
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

# Whether the native form of the command line can be linked here; if not, why, which the project itself says.
function Test-ToolChain {
    $said = & dotnet msbuild (Join-Path $root 'src/PortMgmt.Cli') -nologo -target:CheckToolChain -property:PublishAot=true "-property:RuntimeIdentifier=$system"
    if ($LASTEXITCODE -ne 0) {
        $reason = ($said -match 'PORTMGMT001' | Select-Object -First 1) -replace '^.*PORTMGMT001: ' -replace ' \[[^[]+\]$'
        Write-Warning -Message "The command line is packed in the form that needs the .NET runtime. $reason"
    }
    $LASTEXITCODE -eq 0
}

# The command line as a .NET tool, and where it is native as a program for machines without .NET, with what a debugger or a core
# dump needs of it apart.
function Build-Program {
    param([string] $Configuration, [string] $Destination)
    $project = Join-Path $root 'src/PortMgmt.Cli'
    $packages = Join-Path $Destination 'packages'
    if ($NoNative -or -not (Test-ToolChain)) {
        Invoke-DotNet pack $project --configuration $Configuration --output $packages --property:PublishAot=false
        return
    }
    Invoke-DotNet pack $project --configuration $Configuration --output $packages
    # As packing left it: publishing would compile it once more.
    $folder = Join-Path $project "bin/$Configuration/net10.0/$system/native"
    $symbols, $program = (Get-ChildItem -Path $folder -Filter 'portmgmt*').Where({ $_.Extension -in '.dbg', '.dSYM', '.pdb' }, 'Split')
    $version = (Import-PowerShellDataFile -Path (Join-Path $root 'PortMgmt.psd1')).ModuleVersion
    $name = Join-Path $packages "portmgmt-$version-$system"
    # A zip file would not keep that the program may be run.
    & tar -czf "$name.tar.gz" -C $folder $program.Name
    & tar -czf "$name-symbols.tar.gz" -C $folder $symbols.Name
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
    Invoke-DotNet pack (Join-Path $root 'src/PortMgmt.Core') --configuration $Configuration --output $packages
    Build-Program -Configuration $Configuration -Destination $Destination
    Get-ChildItem -Path $module, $packages
}

# The PowerShell that the tests and the demo run in. Pester comes with the restore of the tests.
function Restore-Tool {
    Push-Location -Path $root
    try {
        Invoke-DotNet tool restore
    }
    finally {
        Pop-Location
    }
}

switch ($Task) {
    'Build' { Invoke-DotNet build $solution --configuration $Configuration }
    'Precompile' { Build-Precompiled -Configuration $Configuration -Runtime $Runtime -Destination (Join-Path $root 'module/bin') }
    'Test' { Restore-Tool; Invoke-DotNet test $solution --configuration $Configuration }
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
