BeforeDiscovery {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
    $manifest = Import-PowerShellDataFile -Path $ManifestPath
    $module = Get-Module -Name PortMgmt
}

Describe 'The manifest' {
    It 'is valid' {
        (Test-ModuleManifest -Path $ManifestPath).Version | Should -Be $manifest.ModuleVersion
    }

    It 'exports exactly the cmdlets that the assembly has' {
        $module.ExportedCmdlets.Keys | Sort-Object | Should -Be ($manifest.CmdletsToExport | Sort-Object)
        $compiled = $module.NestedModules.ImplementingAssembly.GetExportedTypes() |
            ForEach-Object -Process { [System.Attribute]::GetCustomAttribute($_, [System.Management.Automation.CmdletAttribute]) } |
            Where-Object -FilterScript { $_ } |
            ForEach-Object -Process { '{0}-{1}' -f $_.VerbName, $_.NounName }
        $compiled | Sort-Object | Should -Be ($manifest.CmdletsToExport | Sort-Object)
    }

    It 'exports exactly the aliases that it declares' {
        @($module.ExportedAliases.Keys | Sort-Object) | Should -Be @($manifest.AliasesToExport | Sort-Object)
    }

    It 'has no wildcard export, which would break auto-loading' {
        'CmdletsToExport', 'FunctionsToExport', 'AliasesToExport', 'VariablesToExport' |
            ForEach-Object -Process { $manifest[$_] -match '\*' | Should -BeNullOrEmpty }
    }

    It 'ships its own assemblies alone' {
        $bin = Join-Path (Split-Path -Path $ManifestPath) 'module/bin'
        (Get-ChildItem -Path $bin).Name | Should -Contain 'any'
        Get-ChildItem -Path $bin -Exclude 'rabbitmq' |
            ForEach-Object -Process { (Get-ChildItem -Path $_).Name | Sort-Object | Should -Be 'PortMgmt.Core.dll', 'PortMgmt.dll' -Because $_ }

        # The transport has a load context of its own, and must share the core.
        (Get-ChildItem -Path (Join-Path $bin 'rabbitmq') -Filter 'PortMgmt*.dll').Name | Should -Be 'PortMgmt.RabbitMq.dll'
    }
}

Describe 'The module' {
    It 'imports twice, is removed and imports again' {
        $script = "
            `$ErrorActionPreference = 'Stop'
            Import-Module '$ManifestPath'; Import-Module '$ManifestPath' -Force
            Remove-Module PortMgmt; if (Get-Module PortMgmt) { throw 'still there' }
            Import-Module '$ManifestPath'; (Test-Port 1).Port; Remove-Module PortMgmt"
        Invoke-TestShell -Command "`$env:PORTMGMT_REGISTRY = '$TestDrive/again'; $script" |
            Should -Be 1
        $LASTEXITCODE | Should -Be 0
    }

    It 'is loaded by the first call of a cmdlet when it lies on the module path' {
        $root = Split-Path -Path $ManifestPath
        $link = New-Item -ItemType Directory -Path (Join-Path $TestDrive 'modules/PortMgmt') -Force
        Copy-Item -Path $ManifestPath -Destination $link
        Copy-Item -Path (Join-Path $root 'module') -Destination $link -Recurse
        $command = "`$env:PSModulePath = '$(Join-Path $TestDrive modules)'; (Get-Command Test-Port).CommandType"
        Invoke-TestShell -Command $command | Should -Be 'Cmdlet'
    }
}

Describe '<_>' -ForEach (Import-PowerShellDataFile -Path $ManifestPath).CmdletsToExport {
    BeforeAll {
        $command = Get-Command -Name $_ -Module PortMgmt
    }

    It 'has an approved verb' {
        $command.Verb | Should -BeIn (Get-Verb).Verb
    }

    It 'takes each thing by the word that other cmdlets have for it, and by that of its objects' {
        $words = @{
            Range = 'DefaultRange'; DefaultRange = 'Range'; ProcessId = 'OwnerProcessId'; Registry = 'RegistryDirectory'; Retry = 'MaxRetries'; Timeout = 'TimeoutSeconds'
            TimeoutSeconds = 'Timeout'; MaxConcurrent = 'ThrottleLimit'; TimeToLive = 'Ttl'; Reserve = 'Reservations'
        }
        foreach ($parameter in $command.Parameters.Values.Where({ $_.Name -in $words.Keys })) {
            $parameter.Aliases | Should -Be $words[$parameter.Name] -Because $parameter.Name
        }
        if ($command.Noun -like 'Daemon*' -and $command.Verb -ne 'New') {
            $command.Parameters['Name'].Aliases | Should -Be 'Daemon'
        }
    }

    It 'says what it puts out' {
        $command.OutputType | Should -Not -BeNullOrEmpty
    }

    It 'takes -Registry where it has to do with ports' {
        $command.Parameters.ContainsKey('Registry') | Should -Be ($command.Noun -cmatch 'Port' -or $command.Name -eq 'Start-OperationBatch')
    }

    It 'asks before it changes something' {
        $changes = $command.Verb -in 'New', 'Update', 'Remove', 'Set', 'Initialize', 'Use', 'Clear', 'Optimize', 'Export', 'Resume' -or $command.Name -eq 'Get-PortEnvironment'
        $command.Parameters.ContainsKey('WhatIf') | Should -Be $changes
    }

    It 'has help that shows its syntax' {
        (Get-Help -Name $command.Name | Out-String) | Should -Match "$($command.Name) .*\[<CommonParameters>\]"
    }
}
