BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Remove-PortLease' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
    }

    It 'ends a lease given as an object' {
        New-PortLease -Name web | Remove-PortLease | Should -BeNullOrEmpty
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'finds its lease by <_>' -ForEach 'Name', 'Port', 'Token' {
        $null = New-PortLease -Name other
        $lease = New-PortLease -Name web
        $selection = @{ $_ = $lease.$_ }
        Remove-PortLease @selection
        (Get-PortLease).Name | Should -Be 'other'
    }

    It 'ends all that a wildcard names' {
        $null = 'web1', 'web2', 'api' | New-PortLease
        Remove-PortLease web*
        (Get-PortLease).Name | Should -Be 'api'
    }

    It 'ends only the lease of the name that has the port' {
        $leases = 'web', 'web' | New-PortLease
        Remove-PortLease -Name web -Port $leases[0].Port
        (Get-PortLease).Port | Should -Be $leases[1].Port
    }

    It 'takes rows with a port column alone' {
        $lease = New-PortLease -Name web
        [pscustomobject]@{ Port = "$($lease.Port)" } | Remove-PortLease
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'puts out what it ended with -PassThru' {
        $null = 'web1', 'web2' | New-PortLease
        (Remove-PortLease web* -PassThru).Name | Sort-Object | Should -Be 'web1', 'web2'
    }

    It 'asks for each lease: -WhatIf names them and ends none' {
        $lease = New-PortLease -Name web
        $said = Invoke-TestShell -Command "Import-Module '$ManifestPath'; Remove-PortLease web -WhatIf"
        $said | Should -BeLike "*End lease*TCP port $($lease.Port) of 'web'*"
        (Get-PortLease).Name | Should -Be 'web'
    }

    It 'refuses when no lease is named, rather than end them all' {
        $null = New-PortLease -Name web
        { Remove-PortLease } | Should -Throw -ErrorId 'InvalidRequest,*'
        { [pscustomobject]@{ Name = ''; Port = $null; Token = '' } | Remove-PortLease } | Should -Throw
        (Get-PortLease).Name | Should -Be 'web'
    }

    It 'reports a name that is not there and goes on' {
        $null = New-PortLease -Name api
        Remove-PortLease -Name web, api -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'LeaseNotFound,PortMgmt.PowerShell.Commands.RemovePortLeaseCommand'
        Get-PortLease | Should -BeNullOrEmpty
    }

    It 'ends a lease in the registry that it came from' {
        $elsewhere = Join-Path $TestDrive 'elsewhere'
        $here = New-PortLease -Name here
        $there = New-PortLease -Name there -Registry $elsewhere
        $there, $here | Remove-PortLease
        Get-PortLease | Should -BeNullOrEmpty
        Get-PortLease -Registry $elsewhere | Should -BeNullOrEmpty
    }

    It 'reports a text that is no token' {
        $failure = { Remove-PortLease -Token nonsense } | Should -Throw -ErrorId 'InvalidRequest,*' -PassThru
        $failure.TargetObject | Should -Be 'nonsense'
    }

    It 'never takes a successor' {
        $old = New-PortLease -Name web
        $listed = Get-PortLease -Name web
        $old | Remove-PortLease
        $new = New-PortLease -Name web -Port $old.Port -WarningAction SilentlyContinue
        { $old | Remove-PortLease } | Should -Throw -ErrorId 'LeaseNotOwned,*'
        { $listed | Remove-PortLease -Force } | Should -Throw
        (Get-PortLease -Port $new.Port).Name | Should -Be 'web'
    }
}
