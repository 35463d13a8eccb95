# The long forms run with PORTMGMT_SOAK=1: about two minutes each.
BeforeDiscovery {
    $long = $env:PORTMGMT_SOAK -eq '1'
    $sizes = @{ Operations = $long ? 1000000 : 50000; Batches = $long ? 1000 : 50 }
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')

    # What a shell holds, after whatever can be let go was let go.
    $measureHeld = @'
        function Get-Held {
            [System.GC]::Collect(); [System.GC]::WaitForPendingFinalizers(); [System.GC]::Collect()
            $self = Get-Process -Id $PID
            [pscustomobject]@{
                WorkingSetMB = [math]::Round($self.WorkingSet64 / 1MB)
                HeapMB       = [math]::Round([System.GC]::GetTotalMemory($true) / 1MB, 1)
                Handles      = $IsLinux ? [System.IO.Directory]::GetFileSystemEntries('/proc/self/fd').Count : $self.HandleCount
                Threads      = $self.Threads.Count
                Runspaces    = @(Get-Runspace).Count
            }
        }
'@

    # Runs a script in a shell of its own, once to warm up and then in full, and gives what the shell held between and after.
    function Measure-Soak {
        param([string] $WarmUp, [string] $Run)
        $said = Invoke-TestShell -Command "
            `$ErrorActionPreference = 'Stop'; `$ProgressPreference = 'SilentlyContinue'
            Import-Module '$ManifestPath'
            $measureHeld
            $WarmUp
            `$before = Get-Held
            $Run
            `$after = Get-Held
            Remove-Module PortMgmt
            `$clock = [System.Diagnostics.Stopwatch]::StartNew()
            while (@(Get-Runspace).Count -gt 1 -and `$clock.Elapsed.TotalSeconds -lt 120) { Start-Sleep -Milliseconds 100 }
            @{ Before = `$before; After = `$after; RunspacesLeft = @(Get-Runspace).Count } | ConvertTo-Json -Compress"
        $LASTEXITCODE | Should -Be 0 -Because "$said"
        $held = $said | Select-Object -Last 1 | ConvertFrom-Json
        Write-Information -InformationAction Continue -MessageData "    before $($held.Before)`n    after  $($held.After)"
        $held
    }

    # How many workers are warm at a moment depends on how batches overlap, and threads and memory outside of the heap on the load.
    # What leaked one a batch would have fifty more at least. Without the module the shell has its own runspace and no other.
    function Assert-Flat {
        param([psobject] $Held)
        $Held.After.HeapMB - $Held.Before.HeapMB | Should -BeLessThan 16
        $Held.After.WorkingSetMB - $Held.Before.WorkingSetMB | Should -BeLessThan 160
        $Held.After.Handles - $Held.Before.Handles | Should -BeLessThan 25
        $Held.After.Threads - $Held.Before.Threads | Should -BeLessThan 25
        $Held.After.Runspaces - $Held.Before.Runspaces | Should -BeLessThan 25
        $Held.RunspacesLeft | Should -Be 1
    }
}

Describe 'A shell' {
    It 'holds no more after <Operations> operations than after the first thousands' -ForEach $sizes {
        Assert-Flat (Measure-Soak -WarmUp '1..10000 | Start-OperationBatch -MaxConcurrent 4 { $_ } | Out-Null' -Run "
            `$seen = @{}
            1..$Operations | Start-OperationBatch -MaxConcurrent 4 { if (`$_ % 1000) { `$_ } else { throw 'now and then' } } |
                ForEach-Object -Process { `$seen[[string] `$_.Status]++ }
            if (`$seen.Succeeded -ne $Operations - $Operations / 1000 -or `$seen.Failed -ne $Operations / 1000) { throw `"`$(`$seen | ConvertTo-Json)`" }")
    }

    It 'holds no more after <Batches> batches than after the first tenth' -ForEach $sizes {
        # The engine's own code is still being compiled, and made smaller, for hundreds of batches.
        $work = "function Invoke-Batches([int] `$Count) {
            foreach (`$i in 1..`$Count) {
                `$results = 1..20 | Start-OperationBatch -MaxConcurrent 4 -BatchSize 1 { if (`$_ -eq `$using:i % 20) { Write-Error 'one' } `$_ }
                if (`$results.Count -ne 20) { throw `"`$(`$results.Count) results`" }
                if (`$i % 10 -eq 0) { `$null = 1..1000 | Start-OperationBatch -MaxConcurrent 4 { `$_ } | Select-Object -First 1 }
                if (`$i % 25 -eq 0) { `$null = 1..20 | Start-OperationBatch -AsJob { `$_ } | Wait-Job | Receive-Job -Wait -AutoRemoveJob }
            }
        }"
        Assert-Flat (Measure-Soak -WarmUp "$work; Invoke-Batches $($Batches / 10)" -Run "Invoke-Batches $Batches")
    }
}
