BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Completion' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
    }

    BeforeAll {
        function Complete-Line {
            param([string] $Line)
            (TabExpansion2 -inputScript $Line -cursorColumn $Line.Length).CompletionMatches
        }
    }

    It 'has the names of leases for <_>, with their ports as tooltips' -ForEach @(
        'Get-PortLease ', 'Remove-PortLease w', 'Update-PortLease -Name we', 'New-PortLease -Name WEB', "Get-PortLease 'we", 'Use-PortLease w'
    ) {
        $lease = New-PortLease -Name web.front
        $null = New-PortLease -Name web.front
        $found = Complete-Line $_ | Where-Object -Property CompletionText -EQ 'web.front'
        $found | Should -HaveCount 1
        $found.ToolTip | Should -Match "TCP port $($lease.Port)"
    }

    It 'has leased ports for <_>' -ForEach 'Get-PortLease -Port ', 'Remove-PortLease -Port ', 'Update-PortLease -Port ' {
        $lease = New-PortLease -Name web
        $found = Complete-Line $_ | Where-Object -Property CompletionText -EQ "$($lease.Port)"
        $found.ToolTip | Should -Match "of 'web'"
    }

    It 'has ports in use for <_>' -ForEach 'Get-PortListener ', 'Test-Port ', 'Wait-Port ', 'Wait-Port -Port ' {
        $listener = Start-TestListener
        try {
            $found = Complete-Line $_ | Where-Object -Property CompletionText -EQ "$($listener.LocalEndpoint.Port)"
            $found.ToolTip | Should -Match "$PID"
        }
        finally {
            $listener.Stop()
        }
    }

    It 'has what fits the word alone' {
        $null = 'web', 'api' | New-PortLease
        (Complete-Line 'Get-PortLease a').CompletionText | Should -Be 'api'
    }

    It 'looks into the registry that the line names' {
        $null = New-PortLease -Name elsewhere -Registry (Join-Path $TestDrive 'named')
        (Complete-Line "Get-PortLease -Registry '$(Join-Path $TestDrive 'named')' -Name else").CompletionText | Should -Be 'elsewhere'
    }

    It 'has protocols and states' {
        (Complete-Line 'New-PortLease -Protocol ').CompletionText | Should -Be 'Both', 'Tcp', 'Udp'
        (Complete-Line 'Get-PortLease -State ').CompletionText | Should -Be 'Active', 'Quarantined', 'Stale'
    }

    It 'is silent when the registry cannot be used' {
        $env:PORTMGMT_REGISTRY = Join-Path $TestDrive 'file'
        Set-Content -Path $env:PORTMGMT_REGISTRY -Value 'no directory'
        $before = $Error.Count
        (Complete-Line 'Get-PortLease -Name zz').CompletionText | Should -Not -Contain 'web'
        $Error.Count | Should -Be $before
    }
}
