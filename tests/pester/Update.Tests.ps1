BeforeDiscovery {
    # It installs for the user who runs it: where a home directory can be given to a shell, one of its own.
    $cannot = -not (Get-Module -Name Microsoft.PowerShell.PSResourceGet -ListAvailable)
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
    Use-TestRegistry
    $feed = (New-Item -ItemType Directory -Path (Join-Path $TestDrive 'feed')).FullName
    $homeDirectory = (New-Item -ItemType Directory -Path (Join-Path $TestDrive 'home')).FullName
    $source = Split-Path -Path $ManifestPath
    $before = @{ HOME = $env:HOME; XDG_DATA_HOME = $env:XDG_DATA_HOME; PSModulePath = $env:PSModulePath }
    if (-not $IsWindows) {
        # Repositories are noted below XDG_DATA_HOME, and modules are found there, but installed below HOME, wherever that is.
        $env:HOME = $homeDirectory
        $env:XDG_DATA_HOME = (New-Item -ItemType Directory -Path (Join-Path $homeDirectory '.local/share')).FullName
        $null = New-Item -ItemType Directory -Path (Join-Path $homeDirectory '.config')
    }

    # The user's own folder of modules comes first in the new shells.
    $env:PSModulePath = $null

    # Two versions of the module, and the feed that has both.
    $packages = '0.1.1', '0.1.2' | ForEach-Object -Process {
        $package = (New-Item -ItemType Directory -Path (Join-Path $TestDrive "$_/PortMgmt")).FullName
        foreach ($part in 'PortMgmt.psd1', 'module', 'en-US') {
            Copy-Item -Path (Join-Path $source $part) -Destination $package -Recurse
        }
        $manifest = Join-Path $package 'PortMgmt.psd1'
        (Get-Content -Path $manifest -Raw) -replace "(ModuleVersion\s*=\s*)'[0-9.]+'", "`$1'$_'" | Set-Content -Path $manifest
        $package
    }
    $said = Invoke-TestShell -Command @"
`$ErrorActionPreference = 'Stop'
Register-PSResourceRepository -Name PortMgmtTest -Uri '$feed' -Trusted -Force
'$($packages -join "', '")' | ForEach-Object { Publish-PSResource -Path `$_ -Repository PortMgmtTest -SkipDependenciesCheck }
"@ 2>&1
    $LASTEXITCODE | Should -Be 0 -Because ($said | Out-String)
}

AfterAll {
    # Elsewhere all of it is in the home directory that goes.
    if ($IsWindows) {
        Invoke-TestShell -Command 'Uninstall-PSResource -Name PortMgmt -ErrorAction Ignore; Unregister-PSResourceRepository -Name PortMgmtTest'
    }
    $before.GetEnumerator() | ForEach-Object -Process { [System.Environment]::SetEnvironmentVariable($_.Key, $_.Value) }
    Clear-TestRegistry
}

Describe 'The installed module' -Skip:$cannot {
    It 'is installed from a repository, has its help and takes a lease' {
        $said = Invoke-TestShell -Command @'
$ErrorActionPreference = 'Stop'
Install-PSResource -Name PortMgmt -Version 0.1.1 -Repository PortMgmtTest -Reinstall
Import-Module -Name PortMgmt
"version $((Get-Module -Name PortMgmt).Version)"
"help $((Get-Help New-PortLease).Synopsis.Length -gt 20)"
"port $((New-PortLease -Name installed).Port -gt 0)"
'@
        $said | Should -Be 'version 0.1.1', 'help True', 'port True'
    }

    It 'is updated while another shell has it loaded, which keeps its version; that version goes once the shell has ended' {
        $ready = Join-Path $TestDrive 'ready'
        $shell = Start-TestShell -Command "Import-Module PortMgmt; Set-Content -Path '$ready' -Value ((Get-Module PortMgmt).Version); Start-Sleep -Seconds 300"
        try {
            Wait-Until { Test-Path -Path $ready }
            $said = Invoke-TestShell -Command @'
$ErrorActionPreference = 'Stop'
Update-PSResource -Name PortMgmt -Repository PortMgmtTest
Import-Module -Name PortMgmt
"version $((Get-Module -Name PortMgmt).Version)"
"port $((New-PortLease -Name updated).Port -gt 0)"
'@
            $said | Should -Be 'version 0.1.2', 'port True'
            Get-Content -Path $ready | Should -Be '0.1.1'
            $shell.HasExited | Should -BeFalse
        }
        finally {
            $shell.Kill()
            $shell.WaitForExit()
        }

        Invoke-TestShell -Command "Uninstall-PSResource -Name PortMgmt -Version 0.1.1; (Get-PSResource -Name PortMgmt).Version.ToString(3)" | Should -Be '0.1.2'
    }
}
