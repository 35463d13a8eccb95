BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Daemons' {
    AfterEach {
        Get-Daemon test* | Remove-Daemon
    }

    It 'has a default one without being made' {
        (Get-Daemon Default).Name | Should -Be 'Default'
        Get-Daemon | Where-Object -Property Name -EQ 'Default' | Should -HaveCount 1
    }

    It 'are made with what was asked for' {
        $daemon = New-Daemon test -MaxConcurrent 3 -Profile Throughput -CacheProfile ReadHeavy -NodeId n -ClusterId c
        $daemon.MaxConcurrent | Should -Be 3
        $daemon.BatchSize | Should -Be 500
        $daemon.BatchFlush.TotalMilliseconds | Should -Be 50
        $daemon.CacheSize | Should -Be 10000
        (New-Daemon test2 -Profile Throughput -BatchSize 7).BatchSize | Should -Be 7
    }

    It 'are changed, one setting at a time' {
        $null = New-Daemon test -MaxConcurrent 3 -BatchSize 7
        (Set-Daemon test -CacheSize 9 -PassThru).CacheSize | Should -Be 9
        (Get-Daemon test).BatchSize | Should -Be 7
        Get-Daemon test | Set-Daemon -MaxConcurrent 5
        (Get-Daemon test).MaxConcurrent | Should -Be 5
    }

    It 'keep their limit over all batches' {
        $null = New-Daemon test -MaxConcurrent 2
        $running = [System.Threading.SemaphoreSlim]::new(0)
        $jobs = 1..3 | ForEach-Object -Process {
            1..20 | Start-OperationBatch -Daemon test -BatchSize 1 -AsJob -Raw { 1 + ($using:running).Release(); Start-Sleep -Milliseconds 5; ($using:running).Wait() }
        }
        $peaks = $jobs | Receive-Job -Wait
        $jobs | Remove-Job
        $peaks | Should -HaveCount 60
        ($peaks | Measure-Object -Maximum).Maximum | Should -BeLessOrEqual 2
        (Get-DaemonMetrics test).PeakConcurrency | Should -BeLessOrEqual 2
    }

    It 'keep their cache from one batch to the next, and its results apart by script and values' {
        $null = New-Daemon test
        $value = 1
        1..5 | Start-OperationBatch -Daemon test -Id { $_ } -Raw { "$_$using:value" } | Should -HaveCount 5
        $again = 1..5 | Start-OperationBatch -Daemon test -Id { $_ } { "$_$using:value" }
        $again.FromCache | Select-Object -Unique | Should -BeTrue
        1 | Start-OperationBatch -Daemon test -Id { $_ } -Raw { "changed$using:value" } | Should -Be 'changed1'
        $value = 2
        1 | Start-OperationBatch -Daemon test -Id { $_ } -Raw { "$_$using:value" } | Should -Be '12'
        Clear-DaemonCache test
        (Get-DaemonHealth test).Cache.Size | Should -Be 0
    }

    It 'share nothing where the values are not simple, and say so' {
        $null = New-Daemon test
        $thing = [pscustomobject]@{ a = 1 }
        $null = 1 | Start-OperationBatch -Daemon test -Id { 1 } -Raw { ($using:thing).GetHashCode() } -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -HaveCount 1
        (1 | Start-OperationBatch -Daemon test -Id { 1 } { ($using:thing).GetHashCode() } -WarningAction SilentlyContinue).FromCache | Should -BeFalse
    }

    It 'refuse <Case>' -ForEach @(
        @{ Case = 'a name that there is'; Run = { $null = New-Daemon test; New-Daemon TEST }; Id = 'DaemonExists' }
        @{ Case = 'the name of the default one'; Run = { New-Daemon default }; Id = 'DaemonExists' }
        @{ Case = 'a limit of zero'; Run = { New-Daemon test -MaxConcurrent 0 }; Id = 'InvalidOption' }
        @{ Case = 'a negative cache'; Run = { New-Daemon test -CacheSize -1 }; Id = 'InvalidOption' }
        @{ Case = 'an endless flush time'; Run = { New-Daemon test -BatchFlushMs ([double]::NaN) }; Id = 'InvalidOption' }
        @{ Case = 'to change what is not there'; Run = { Set-Daemon testno -CacheSize 1 }; Id = 'DaemonNotFound' }
        @{ Case = 'to show what is not there'; Run = { Get-DaemonMetrics testno }; Id = 'DaemonNotFound' }
        @{ Case = 'to remove what is not there'; Run = { Remove-Daemon testno }; Id = 'DaemonNotFound' }
    ) {
        { & $Run } | Should -Throw -ErrorId "$Id,*"
    }

    It 'are watched as often as asked, and objects come where nobody sees a terminal' {
        $null = New-Daemon test
        $seen = Get-DaemonMetrics test -Watch -Count 3 -IntervalSeconds 0.1
        $seen | Should -HaveCount 3
        $seen[0].Daemon | Should -Be 'test'
        (Get-DaemonHealth test -Watch -Count 2 -IntervalSeconds 0.1) | Should -HaveCount 2
    }

    It 'are watched until nothing runs or waits any more' {
        $null = New-Daemon test -MaxConcurrent 2
        $job = 1..20 | Start-OperationBatch -Daemon test { Start-Sleep -Milliseconds 30 } -AsJob
        $seen = @(Get-DaemonMetrics test -Watch -UntilIdle -IntervalSeconds 0.1)
        $seen[-1].Succeeded | Should -Be 20
        $null = $job | Wait-Job | Receive-Job
        $job | Remove-Job
        @(Get-DaemonMetrics test -Watch -UntilIdle) | Should -HaveCount 1
    }

    It 'are drawn as a panel on a terminal, and end by themselves' {
        if ($IsWindows -or -not (Test-Path -Path '/usr/bin/script')) {
            Set-ItResult -Skipped -Because 'there is no script(1) here to give the shell a terminal'
        }
        $file = Join-Path $TestDrive 'watch.ps1'
        Set-Content -Path $file -Value @"
Import-Module '$ManifestPath'
`$null = New-Daemon test -MaxConcurrent 2
`$job = 1..30 | Start-OperationBatch -Daemon test { Start-Sleep -Milliseconds 250 } -AsJob
Get-DaemonMetrics test -Watch -UntilIdle -IntervalSeconds 0.1
'the end'
"@
        $screen = & script -qec "stty cols 100; export TERM=xterm; $TestShellLine -NoProfile -NonInteractive -File $file" /dev/null | Out-String
        $plain = $screen -replace "`e\[[0-9;?]*[a-zA-Z]", ''
        $plain | Should -Match 'test  30 of 30 done'
        $plain | Should -Match 'running  0 of 2, 0 waiting   failed none'
        $plain | Should -Match 'the end'
        $screen | Should -Match "`e\[5A"
    }

    It 'do nothing with -WhatIf' {
        New-Daemon test -WhatIf | Should -BeNullOrEmpty
        Get-Daemon test* | Should -BeNullOrEmpty
        $null = New-Daemon test
        Set-Daemon test -CacheSize 1 -WhatIf
        Remove-Daemon test -WhatIf
        (Get-Daemon test).CacheSize | Should -Be 5000
    }

    It 'say what a change changes' {
        # What -WhatIf shows is what -Verbose does.
        $null = New-Daemon test -MaxConcurrent 2
        "$(Set-Daemon test -MaxConcurrent 3 -BatchFlushMs 20ms -CacheSize 5000 -FailOn Error -Verbose 4>&1)" |
            Should -BeLike '*Change daemon: MaxConcurrent 2 -> 3; BatchFlushMs 10 -> 20; FailOn Statement -> Error*'
        "$(Set-Daemon -Daemon test -CacheSize 5000 -Verbose 4>&1)" | Should -BeLike '*nothing changes*'
        (Get-Daemon -Daemon test).BatchFlushMs | Should -Be 20
    }

    It 'stop their batches when they are removed' {
        $null = New-Daemon test
        $job = 1..10 | Start-OperationBatch -Daemon test -AsJob { Start-Sleep -Seconds 600 }
        Wait-Until { (Get-Daemon test).ActiveOperations -gt 0 }
        Remove-Daemon test
        $null = $job | Wait-Job -Timeout 60
        ($job | Receive-Job).Status | Select-Object -Unique | Should -Be 'Cancelled'
        $job | Remove-Job
    }

    It 'are shared by the runspaces of the process' {
        $null = New-Daemon test
        $worker = Start-TestRunspace -Script '(Get-Daemon test).Name; 1..5 | Start-OperationBatch -Daemon test -Raw { $_ }'
        $null = $worker.Shell.EndInvoke($worker.Call)
        $worker.Output[0] | Should -Be 'test'
        $worker.Shell.Dispose()
        (Get-DaemonMetrics test).Succeeded | Should -Be 5
    }

    It 'go with the module' {
        $script = "Import-Module '$ManifestPath'; `$null = New-Daemon test; Remove-Module PortMgmt; Import-Module '$ManifestPath'; (Get-Daemon).Name"
        Invoke-TestShell -Command $script | Should -Be 'Default'
    }
}

