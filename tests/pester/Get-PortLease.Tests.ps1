BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Get-PortLease' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
    }

    It 'puts out nothing of an empty registry' {
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'lists all leases by rising port, without their tokens' {
        $null = 'web', 'api', 'db' | New-PortLease
        $leases = Get-PortLease
        $leases | Should -HaveCount 3
        $leases.Port | Should -Be ($leases.Port | Sort-Object)
        $leases.Token | Where-Object -FilterScript { $_ } | Should -BeNullOrEmpty
    }

    It 'finds <pattern>' -ForEach @(
        @{ Pattern = 'web1'; Names = 'web1' }
        @{ Pattern = 'WEB*'; Names = 'web1', 'web2' }
        @{ Pattern = 'web?'; Names = 'web1', 'web2' }
        @{ Pattern = 'web[2-9]'; Names = @('web2') }
        @{ Pattern = 'a*', 'web1'; Names = 'api', 'web1' }
        @{ Pattern = 'w*', 'web1'; Names = 'web1', 'web2' }
    ) {
        $null = 'web1', 'web2', 'api' | New-PortLease
        (Get-PortLease $pattern).Name | Sort-Object | Should -Be $names
    }

    It 'takes names from the pipeline' {
        $null = 'web1', 'api' | New-PortLease
        ('web*' | Get-PortLease).Name | Should -Be 'web1'
    }

    It 'puts out nothing for a wildcard that fits nothing' {
        Get-PortLease -Name none* -ErrorVariable failures | Should -BeNullOrEmpty
        $failures | Should -BeNullOrEmpty
    }

    It 'reports each exact name that is not there, and goes on' {
        $null = New-PortLease -Name api
        $leases = Get-PortLease -Name web, api -ErrorAction SilentlyContinue -ErrorVariable failures
        $leases.Name | Should -Be 'api'
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'LeaseNotFound,PortMgmt.PowerShell.Commands.GetPortLeaseCommand'
        $failures[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failures[0].TargetObject | Should -Be 'web'
    }

    It 'finds by port and protocol' {
        $lease = New-PortLease -Name dns -Protocol Udp
        (Get-PortLease -Port $lease.Port).Name | Should -Be 'dns'
        (Get-PortLease -Port $lease.Port -Protocol Udp).Name | Should -Be 'dns'
        { Get-PortLease -Port $lease.Port -Protocol Tcp } | Should -Throw -ErrorId 'LeaseNotFound,*'
    }

    It 'finds a lease of both protocols by either' {
        $lease = New-PortLease -Name dns -Protocol Both
        'Tcp', 'Udp' | ForEach-Object -Process { (Get-PortLease -Port $lease.Port -Protocol $_).Name | Should -Be 'dns' }
    }

    It 'finds by owner' {
        $process = Start-TestProcess
        try {
            $null = New-PortLease -Name mine
            $null = New-PortLease -Name other -ProcessId $process.Id
            (Get-PortLease -ProcessId $process.Id).Name | Should -Be 'other'
            (Get-PortLease -OwnerProcessId $PID).Name | Should -Be 'mine'
        }
        finally {
            Stop-TestProcess -Process $process
        }
    }

    It 'finds by state' {
        $process = Start-TestProcess
        $null = New-PortLease -Name orphan -ProcessId $process.Id
        Stop-TestProcess -Process $process
        $null = New-PortLease -Name live
        New-PortLease -Name gone | Remove-PortLease
        (Get-PortLease -State Active).Name | Should -Be 'live'
        (Get-PortLease -State Stale).Name | Should -Be 'orphan'
        (Get-PortLease -State Quarantined).Name | Should -Be 'gone'
        (Get-PortLease).Name | Sort-Object | Should -Be 'live', 'orphan'
        (Get-PortLease -State Active, Quarantined).Name | Sort-Object | Should -Be 'gone', 'live'
    }

    It 'shows the listener beside the lease and marks a mismatch' {
        $process = Start-TestProcess
        $listener = Start-TestListener
        try {
            $port = $listener.LocalEndpoint.Port
            $null = New-PortLease -Name adopted -Adopt -Port $port
            $lease = Get-PortLease -Name adopted -IncludeListener
            $lease.Listener.Id | Should -Be $PID
            $lease.ListenerMismatch | Should -BeFalse
            Update-PortLease -Name adopted -ProcessId $process.Id
            (Get-PortLease -Name adopted -IncludeListener).ListenerMismatch | Should -BeTrue
            (Get-PortLease -Name adopted).ListenerMismatch | Should -BeNullOrEmpty
        }
        finally {
            $listener.Stop()
            Stop-TestProcess -Process $process
        }
    }
}
