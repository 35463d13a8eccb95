BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
    $root = Convert-Path -Path (Join-Path $PSScriptRoot '../..')
    $obstacle = (Get-Command -Name dotnet -ErrorAction Ignore) ? $null : 'there is no dotnet on the path'
    $version = (Import-PowerShellDataFile -Path (Join-Path $root 'PortMgmt.psd1')).ModuleVersion
    Use-TestRegistry
    Use-TestBuild

    # Packages go from one folder to another here, and nowhere else: neither feeds nor the shared cache, which would give
    # an older one of the same version.
    $work = (New-Item -ItemType Directory -Path (Join-Path $TestDrive 'repository')).FullName
    $artifacts = Join-Path $work 'artifacts'
    $package = Join-Path $artifacts 'module/PortMgmt'
    $system = [System.Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier
    $env:NUGET_PACKAGES = Join-Path $work 'nuget'

    function Invoke-Tool {
        $said = & dotnet @args 2>&1
        $LASTEXITCODE | Should -Be 0 -Because ($said -join "`n")
    }

    # A command of the table of the README on how to install.
    $readme = Get-Content -Path (Join-Path $root 'README.md') -Raw
    function Get-InstallCommand {
        param([string] $Like)
        $section = [regex]::Match($readme, '(?s)\n## Install\n(.+?)\n## ').Groups[1].Value
        $command = [regex]::Matches($section, '`([^`]+)`').ForEach({ $_.Groups[1].Value }) -like $Like
        $command.Count | Should -Be 1
        $command[0]
    }

    function Get-PackageText {
        param([string] $Name, [string] $Entry)
        $zip = [System.IO.Compression.ZipFile]::OpenRead((Join-Path $artifacts "packages/$Name.$version.nupkg"))
        try {
            $reader = [System.IO.StreamReader]::new($zip.GetEntry($Entry).Open())
            $reader.ReadToEnd()
        }
        finally {
            $zip.Dispose()
        }
    }

    # Linking takes minutes, and is tested where a native program is asked for.
    $noNative = $env:PORTMGMT_NATIVE -ne '1'
    if (-not $obstacle) {
        # The packages restore from the machine's own cache while they are built.
        $built = Invoke-TestShell -Command "Remove-Item -Path env:NUGET_PACKAGES; & '$root/build.ps1' -Task Package -Artifacts '$artifacts' -NoNative:`$$noNative" 2>&1
        $buildCode = $LASTEXITCODE
    }
}

AfterAll {
    Clear-TestRegistry
    Clear-TestBuild
    Remove-Item -Path env:NUGET_PACKAGES
}

