BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Start-OperationBatch' {
    It 'gives one result for each input, with what came in and out' {
        $results = 1..200 | Start-OperationBatch { $_ * 2 }
        $results | Should -HaveCount 200
        $results | ForEach-Object -Process {
            $_.Status | Should -Be 'Succeeded'
            $_.Output | Should -Be (2 * $_.Input)
            $_.Attempts | Should -Be 1
        }
        ($results.Input | Sort-Object) | Should -Be (1..200)
    }

    It 'keeps the order of the input with -Ordered' {
        (1..50 | Start-OperationBatch -Ordered -MaxConcurrent 8 -BatchSize 1 { Start-Sleep -Milliseconds (50 - $_); $_ }).Output | Should -Be (1..50)
    }

    It 'puts out as PowerShell assigns: nothing, one, many' {
        $results = 0..2 | Start-OperationBatch -Ordered { for ($i = 0; $i -lt $_; $i++) { "o$i" } }
        $results[0].Output | Should -BeNullOrEmpty
        $results[1].Output | Should -BeExactly 'o0'
        $results[2].Output | Should -BeExactly 'o0', 'o1'
    }

    It 'takes no more input than is worked off' {
        $seen = [System.Collections.Generic.List[int]]::new()
        $first = 1..1000000 | ForEach-Object -Process { $seen.Add($_); $_ } | Start-OperationBatch { $_ } | Select-Object -First 3
        $first | Should -HaveCount 3
        $seen.Count | Should -BeLessThan 20000
    }

    It 'never runs more at once than -MaxConcurrent' {
        $running = [System.Threading.SemaphoreSlim]::new(0)
        $together = [System.Threading.ManualResetEventSlim]::new()
        $peaks = 1..100 | Start-OperationBatch -MaxConcurrent 3 -BatchSize 1 -Raw {
            # The first one stays until another has come: a busy machine may take long to open its runspace.
            $now = 1 + ($using:running).Release()
            if ($now -ge 2) { ($using:together).Set() }
            $null = ($using:together).Wait(60000)
            $now
            Start-Sleep -Milliseconds 5
            ($using:running).Wait()
        }
        ($peaks | Measure-Object -Maximum).Maximum | Should -BeIn 2, 3
    }

    It 'takes null and empty input' {
        ($null, 1 | Start-OperationBatch -Ordered { "[$_]" }).Output | Should -Be '[]', '[1]'
        @() | Start-OperationBatch { 'ran' } | Should -BeNullOrEmpty
    }

    It 'runs once without a pipeline' {
        (Start-OperationBatch { 'ran' }).Output | Should -Be 'ran'
        (Start-OperationBatch -InputObject 5 { $_ }).Output | Should -Be 5
    }

    It 'calls a block with begin, process and end for each input' {
        1..2 | Start-OperationBatch -Ordered -Raw { begin { 'b' } process { "p$_" } end { 'e' } } | Should -Be 'b', 'p1', 'e', 'b', 'p2', 'e'
    }

    It 'gives hand-offs as arrays with -AsBatch' {
        $results = 1..10 | Start-OperationBatch -AsBatch -BatchSize 4 -MaxConcurrent 2 { ($_ | Measure-Object -Sum).Sum }
        ($results | Measure-Object -Property Count -Sum).Sum | Should -Be 10
        $results | ForEach-Object -Process {
            $_.Input.Count | Should -Be $_.Count
            $_.Count | Should -BeLessOrEqual 4
            $_.Output | Should -Be ($_.Input | Measure-Object -Sum).Sum
        }
    }

    It 'nests' {
        $outer = 'o'
        $output = 1..3 | Start-OperationBatch -Ordered -Raw {
            $own = $using:outer
            $inner = "i$_"
            1..2 | Start-OperationBatch -Ordered -Raw { "$using:own $using:inner $_" }
        }
        $output | Should -Be 'o i1 1', 'o i1 2', 'o i2 1', 'o i2 2', 'o i3 1', 'o i3 2'
    }

    It 'nests under a limit of one' {
        1..3 | Start-OperationBatch -MaxConcurrent 1 -Raw -Ordered { $_ | Start-OperationBatch -MaxConcurrent 1 -Raw { $_ } } | Should -Be 1, 2, 3
    }

    It 'runs in two runspaces at once' {
        $workers = 'a', 'b' | ForEach-Object -Process {
            Start-TestRunspace -ArgumentList $_ -Script 'param($Name) 1..500 | Start-OperationBatch -Raw { "$using:Name$_" }'
        }
        $workers | ForEach-Object -Process { $null = $_.Shell.EndInvoke($_.Call); $_.Shell.Dispose() }
        $workers[0].Output | Should -HaveCount 500
        $workers[1].Output | Should -HaveCount 500
        $workers[0].Output | Where-Object -FilterScript { $_ -notlike 'a*' } | Should -BeNullOrEmpty
    }

    It 'leases a port of its own for each operation with -LeasePort' {
        Use-TestRegistry
        try {
            $results = 1..20 | Start-OperationBatch -LeasePort -MaxConcurrent 4 -BatchSize 1 {
                $held = (Get-PortLease -Port $Port).State
                Start-Sleep -Milliseconds 20
                "$Port $held"
            }
            $results | ForEach-Object -Process { $_.Output | Should -Be "$($_.Port) Active" }
            Get-PortLease | Should -BeNullOrEmpty
        }
        finally {
            Clear-TestRegistry
        }
    }

    It 'fails the operations for which there is no port, and says why' {
        Set-Content -Path (Join-Path $TestDrive 'file') -Value 'no directory'
        $result = 1 | Start-OperationBatch -LeasePort -Registry (Join-Path $TestDrive 'file') { 'ran' }
        $result.Status | Should -Be 'Failed'
        $result.Error[0].FullyQualifiedErrorId | Should -Match '^Registry'
    }

    It 'carries type, metadata and priority' {
        $results = 1..4 | Start-OperationBatch -Ordered -Type { "t$($_ % 2)" } -Metadata { @{ n = $_ } } -Priority { 'High' } { $_ }
        $results.Type | Should -Be 't1', 't0', 't1', 't0'
        $results.Metadata.n | Should -Be 1, 2, 3, 4
        (1 | Start-OperationBatch -Type fixed -Metadata @{ a = 'b' } -Priority Low { 1 }).Metadata['a'] | Should -Be 'b'
    }

    It 'holds operations of a type to their limit' {
        $running = [System.Threading.SemaphoreSlim]::new(0)
        $peaks = 1..30 | Start-OperationBatch -Type slow -TypeLimit @{ slow = 1 } -MaxConcurrent 4 -Raw {
            1 + ($using:running).Release()
            Start-Sleep -Milliseconds 2
            ($using:running).Wait()
        }
        ($peaks | Measure-Object -Maximum).Maximum | Should -Be 1
    }
}

