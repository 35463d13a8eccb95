BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')

    function Get-WorkerRunspace {
        @(Get-Runspace | Where-Object -FilterScript { $_.Name -like 'PortMgmt worker*' -and $_.RunspaceStateInfo.State -eq 'Opened' })
    }

    function Get-WorkerThread {
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
