BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Get-PortListener' {
    BeforeEach {
        Use-TestRegistry
        $listener = Start-TestListener
        $port = $listener.LocalEndpoint.Port
    }

    AfterEach {
        $listener.Stop()
        Clear-TestRegistry
    }

    It 'says who listens' {
        $found = Get-PortListener $port
        $found | Should -BeOfType ([PortMgmt.Listeners.PortListener])
        $found.Port | Should -Be $port
        $found.Protocol | Should -Be 'Tcp'
        $found.Address | Should -Be '127.0.0.1'
        $found.Id | Should -Be $PID
        $found.Program | Should -Not -BeNullOrEmpty
        $found.LeaseName | Should -BeNullOrEmpty
    }

    It 'lists all by rising port' {
        $ports = (Get-PortListener).Port
        $ports | Should -Contain $port
        $ports | Should -Be ($ports | Sort-Object)
    }

    It 'names the lease of the port' {
        $null = New-PortLease -Name served -Adopt -Port $port
        (Get-PortListener $port).LeaseName | Should -Be 'served'
    }

    It 'names the leases of the registry that each input names' {
        $other = Join-Path $TestDrive 'other'
        $null = New-PortLease here -Adopt -Port $port
        $null = New-PortLease there -Adopt -Port $port -Registry $other
        $inputs = [pscustomobject]@{ Port = $port; Registry = $other }, [pscustomobject]@{ Port = $port; Registry = $env:PORTMGMT_REGISTRY }
        ($inputs | Get-PortListener).LeaseName | Should -Be 'there', 'here'
    }

    It 'finds UDP when asked for it' {
        $socket = [System.Net.Sockets.UdpClient]::new($port)
        try {
            (Get-PortListener $port -Protocol Udp).Protocol | Should -Be 'Udp'
            (Get-PortListener $port).Protocol | Sort-Object | Should -Be 'Tcp', 'Udp'
        }
        finally {
            $socket.Dispose()
        }
    }

    It 'takes ports from the pipeline, as numbers and as properties' {
        ($port | Get-PortListener).Id | Should -Be $PID
        ([pscustomobject]@{ Port = "$port"; Protocol = '' } | Get-PortListener).Id | Should -Be $PID
    }

    It 'reports a port on which nothing listens' {
        $free = Find-UsablePort
        $found = Get-PortListener $free, $port -ErrorAction SilentlyContinue -ErrorVariable failures
        $found.Port | Should -Be $port
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'ListenerNotFound,PortMgmt.PowerShell.Commands.GetPortListenerCommand'
        $failures[0].TargetObject | Should -Be $free
    }

    It 'has no property that Stop-Process would take for a process name' {
        [PortMgmt.Listeners.PortListener].GetProperties().Name | Should -Not -Contain 'Name'
        [PortMgmt.Listeners.PortListener].GetProperties().Name | Should -Not -Contain 'ProcessName'
    }

    It 'works without a usable registry, and says what is missing' {
        $env:PORTMGMT_REGISTRY = Join-Path $TestDrive 'file'
        Set-Content -Path $env:PORTMGMT_REGISTRY -Value 'no directory'
        $found = Get-PortListener $port -WarningVariable warnings -WarningAction SilentlyContinue
        $found.Id | Should -Be $PID
        $warnings | Should -HaveCount 1
    }
}

Describe 'Get-PortListener | Stop-Process' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
    }

    BeforeAll {
        function Start-TestServer {
            param([int] $Port)
            $code = "`$l = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Any, $Port); `$l.Start(); Start-Sleep -Seconds 300"
            $server = Start-TestShell -Command $code
            Wait-Port $Port -Timeout 60s
            $server
        }
    }

    It 'stops that process and no other' {
        $port, $otherPort = (New-PortLease -Count 2).Port
        $server = Start-TestServer -Port $port
        $other = Start-TestServer -Port $otherPort
        try {
            Get-PortListener $port | Stop-Process
            $server.WaitForExit(60000) | Should -BeTrue
            $other.HasExited | Should -BeFalse
            (Get-PortListener $otherPort).Id | Should -Be $other.Id
        }
        finally {
            $server, $other | Where-Object -Property HasExited -EQ $false | ForEach-Object -Process { Stop-TestProcess -Process $_ }
        }
    }
}
