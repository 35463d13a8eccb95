BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')

    function Get-WorkerRunspace {
        @(Get-Runspace | Where-Object -FilterScript { $_.Name -like 'PortMgmt worker*' -and $_.RunspaceStateInfo.State -eq 'Opened' })
    }

    # Linux alone tells the names of threads; elsewhere the runspaces have to do.
    function Get-WorkerThread {
        if (-not $IsLinux) { return }
        Get-ChildItem -Path /proc/self/task | Where-Object -FilterScript {
            try { [System.IO.File]::ReadAllText("$($_.FullName)/comm") -like 'PortMgmt work*' } catch { $false }
        }
    }
}

Describe 'PowerShell.Stop()' {
    BeforeEach {
        Remove-Daemon Default
    }

    It 'ends <Case>, ten times over, and leaves nothing' -ForEach @(
        @{ Case = 'a cmdlet that waits'; Block = 'Start-Sleep -Seconds 600' }
        @{ Case = 'a loop'; Block = 'while ($true) { $x++ }' }
        @{ Case = 'short operations'; Block = '$_' }
        @{ Case = 'a nested batch'; Block = '1..4 | Start-OperationBatch { Start-Sleep -Seconds 600 }' }
    ) {
        $before = (Get-WorkerRunspace).Count
        1..10 | ForEach-Object -Process {
            $worker = Start-TestRunspace -Script "'on'; 1..10000000 | Start-OperationBatch -MaxConcurrent 4 -BatchSize 1 { $Block } | Out-Null"
            Wait-Until { $worker.Output.Count -gt 0 }
            Start-Sleep -Milliseconds (30 * $_)
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            $worker.Shell.Stop()
            # Two seconds is the promise; the rest is for a machine that does something else.
            $clock.Elapsed.TotalSeconds | Should -BeLessThan 10
            $worker.Shell.InvocationStateInfo.State | Should -Be 'Stopped'
            $worker.Shell.Dispose()
        }
        Wait-Until { (Get-WorkerRunspace).Count -le $before }
        if ($IsLinux) {
            Wait-Until { -not (Get-WorkerThread) }
        }
    }

    It 'kills programs' -Skip:(-not $IsLinux) {
        $mark = 60 + (Get-Random -Maximum 1000000) / 1000000
        $worker = Start-TestRunspace -ArgumentList $mark -Script 'param($Mark) 1..4 | Start-OperationBatch -MaxConcurrent 2 -BatchSize 1 { sleep $using:Mark }'
        Wait-Until { @(Get-TestProgram "sleep $mark").Count -ge 2 }
        $worker.Shell.Stop()
        $worker.Shell.Dispose()
        Wait-Until { @(Get-TestProgram "sleep $mark").Count -eq 0 }
    }

    It 'gives up on what does not stop, and names its runspace' {
        $started = [System.Threading.ManualResetEventSlim]::new()
        $gate = [System.Threading.ManualResetEventSlim]::new()
        try {
            $worker = Start-TestRunspace -ArgumentList $started, $gate -Script (
                'param($Started, $Gate) 1 | Start-OperationBatch { ($using:Started).Set(); ($using:Gate).Wait(300000) }')

            # An operation counts as active a moment before its script runs, and could still be stopped there.
            Wait-Until { $started.IsSet }
            $worker.Shell.Stop()
            $worker.Shell.Dispose()
            Wait-Until { (Get-Daemon Default).StuckRunspaces -like 'PortMgmt worker*' }
        }
        finally {
            $gate.Set()
        }
        Wait-Until { -not (Get-Daemon Default).StuckRunspaces }
    }
}

