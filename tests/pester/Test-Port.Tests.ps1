BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Test-Port' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
    }

    It 'says that a port is free' {
        $found = Test-Port (Find-UsablePort)
        $found | Should -BeOfType ([PortMgmt.Leases.PortAvailability])
        $found.Available | Should -BeTrue
        $found.Reason | Should -Be 'None'
    }

    It 'says who leases a port' {
        $lease = New-PortLease -Name web
        $found = Test-Port $lease.Port
        $found.Available | Should -BeFalse
        $found.Reason | Should -Be 'Leased'
        $found.Lease.Name | Should -Be 'web'
        $found.Lease.Token | Should -BeNullOrEmpty
        $found.Message | Should -Match 'web'
    }

    It 'says which process listens' {
        $listener = Start-TestListener
        try {
            $found = Test-Port $listener.LocalEndpoint.Port
            $found.Available | Should -BeFalse
            $found.Reason | Should -Be 'Listening'
            $found.Listener.Id | Should -Be $PID
        }
        finally {
            $listener.Stop()
        }
    }

    It 'keeps protocols apart' {
        $lease = New-PortLease
        Test-Port $lease.Port -Protocol Udp -Quiet | Should -BeTrue
        Test-Port $lease.Port -Protocol Tcp -Quiet | Should -BeFalse
        Test-Port $lease.Port -Protocol Both -Quiet | Should -BeFalse
    }

    It 'puts out a bool for each port with -Quiet' {
        $lease = New-PortLease
        $free = Find-UsablePort
        $answers = Test-Port $lease.Port, $free -Quiet
        $answers | Should -BeOfType ([bool])
        $answers | Should -Be $false, $true
    }

    It 'takes ports from the pipeline, as numbers and as properties' {
        $lease = New-PortLease -Protocol Udp
        ($lease.Port | Test-Port -Protocol Udp).Reason | Should -Be 'Leased'
        ($lease | Test-Port).Reason | Should -Be 'Leased'
        ([pscustomobject]@{ Port = "$($lease.Port)"; Protocol = 'udp' } | Test-Port).Reason | Should -Be 'Leased'
    }

    It 'refuses <_>, which is no port' -ForEach 0, -1, 65536 {
        { Test-Port $_ } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }
}