Describe 'The package task' {
    BeforeEach {
        if ($obstacle) {
            Set-ItResult -Skipped -Because $obstacle
        }
    }

    It 'builds without a fault' {
        $buildCode | Should -Be 0 -Because ($built -join "`n")
    }

    It 'gives everything the version of the manifest' {
        (Import-PowerShellDataFile -Path (Join-Path $package 'PortMgmt.psd1')).ModuleVersion | Should -Be $version
        Get-ChildItem -Path (Join-Path $package 'module/bin') -Recurse -Filter 'PortMgmt*.dll' |
            ForEach-Object -Process { $_.VersionInfo.ProductVersion | Should -Match "^$([regex]::Escape($version))(\+|$)" }
        'PortMgmt.Core', 'PortMgmt.Cli' |
            ForEach-Object -Process { Get-PackageText -Name $_ -Entry "$_.nuspec" | Should -Match "<version>$([regex]::Escape($version))</version>" }
    }

    It 'packs a short README and the licence with each package' {
        'PortMgmt.Core', 'PortMgmt.Cli' | ForEach-Object -Process {
            (Get-PackageText -Name $_ -Entry 'README.md').Length | Should -BeIn (500..3000)
            Get-PackageText -Name $_ -Entry "$_.nuspec" | Should -Match '<license type="expression">MIT</license>'
        }
    }

    It 'packs the core without a dependency' {
        [xml] $nuspec = Get-PackageText -Name 'PortMgmt.Core' -Entry 'PortMgmt.Core.nuspec'
        $nuspec.GetElementsByTagName('dependency').Count | Should -Be 0
    }

    It 'packs the command line for this system, for any other, and as what chooses between them' {
        "PortMgmt.Cli.$version.nupkg", "PortMgmt.Cli.any.$version.nupkg", "PortMgmt.Cli.$system.$version.nupkg" |
            ForEach-Object -Process { Join-Path $artifacts "packages/$_" | Should -Exist }
        Get-PackageText -Name 'PortMgmt.Cli' -Entry 'tools/any/any/DotnetToolSettings.xml' |
            Should -Match "(?s)RuntimeIdentifier=`"$system`".*RuntimeIdentifier=`"any`""
    }

    It 'packs the native program by itself, and its symbols apart' {
        $program = Join-Path $artifacts "packages/portmgmt-$version-$system.tar.gz"
        if ($noNative) {
            Set-ItResult -Skipped -Because 'linking takes minutes, and PORTMGMT_NATIVE is not 1'
        }
        if (-not (Test-Path -Path $program)) {
            Set-ItResult -Skipped -Because "no native program can be linked here: $($built -match 'needs the .NET runtime')"
        }
        & tar -tzf $program | Should -Be ($IsWindows ? 'portmgmt.exe' : 'portmgmt')
        & tar -tzf ($program -replace '\.tar\.gz$', '-symbols.tar.gz') | Should -Be ($IsWindows ? 'portmgmt.pdb' : 'portmgmt.dbg')
        $zip = [System.IO.Compression.ZipFile]::OpenRead((Join-Path $artifacts "packages/PortMgmt.Cli.$system.$version.nupkg"))
        @($zip.Entries.Name) -clike 'portmgmt*' | Should -Be ($IsWindows ? 'portmgmt.exe' : 'portmgmt')
        $zip.Dispose()
        $unpacked = (New-Item -ItemType Directory -Path (Join-Path $work 'program')).FullName
        & tar -xzf $program -C $unpacked
        & (Join-Path $unpacked 'portmgmt') --version | Should -Match "^$([regex]::Escape($version))"
    }

    It 'packs the module for the gallery' {
        if (-not (Get-Command -Name Publish-PSResource -ErrorAction Ignore)) {
            Set-ItResult -Skipped -Because 'there is no Microsoft.PowerShell.PSResourceGet'
        }
        Get-PackageText -Name 'PortMgmt' -Entry 'PortMgmt.psd1' | Should -Match "ModuleVersion += '$version'"
    }
}

