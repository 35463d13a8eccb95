[System.Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidGlobalVars', '', Justification = 'The action of an event has no other way to its test.')]
param()

BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe '-AsJob' {
    It 'gives a job whose output is the results' {
        $job = 1..20 | Start-OperationBatch -AsJob { "r$_" }
        $job.PSJobTypeName | Should -Be 'OperationBatch'
        $results = $job | Receive-Job -Wait
        $job.State | Should -Be 'Completed'
        $results.Output | Sort-Object { [int] $_.Substring(1) } | Should -Be (1..20 | ForEach-Object -Process { "r$_" })
        $job | Remove-Job
    }

    It 'has results before the input has ended' {
        $job = $null
        $seen = 1..3 | ForEach-Object -Process {
            $_
            if ($_ -eq 1) { Wait-Until { (Get-Job | Where-Object -Property PSJobTypeName -EQ 'OperationBatch').Output.Count -gt 0 }; Write-Information -MessageData 'early' }
        } 6>$null | Start-OperationBatch -AsJob -BatchFlushMs 0 { $_ }
        $seen | Receive-Job -Wait | Should -HaveCount 3
        $seen | Remove-Job
    }

    It 'does not bound its output' {
        $job = 1..5000 | Start-OperationBatch -AsJob -Raw { $_ }
        $null = $job | Wait-Job
        $job.Output.Count | Should -Be 5000
        $job | Remove-Job
    }

    It 'stops' {
        $job = 1..100 | Start-OperationBatch -AsJob -MaxConcurrent 2 { Start-Sleep -Seconds 600 }
        $job | Stop-Job
        $job.State | Should -Be 'Stopped'
        ($job | Receive-Job).Status | Select-Object -Unique | Should -Be 'Cancelled'
        $job | Remove-Job
    }

    It 'puts streams on the job with -Raw' {
        $job = 1 | Start-OperationBatch -AsJob -Raw { 'out'; Write-Warning -Message 'w'; Write-Error -Message 'e'; Write-Information -MessageData 'i' }
        $null = $job | Wait-Job
        $job.Output | Should -Be 'out'
        $job.Warning.Message | Should -Be 'w'
        "$($job.Error)" | Should -Be 'e'
        "$($job.Information)" | Should -Be 'i'
        $job | Remove-Job
    }

    It 'may be removed by whoever hears that it has ended' {
        # Hears it on the thread that reads the results, which no removal may wait for: it used to take three seconds.
        $gate = [System.Threading.ManualResetEventSlim]::new()
        $times = 1..3 | ForEach-Object -Process {
            $gate.Reset()
            $job = 1..5 | Start-OperationBatch -AsJob { if ($_ -eq 5) { $null = ($using:gate).Wait(120000) }; $_ }
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            $job | Receive-Job -Wait -AutoRemoveJob | ForEach-Object -Process { $gate.Set(); $_ } | Should -HaveCount 5
            $clock.Elapsed.TotalSeconds
        }
        ($times | Measure-Object -Minimum).Minimum | Should -BeLessThan 2.5
        Get-Job | Where-Object -Property PSJobTypeName -EQ 'OperationBatch' | Should -BeNullOrEmpty
    }

    It 'may end while Receive-Job looks at it, which then removes it twice' {
        $gate = [System.Threading.ManualResetEventSlim]::new()
        $job = 1, 2 | Start-OperationBatch -Raw -AsJob { if ($_ -eq 1) { 'first' } else { $null = ($using:gate).Wait(120000) } }
        Wait-Until { $job.Output.Count -gt 0 }
        $received = $job | Receive-Job -Wait -AutoRemoveJob -ErrorVariable failures -ErrorAction SilentlyContinue | ForEach-Object -Process {
            # Receive-Job is about to look at the state, and hears of the end as soon as it has.
            $gate.Set()
            Wait-Until { $job.State -ne 'Running' }
            $_
        }
        $failures | Should -BeNullOrEmpty
        $received | Should -Be 'first'
        Get-Job | Where-Object -Property PSJobTypeName -EQ 'OperationBatch' | Should -BeNullOrEmpty
    }

    It 'is put out with all of its input: <Case>' -ForEach @(
        @{ Case = 'what comes next waits for it'; Run = { 1..3 | Start-OperationBatch { $_ } -Raw -AsJob | ForEach-Object -Process { Receive-Job -Job $_ -Wait -AutoRemoveJob } }; Output = 1, 2, 3 }
        @{ Case = 'there is no input'; Run = { Start-OperationBatch { 'alone' } -Raw -AsJob | ForEach-Object -Process { Receive-Job -Job $_ -Wait -AutoRemoveJob } }; Output = 'alone' }
        @{ Case = 'what comes next takes the first'; Run = { 1..100 | Start-OperationBatch { $_ } -Raw -AsJob | Select-Object -First 1 | Receive-Job -Wait -AutoRemoveJob }; Output = 1..100 }
    ) {
        & $Run | Sort-Object | Should -Be $Output
    }

    It 'fails where its input was cut off, and says so' {
        $before = (Get-Job).Id
        { & { 1..5; throw 'no more' } | Start-OperationBatch { $_ } -AsJob } | Should -Throw 'no more'
        $job = Get-Job | Where-Object -Property Id -NotIn -Value $before
        $null = $job | Wait-Job
        $job.State | Should -Be 'Failed'
        $job.JobStateInfo.Reason.Message | Should -BeLike 'The input was cut off after 5 operations*never fed*'
        $job.StatusMessage | Should -BeLike '5 of 5 ended; the input was cut off*'
        $job.Output | Should -HaveCount 5
        $job | Remove-Job
    }

    # Several times: whether the stop or the end of the commands before it comes first is a matter of luck.
    It 'has stopped where it was stopped while it was fed, <_>' -ForEach (1..5) {
        $fed = [System.Threading.ManualResetEventSlim]::new()
        $worker = Start-TestRunspace -ArgumentList $fed -Script 'param($fed) & { 1; $fed.Set(); 1..1000000 | ForEach-Object { Start-Sleep -Milliseconds 5; $_ } } | Start-OperationBatch { $_ } -AsJob'
        Wait-Until { $fed.IsSet }
        $worker.Shell.Stop()
        $inspect = [powershell]::Create()
        $inspect.Runspace = $worker.Shell.Runspace
        $job = $inspect.AddScript('Get-Job | Wait-Job').Invoke()[0]
        $job.State | Should -Be 'Stopped'
        $job.StatusMessage | Should -BeLike '*the input was cut off after*'
        $inspect.Dispose()
        $worker.Shell.Dispose()
    }

    It 'fails where operations failed, with the reason, and keeps the results' {
        $job = 1..4 | Start-OperationBatch -AsJob { if ($_ -eq 2) { throw 'two' } $_ }
        $null = $job | Wait-Job
        $job.State | Should -Be 'Failed'
        $job.JobStateInfo.Reason.Message | Should -Be '1 of 4 operations failed. The first: two'
        $results = $job | Receive-Job -ErrorAction SilentlyContinue -ErrorVariable failures -WarningAction Ignore
        $results | Should -HaveCount 4
        "$failures" | Should -Be '1 of 4 operations failed. The first: two'
        $job | Remove-Job
    }

    It 'has stopped when its daemon was removed' {
        $null = New-Daemon gone
        $job = 1..50 | Start-OperationBatch -AsJob -Daemon gone -MaxConcurrent 2 -BatchSize 1 { Start-Sleep -Seconds 600 }
        Remove-Daemon gone
        $results = $job | Receive-Job -Wait
        $results | Should -HaveCount 50
        $job.State | Should -Be 'Stopped'
        $job | Remove-Job
    }
}

Describe '-Raw' {
    It 'lets out what an operation writes before it has ended: <Case>' -ForEach @(
        @{ Case = 'in the pipeline'; Rest = @{} }
        @{ Case = 'in a job'; Rest = @{ AsJob = $true } }
    ) {
        $gate = [System.Threading.ManualResetEventSlim]::new()
        $come = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $block = {
            'early'; Write-Warning -Message 'careful'
            # Goes on once it was seen; in vain, if it is not let out before the end.
            $isSeen = ($using:gate).Wait(20000)
            "seen: $isSeen"
        }
        $see = { $come.Enqueue("$_"); if ("$_" -eq 'early') { $gate.Set() } }
        if ($Rest.AsJob) {
            1 | Start-OperationBatch -Raw @Rest $block | Receive-Job -Wait -AutoRemoveJob -WarningAction SilentlyContinue | ForEach-Object -Process $see
        }
        else {
            1 | Start-OperationBatch -Raw @Rest $block -WarningAction SilentlyContinue -WarningVariable warnings | ForEach-Object -Process $see
            "$warnings" | Should -Be 'careful'
        }
        $come | Should -Be 'early', 'seen: True'
    }

    It 'keeps the order of what an operation writes, however much of it comes early' {
        $out = 1..40 | Start-OperationBatch -Raw -MaxConcurrent 8 -BatchSize 1 { foreach ($i in 1..10) { "$_ $i"; if ($_ % 4 -eq 0) { Start-Sleep -Milliseconds 40 } } }
        $out | Should -HaveCount 400
        foreach ($group in $out | Group-Object { $_.Split(' ')[0] }) {
            $group.Group.ForEach({ $_.Split(' ')[1] }) -join ' ' | Should -Be '1 2 3 4 5 6 7 8 9 10'
        }
    }

    It 'writes to different streams in the order of the operation, as ForEach-Object -Parallel does: <Case>' -ForEach @(
        @{ Case = 'as it is'; Options = @{} }
        @{ Case = '-Ordered'; Options = @{ Ordered = $true } }
        @{ Case = 'an isolated runspace'; Options = @{ Isolation = 'Runspace' } }
        @{ Case = 'called by &'; Options = @{ Functions = 'Clear-Host' } }
    ) {
        $ErrorActionPreference = 'Continue'
        $block = { 1; Write-Error a; 2; 3; Write-Warning w; 4; 1 / 0; 5; Write-Host h; 6; Get-Item -Path /no/such; 7 }
        $told = { $_ -is [int] ? $_ : $_.GetType().Name -replace 'Record$' }
        $written = 1 | Start-OperationBatch $block -Raw -ErrorAction Continue @Options *>&1 | ForEach-Object -Process $told
        $written -join ' ' | Should -BeExactly '1 Error 2 3 Warning 4 Error 5 Information 6 Error 7'
        1 | ForEach-Object -Parallel $block *>&1 | ForEach-Object -Process $told | Should -Be $written
    }

    It 'holds back what an attempt writes that may be repeated' {
        $tries = [System.Collections.Concurrent.ConcurrentBag[int]]::new()
        1 | Start-OperationBatch -Raw -Retry 1 { ($using:tries).Add(1); "try $(($using:tries).Count)"; Start-Sleep -Milliseconds 500; if (($using:tries).Count -eq 1) { throw 'again' } } |
            Should -Be 'try 2'
    }

    It 'lets null through like any other object' {
        @(1 | Start-OperationBatch -Raw { $null }) | Should -HaveCount 1
        @(1 | Start-OperationBatch -Raw { if ($true) { $null } }) | Should -HaveCount 1
        @(1 | Start-OperationBatch -Raw { $null, 1 }) | Should -HaveCount 2
        @(1 | Start-OperationBatch -Raw { }) | Should -HaveCount 0
        (1 | Start-OperationBatch { $null }).Output | Should -BeExactly $null
    }
}

Describe '-JobLog and -Resume' {
    BeforeEach {
        $log = Join-Path $TestDrive "$([guid]::NewGuid()).jsonl"
        $processes = { Get-Process -Id $PID; Get-Process -Id $PID }
    }

    It 'writes a line of JSON for each result' {
        $null = 1..5 | Start-OperationBatch -JobLog $log -Id { "op$_" } { if ($_ -eq 3) { throw 'three' } $_ }
        $lines = Get-Content -Path $log | ConvertFrom-Json
        $lines | Should -HaveCount 5
        $lines | Where-Object -Property status -CEQ 'succeeded' | Should -HaveCount 4
        $lines | Where-Object -Property status -CEQ 'failed' | ForEach-Object -Process { $_.id | Should -Be 'op3'; $_.error | Should -Be 'three' }
    }

    It 'leaves out what succeeded, by <Case>, and says how many' -ForEach @(
        @{ Case = 'id'; More = @{ Id = 'k' }; Inputs = { 1..5 | ForEach-Object -Process { [pscustomobject]@{ k = "op$_"; n = $_ } } } }
        @{ Case = 'a hash of an object'; More = @{}; Inputs = { 1..5 | ForEach-Object -Process { [pscustomobject]@{ n = $_ } } } }
        @{ Case = 'a hash of text'; More = @{}; Inputs = { 1..5 | ForEach-Object -Process { "n$_" } } }
        @{ Case = 'a hash of a number'; More = @{}; Inputs = { 1..5 } }
        @{ Case = 'the place of equal texts'; More = @{}; Inputs = { 1..5 | ForEach-Object -Process { 'same' | Add-Member -NotePropertyName RunspaceId -NotePropertyValue $_ -PassThru } } }
        @{ Case = 'a hash of what is deep'; More = @{}; Inputs = { 1..5 | ForEach-Object -Process { @{ n = 0; a = @{ b = @{ c = , @{ d = $_ } } } } } } }
    ) {
        $failing = {
            $number = $_.RunspaceId ?? ($_ -is [System.Collections.IDictionary] ? $_.a.b.c[0].d : "$_$($_.n)")
            if ("$number" -match '[24]') { throw 'not yet' }
        }
        $null = & $Inputs | Start-OperationBatch -JobLog $log @More $failing
        $said = & { $script:second = & $Inputs | Start-OperationBatch -JobLog $log -Resume @More { 'now' } } 6>&1
        $script:second | Should -HaveCount 2
        $script:second.Output | Should -Be 'now', 'now'
        "$said" | Should -Match '^3 operations were left out'
        & $Inputs | Start-OperationBatch -JobLog $log -Resume @More { 'again' } 6>$null | Should -BeNullOrEmpty
    }

    It 'has all in a log that was taken away meanwhile, and says so' -Skip:$IsWindows {
        $null = 1..3 | Start-OperationBatch -JobLog $log -MaxConcurrent 1 { if ($_ -eq 2) { Remove-Item -LiteralPath $using:log } } -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike "The job log '$log' was deleted or moved while the batch ran: it was written anew*"
        Get-Content -LiteralPath $log | Should -HaveCount 3
    }

    It 'ends where its log cannot be written' -Skip:(-not (Test-Path -LiteralPath /dev/full)) {
        { 1..3 | Start-OperationBatch -JobLog /dev/full { 1 } } | Should -Throw -ErrorId 'JobLogNotWritten,*'
        $inputs = { 1, 2; Wait-Until { (Get-Job)[-1].State -eq 'Failed' }; 3 }
        $job = & $inputs | Start-OperationBatch -JobLog /dev/full { 1 } -AsJob | Wait-Job
        $job.State | Should -Be 'Failed'
        $job.JobStateInfo.Reason.Message | Should -BeLike "*'/dev/full' cannot be written*"
        Remove-Job -Job $job
    }

    It 'is closed where the warning at the end stops the batch' {
        { 1 | Start-OperationBatch -JobLog $log { Write-Error 'no' -ErrorAction Continue } -WarningAction Stop 3>$null } | Should -Throw
        1 | Start-OperationBatch -JobLog $log -Raw { 'again' } | Should -Be 'again'
    }

    It 'starts anew without -Resume' {
        $null = 1..3 | Start-OperationBatch -JobLog $log { $_ }
        1..3 | Start-OperationBatch -JobLog $log { $_ } | Should -HaveCount 3
        Get-Content -Path $log | Should -HaveCount 3
    }

    It 'forgives a last line that was cut off' {
        $null = 1..3 | Start-OperationBatch -JobLog $log -Ordered -MaxConcurrent 1 { $_ }
        $bytes = [System.IO.File]::ReadAllBytes($log)
        [System.IO.File]::WriteAllBytes($log, $bytes[0..($bytes.Count - 10)])
        1..3 | Start-OperationBatch -JobLog $log -Resume { $_ } 6>$null | Should -HaveCount 1
        (Get-Content -Path $log | ConvertFrom-Json) | Should -HaveCount 3
    }

    It 'refuses a file that is no job log, and leaves it as it is' {
        Set-Content -Path $log -Value 'something else', 'entirely'
        $failure = { 1 | Start-OperationBatch -JobLog $log -Resume { 1 } } | Should -Throw -ErrorId 'JobLogUnusable,*' -PassThru
        $failure.Exception.Message | Should -Match 'Line 1 '
        Get-Content -Path $log | Should -Be 'something else', 'entirely'
    }

    It 'resumes what the command line has begun, and is resumed by it' {
        # As portmgmt batch --job-log writes it for the lines a and b, and for the id 7.
        Set-Content -Path $log -Value @(
            '{"id":1,"key":"2:sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb","status":"succeeded","exitCode":0,"error":null,"durationMs":1.5,"queueMs":0.2,"attempts":1,"cached":false}'
            '{"id":2,"key":"2:sha256:3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d","status":"failed","exitCode":1,"error":"no","durationMs":1.5,"queueMs":0.2,"attempts":1,"cached":false}'
            '{"id":"7","key":"2:id:7","status":"succeeded","exitCode":0,"error":null,"durationMs":1.5,"queueMs":0.2,"attempts":1,"cached":false}'
        )
        'a', 'b', 'c' | Start-OperationBatch -JobLog $log -Resume -Ordered -Raw { $_ } 6>$null | Should -Be 'b', 'c'
        7, 8 | Start-OperationBatch -JobLog $log -Resume -Id { $_ } -Raw { $_ } 6>$null | Should -Be 8
        $lines = Get-Content -Path $log
        $lines | Should -HaveCount 6
        # Of a program nobody can tell whether it had errors.
        $lines.Replace('"hadErrors":false,', '') | ForEach-Object -Process { ($_ | ConvertFrom-Json).PSObject.Properties.Name -join ' ' } |
            Select-Object -Unique | Should -Be 'id key status exitCode error durationMs queueMs attempts cached'
        $lines[3] | Should -Match '^{"id":2,"key":"2:sha256:3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d","status":"succeeded","exitCode":null,'
        $lines[5] | Should -Match '^{"id":"8","key":"2:id:8",'
    }

    It 'knows <Case> again in another process' -ForEach @(
        @{ Case = 'files and directories'; Script = 'Get-ChildItem -Path /etc/host*; Get-Item -Path /etc/' }
        @{ Case = 'tables'; Script = "@{ name = 'web'; port = 80; host = 'a'; zone = 'b'; more = @{ x = 1; y = 2; z = 3 } }" }
        @{ Case = 'enums, dates and pairs'; Script = "[System.DayOfWeek]::Monday; [datetime] '2026-01-02'; @{ a = 1 }.GetEnumerator()" }
    ) -Skip:$IsWindows {
        $batch = "Import-Module '$ManifestPath'; & { $Script } | Start-OperationBatch -JobLog '$log' {0} -Raw { 'ran' } 6>`$null"
        @(Invoke-TestShell -Command $batch.Replace('{0}', '')) | Should -Not -BeNullOrEmpty
        Invoke-TestShell -Command $batch.Replace('{0}', '-Resume') | Should -BeNullOrEmpty
    }

    It 'refuses to resume without -Id what no later process knows again, before anything runs, also behind <Before>' -ForEach @(
        @{ Before = 'nothing'; Inputs = { Get-Process -Id $PID } }
        @{ Before = 'other inputs'; Inputs = { 1; 'a'; @{ a = @{ b = Get-Process -Id $PID } } } }
    ) {
        $place = Join-Path $TestDrive 'mark'
        $failure = { & $Inputs | Start-OperationBatch -JobLog $log -Resume { New-Item -Path $using:place } } |
            Should -Throw -ErrorId 'InputNotIdentifiable,*' -PassThru
        $failure.Exception.Message | Should -Match 'System\.Diagnostics\.Process.* give -Id'
        $failure.CategoryInfo.Category | Should -Be 'InvalidArgument'
        $place | Should -Not -Exist
        Get-Process -Id $PID | Start-OperationBatch -JobLog $log -Resume -Id Id -Raw { 'ran' } | Should -Be 'ran'
        Get-Process -Id $PID | Start-OperationBatch -JobLog $log -Resume -Id Id -Raw { 'ran' } 6>$null | Should -BeNullOrEmpty
    }

    It 'warns once where the log could not be resumed, and then refuses to' {
        $results = & $processes | Start-OperationBatch -JobLog $log -Raw { 'ran' } -WarningVariable warnings -WarningAction SilentlyContinue
        $results | Should -HaveCount 2
        $warnings | Should -HaveCount 1
        "$warnings" | Should -Match 'cannot be resumed: give -Id'
        { & $processes | Start-OperationBatch -JobLog $log -Resume -Id Id { 1 } } | Should -Throw -ErrorId 'JobLogUnusable,*'
        1 | Start-OperationBatch -JobLog $log { 1 } -WarningVariable none | Should -Not -BeNullOrEmpty
        $none | Should -BeNullOrEmpty
    }

    It 'refuses a log with keys of another version, with the way out' {
        Set-Content -Path $log -Value '{"id":1,"key":"value-sha256:00","status":"succeeded","exitCode":null,"error":null}'
        $failure = { 1 | Start-OperationBatch -JobLog $log -Resume { 1 } } | Should -Throw -ErrorId 'JobLogUnusable,*' -PassThru
        $failure.Exception.Message | Should -Match 'line 1 has a key of another version.*begin a new log'
        1 | Start-OperationBatch -JobLog $log -Raw { 1 } | Should -Be 1
    }

    It 'warns where nothing that came in is of the log' {
        $null = 'a' | Start-OperationBatch -JobLog $log { 1 }
        'a' | Start-OperationBatch -JobLog $log -Resume -Id { $_ } -Raw { 'ran' } -WarningVariable warnings -WarningAction SilentlyContinue | Should -Be 'ran'
        "$warnings" | Should -Match 'none of them came in.*another -Id'
    }

    It 'knows operations of one id and two types apart' {
        $null = 1 | Start-OperationBatch -JobLog $log -Id { 'x' } -Type first { 1 }
        1 | Start-OperationBatch -JobLog $log -Resume -Id { 'x' } -Type first -Raw { 'ran' } 6>$null | Should -BeNullOrEmpty
        1 | Start-OperationBatch -JobLog $log -Resume -Id { 'x' } -Type second -Raw { 'ran' } -WarningAction SilentlyContinue | Should -Be 'ran'
    }

    It 'knows a number from the text of its digits' {
        $null = '5' | Start-OperationBatch -JobLog $log { $_ }
        5 | Start-OperationBatch -JobLog $log -Resume -Raw { 'ran' } 6>$null | Should -Be 'ran'
    }

    It 'is refused while another process writes to it' -Skip:$IsMacOS {
        $script = "Import-Module '$ManifestPath'; 1 | Start-OperationBatch -JobLog '$log' { New-Item -Path '$log.up'; Start-Sleep -Seconds 300 }"
        $other = Start-TestShell -Command $script
        try {
            Wait-Until { Test-Path -Path "$log.up" }
            { 1 | Start-OperationBatch -JobLog $log { 1 } } | Should -Throw -ErrorId 'JobLogUnusable,*'
        }
        finally {
            Stop-TestProcess $other
        }
    }

    It 'notes each operation of a hand-off' {
        $null = 1..10 | Start-OperationBatch -JobLog $log -AsBatch -BatchSize 4 { 1 }
        Get-Content -Path $log | Should -HaveCount 10
    }
}

Describe 'Events' {
    It 'come to -OnEvent on the caller''s thread, between results' {
        $seen = [System.Collections.Generic.List[string]]::new()
        $null = 1..3 | Start-OperationBatch -Id { "op$_" } -OnEvent { $seen.Add("$($_.Name) $($_.OperationId)") } { if ($_ -eq 2) { throw 'two' } }
        $seen | Should -Contain 'operation:started op1'
        $seen | Should -Contain 'operation:success op3'
        $seen | Should -Contain 'operation:failure op2'
        $seen -like 'batch:scheduled*' | Should -Not -BeNullOrEmpty
        ($seen -like 'operation:started*').Count | Should -Be 3
    }

    It 'drop what -OnEvent puts out, and end the batch when it throws' {
        1 | Start-OperationBatch -Raw -OnEvent { 'noise' } { 'out' } | Should -Be 'out'
        { 1..3 | Start-OperationBatch -OnEvent { throw 'listener' } { $_ } } | Should -Throw 'listener'
    }

    It 'come as engine events, gathered' {
        $global:gathered = [System.Collections.Generic.List[object]]::new()
        $null = Register-EngineEvent -SourceIdentifier PortMgmt.OperationFailure -Action { $global:gathered.Add($event) }
        # One by one: where a busy machine takes a second and there are two, .MessageData.Count tells that there are two.
        function Measure-Gathered { ($global:gathered.ToArray() | ForEach-Object -Process { $_.MessageData.Count } | Measure-Object -Sum).Sum }
        try {
            $null = 1..250 | Start-OperationBatch { throw "t$_" }
            Wait-Until { (Measure-Gathered) -ge 250 }
            Measure-Gathered | Should -Be 250
            $global:gathered | ForEach-Object -Process { $_.SourceArgs.Count | Should -BeLessOrEqual 100 }
            $global:gathered[0].SourceArgs[0].Status | Should -Be 'Failed'
        }
        finally {
            Unregister-Event -SourceIdentifier PortMgmt.OperationFailure
            Remove-Variable -Name gathered -Scope Global
        }
    }

    It 'are not raised without subscribers' {
        $null = 1..3 | Start-OperationBatch { throw 'any' }
        Get-Event | Where-Object -Property SourceIdentifier -Like 'PortMgmt.*' | Should -BeNullOrEmpty
    }
}

Describe 'Overload' {
    It 'makes the producer wait unless told otherwise' {
        (1..3000 | Start-OperationBatch -MaxConcurrent 1 { $_ }).Status | Select-Object -Unique | Should -Be 'Succeeded'
    }

    It 'rejects with a result, or fails the batch' {
        $results = 1..3000 | Start-OperationBatch -MaxConcurrent 1 -BatchSize 1 -OnOverload Reject { Start-Sleep -Milliseconds 1 }
        $results | Should -HaveCount 3000
        $rejected = $results | Where-Object -Property Status -EQ 'Rejected'
        $rejected | Should -Not -BeNullOrEmpty
        $rejected[0].Error.FullyQualifiedErrorId | Should -Be 'OperationRejected'
        { 1..100000 | Start-OperationBatch -MaxConcurrent 1 -BatchSize 1 -OnOverload Fail { Start-Sleep -Milliseconds 1 } } |
            Should -Throw -ErrorId 'OperationRejected,*'
    }
}

Describe 'The progress of operations' {
    It 'reaches the caller <Case>' -ForEach @(
        @{ Case = 'while they run'; Script = '1..2 | Start-OperationBatch { Write-Progress -Activity "a$_" -Id $_ -Status begun -PercentComplete 5; Start-Sleep -Milliseconds 500; $_ }' }
        @{ Case = 'with -Raw'; Script = '1..2 | Start-OperationBatch -Raw { Write-Progress -Activity "a$_" -Id $_ -Status begun -PercentComplete 5; Start-Sleep -Milliseconds 500; $_ }' }
        @{ Case = 'as that of a job'; Script = '1..2 | Start-OperationBatch -AsJob { Write-Progress -Activity "a$_" -Id $_ -Status begun -PercentComplete 5; Start-Sleep -Milliseconds 500; $_ } | Receive-Job -Wait -AutoRemoveJob' }
    ) {
        $worker = Start-TestRunspace -Script $Script
        $null = $worker.Shell.EndInvoke($worker.Call)
        # On a busy machine the batch's own progress is among it.
        $begun = $worker.Shell.Streams.Progress | Where-Object -Property RecordType -EQ 'Processing'
        $begun.Activity | Where-Object -FilterScript { $_ -like 'a?' } | Sort-Object -Unique | Should -Be 'a1', 'a2'
        ($begun | Where-Object -Property Activity -EQ 'a1').PercentComplete | Select-Object -First 1 | Should -Be 5
        if ($Script -notlike '*AsJob*') {
            # Nobody completed them, and they are not left on the screen.
            ($worker.Shell.Streams.Progress | Where-Object -Property RecordType -EQ 'Completed').Activity | Where-Object -FilterScript { $_ -like 'a?' } | Sort-Object -Unique | Should -Be 'a1', 'a2'
        }
        $worker.Shell.Dispose()
    }
}
