BeforeDiscovery {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'A registry that cannot be used' {
    BeforeEach {
        Use-TestRegistry
        Set-Content -Path $env:PORTMGMT_REGISTRY -Value 'no directory'
    }

    It 'ends <_>, since no further item could do better' -ForEach 'New-PortLease', 'Get-PortLease', 'Remove-StalePort', 'Set-PortPolicy -Reset', 'Initialize-PortRegistry' {
        $failure = ([scriptblock]::Create("$_ -ErrorAction SilentlyContinue")) | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -Match "^Registry\w+,PortMgmt\.PowerShell\.Commands\.$(($_ -split ' ')[0] -replace '-')Command$"
        $failure.Exception | Should -BeOfType ([PortMgmt.Ports.PortRegistryException])
        $failure.Exception.Message | Should -Match ([regex]::Escape($env:PORTMGMT_REGISTRY))
    }

    It 'is asked once, not once an item' {
        { 'a', 'b', 'c' | New-PortLease -ErrorAction SilentlyContinue -ErrorVariable +failures } | Should -Throw
        @($failures).Count | Should -BeLessOrEqual 1
    }
}

Describe 'Every failure of the lease half' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
        Clear-TestRegistry
    }

    It 'has an id and a category: <_>' -ForEach ([enum]::GetNames([PortMgmt.Ports.PortRegistryErrorCode])) {
        $failure = [PortMgmt.Ports.PortRegistryException]::new($_, 'what, why, what to do')
        $errors = [PortMgmt.PowerShell.Cmdlets.PortCmdlet].Assembly.GetType('PortMgmt.PowerShell.Errors.PortErrors')
        $record = $errors.GetMethod('ToErrorRecord').Invoke($null, @($failure, 'target'))
        $record.FullyQualifiedErrorId | Should -Be $_
        $record.CategoryInfo.Category | Should -Not -Be 'NotSpecified'
        $record.TargetObject | Should -Be 'target'
    }
}
