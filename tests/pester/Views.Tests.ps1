BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'The default views' {
    BeforeEach {
        Use-TestRegistry
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'PlainText'
        $lease = New-PortLease -Name web -TimeToLive 1h
    }

    AfterEach {
        $PSStyle.OutputRendering = $rendering
        Clear-TestRegistry
    }

    It '<Name> is a table of <Columns>' -ForEach @(
        @{ Name = 'a lease'; Command = { Get-PortLease }; Columns = 'Port Protocol Name Owner State Expires' }
        @{ Name = 'a lease with its listener'; Command = { Get-PortLease -IncludeListener }; Columns = 'Port Protocol Name Owner State Listener Mismatch' }
        @{ Name = 'an availability'; Command = { Test-Port $lease.Port }; Columns = 'Port Protocol Available Reason Message' }
        @{ Name = 'a deserialised lease'; Columns = 'Port Protocol Name Owner State Expires'; Command = {
                [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($lease))
            }
        }
    ) {
        $lines = (& $command | Out-String -Width 200) -split '\r?\n' | Where-Object -FilterScript { $_ }
        ($lines[0].Trim() -split '\s+') -join ' ' | Should -Be $columns
        $lines[2] | Should -Match "^ *$($lease.Port) Tcp "
    }

    It 'a listener is a table of its own' {
        $listener = Start-TestListener
        try {
            $lines = (Get-PortListener $listener.LocalEndpoint.Port | Out-String -Width 200) -split '\r?\n' | Where-Object -FilterScript { $_ }
            ($lines[0].Trim() -split '\s+') -join ' ' | Should -Be 'Port Protocol Address Id Program LeaseName'
            $lines[2] | Should -Match "^ *$($listener.LocalEndpoint.Port) Tcp +127\.0\.0\.1 +$PID "
        }
        finally {
            $listener.Stop()
        }
    }

    It 'a stale port is a table of its own' {
        $process = Start-TestProcess
        $null = New-PortLease -Name orphan -ProcessId $process.Id
        Stop-TestProcess -Process $process
        $lines = (Remove-StalePort | Out-String -Width 200) -split '\r?\n' | Where-Object -FilterScript { $_ }
        ($lines[0].Trim() -split '\s+') -join ' ' | Should -Be 'Port Protocol Name Owner Removed Reason'
    }

    It 'a policy is a list' {
        Set-PortPolicy -Exclude 8080, '9000-9100' -Reserve @{ web = 8443; api = 8444 }
        $text = Get-PortPolicy | Out-String -Width 200
        $text | Should -Match 'DefaultRange +: 10000-29999'
        $text | Should -Match 'Exclude +: 8080, 9000-9100'
        $text | Should -Match 'Reservations +: api=8444, web=8443'
    }

    It 'a registry is a list' {
        Initialize-PortRegistry | Out-String -Width 200 | Should -Match 'ActiveLeases +: 1'
    }

    It 'a list shows the token to whoever made the lease, and to nobody else' {
        $lease | Format-List | Out-String | Should -Match "Token +: $([regex]::Escape($lease.Token))"
        Get-PortLease | Format-List | Out-String | Should -Not -Match 'Token'
    }

    It 'leave room for a name on a terminal of 80 columns' {
        $null = New-PortLease -Name a.service-of-20.chars
        Get-PortLease | Out-String -Width 80 | Should -Match 'a\.service-of-20\.chars'
        Get-PortLease -IncludeListener | Out-String -Width 80 | Should -Match 'a\.service-of'
    }

    It 'have no ANSI sequence in plain text' {
        & { $lease; $lease | Format-List; Test-Port $lease.Port; Get-PortPolicy; Initialize-PortRegistry } | Out-String |
            Should -Not -Match "`e"
    }

    It 'show times of this time zone' {
        Get-PortLease | Out-String -Width 200 | Should -Match ([regex]::Escape($lease.ExpiresAt.LocalDateTime.ToString('yyyy-MM-dd HH:mm:ss')))
    }
}
