BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Import-Csv | New-PortLease' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
    }

    It 'binds the columns, and takes empty cells as any' {
        $fixed = Find-UsablePort
        $preferred = Find-UsablePort
        @"
Name,Port,Protocol,Range,Count,PreferredPort,TimeToLive
web,$fixed,,,,,
api,0,udp,22000-22009,,,
pool,,,22010-22029,3,,
cache,,both,,1,$preferred,10m
"@ | Set-Content -Path (Join-Path $TestDrive 'services.csv')
        $leases = Import-Csv -Path (Join-Path $TestDrive 'services.csv') | New-PortLease
        $leases.Name | Should -Be 'web', 'api', 'pool', 'pool', 'pool', 'cache'
        $leases[0].Port | Should -Be $fixed
        $leases[1].Protocol | Should -Be 'Udp'
        $leases[1].Port | Should -BeIn (22000..22009)
        $leases[2..4].Port | ForEach-Object -Process { $_ | Should -BeIn (22010..22029) }
        $leases[5].Protocol | Should -Be 'Both'
        $leases[5].Port | Should -Be $preferred
        $leases[5].ExpiresAt | Should -Not -BeNullOrEmpty
        $leases[0].ExpiresAt | Should -BeNullOrEmpty
    }

    It 'starts each row afresh' {
        $rows = [pscustomobject]@{ Name = 'one'; Count = 2 }, [pscustomobject]@{ Name = 'two' }
        ($rows | New-PortLease).Name | Should -Be 'one', 'one', 'two'
    }

    It 'reports a row that is no request and goes on' {
        $rows = @(
            [pscustomobject]@{ Name = 'port'; Port = 'http' }
            [pscustomobject]@{ Name = 'protocol'; Protocol = 'sctp' }
            [pscustomobject]@{ Name = 'range'; Range = 'low' }
            [pscustomobject]@{ Name = 'time'; TimeToLive = 'long' }
            [pscustomobject]@{ Name = 'good'; Port = '' }
        )
        $leases = $rows | New-PortLease -ErrorAction SilentlyContinue -ErrorVariable failures
        $leases.Name | Should -Be 'good'
        $failures | Should -HaveCount 4
        "$failures" | Should -Match "'http' is no whole number"
        "$failures" | Should -Match "'sctp' is no value of Tcp, Udp, Both"
    }

    It 'takes names as they are' {
        ('web', 'api' | New-PortLease).Name | Should -Be 'web', 'api'
    }

    It 'streams: the first lease is there before the second is asked for' {
        $order = & {
            'one', 'two' | ForEach-Object -Process { "ask $_"; $_ } | ForEach-Object -Process {
                if ($_ -like 'ask*') { Write-Information -MessageData $_ } else { $_ }
            } | New-PortLease | ForEach-Object -Process { Write-Information -MessageData "got $($_.Name)" }
        } 6>&1
        $order.MessageData | Should -Be 'ask one', 'got one', 'ask two', 'got two'
    }
}

Describe 'Leases from another session' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
    }

    It 'bind by property name, token and all, to <_>' -ForEach 'Remove-PortLease', 'Update-PortLease', 'Get-PortLease' {
        $made = New-PortLease -Name remote
        $bystander = New-PortLease -Name remote
        $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($made))
        $copy.PSObject.TypeNames[0] | Should -Be 'Deserialized.PortMgmt.Leases.PortLease'
        $more = if ($_ -eq 'Update-PortLease') { @{ TimeToLive = '5m'; PassThru = $true } } elseif ($_ -eq 'Remove-PortLease') { @{ PassThru = $true } } else { @{} }
        ($copy | & $_ @more).Port | Should -Be $made.Port
        Get-PortLease -Port $bystander.Port | Should -Not -BeNullOrEmpty
    }

    It 'come back from a job and are removed by what they were' {
        $job = Start-Job -ScriptBlock {
            Import-Module $using:ManifestPath
            New-PortLease -Name job -ProcessId $using:PID
        }
        $lease = $job | Receive-Job -Wait
        $job | Remove-Job
        (Get-PortLease -Name job).Port | Should -Be $lease.Port
        $lease | Remove-PortLease
        Get-PortLease -Name job* | Should -BeNullOrEmpty
    }

    It 'fence: a removal whose lease has a successor is refused' {
        $made = New-PortLease -Name remote
        $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($made))
        $made | Remove-PortLease
        $successor = New-PortLease -Name remote -Port $made.Port -WarningAction SilentlyContinue
        { $copy | Remove-PortLease } | Should -Throw -ErrorId 'LeaseNotOwned,*'
        (Get-PortLease -Port $successor.Port).Name | Should -Be 'remote'
    }

    It 'ranges of a policy arrive as they are written' {
        Set-PortPolicy -Exclude 8080, '9000-9100'
        $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Get-PortPolicy)))
        $copy.Exclude | Should -Be '8080', '9000-9100'
    }
}

Describe 'Get-PortLease | Remove-PortLease' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
    }

    It 'removes what the wildcard names and nothing else' {
        $null = 'web1', 'web2', 'api' | New-PortLease
        Get-PortLease web* | Remove-PortLease
        (Get-PortLease).Name | Should -Be 'api'
    }
}
