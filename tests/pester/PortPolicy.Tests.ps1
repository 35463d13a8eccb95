BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Get-PortPolicy' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
    }

    It 'shows the defaults of a new registry' {
        $policy = Get-PortPolicy
        $policy | Should -BeOfType ([PortMgmt.Leases.PortPolicy])
        "$($policy.DefaultRange)" | Should -Be '10000-29999'
        $policy.Exclude | Should -BeNullOrEmpty
        $policy.Reservations.Count | Should -Be 0
        $policy.MaxTimeToLive | Should -BeNullOrEmpty
    }
}

Describe 'Set-PortPolicy' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
    }

    It 'changes what is given and leaves the rest' {
        Set-PortPolicy -DefaultRange 23000-23999 -Exclude 23500, '23100-23200' | Should -BeNullOrEmpty
        $policy = Set-PortPolicy -MaxTimeToLive 8h -PassThru
        "$($policy.DefaultRange)" | Should -Be '23000-23999'
        "$($policy.Exclude)" | Should -Match '23100-23200'
        $policy.MaxTimeToLive | Should -Be '08:00:00'
    }

    It 'is honoured by the next lease' {
        Set-PortPolicy -DefaultRange 23000-23009
        (New-PortLease).Port | Should -BeIn (23000..23009)
    }

    It 'says with -WhatIf what would change' {
        Set-PortPolicy -Reserve @{ api = 23011 }
        $seen = & $TestShell @TestShellDll -NoProfile -NonInteractive -Command "
            Import-Module '$ManifestPath'
            Set-PortPolicy -DefaultRange 23000-23999 -Exclude 23500, 23600 -MaxTimeToLive 8h -Reserve @{ web = 23010 } -Unreserve api -WhatIf" | Out-String
        $seen = $seen -replace '\s+', ' '
        $seen | Should -BeLike '*default range 10000-29999 (built in) -> 23000-23999; exclude none -> 23500, 23600; longest time to live none -> 8h; port of ''api'' 23011 -> none; port of ''web'' none -> 23010*'
        (Get-PortPolicy).Reservations.Keys | Should -Be 'api'
    }

    It 'refuses a policy under which nothing could be leased' {
        { Set-PortPolicy -Exclude 1-65535 -ErrorAction Stop } | Should -Throw -ExpectedMessage '*could ever be leased under this policy. Of 20000: 20000 excluded*' -ErrorId 'InvalidRequest,*'
        { Set-PortPolicy -Range 6666-6667 -ErrorAction Stop } | Should -Throw -ExpectedMessage '*2 blocked by browsers*'
        (New-PortLease).Port | Should -BeIn (10000..29999)
    }

    It 'takes a range inside the ephemeral one at its word' -Skip:(-not $IsLinux) {
        $first = [int] ((Get-Content /proc/sys/net/ipv4/ip_local_port_range) -split '\s+')[0]
        Set-PortPolicy -DefaultRange "$($first + 100)-$($first + 200)"
        (New-PortLease).Port | Should -BeIn (($first + 100)..($first + 200))
    }

    It 'keeps ports for names, and gives them up' {
        $port = Find-UsablePort
        Set-PortPolicy -Reserve @{ web = $port }
        Set-PortPolicy -Reserve @{ api = 23011 }
        (Get-PortPolicy).Reservations['web'] | Should -Be $port
        (Get-PortPolicy).Reservations['api'] | Should -Be 23011
        (New-PortLease -Name web).Port | Should -Be $port
        Set-PortPolicy -Unreserve api
        (Get-PortPolicy).Reservations.Keys | Should -Be 'web'
    }

    It 'refuses a reserved port to another name' {
        $port = Find-UsablePort
        Set-PortPolicy -Reserve @{ web = $port }
        $failure = { New-PortLease -Name other -Port $port } | Should -Throw -ErrorId 'PortUnavailable,*' -PassThru
        $failure.Exception.Refusal | Should -Be 'Reserved'
    }

    It 'warns of a name to give up that has no port' {
        Set-PortPolicy -Unreserve none -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -HaveCount 1
    }

    It 'lifts the limit and the exclusions' {
        Set-PortPolicy -MaxTimeToLive 8h -Exclude 8080
        $policy = Set-PortPolicy -MaxTimeToLive $null -Exclude @() -PassThru
        $policy.MaxTimeToLive | Should -BeNullOrEmpty
        $policy.Exclude | Should -BeNullOrEmpty
    }

    It 'cuts a longer time to live, with a warning' {
        Set-PortPolicy -MaxTimeToLive 1m
        $lease = New-PortLease -TimeToLive 1h -WarningVariable warnings -WarningAction SilentlyContinue
        [math]::Round(($lease.ExpiresAt - $lease.CreatedAt).TotalSeconds) | Should -Be 60
        $warnings | Should -HaveCount 1
    }

    It 'takes the policy of another registry' {
        Set-PortPolicy -DefaultRange 23000-23999
        Get-PortPolicy | Set-PortPolicy -Registry (Join-Path $TestDrive 'copy')
        "$((Get-PortPolicy -Registry (Join-Path $TestDrive 'copy')).DefaultRange)" | Should -Be '23000-23999'
    }

    It 'goes back to the defaults with -Reset' {
        Set-PortPolicy -DefaultRange 23000-23999
        Set-PortPolicy -Reset
        "$((Get-PortPolicy).DefaultRange)" | Should -Be '10000-29999'
    }

    It 'changes nothing with -WhatIf' {
        Set-PortPolicy -DefaultRange 23000-23999 -WhatIf
        "$((Get-PortPolicy).DefaultRange)" | Should -Be '10000-29999'
    }

    It 'refuses <_>' -ForEach @(
        @{ Reserve = @{ web = 'http' } }
        @{ Reserve = @{ web = 70000 } }
        @{ Reserve = @{ 'no name' = 8080 } }
        @{ }
    ) {
        $arguments = $_
        $failure = { Set-PortPolicy @arguments } | Should -Throw -ErrorId 'InvalidRequest,PortMgmt.PowerShell.Commands.SetPortPolicyCommand' -PassThru
        $failure.CategoryInfo.Category | Should -Be 'InvalidArgument'
    }
}
