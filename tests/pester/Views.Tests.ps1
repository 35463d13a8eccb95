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

    It 'show times in one form, that of the command line' {
        $shown = $lease.ExpiresAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", [cultureinfo]::InvariantCulture)
        $far = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($lease))
        foreach ($view in { Get-PortLease }, { $lease | Format-List }, { $far }, { $far | Format-List }) {
            & $view | Out-String -Width 200 | Should -Match ([regex]::Escape($shown))
        }
    }
}

Describe 'The views of the batch half' {
    BeforeAll {
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'PlainText'
        $null = New-Daemon views -MaxConcurrent 2
        $results = 1..4 | Start-OperationBatch -Daemon views -Id { "op$_" } { if ($_ -eq 3) { throw 'no luck' }; "out $_" }
        function Get-ViewLine {
            param([object[]] $Shown)
            ($Shown | Out-String -Width 200) -split '\r?\n' | Where-Object -FilterScript { $_ }
        }
    }

    AfterAll {
        Remove-Daemon views
        $PSStyle.OutputRendering = $rendering
    }

    It '<Name> has a table of <Columns>' -ForEach @(
        @{ Name = 'a result'; Get = { $results }; Columns = 'Status Id Input Output ms Queue ms Try' }
        @{ Name = 'a daemon'; Get = { Get-Daemon views }; Columns = 'Name MaxConcurrent BatchSize Flush ms CacheSize Active Processed' }
        @{ Name = 'metrics'; Get = { Get-DaemonMetrics views }; Columns = 'Daemon Operations OK % Failed Per second p50 ms p95 ms p99 ms Peak' }
        @{ Name = 'health'; Get = { Get-DaemonHealth views }; Columns = 'Daemon Node Running Active Queued Ended Stuck Hit %' }
        @{ Name = 'a finding'; Get = { Test-Daemon views }; Columns = 'Daemon Severity Rule Parameter Recommendation' }
        @{ Name = 'a tuning'; Get = { Optimize-Daemon views -TargetP99 10s }; Columns = 'Daemon Reachable Applied Limit Batch Flush ms Cache Reasons' }
        @{ Name = 'a latency'; Get = { (Get-DaemonMetrics views).Latency.Total }; Columns = 'Count P50 ms P95 ms P99 ms Max ms Mean ms' }
        @{ Name = 'latencies'; Get = { (Get-DaemonMetrics views).Latency }; Columns = 'Queue p50 Queue p99 Service p50 Service p99 Total p50 Total p99' }
        @{ Name = 'a cache'; Get = { (Get-DaemonHealth views).Cache }; Columns = 'Hits Coalesced Misses Evictions Hit % Kept' }
    ) {
        $lines = Get-ViewLine (& $Get | Format-Table)
        ($lines[0].Trim() -split '\s+') -join ' ' | Should -Be $columns
        $lines.Count | Should -BeGreaterThan 2
    }

    It '<Name> has a list with <Pattern>' -ForEach @(
        @{ Name = 'a result'; Get = { $results[0] }; Pattern = 'Attempts +: 1' }
        @{ Name = 'a daemon'; Get = { Get-Daemon views }; Pattern = 'MaxConcurrent +: 2' }
        @{ Name = 'metrics'; Get = { Get-DaemonMetrics views }; Pattern = 'Latency: total +: p50 ' }
        @{ Name = 'health'; Get = { Get-DaemonHealth views }; Pattern = 'IsRunning +: True' }
        @{ Name = 'a finding'; Get = { Test-Daemon views }; Pattern = 'Severity +: Warning' }
        @{ Name = 'a tuning'; Get = { Optimize-Daemon views -TargetP99 10s }; Pattern = 'IsReachable +: True' }
        @{ Name = 'a latency'; Get = { (Get-DaemonMetrics views).Latency.Total }; Pattern = 'P99 ms +: ' }
        @{ Name = 'latencies'; Get = { (Get-DaemonMetrics views).Latency }; Pattern = 'Service ms +: p50 ' }
        @{ Name = 'a cache'; Get = { (Get-DaemonHealth views).Cache }; Pattern = 'Misses +: 4' }
    ) {
        & $Get | Format-List | Out-String -Width 200 | Should -Match $pattern
    }

    It 'show what a job or another session brought as well' {
        $far = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Get-DaemonMetrics views)))
        (Get-ViewLine ($far | Format-Table))[0] | Should -Match '^Daemon +Operations'
        (Get-ViewLine ($far | Format-Table))[2] | Should -Match '^views +4 +75\.0 +1 '
    }

    It 'are wide where a name says enough' {
        Get-ViewLine (Get-Daemon views, Default | Format-Wide) | Should -Match 'views'
        Get-ViewLine ($results | Format-Wide) | Should -Match 'op1'
    }

    It '<Type> has a table of <Columns>, and a list' -ForEach @(
        @{
            Type    = 'PortMgmt.Cluster.ClusterNode'
            Columns = 'Node Condition Types Active Limit Load % Processed Failed Seen'
            Values  = @{ NodeId = 'a'; ClusterId = 'prod'; Types = 'web', 'db'; ActiveOperations = 3; MaxConcurrent = 4; Load = 0.75; Timestamp = [DateTimeOffset]::UtcNow }
            Shown   = '75'
        }
        @{
            Type    = 'PortMgmt.Cluster.ClusterQueue'
            Columns = 'Type Partitions Waiting Oldest SetApart GivenUp DeadLetters Workers'
            Values  = @{ Type = 'web'; Partitions = 2; Waiting = 12345; WaitingByPartition = 12345, $null; IsMissing = $true; OldestAge = [timespan]::FromSeconds(41.2); Workers = 0 }
            Shown   = '<42 s'
        }
        @{
            Type    = 'PortMgmt.Cluster.ClusterWorkerState'
            Columns = 'Type Condition Active Limit Processed Failed Reason'
            Values  = @{ Type = 'web'; Condition = 'Healthy'; Processed = 12345; Failed = 2 }
            Shown   = '12,345'
        }
        @{
            Type    = 'PortMgmt.PowerShell.Cluster.FailedOperationInfo'
            Columns = 'Type Id Failed at Replay Error'
            Values  = @{ Type = 'web'; Id = 'x'; FailedAt = [DateTimeOffset]::UtcNow; ErrorCode = 'OperationFailed'; Error = 'no luck'; Size = 12 }
            Shown   = 'no luck'
        }
    ) {
        $object = [pscustomobject] $values
        $object.PSObject.TypeNames.Insert(0, "Deserialized.$type")
        $lines = Get-ViewLine ($object | Format-Table)
        ($lines[0].Trim() -split '\s+') -join ' ' | Should -Be $columns
        $lines[2] | Should -Match $shown
        Get-ViewLine ($object | Format-List) | Select-Object -First 1 | Should -Match '^(NodeId|Type) +: '
    }

    It 'events are a table' {
        $seen = [System.Collections.Generic.List[object]]::new()
        $null = 1 | Start-OperationBatch -Id { 'x' } { 1 } -OnEvent { $seen.Add($_) }
        ((Get-ViewLine ($seen | Format-Table))[0].Trim() -split '\s+') -join ' ' | Should -Be 'Time Name Id Status Try ms Error'
    }

    It 'have no ANSI sequence in plain text' {
        & { $results; Get-DaemonMetrics views | Format-Table; Get-DaemonHealth views; Test-Daemon views; Optimize-Daemon views -TargetP99 10s } | Out-String |
            Should -Not -Match "`e"
    }
}

