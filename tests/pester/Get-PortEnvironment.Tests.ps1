BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')

    function Set-Project {
        param([string] $Text, [string] $Directory = 'shop')
        $null = New-Item -ItemType Directory -Path (Join-Path $TestDrive $Directory) -Force
        Set-Content -LiteralPath (Join-Path $TestDrive $Directory 'portmgmt.json') -Value $Text
    }
}

Describe 'Get-PortEnvironment' {
    BeforeEach {
        Use-TestRegistry
        Set-Project '{ "ports": { "web": {}, "my-api": { "variable": "API" }, "dns": { "protocol": "udp" } } }'
        Push-Location -Path (Join-Path $TestDrive 'shop')
    }

    AfterEach {
        Pop-Location
        Clear-TestRegistry
    }

    It 'leases what the file names, and again gives the same' {
        $variables = Get-PortEnvironment
        $variables.Variable | Should -Be 'WEB_PORT', 'API', 'DNS_PORT'
        $variables.Name | Should -Be 'web', 'my-api', 'dns'
        $variables.Protocol | Should -Be 'Tcp', 'Tcp', 'Udp'
        $variables.OwnerProcessId | Select-Object -Unique | Should -Be $PID
        (Get-PortEnvironment).Port | Should -Be $variables.Port
        (Get-PortEnvironment ./portmgmt.json).Port | Should -Be $variables.Port
        (Get-PortLease).Count | Should -Be 3
    }

    It 'writes the variables as <Format>' -ForEach @(
        @{ Format = 'Dotenv'; Expected = 'WEB_PORT=#0', 'API=#1', 'DNS_PORT=#2' }
        @{ Format = 'Json'; Expected = '{"WEB_PORT":#0,"API":#1,"DNS_PORT":#2}' }
        @{ Format = 'PowerShell'; Expected = "`$env:WEB_PORT = '#0'", "`$env:API = '#1'", "`$env:DNS_PORT = '#2'" }
        @{ Format = 'Shell'; Expected = "export WEB_PORT='#0'", "export API='#1'", "export DNS_PORT='#2'" }
    ) {
        $ports = (Get-PortEnvironment).Port
        $expected = $expected.ForEach({ [regex]::Replace($_, '#(.)', { $ports[[int] $args[0].Groups[1].Value] }) })
        Get-PortEnvironment -Format $format | Should -Be $expected
    }

    It 'keeps the ports of one checkout from another, in one shell' {
        Set-Project '{ "ports": { "web": {} } }' -Directory other
        (Get-PortEnvironment ../other).Port | Should -Not -Be (Get-PortEnvironment)[0].Port
        (Get-PortEnvironment ../other -Scope '').Scope | Should -BeNullOrEmpty
    }

    It 'leases for a time alone, and finds these leases again' {
        $first = Get-PortEnvironment -NoOwner -TimeToLive 10m
        $first.OwnerProcessId | Should -Be $null, $null, $null
        (Get-PortEnvironment -NoOwner -TimeToLive 2h).Port | Should -Be $first.Port
        (Get-PortLease).Count | Should -Be 3
    }

    It 'says what is wrong with <Text>, and leases nothing' -ForEach @(
        @{ Text = '{ "ports": { "web": { "preferred": 80 } } }'; Place = 'ports.web.preferred' }
        @{ Text = '{ "ports": { "web": { "variable": "PSModulePath" } } }'; Place = 'ports.web.variable' }
        @{ Text = '{ "ports": { "web": {}, "Web": {} } }'; Place = 'ports.Web' }
        @{ Text = '// nothing'; Place = 'line 1' }
    ) {
        Set-Project $text
        $failure = { Get-PortEnvironment -ErrorAction Stop } | Should -Throw -ErrorId 'ProjectFileInvalid,PortMgmt.PowerShell.Commands.GetPortEnvironmentCommand' -PassThru
        $failure.CategoryInfo.Category | Should -Be 'InvalidData'
        $failure.Exception.Message | Should -BeLike "*portmgmt.json' cannot be used: ${place}:*Nothing was leased."
        { Use-PortLease -Project . { throw 'ran' } } | Should -Throw -ErrorId 'ProjectFileInvalid,*'
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'says what to do where there is no file' {
        $failure = { Get-PortEnvironment ./none -ErrorAction Stop } | Should -Throw -ErrorId 'ProjectFileNotFound,*' -PassThru
        $failure.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        { Get-PortEnvironment Env:PATH -ErrorAction Stop } | Should -Throw -ErrorId 'ProjectFileNotFound,*'
    }

    It 'leases nothing with -WhatIf' {
        Get-PortEnvironment -WhatIf | Should -BeNullOrEmpty
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'goes through JSON, CSV and Clixml with nothing lost or cut, and back to its lease' {
        $variables = Get-PortEnvironment
        $json = $variables | ConvertTo-Json -WarningVariable said -WarningAction SilentlyContinue | ConvertFrom-Json
        $said | Should -BeNullOrEmpty
        $json.Token | Should -Be $variables.Token
        $json.ProtocolText | Should -Be 'Tcp', 'Tcp', 'Udp'
        $cells = $variables | ConvertTo-Csv | ConvertFrom-Csv
        $cells.Port | Should -Be $variables.Port
        $cells.Protocol | Should -Be 'Tcp', 'Tcp', 'Udp'
        foreach ($copy in $json[0], $cells[1], [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($variables[2]))) {
            ($copy | Get-PortLease).Port | Should -Be $copy.Port
            $copy | Remove-PortLease
        }
        Get-PortLease -Scope * | Should -BeNullOrEmpty
    }

    It 'is shown as a table' {
        $lines = (Get-PortEnvironment | Out-String -Width 120).Trim() -split '\r?\n'
        $lines[0] -split '\s+' | Should -Be 'Variable', 'Port', 'Protocol', 'Name', 'Scope'
        $lines[2] | Should -Match '^WEB_PORT +\d+ Tcp +web '
    }

    It 'is in Use-PortLease -Project: the ports by name, and the variables meanwhile' {
        Use-PortLease -Project . {
            $env:WEB_PORT, $env:API, $env:DNS_PORT | Should -Be $Ports
            $Ports.web, $Ports.'my-api', $Ports.dns | Should -Be $Ports
            $PortLease.Name | Should -Be 'web', 'my-api', 'dns'
            $env:PORT | Should -BeNullOrEmpty
        }
        $env:WEB_PORT, $env:API, $env:DNS_PORT | Should -Be $null, $null, $null
        Use-PortLease -Project . -EnvironmentVariable TEST_PORT { $env:TEST_PORT_2 -eq $env:API } | Should -BeTrue
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'excludes in Use-PortLease what names ports in another way: <_>' -ForEach '-Port 21000', '-PreferredPort 21000', '-Count 2', '-Protocol Udp' {
        { & ([scriptblock]::Create("Use-PortLease -Project . $_ { 'ran' }")) } | Should -Throw -ErrorId 'InvalidRequest,*'
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'reads what the schema allows, and refuses what it does not: <Text>' -ForEach @(
        @{ Allowed = $true; Text = '{"ports":{"web":{}}}' }
        @{ Allowed = $true; Text = '{"$schema":"x","scope":"","ports":{"@acme/web":{"preferred":[1024,65535],"protocol":"both","variable":"W"}}}' }
        @{ Allowed = $true; Text = '{"scope":"shop","ports":{"a":{"preferred":8080}}}' }
        @{ Allowed = $false; Text = '{}' }
        @{ Allowed = $false; Text = '{"ports":{}}' }
        @{ Allowed = $false; Text = '{"ports":[]}' }
        @{ Allowed = $false; Text = '{"ports":{"web":1}}' }
        @{ Allowed = $false; Text = '{"ports":{"a b":{}}}' }
        @{ Allowed = $false; Text = '{"ports":{"web":{"port":8080}}}' }
        @{ Allowed = $false; Text = '{"ports":{"web":{"preferred":1023}}}' }
        @{ Allowed = $false; Text = '{"ports":{"web":{"preferred":65536}}}' }
        @{ Allowed = $false; Text = '{"ports":{"web":{"preferred":[]}}}' }
        @{ Allowed = $false; Text = '{"ports":{"web":{"preferred":"8080"}}}' }
        @{ Allowed = $false; Text = '{"ports":{"web":{"protocol":"TCP"}}}' }
        @{ Allowed = $false; Text = '{"ports":{"web":{"variable":"1A"}}}' }
        @{ Allowed = $false; Text = '{"scope":"=x","ports":{"web":{}}}' }
        @{ Allowed = $false; Text = '{"scope":1,"ports":{"web":{}}}' }
        @{ Allowed = $false; Text = '{"more":1,"ports":{"web":{}}}' }
    ) {
        Test-Json -Json $text -SchemaFile (Join-Path $PSScriptRoot '../../docs/schemas/portmgmt.schema.json') -ErrorAction Ignore | Should -Be $allowed
        Set-Project $text
        [bool] (Get-PortEnvironment -ErrorAction SilentlyContinue) | Should -Be $allowed
    }
}
