BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Update-PortLease' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
    }

    It 'renews from now on' {
        $lease = New-PortLease -Name web -TimeToLive 10s
        $renewed = $lease | Update-PortLease -TimeToLive 1h -PassThru
        $renewed.ExpiresAt | Should -BeGreaterThan $lease.ExpiresAt.AddMinutes(50)
        # The deadline is on the monotonic clock: the time that is shown is worked out anew at each look.
        [math]::Abs(((Get-PortLease -Name web).ExpiresAt - $renewed.ExpiresAt).TotalSeconds) | Should -BeLessThan 1
    }

    It 'puts out nothing without -PassThru' {
        New-PortLease -Name web | Update-PortLease -TimeToLive 1h | Should -BeNullOrEmpty
    }

    It 'hands a lease to another process' {
        $process = Start-TestProcess
        try {
            $null = New-PortLease -Name web
            (Update-PortLease web -ProcessId $process.Id -PassThru).OwnerProcessId | Should -Be $process.Id
        }
        finally {
            Stop-TestProcess -Process $process
        }
    }

    It 'takes a lease from its owner' {
        $null = New-PortLease -Name web
        (Update-PortLease web -NoOwner -TimeToLive 1h -PassThru).OwnerProcessId | Should -BeNullOrEmpty
    }

    It 'finds its lease by <_>' -ForEach 'Name', 'Port', 'Token' {
        $lease = New-PortLease -Name web
        $selection = @{ $_ = $lease.$_ }
        (Update-PortLease @selection -TimeToLive 1h -PassThru).Port | Should -Be $lease.Port
    }

    It 'updates all that a wildcard names' {
        $null = 'web1', 'web2', 'api' | New-PortLease
        (Update-PortLease web* -TimeToLive 1h -PassThru).Name | Sort-Object | Should -Be 'web1', 'web2'
        (Get-PortLease api).ExpiresAt | Should -BeNullOrEmpty
    }

    It 'changes nothing with -WhatIf' {
        $null = New-PortLease -Name web
        Update-PortLease web -TimeToLive 1h -WhatIf
        (Get-PortLease web).ExpiresAt | Should -BeNullOrEmpty
    }

    It 'refuses when nothing is to be changed' {
        { Update-PortLease web } | Should -Throw -ErrorId 'InvalidRequest,*'
    }

    It 'refuses -NoOwner with -ProcessId' {
        { Update-PortLease web -NoOwner -ProcessId $PID } | Should -Throw -ErrorId 'InvalidRequest,*'
    }

    It 'refuses when no lease is named' {
        { Update-PortLease -TimeToLive 1h } | Should -Throw -ErrorId 'InvalidRequest,*'
    }

    It 'reports a lease that ended, with the lease as target, and goes on' {
        $ended = New-PortLease -Name ended
        $ended | Remove-PortLease
        $live = New-PortLease -Name live
        $renewed = $ended, $live | Update-PortLease -TimeToLive 1h -PassThru -ErrorAction SilentlyContinue -ErrorVariable failures
        $renewed.Name | Should -Be 'live'
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'LeaseNotFound,PortMgmt.PowerShell.Commands.UpdatePortLeaseCommand'
        $failures[0].TargetObject | Should -Be $ended
    }
}
