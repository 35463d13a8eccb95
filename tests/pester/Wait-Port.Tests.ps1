BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Wait-Port' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
    }

    It 'returns silently when something listens already' {
        $listener = Start-TestListener
        try {
            Wait-Port $listener.LocalEndpoint.Port | Should -BeNullOrEmpty
            Wait-Port $listener.LocalEndpoint.Port -Quiet | Should -BeTrue
            (Wait-Port $listener.LocalEndpoint.Port -PassThru).Id | Should -Be $PID
        }
        finally {
            $listener.Stop()
        }
    }

    It 'waits until something listens' {
        $port = Find-UsablePort
        $server = Start-TestRunspace -ArgumentList $port -Script '
            param($Port)
            Start-Sleep -Milliseconds 300
            $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, $Port)
            $listener.Start()
            $listener'
        try {
            Wait-Port $port -Timeout 60s -Quiet | Should -BeTrue
        }
        finally {
            $null = $server.Shell.EndInvoke($server.Call)
            $server.Output[0].Stop()
            $server.Shell.Dispose()
        }
    }

    It 'waits until nothing listens with -Free' {
        $listener = Start-TestListener
        $port = $listener.LocalEndpoint.Port
        Wait-Port $port -Free -Timeout 100ms -Quiet | Should -BeFalse
        $listener.Stop()
        Wait-Port $port -Free -Timeout 60s -Quiet | Should -BeTrue
    }

    It 'reports each port for which the time ran out' {
        $listener = Start-TestListener
        try {
            $port = Find-UsablePort
            Wait-Port $port, $listener.LocalEndpoint.Port -Timeout 0.1 -ErrorAction SilentlyContinue -ErrorVariable failures
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -Be 'WaitTimedOut,PortMgmt.PowerShell.Commands.WaitPortCommand'
            $failures[0].CategoryInfo.Category | Should -Be 'OperationTimeout'
            $failures[0].TargetObject | Should -Be $port
        }
        finally {
            $listener.Stop()
        }
    }

    It 'takes a lease, with its protocol' {
        $lease = New-PortLease -Protocol Udp
        $socket = [System.Net.Sockets.UdpClient]::new($lease.Port)
        try {
            $lease | Wait-Port -Quiet -Timeout 60s | Should -BeTrue
        }
        finally {
            $socket.Dispose()
        }
    }

    It 'ends when it is stopped' {
        $waiter = Start-TestRunspace -ArgumentList (Find-UsablePort) -Script 'param($Port) "begun"; Wait-Port $Port -Timeout 1h'
        Wait-Until { $waiter.Output.Count -gt 0 }
        $waiter.Shell.Stop()
        $waiter.Shell.InvocationStateInfo.State | Should -Be 'Stopped'
        $waiter.Shell.Dispose()
    }
}