Describe 'The cache of a batch' {
    It 'runs the same id once, however often it comes' {
        $ran = [System.Threading.SemaphoreSlim]::new(0)
        $results = 1..1000 | ForEach-Object -Process { @{ key = 'same' } } | Start-OperationBatch -Id key -MaxConcurrent 8 {
            Start-Sleep -Milliseconds 20
            ($using:ran).Release()
        }
        $ran.CurrentCount | Should -Be 1
        $results | Should -HaveCount 1000
        @($results | Where-Object -Property FromCache).Count | Should -Be 999
    }

    It 'does not keep failures' {
        $ran = [System.Threading.SemaphoreSlim]::new(0)
        # The second comes once the first has ended: sooner, it would share its failure.
        $ended = (Get-Daemon Default).TotalProcessed
        $results = 1, 2 | ForEach-Object -Process { $_; $ended++; Wait-Until { (Get-Daemon Default).TotalProcessed -ge $ended } } |
            Start-OperationBatch -Id { 'same' } -Ordered { if (($using:ran).Release() -eq 0) { throw 'first' } 'second' }
        $results.Status | Should -Be 'Failed', 'Succeeded'
        $results.FromCache | Should -Be $false, $false
    }

    It 'is off with -CacheSize 0' {
        $ran = [System.Threading.SemaphoreSlim]::new(0)
        $null = 1..10 | Start-OperationBatch -Id { 'same' } -CacheSize 0 { ($using:ran).Release() }
        $ran.CurrentCount | Should -Be 10
    }

    It 'does not keep what belongs to a worker, and says so once' {
        $results = 1..5 | Start-OperationBatch -Id { "op$_" } { { 'a block' } } -ErrorAction SilentlyContinue -ErrorVariable failures
        $results.Status | Select-Object -Unique | Should -Be 'Succeeded'
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'ResultNotCacheable,PortMgmt.PowerShell.Commands.StartOperationBatchCommand'
    }

    It 'ends with the batch' {
        1 | Start-OperationBatch -Id { 'k' } -Raw { 'one' } | Should -Be 'one'
        1 | Start-OperationBatch -Id { 'k' } -Raw { 'one' } | Should -Be 'one'
        (1 | Start-OperationBatch -Id { 'k' } { 'one' }).FromCache | Should -BeFalse
    }
}

Describe 'Timeouts and retries' {
    It 'ends an operation whose time is up and goes on' {
        $results = 1..6 | Start-OperationBatch -TimeoutSeconds 3 -MaxConcurrent 2 -Ordered {
            if ($_ -eq 2) { 'begun'; Start-Sleep -Seconds 60 }
            $_
        }
        $results.Status | Should -Be 'Succeeded', 'TimedOut', 'Succeeded', 'Succeeded', 'Succeeded', 'Succeeded'
        $results[1].Output | Should -Be 'begun'
        $results[1].Error[-1].FullyQualifiedErrorId | Should -Be 'OperationTimedOut'
        $results[1].Error[-1].TargetObject | Should -Be 2
    }

    It 'repeats what failed' {
        $tries = 0..3 | ForEach-Object -Process { [System.Threading.SemaphoreSlim]::new(0) }
        $results = 1..3 | Start-OperationBatch -Retry 3 -Ordered {
            $try = 1 + ($using:tries)[$_].Release()
            if ($try -lt $_) { throw "try $try" }
            "ok after $try"
        }
        $results.Attempts | Should -Be 1, 2, 3
        $results.Output | Should -Be 'ok after 1', 'ok after 2', 'ok after 3'
        (1 | Start-OperationBatch -Retry 1 { throw 'always' }).Attempts | Should -Be 2
    }

    It 'kills the program of an operation whose time is up' -Skip:(-not $IsLinux) {
        $mark = 60 + (Get-Random -Maximum 1000000) / 1000000
        $result = 1 | Start-OperationBatch -TimeoutSeconds 2 { sleep $using:mark }
        $result.Status | Should -Be 'TimedOut'
        Wait-Until { -not (Get-TestProgram "sleep $mark") }
    }
}