Describe 'The colours of states' {
    It '<State> is <Colour>' -ForEach @(
        @{ State = 'Active'; Colour = 'green' }
        @{ State = 'Succeeded'; Colour = 'green' }
        @{ State = 'Stale'; Colour = 'warning' }
        @{ State = 'Failed'; Colour = 'error' }
        @{ State = 'Quarantined'; Colour = 'faint' }
        @{ State = 'whatever'; Colour = 'none' }
    ) {
        $style = [pscustomobject]@{
            OutputRendering = 'Host'
            Reset           = '</>'
            Formatting      = [pscustomobject]@{ Warning = '<warning>'; Error = '<error>' }
            Foreground      = [pscustomobject]@{ Green = '<green>'; BrightBlack = '<faint>' }
        }
        $expected = $colour -eq 'none' -or $env:NO_COLOR -or [Console]::IsOutputRedirected ? $state : "<$colour>$state</>"
        [PortMgmt.PowerShell.Terminal.ViewStyle]::Paint($state, $style) | Should -Be $expected
        $style.OutputRendering = 'PlainText'
        [PortMgmt.PowerShell.Terminal.ViewStyle]::Paint($state, $style) | Should -Be $state
    }

    It 'are on a terminal, and not with NO_COLOR, and not when redirected' -Skip:($IsWindows -or -not (Test-Path -Path '/usr/bin/script')) {
        $command = "Import-Module '$ManifestPath'; 1 | Start-OperationBatch { 1 } | Format-Table Status | Out-Null; 1 | Start-OperationBatch { 1 }"
        $file = Join-Path $TestDrive 'view.ps1'
        Set-Content -Path $file -Value $command
        $run = "$TestShellLine -NoProfile -NonInteractive -File $file"
        $clean = 'unset NO_COLOR; export TERM=xterm; stty cols 120;'
        $green = [regex]::Escape("`e[32mSucceeded")
        & script -qec "$clean $run" /dev/null | Out-String | Should -Match $green
        & script -qec "$clean NO_COLOR=1 $run" /dev/null | Out-String | Should -Not -Match $green
        & script -qec "$clean $run | cat" /dev/null | Out-String | Should -Not -Match $green
    }
}