Describe 'Figures' {
    BeforeAll {
        $null = New-Daemon testfigures -NodeId node1 -ClusterId prod
        $null = 1..10 | Start-OperationBatch -Daemon testfigures -Id { [math]::Ceiling($_ / 2) } { if ($_ -gt 8) { throw 'late' } Start-Sleep -Milliseconds 20; $_ }
    }

    AfterAll {
        Remove-Daemon testfigures
    }

    It 'of metrics are true' {
        $metrics = Get-DaemonMetrics testfigures
        $metrics.Daemon | Should -Be 'testfigures'
        $metrics.TotalOperations | Should -Be 10
        $metrics.Succeeded + $metrics.Failed | Should -Be 10
        $metrics.Failed | Should -Be 2
        $metrics.SuccessRate | Should -Be 80
        $metrics.Latency.Service.Max.TotalMilliseconds | Should -BeGreaterThan 15
        $metrics.Latency.Total.P50 | Should -BeLessOrEqual $metrics.Latency.Total.P99
    }

    It 'of health are true' {
        $health = Get-DaemonHealth testfigures
        $health.NodeId | Should -Be 'node1'
        $health.ClusterId | Should -Be 'prod'
        $health.IsRunning | Should -BeTrue
        $health.ActiveOperations | Should -Be 0
        $health.QueuedOperations | Should -Be 0
        $health.TotalProcessed | Should -Be 10
        $health.Cache.Misses | Should -BeGreaterThan 0
    }

    It 'are watched until stopped: <_>' -ForEach 'Get-DaemonMetrics', 'Get-DaemonHealth' {
        & $_ testfigures -Watch -IntervalSeconds 0.1 | Select-Object -First 3 -ExpandProperty Daemon | Should -Be 'testfigures', 'testfigures', 'testfigures'
    }

    It 'have views' {
        Get-DaemonMetrics testfigures | Out-String | Should -Match 'Latency: total +: p50 '
        Get-DaemonHealth testfigures | Out-String | Should -Match 'Cache +: \d+ hits'
        Get-Daemon testfigures | Out-String | Should -Match 'MaxConcurrent'
        1 | Start-OperationBatch { 'shown' } | Out-String | Should -Match 'Status +Id +Input +Output'
    }

    It 'complete names' {
        (TabExpansion2 -inputScript 'Get-DaemonMetrics testf' -cursorColumn 23).CompletionMatches.CompletionText | Should -Be 'testfigures'
        (TabExpansion2 -inputScript 'Start-OperationBatch -Daemon testf' -cursorColumn 34).CompletionMatches.CompletionText | Should -Be 'testfigures'
    }
}

