BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'The wait for the registry' {
    BeforeEach {
        Use-TestRegistry
        $null = New-PortLease -Name first
        # Not shared is locked, to .NET and so to everybody else.
        $held = [System.IO.File]::Open((Join-Path $env:PORTMGMT_REGISTRY 'leases.lock'), 'Open', 'ReadWrite', 'None')
    }

    AfterEach {
        $held.Dispose()
        $env:PORTMGMT_LOCK_TIMEOUT = $null
        Clear-TestRegistry
    }

    It 'does not begin with -LockTimeout <_>' -ForEach 0, '0s', ([timespan]::Zero) -Skip:$IsWindows {
        $failure = { New-PortLease -Name web -LockTimeout $_ } | Should -Throw -ErrorId 'RegistryLocked,*' -PassThru
        $failure.Exception.Message | Should -BeLike '*was not to wait*'
        $failure.CategoryInfo.Category | Should -Be 'ResourceBusy'
    }

    It 'ends after -LockTimeout, and says who has the lock' -Skip:(-not $IsLinux) {
        $failure = { Get-PortLease -LockTimeout 100ms } | Should -Throw -ErrorId 'RegistryLocked,*' -PassThru
        $failure.Exception.Message | Should -BeLike "*locked by process $PID*"
    }

    It 'is set for a session by PORTMGMT_LOCK_TIMEOUT' -Skip:$IsWindows {
        $env:PORTMGMT_LOCK_TIMEOUT = '0'
        { New-PortLease -Name web } | Should -Throw -ErrorId 'RegistryLocked,*'
    }

    It 'is refused by its name where the variable says nothing sensible' {
        $env:PORTMGMT_LOCK_TIMEOUT = 'soon'
        { New-PortLease -Name web } | Should -Throw -ErrorId 'InvalidRequest,*' -PassThru | ForEach-Object -Process {
            $_.Exception.Message | Should -BeLike "*'soon' in PORTMGMT_LOCK_TIMEOUT*"
        }
    }

    It 'leases once the lock is free' {
        $held.Dispose()
        (New-PortLease -Name web -LockTimeout 0).Name | Should -Be 'web'
    }
}
