BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Completion' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
    }

    BeforeAll {
        function Complete-Line {
            param([string] $Line)
            (TabExpansion2 -inputScript $Line -cursorColumn $Line.Length).CompletionMatches
        }
    }

    It 'has the names of leases for <_>, with their ports as tooltips' -ForEach @(
        'Get-PortLease ', 'Remove-PortLease w', 'Update-PortLease -Name we', 'New-PortLease -Name WEB', "Get-PortLease 'we", 'Use-PortLease w'
    ) {
        $lease = New-PortLease -Name web.front
        $null = New-PortLease -Name web.front
        $found = Complete-Line $_ | Where-Object -Property CompletionText -EQ 'web.front'
        $found | Should -HaveCount 1
        $found.ToolTip | Should -Match "TCP port $($lease.Port)"
    }

    It 'has leased ports for <_>' -ForEach 'Get-PortLease -Port ', 'Remove-PortLease -Port ', 'Update-PortLease -Port ' {
        $lease = New-PortLease -Name web
        $found = Complete-Line $_ | Where-Object -Property CompletionText -EQ "$($lease.Port)"
        $found.ToolTip | Should -Match "of 'web'"
    }

    It 'has ports in use for <_>' -ForEach 'Get-PortListener ', 'Test-Port ', 'Wait-Port ', 'Wait-Port -Port ' {
        $listener = Start-TestListener
        try {
            $found = Complete-Line $_ | Where-Object -Property CompletionText -EQ "$($listener.LocalEndpoint.Port)"
            $found.ToolTip | Should -Match "$PID"
        }
        finally {
            $listener.Stop()
        }
    }

    It 'has what fits the word alone' {
        $null = 'web', 'api' | New-PortLease
        (Complete-Line 'Get-PortLease a').CompletionText | Should -Be 'api'
    }

    It 'looks into the registry that the line names' {
        $null = New-PortLease -Name elsewhere -Registry (Join-Path $TestDrive 'named')
        (Complete-Line "Get-PortLease -Registry '$(Join-Path $TestDrive 'named')' -Name else").CompletionText | Should -Be 'elsewhere'
    }

    It 'has what the session has for <_>' -ForEach 'Start-OperationBatch { 1 }', 'Start-OperationWorker web { 1 }' {
        function global:Get-SessionThing { 1 }
        $global:sessionThing = 5
        try {
            $found = Complete-Line "$_ -Functions get-session"
            $found.CompletionText | Should -Be 'Get-SessionThing'
            $found = Complete-Line "$_ -Variables sessionT"
            $found.CompletionText | Should -Be 'sessionThing'
            $found.ToolTip | Should -Be '$sessionThing: Int32'
            (Complete-Line "$_ -Variables pi").CompletionText | Should -Not -Contain 'PID'
            $found = Complete-Line "$_ -Modules portm"
            $found.CompletionText | Should -Be 'PortMgmt'
            $found.ToolTip | Should -Match ([string] (Get-Module -Name PortMgmt).Version)
        }
        finally {
            Remove-Item -Path function:Get-SessionThing, variable:global:sessionThing
        }
    }

    It 'has protocols and states' {
        (Complete-Line 'New-PortLease -Protocol ').CompletionText | Should -Be 'Both', 'Tcp', 'Udp'
        (Complete-Line 'Get-PortLease -State ').CompletionText | Should -Be 'Active', 'Quarantined', 'Stale'
    }

    It 'is silent when the registry cannot be used' {
        $env:PORTMGMT_REGISTRY = Join-Path $TestDrive 'file'
        Set-Content -Path $env:PORTMGMT_REGISTRY -Value 'no directory'
        $before = $Error.Count
        (Complete-Line 'Get-PortLease -Name zz').CompletionText | Should -Not -Contain 'web'
        $Error.Count | Should -Be $before
    }
}

Describe 'Completion of the batch half' {
    BeforeAll {
        function Complete-Line {
            param([string] $Line)
            (TabExpansion2 -inputScript $Line -cursorColumn $Line.Length).CompletionMatches
        }
        $null = New-Daemon 'test web' -MaxConcurrent 3
        $null = New-Daemon test.db
        $null = 1..6 | Start-OperationBatch -Daemon test.db -Type { $_ % 2 ? 'odd ones' : 'even' } { if ($_ -eq 4) { throw 'no' } }
    }

    AfterAll {
        Get-Daemon test* | Remove-Daemon
    }

    It 'has the names of daemons for <_>, with their state as tooltips' -ForEach @(
        'Get-Daemon test', 'Get-DaemonMetrics TEST', 'Get-DaemonHealth test', 'Set-Daemon test', 'Remove-Daemon test', 'Test-Daemon test'
        'Optimize-Daemon test', 'Clear-DaemonCache test', 'Export-DaemonReport r.html -Name test', 'Start-OperationBatch -Daemon test'
    ) {
        $found = Complete-Line $_
        $found.ListItemText | Should -Be 'test web', 'test.db' -Because 'they are in the order of names'
        $found[0].CompletionText | Should -Be "'test web'"
        $found[0].ToolTip | Should -Match 'at most 3 at once, 0 run now, 0 wait, 0 ended'
        $found[1].ToolTip | Should -Match '6 ended'
    }

    It 'completes a name within quotes' {
        (Complete-Line "Get-Daemon 'test w").CompletionText | Should -Be "'test web'"
    }

    It 'has the types that the daemon of the line has run' {
        $found = Complete-Line 'Start-OperationBatch -Daemon test.db -Type '
        $found.CompletionText | Should -Be 'even', "'odd ones'"
        ($found | Where-Object -Property ListItemText -EQ 'even').ToolTip | Should -Match '3 ended, 1 failed, .* on average'
        (Complete-Line "Start-OperationBatch -Daemon 'test web' -Type e").CompletionText | Should -Not -Contain 'even'
    }

    It 'has profiles for <_>' -ForEach 'New-Daemon x', 'Set-Daemon x', 'Start-OperationBatch' {
        (Complete-Line "$_ -Profile ").CompletionText | Should -Be 'Balanced', 'Streaming', 'Throughput', 'UltraLowLatency'
    }

    It 'has cache profiles' {
        (Complete-Line 'New-Daemon x -CacheProfile ').CompletionText | Should -Be 'ReadHeavy', 'Streaming', 'WriteHeavy'
    }
}
