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
        $job = 1 | Start-OperationBatch -AsJob -Raw { 'out'; Write-Warning -Message 'w'; Write-Error -Message 'e' }
        $null = $job | Wait-Job
        $job.Output | Should -Be 'out'
        $job.Warning.Message | Should -Be 'w'
        "$($job.Error)" | Should -Be 'e'
        $job | Remove-Job
    }
}

Describe '-JobLog and -Resume' {
    BeforeEach {
        $log = Join-Path $TestDrive "$([guid]::NewGuid()).jsonl"
    }

    It 'writes a line of JSON for each result' {
        $null = 1..5 | Start-OperationBatch -JobLog $log -Id { "op$_" } { if ($_ -eq 3) { throw 'three' } $_ }
        $lines = Get-Content -Path $log | ConvertFrom-Json
        $lines | Should -HaveCount 5
        $lines | Where-Object -Property status -EQ 'Failed' | ForEach-Object -Process { $_.id | Should -Be 'op3'; $_.error | Should -Be 'three' }
    }

    It 'leaves out what succeeded, by <Case>, and says how many' -ForEach @(
        @{ Case = 'id'; More = @{ Id = 'k' }; Inputs = { 1..5 | ForEach-Object -Process { [pscustomobject]@{ k = "op$_"; n = $_ } } } }
        @{ Case = 'a hash of an object'; More = @{}; Inputs = { 1..5 | ForEach-Object -Process { [pscustomobject]@{ n = $_ } } } }
        @{ Case = 'a hash of text'; More = @{}; Inputs = { 1..5 | ForEach-Object -Process { "n$_" } } }
        @{ Case = 'a hash of a number'; More = @{}; Inputs = { 1..5 } }
    ) {
        $failing = { if ("$_$($_.n)" -match '[24]') { throw 'not yet' } }
        $null = & $Inputs | Start-OperationBatch -JobLog $log @More $failing
        $said = & { $script:second = & $Inputs | Start-OperationBatch -JobLog $log -Resume @More { 'now' } } 6>&1
        $script:second | Should -HaveCount 2
        $script:second.Output | Should -Be 'now', 'now'
        "$said" | Should -Match '^3 operations were left out'
        & $Inputs | Start-OperationBatch -JobLog $log -Resume @More { 'again' } 6>$null | Should -BeNullOrEmpty
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
        try {
            $null = 1..250 | Start-OperationBatch { throw "t$_" }
            Wait-Until { ($global:gathered.MessageData.Count | Measure-Object -Sum).Sum -ge 250 }
            ($global:gathered.MessageData.Count | Measure-Object -Sum).Sum | Should -Be 250
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