Describe 'A time limit' {
    It 'ends the programs that the operation started: <Case>' -Skip:(-not $IsLinux) -ForEach @(
        @{ Case = 'those of the program that it waits for'; Block = { sh -c "sleep $using:mark & sleep $using:mark" } }
        @{ Case = 'one that a cmdlet waits for'; Block = { Start-Process -FilePath sleep -ArgumentList $using:mark -Wait } }
        @{ Case = 'one that it does not wait for'; Block = { Start-Process -FilePath sleep -ArgumentList $using:mark; Start-Sleep -Seconds 300 } }
        @{ Case = 'in the background of one that waits for them'; Block = { sh -c "sleep $using:mark & sleep $using:mark & wait" } }
        @{ Case = 'that it waits for in native code'; Block = { [System.Diagnostics.Process]::Start('sleep', "$using:mark").WaitForExit() } }
    ) {
        $mark = 70 + (Get-Random -Maximum 1000000) / 1000000
        $result = 1 | Start-OperationBatch -TimeoutSeconds 2 -WarningAction Ignore $Block
        $result.Status | Should -Be 'TimedOut'
        Wait-Until { @(Get-TestProgram "sleep $mark").Count -eq 0 } -Seconds 20
    }

    It 'leaves those of other operations alone' -Skip:(-not $IsLinux) {
        $mark = 70 + (Get-Random -Maximum 1000000) / 1000000
        $results = 1..2 | Start-OperationBatch -MaxConcurrent 1 -Ordered -TimeoutSeconds 3 -WarningAction Ignore {
            if ($_ -eq 1) { (Start-Process -FilePath sleep -ArgumentList $using:mark -PassThru).Id } else { sh -c "sleep 1$using:mark" }
        }
        $results.Status | Should -Be 'Succeeded', 'TimedOut'
        Wait-Until { @(Get-TestProgram "sleep 1$mark").Count -eq 0 }
        Start-Sleep -Milliseconds 500
        @(Get-TestProgram "sleep $mark").Count | Should -Be 1
        Stop-Process -Id $results[0].Output
    }

    It 'names what does not stop: in the result, by a warning, and in the health of the daemon' {
        $gate = [System.Threading.ManualResetEventSlim]::new()
        try {
            $result = "the`einput" | Start-OperationBatch -TimeoutSeconds 0.5 -WarningVariable warnings -WarningAction SilentlyContinue { ($using:gate).Wait(300000) }
            $result.Status | Should -Be 'TimedOut'
            $result.ErrorMessage | Should -BeLike '*does not*native code*'
            "$warnings" | Should -BeLike "*operation with input 'the\u001binput'*does not*Get-DaemonHealth*"
            (Get-DaemonHealth).Stuck | Should -BeLike "PortMgmt worker *: the operation with input 'the\u001binput' was told to stop * s ago"
            Get-DaemonHealth | Out-String -Width 200 | Should -BeLike "*input 'the\u001binput'*"
        }
        finally {
            $gate.Set()
        }
        Wait-Until { -not (Get-DaemonHealth).Stuck }
    }
}

Describe 'An early end' {
    It 'comes by Select-Object -First and leaves nothing' {
        $before = (Get-WorkerRunspace).Count
        1..1000000 | Start-OperationBatch -MaxConcurrent 4 { $_ } | Select-Object -First 3 | Should -HaveCount 3
        1..100 | Start-OperationBatch -MaxConcurrent 4 -BatchSize 1 { if ($_ -gt 1) { Start-Sleep -Seconds 600 } $_ } | Select-Object -First 1 -ExpandProperty Output | Should -Be 1
        Wait-Until { (Get-WorkerRunspace).Count -le $before }
    }

    It 'comes by a terminating error downstream' {
        { 1..100 | Start-OperationBatch { $_ } | ForEach-Object -Process { throw 'downstream' } } | Should -Throw 'downstream'
        1..3 | Start-OperationBatch -Raw { $_ } | Should -HaveCount 3
    }

    It 'comes by a terminating error upstream' {
        { & { 1; throw 'upstream' } | Start-OperationBatch { $_ } } | Should -Throw 'upstream'
        1..3 | Start-OperationBatch -Raw { $_ } | Should -HaveCount 3
    }
}

Describe 'Warm runspaces' {
    It 'are used again and closed after half a minute' {
        $null = 1..100 | Start-OperationBatch -MaxConcurrent 2 { $_ }
        # The batch waits for its workers, but not for ever: one may still be opening its runspace.
        if ($IsLinux) {
            Wait-Until { -not (Get-WorkerThread) }
        }
        $warm = (Get-WorkerRunspace).Id
        $warm | Should -Not -BeNullOrEmpty
        $null = 1..100 | Start-OperationBatch -MaxConcurrent 1 { $_ }
        (Get-WorkerRunspace).Id | Where-Object -FilterScript { $_ -notin $warm } | Should -BeNullOrEmpty
        Wait-Until { (Get-WorkerRunspace).Count -eq 0 }
    }
}