Describe 'Advice' {
    BeforeEach {
        $null = New-Daemon testadvice -MaxConcurrent 2
    }

    AfterEach {
        Remove-Daemon testadvice
    }

    It 'finds nothing about an idle daemon' {
        Test-Daemon testadvice | Should -BeNullOrEmpty
    }

    It 'finds failures and a limit that is too low, with what to change' {
        $null = 1..40 | Start-OperationBatch -Daemon testadvice -BatchSize 1 { Start-Sleep -Milliseconds 10; if ($_ % 2) { throw 'odd' } }
        $findings = Test-Daemon testadvice -AlertP99 1ms
        $findings.Rule | Should -Contain 'Failures'
        $findings.Rule | Should -Contain 'SlowTail'
        ($findings | Where-Object -Property Rule -EQ 'Failures').Parameter | Should -Be 'Retry'
        $findings.Daemon | Select-Object -Unique | Should -Be 'testadvice'
        $findings | Out-String | Should -Match 'Evidence +: '
    }

    It 'finds settings for a target, from figures and from a sample' {
        $null = 1..20 | Start-OperationBatch -Daemon testadvice { Start-Sleep -Milliseconds 20 }
        $tuning = Optimize-Daemon testadvice -TargetThroughput 500
        $tuning.MaxConcurrent | Should -BeGreaterThan 9
        $tuning.IsApplied | Should -BeFalse
        $tuning.Reasons | Should -Not -BeNullOrEmpty
        $processed = (Get-Daemon testadvice).TotalProcessed
        $milliseconds = 20
        $sampled = Optimize-Daemon testadvice -TargetThroughput 500 -Sample (1..20) -ScriptBlock { Start-Sleep -Milliseconds $using:milliseconds } -Apply
        $sampled.IsApplied | Should -BeTrue
        (Get-Daemon testadvice).MaxConcurrent | Should -Be $sampled.MaxConcurrent
        (Get-Daemon testadvice).TotalProcessed | Should -Be $processed
        Get-Daemon *trial* | Should -BeNullOrEmpty
    }

    It 'refuses a latency without a unit' {
        { Optimize-Daemon -TargetP99 50 } | Should -Throw -ExpectedMessage "*'50' has no unit. Write '50ms' or '50s'.*"
        { Test-Daemon -AlertP99 '50' } | Should -Throw -ExpectedMessage "*'50' has no unit.*"
        { Export-DaemonReport x.html -AlertP99 0.5 } | Should -Throw -ExpectedMessage "*'0.5' has no unit.*"
    }

    It 'says what cannot be reached, and applies nothing' {
        $null = 1..5 | Start-OperationBatch -Daemon testadvice { Start-Sleep -Milliseconds 20 }
        $tuning = Optimize-Daemon testadvice -TargetP99 1ms -Apply -WarningAction SilentlyContinue
        $tuning.IsReachable | Should -BeFalse
        $tuning.IsApplied | Should -BeFalse
    }

    It 'refuses <Case>' -ForEach @(
        @{ Case = 'no target'; Run = { Optimize-Daemon testadvice } }
        @{ Case = 'a daemon that has run nothing'; Run = { Optimize-Daemon testadvice -TargetThroughput 5 } }
    ) {
        { & $Run } | Should -Throw -ErrorId 'InvalidOption,*'
    }
}
