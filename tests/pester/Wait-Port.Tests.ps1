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

    It 'waits with -Free for what New-PortLease -Port needs: <way>' -ForEach @(
        @{ Way = 'a socket that is bound alone'; Reason = 'Bound'; Pattern = '*has bound 127.0.0.1 and does not listen there yet*' }
        @{ Way = 'a connection that lives'; Reason = 'Connected'; Pattern = '*has a connection from 127.0.0.1 to 127.0.0.1:*' }
    ) -Skip:(-not $IsLinux -or [Environment]::OSVersion.Version -lt '6.8') {
        $port = Find-UsablePort
        $sockets = & {
            if ($reason -eq 'Bound') {
                $socket = [System.Net.Sockets.Socket]::new('InterNetwork', 'Stream', 'Tcp')
                $socket.Bind([System.Net.IPEndPoint]::new([System.Net.IPAddress]::Loopback, $port))
                $socket
            }
            else {
                $listener = Start-TestListener -Port $port
                [System.Net.Sockets.TcpClient]::new('127.0.0.1', $port)
                $listener.AcceptSocket()
                $listener.Stop()
            }
        }
        try {
            Wait-Port $port -Free -Timeout 100ms -Quiet | Should -BeFalse
            { Wait-Port $port -Free -Timeout 0 -ErrorAction Stop } | Should -Throw -ExpectedMessage "*process $PID (*$pattern" -ErrorId 'WaitTimedOut,*'
            { New-PortLease -Port $port -ErrorAction Stop } | Should -Throw -ExpectedMessage "*process $PID (*$pattern"
            (Test-Port $port).Reason | Should -Be $reason
        }
        finally {
            $sockets[-1].Close()
            $sockets[0].Close()
        }
        Wait-Port $port -Free -Timeout 60s -Quiet | Should -BeTrue
        (New-PortLease -Port $port).Port | Should -Be $port
    }

    It 'waits with -Free until another process leases the port no more, and for no lease of its own' {
        $owner = Start-TestProcess
        try {
            $port = (New-PortLease web -ProcessId $owner.Id).Port
            { Wait-Port $port -Free -Timeout 100ms -ErrorAction Stop } | Should -Throw -ExpectedMessage "*is leased by process $($owner.Id) as 'web'*"
        }
        finally {
            Stop-TestProcess $owner
        }
        Wait-Port $port -Free -Timeout 60s -Quiet | Should -BeTrue
        Wait-Port (New-PortLease own).Port -Free -Timeout 0 -Quiet | Should -BeTrue
    }

    It 'waits with -Free without a registry, and says so' {
        $env:PORTMGMT_REGISTRY = Join-Path $TestDrive 'file'
        Set-Content -Path $env:PORTMGMT_REGISTRY -Value ''
        Wait-Port (Find-UsablePort) -Free -Quiet -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeTrue
        $warnings | Should -HaveCount 1
        $warnings[0] | Should -BeLike 'Whether the port is leased is not known: *'
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
