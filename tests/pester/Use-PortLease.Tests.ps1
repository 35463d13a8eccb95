BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Use-PortLease' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
    }

    It 'has the port in $Port, $PortLease and $Ports' {
        $seen = Use-PortLease -Name web { [pscustomobject]@{ Port = $Port; Lease = $PortLease; Ports = $Ports; Held = (Get-PortLease -Port $Port).State } }
        $seen.Port | Should -BeOfType ([int])
        $seen.Lease | Should -BeOfType ([PortMgmt.Leases.PortLease])
        $seen.Lease.Port | Should -Be $seen.Port
        $seen.Ports | Should -Be $seen.Port
        $seen.Held | Should -Be 'Active'
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'runs <_>' -ForEach "Use-PortLease web { 'ran' }", "Use-PortLease -Name web { 'ran' }", "Use-PortLease { 'ran' }", "Use-PortLease -ScriptBlock { 'ran' } web" {
        & ([scriptblock]::Create($_)) | Should -Be 'ran'
    }

    It 'asks for a block where there is none, and leases nothing: <_>' -ForEach 'Use-PortLease', 'Use-PortLease web', 'Use-PortLease -Name web', 'Use-PortLease web, api' {
        $command = [scriptblock]::Create($_)
        { & $command } | Should -Throw -ErrorId 'InvalidRequest,*' -ExpectedMessage '*Give a script block, such as Use-PortLease web {*'
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'has as many ports as -Count' {
        $seen = Use-PortLease pool -Count 3 -Contiguous { [pscustomobject]@{ Port = $Port; Leases = $PortLease; Ports = $Ports } }
        $seen.Ports | Should -HaveCount 3
        $seen.Port | Should -Be $seen.Ports[0]
        $seen.Leases.Port | Should -Be $seen.Ports
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'makes a lease of its own even where one of that name is' {
        $mine = New-PortLease -Name web
        Use-PortLease web { $Port } | Should -Not -Be $mine.Port
        (Get-PortLease).Port | Should -Be $mine.Port
    }

    It 'passes on what can be asked of a port' {
        Use-PortLease web -Range 24000-24009 -Protocol Udp -TimeToLive 10m {
            $Port | Should -BeIn (24000..24009)
            $PortLease.Protocol | Should -Be 'Udp'
            $PortLease.ExpiresAt | Should -Not -BeNullOrEmpty
        }
    }

    It 'streams: what comes out is there while the block runs' {
        $order = & {
            Use-PortLease web {
                'one'; Write-Information -MessageData 'between'; 'two'
            } | ForEach-Object -Process { Write-Information -MessageData $_ }
        } 6>&1
        $order.MessageData | Should -Be 'one', 'between', 'two'
    }

    It 'gives back on <Case>' -ForEach @(
        @{ Case = 'a terminating error'; Run = { { Use-PortLease web { throw [System.InvalidOperationException]::new('boom') } } | Should -Throw -ExceptionType ([System.InvalidOperationException]) } }
        @{ Case = 'Select-Object -First'; Run = { Use-PortLease web { 1; 2; throw 'not reached' } | Select-Object -First 1 | Should -Be 1 } }
        @{ Case = 'return'; Run = { Use-PortLease web { 'a'; return; 'b' } | Should -Be 'a' } }
        @{ Case = 'break out of a loop'; Run = { foreach ($i in 1..3) { Use-PortLease web { break } } $i | Should -Be 1 } }
        @{ Case = 'a block that gave its lease back itself'; Run = { Use-PortLease web { $PortLease | Remove-PortLease } } }
    ) {
        & $run
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'gives back when it is stopped, in a cmdlet and in a program' -ForEach 'Start-Sleep -Seconds 600', "& PWSH -NoProfile -Command 'Start-Sleep 600'" {
        $worker = Start-TestRunspace -Script "Use-PortLease web { `$Port; $($_.Replace('PWSH', $TestShellLine)) }"
        Wait-Until { $worker.Output.Count -gt 0 }
        (Get-PortLease web).Port | Should -Be $worker.Output[0]
        $worker.Shell.Stop()
        $worker.Shell.Dispose()
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'leaves the errors of the block on the error stream, once' {
        $failures = $(Use-PortLease web { Write-Error -Message 'small' -ErrorAction Continue; 'on' } | Should -Be 'on') 2>&1
        $failures | Should -HaveCount 1
        "$($failures[0])" | Should -Be 'small'
    }

    It 'runs the block in a child of the scope of its caller' {
        $outer = 'outer'
        $inner = 'untouched'
        Use-PortLease web { $inner = 'changed'; $outer } | Should -Be 'outer'
        $inner | Should -Be 'untouched'
        Get-Variable -Name Port -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'sees the locals of a function, and nested uses their own ports' {
        function Test-Local {
            $local = 'here'
            Use-PortLease outer { $first = $Port; Use-PortLease inner { "$local $($first -ne $Port)" } }
        }
        Test-Local | Should -Be 'here True'
    }

    It 'works for a block of a module, called from the top level and from the module' {
        $module = New-Module -ScriptBlock {
            $secret = 'kept'
            function Get-Block { { "$secret $($Port -gt 0)" } }
            function Invoke-Own { $local = 'own'; Use-PortLease own { "$secret $local $($Port -gt 0)" } }
            function Invoke-Foreign { param([scriptblock] $Block) Use-PortLease foreign $Block }
        }
        try {
            Use-PortLease web (Get-Block) | Should -Be 'kept True'
            Invoke-Own | Should -Be 'kept own True'
            $mine = 'mine'
            Invoke-Foreign { "$mine $($Port -gt 0)" } | Should -Be 'mine True'
        }
        finally {
            Remove-Module -ModuleInfo $module
        }
    }

    It 'sets -EnvironmentVariable for children, and puts it back' {
        $env:TEST_PORT = 'before'
        Use-PortLease web -EnvironmentVariable TEST_PORT {
            $env:TEST_PORT | Should -Be $Port
            Invoke-TestShell -Command '$env:TEST_PORT' | Should -Be $Port
        }
        $env:TEST_PORT | Should -Be 'before'
        { Use-PortLease web -EnvironmentVariable TEST_PORT { throw 'boom' } } | Should -Throw
        $env:TEST_PORT | Should -Be 'before'
        $env:TEST_PORT = $null
        Use-PortLease web -EnvironmentVariable TEST_PORT { }
        Test-Path -Path env:TEST_PORT | Should -BeFalse
    }

    It 'sets a variable for each of several ports' {
        Use-PortLease web -Count 2 -EnvironmentVariable TEST_PORT {
            $env:TEST_PORT | Should -Be $Ports[0]
            $env:TEST_PORT_1 | Should -Be $Ports[0]
            $env:TEST_PORT_2 | Should -Be $Ports[1]
            $env:TEST_PORTS | Should -Be ($Ports -join ',')
        }
        Test-Path -Path env:TEST_PORT* | Should -BeFalse
    }

    It 'sets variables by the table that holds for the command line too' {
        foreach ($row in Import-Csv -Path (Join-Path $PSScriptRoot '../tables/port-variables.csv') -Delimiter ';') {
            if (-not $row.Variables) {
                { Use-PortLease web -EnvironmentVariable $row.Name { } } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
                continue
            }
            $before = Get-ChildItem -Path "env:$($row.Name)*"
            Use-PortLease web -Count $row.Count -EnvironmentVariable $row.Name {
                foreach ($variable in $row.Variables -split ' ') {
                    $name, $value = $variable -split '='
                    $expected = [regex]::Replace($value, '#(.)', { $Ports[[int] $args[0].Groups[1].Value - 1] })
                    [System.Environment]::GetEnvironmentVariable($name) | Should -Be $expected
                }
                (Get-ChildItem -Path "env:$($row.Name)*" | Where-Object -Property Name -NotLike 'PORTMGMT_*').Count |
                    Should -Be @($row.Variables -split ' ').Count
            }
            Get-ChildItem -Path "env:$($row.Name)*" | Should -HaveCount @($before).Count
        }
    }

    It 'has the port of each name in $Ports, and of one name too' {
        $seen = Use-PortLease web, my-api { [pscustomobject]@{ Ports = $Ports; Web = $Ports.web; Api = $Ports.'my-api'; First = $Port; Leases = $PortLease } }
        $seen.Web, $seen.Api | Should -Be $seen.Ports
        $seen.First | Should -Be $seen.Web
        $seen.Leases.Name | Should -Be 'web', 'my-api'
        Use-PortLease web { $Ports.web -eq $Port } | Should -BeTrue
        Use-PortLease web -Count 3 { $Ports.WEB } | Should -HaveCount 3
        Use-PortLease count, length { "$($Ports.Count) $($Ports.Length)" } | Should -Be '2 2'
        Use-PortLease web, my-api, count { $Ports['my-api'], $Ports['Count'] } | Should -Be (Use-PortLease web, my-api, count { $Ports[1, -1] })
        Use-PortLease web -Count 2 { $Ports['web'] } | Should -HaveCount 2
        { Use-PortLease web, api { Set-StrictMode -Version Latest; $Ports['other'] } } | Should -Throw "*'other'*web, api*"
        Use-PortLease { @($Ports.psobject.Properties.Where({ $_.MemberType -eq 'NoteProperty' })).Count } | Should -Be 0
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'has a variable for each of several names with -EnvironmentVariable' {
        Use-PortLease web, my-api -EnvironmentVariable TEST_PORT {
            $env:WEB_PORT, $env:MY_API_PORT | Should -Be $Ports
            $env:TEST_PORT, $env:TEST_PORT_2 | Should -Be $Ports
        }
        Test-Path -Path env:WEB_PORT | Should -BeFalse
        Use-PortLease web, api { $env:WEB_PORT } | Should -BeNullOrEmpty
        Use-PortLease ld, web { 'without a variable' } | Should -Be 'without a variable'
    }

    It 'runs nothing and leases nothing for <_>' -ForEach @(
        'web, web', 'web, api -Count 2', 'web, api -Port 1', 'a-b, a_b -EnvironmentVariable PORT', 'web, ld -EnvironmentVariable PORT', 'web, api -EnvironmentVariable API_PORT'
    ) {
        { & ([scriptblock]::Create("Use-PortLease $_ { 'ran' }")) } | Should -Throw -ErrorId 'InvalidRequest,*'
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'refuses <_> as a variable' -ForEach '', 'A B', '1X', 'A=B', 'Path', 'LD_PRELOAD', 'PSModulePath', 'BASHOPT' {
        { Use-PortLease web -EnvironmentVariable $_ { } } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'does not run the block when there is no port' {
        $lease = New-PortLease
        $failure = { Use-PortLease web -Port $lease.Port { throw 'ran' } } |
            Should -Throw -ErrorId 'PortUnavailable,PortMgmt.PowerShell.Commands.UsePortLeaseCommand' -PassThru
        $failure.TargetObject | Should -Be 'web'
    }

    It 'does nothing with -WhatIf' {
        Use-PortLease web { 'ran' } -WhatIf | Should -BeNullOrEmpty
    }
}
