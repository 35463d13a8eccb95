BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Remove-StalePort' {
    BeforeEach {
        Use-TestRegistry
        $process = Start-TestProcess
        $orphan = New-PortLease -Name orphan -ProcessId $process.Id
        $null = New-PortLease -Name live
        Stop-TestProcess -Process $process
    }

    AfterEach {
        Clear-TestRegistry
    }

    It 'takes back what a dead process left, and says which and why' {
        $taken = Remove-StalePort
        $taken | Should -BeOfType ([PortMgmt.Leases.StalePort])
        $taken.Port | Should -Be $orphan.Port
        $taken.OwnerProcessId | Should -Be $process.Id
        $taken.Removed | Should -BeTrue
        $taken.Reason | Should -Not -BeNullOrEmpty
        (Get-PortLease).Name | Should -Be 'live'
        Remove-StalePort | Should -BeNullOrEmpty
    }

    It 'only lists with -WhatIf' {
        $found = Remove-StalePort -WhatIf
        $found.Port | Should -Be $orphan.Port
        $found.Removed | Should -BeFalse
        (Get-PortLease -State Stale).Name | Should -Be 'orphan'
    }
}