Describe 'The packaged module' {
    BeforeEach {
        if ($obstacle) {
            Set-ItResult -Skipped -Because $obstacle
        }
    }

    It 'has what it needs and nothing else' {
        (Get-ChildItem -Path $package).Name | Sort-Object | Should -Be 'CHANGELOG.md', 'en-US', 'LICENSE', 'module', 'PortMgmt.psd1', 'README.md'
        Get-ChildItem -Path $package -Recurse -Include '*.xml', '*.pdb', '*.json', '*.cs' |
            Where-Object -FilterScript { $_.Name -notlike '*-Help.xml' -and $_.Name -ne 'PortMgmt.RabbitMq.deps.json' } |
            Should -BeNullOrEmpty
        $bin = Join-Path $package 'module/bin'
        Get-ChildItem -Path $bin -Recurse -Filter 'PortMgmt*.dll' | ForEach-Object -Process { [System.IO.Path]::GetRelativePath($bin, $_) } | Sort-Object |
            Should -Be (@('any/PortMgmt.Core.dll', 'any/PortMgmt.dll', "$system/PortMgmt.Core.dll", "$system/PortMgmt.dll", 'rabbitmq/PortMgmt.RabbitMq.dll') |
                    ForEach-Object -Process { $_.Replace('/', [System.IO.Path]::DirectorySeparatorChar) } | Sort-Object)
        Get-ChildItem -Path $package -Recurse -Filter 'System.Management.Automation.dll' | Should -BeNullOrEmpty
    }

    It 'has what the gallery asks of a manifest' {
        $manifest = Test-ModuleManifest -Path (Join-Path $package 'PortMgmt.psd1')
        'Author', 'Description', 'Guid', 'Copyright', 'CompanyName', 'PowerShellVersion', 'ReleaseNotes' |
            ForEach-Object -Process { $manifest.$_ | Should -Not -BeNullOrEmpty -Because $_ }
        $manifest.Tags | Should -Contain 'PSEdition_Core'
        $manifest.Tags | Where-Object -FilterScript { $_ -match '\s' } | Should -BeNullOrEmpty
    }

    It 'works in a fresh shell that finds it on its path' {
        $script = "
            `$ErrorActionPreference = 'Stop'
            `$env:PSModulePath = '$(Join-Path $artifacts 'module')'
            (New-PortLease packaged).Name
            (1..3 | Start-OperationBatch { `$_ } -Raw | Measure-Object -Sum).Sum
            (Get-Module PortMgmt).ModuleBase
            (Get-Help New-PortLease).Synopsis"
        $said = Invoke-TestShell -Command $script
        $LASTEXITCODE | Should -Be 0
        $said | Should -Be 'packaged', '6', $package, 'Leases ports: nobody else who asks this registry gets them until the lease ends.'
    }
}

Describe 'The packaged module where it is <Name>' -ForEach @(
    @{ Name = 'precompiled'; IsPrecompiled = $true }
    @{ Name = 'not precompiled'; IsPrecompiled = $false }
) {
    BeforeEach {
        if ($obstacle) {
            Set-ItResult -Skipped -Because $obstacle
        }
    }

    It 'takes leases, runs batches, asks brokers and is removed' {
        $copy = Join-Path $TestDrive $Name
        Copy-Item -Path $package -Destination $copy -Recurse
        if (-not $IsPrecompiled) {
            Remove-Item -Path (Join-Path $copy "module/bin/$system") -Recurse
        }
        $script = "
            Import-Module '$copy/PortMgmt.psd1'
            (Get-Command New-PortLease).DLL
            (New-PortLease here).Name
            (1..3 | Start-OperationBatch { (New-PortLease).Port } -Raw | Sort-Object -Unique).Count
            try { New-Daemon remote -Broker amqp://127.0.0.1:1 -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId }
            Remove-Module PortMgmt
            @(Get-Module -All | Where-Object Name -EQ PortMgmt).Count"
        $said = Invoke-TestShell -Command $script
        $dll = Join-Path $copy "module/bin/$($IsPrecompiled ? $system : 'any')/PortMgmt.dll"
        $said | Should -Be (Convert-Path -Path $dll), 'here', '3', 'BrokerUnreachable,PortMgmt.PowerShell.Commands.NewDaemonCommand', '0'
    }
}

Describe 'The packages' {
    BeforeAll {
        if (-not $obstacle) {
            Copy-Item -Path (Join-Path $root 'Directory.Build.props'), (Join-Path $root 'PortMgmt.psd1'), (Join-Path $root '.config') -Destination $work -Recurse
            $sample = Join-Path $work 'examples/LeaseService'
            $null = New-Item -ItemType Directory -Path $sample
            Get-ChildItem -Path (Join-Path $root 'examples/LeaseService') -File | Copy-Item -Destination $sample
        }
    }

    BeforeEach {
        if ($obstacle) {
            Set-ItResult -Skipped -Because $obstacle
        }
    }

    It 'install by the commands of the README: the module' {
        # Into a folder of the test, not for the user who runs it.
        Get-InstallCommand -Like 'Install-PSResource *' | Should -Be 'Install-PSResource PortMgmt'
        $saved = (New-Item -ItemType Directory -Path (Join-Path $TestDrive 'saved')).FullName
        $said = Invoke-TestShell -Command "
            Register-PSResourceRepository -Name PortMgmtPackages -Uri '$(Join-Path $artifacts 'packages')' -Trusted -Force
            Save-PSResource PortMgmt -Repository PortMgmtPackages -Path '$saved'
            Unregister-PSResourceRepository -Name PortMgmtPackages
            `$env:PSModulePath = '$saved' + [System.IO.Path]::PathSeparator + `$env:PSModulePath
            Import-Module PortMgmt
            (Get-Module PortMgmt).ModuleBase, (New-PortLease installed).Name"
        $said | Should -Be (Join-Path $saved "PortMgmt/$version"), 'installed'
    }

    It 'install by the commands of the README: the command line' {
        $env:DOTNET_CLI_HOME = (New-Item -ItemType Directory -Path (Join-Path $TestDrive 'somebody')).FullName
        try {
            Invoke-Tool @((Get-InstallCommand -Like 'dotnet tool install *') -split ' ' | Select-Object -Skip 1) --configfile (Join-Path $sample 'nuget.config')
            & (Join-Path $env:DOTNET_CLI_HOME '.dotnet/tools/portmgmt') --version | Should -Match "^$([regex]::Escape($version))"
        }
        finally {
            Remove-Item -Path env:DOTNET_CLI_HOME
        }
    }

    It 'install by the commands of the README: the library, with its program as it stands there' {
        $snippet = [regex]::Match($readme, '(?s)```csharp\r?\n(.+?)```').Groups[1].Value
        $snippet | Should -Match 'AcquireListening'
        $project = New-Item -ItemType Directory -Path (Join-Path $work 'examples/Snippet')
        Copy-Item -Path (Join-Path $sample 'nuget.config') -Destination $project
        (Get-Content -Path (Join-Path $sample 'LeaseService.csproj') -Raw) -replace '(?s)  <ItemGroup>.*?</ItemGroup>\s*' |
            Set-Content -Path (Join-Path $project 'Snippet.csproj')
        Set-Content -Path (Join-Path $project 'Program.cs') -Value $snippet
        Push-Location -Path $project
        try {
            Invoke-Tool @((Get-InstallCommand -Like 'dotnet add *') -split ' ' | Select-Object -Skip 1)
            Invoke-Tool build --output (Join-Path $work 'snippet')
        }
        finally {
            Pop-Location
        }
    }

    It 'install as a tool that runs' {
        $tools = Join-Path $work 'tools'
        Invoke-Tool tool install PortMgmt.Cli --tool-path $tools --version $version --configfile (Join-Path $sample 'nuget.config')
        & (Join-Path $tools 'portmgmt') --version | Should -Match "^$([regex]::Escape($version))"
        $port = & (Join-Path $tools 'portmgmt') lease new --name tool
        (Get-PortLease -Name tool).Port | Should -Be ([int] $port)
    }

    It 'serve a program in C#, whose lease ends with it' {
        Invoke-Tool build $sample --configuration Release --output (Join-Path $work 'service')
        $start = [System.Diagnostics.ProcessStartInfo]::new('dotnet', @((Join-Path $work 'service/LeaseService.dll'), 'shop/web'))
        $start.RedirectStandardOutput = $true
        $service = [System.Diagnostics.Process]::Start($start)
        try {
            $service.StandardOutput.ReadLine() | Should -Match '^shop/web listens on (\d+)\.$'
            $lease = Get-PortLease -Name shop/web -IncludeListener
            $lease.OwnerProcessId | Should -Be $service.Id
            $lease.ListenerMismatch | Should -BeFalse
            $client = [System.Net.Sockets.TcpClient]::new('127.0.0.1', $lease.Port)
            [System.IO.StreamReader]::new($client.GetStream()).ReadLine() | Should -Be 'shop/web'
            $client.Dispose()
            if (-not $IsWindows) {
                # Not INT: whoever started the tests in the background may have it ignored, and so has every program that they start.
                & kill -TERM $service.Id
                $service.WaitForExit(60000) | Should -BeTrue
                $service.StandardOutput.ReadToEnd() | Should -Match 'The port is given back'
                $service.ExitCode | Should -Be 0
            }
        }
        finally {
            Stop-TestProcess -Process $service
        }
        Get-PortLease -Name shop/web -State Active -ErrorAction Ignore | Should -BeNullOrEmpty
    }
}

Describe 'The tool manifest' {
    It 'names the PowerShell that the tests are hosted by' {
        if ($obstacle) {
            Set-ItResult -Skipped -Because $obstacle
        }
        $tool = (Get-Content -Path (Join-Path $root '.config/dotnet-tools.json') -Raw | ConvertFrom-Json).tools.powershell
        $hosted = & dotnet msbuild (Join-Path $root 'tests/PortMgmt.Hosted.Tests') -getProperty:PowerShellVersion
        [xml] $packages = Get-Content -Path (Join-Path $root 'Directory.Packages.props')
        $packages.SelectSingleNode('//PackageVersion[@Include="Microsoft.PowerShell.SDK"]').Version | Should -Be '$(PowerShellVersion)'
        $tool.version | Should -Be $hosted
    }
}
