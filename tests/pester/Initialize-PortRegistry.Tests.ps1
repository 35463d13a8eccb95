BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Initialize-PortRegistry' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
    }

    It 'says where the registry is and how full' {
        $null = New-PortLease -Count 2
        New-PortLease | Remove-PortLease
        $status = Initialize-PortRegistry
        $status | Should -BeOfType ([PortMgmt.Leases.PortRegistryStatus])
        $status.Directory | Should -Be $env:PORTMGMT_REGISTRY
        $status.Source | Should -Be 'Environment'
        $status.ActiveLeases | Should -Be 2
        $status.QuarantinedPorts | Should -Be 1
        $status.UsablePorts | Should -BeGreaterThan 0
    }

    It 'makes the directory' {
        (Initialize-PortRegistry).ActiveLeases | Should -Be 0
        Test-Path -Path $env:PORTMGMT_REGISTRY -PathType Container | Should -BeTrue
    }

    It 'refuses -MachineWide with -Registry' {
        { Initialize-PortRegistry -MachineWide -Registry $TestDrive } | Should -Throw -ErrorId 'InvalidRequest,*'
    }

    It 'makes nothing with -WhatIf' {
        Initialize-PortRegistry -WhatIf | Should -BeNullOrEmpty
        Initialize-PortRegistry -MachineWide -WhatIf | Should -BeNullOrEmpty
        Test-Path -Path $env:PORTMGMT_REGISTRY | Should -BeFalse
    }
}
