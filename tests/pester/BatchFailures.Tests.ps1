# Which errors make an operation fail, and what is to be seen of those that do not.
BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')

    # A program that ends with a code, and writes to its standard error before.
    function Get-TestExit {
        param([int] $Code)
        $IsWindows ? "& '$env:ComSpec' /c 'echo words 1>&2 & exit $Code'" : "/bin/sh -c 'echo words >&2; exit $Code'"
    }
}

Describe 'An error that ends a statement' {
    # Each block is called in the ways that there are, and has to put out what it does under &: nothing may end a function early.
    It 'makes an operation <Status>: <Block>' -ForEach @(
        @{ Status = 'Failed'; Block = 'No-SuchCommand; "x"' }
        @{ Status = 'Failed'; Block = 'No-SuchCommand' }
        @{ Status = 'Failed'; Block = '$Error.Clear(); No-SuchCommand; "x"' }
        @{ Status = 'Failed'; Block = 'No-SuchCommand; $Error.Clear(); "x"' }
        @{ Status = 'Failed'; Block = '[int]::Parse("x"); "x"' }
        @{ Status = 'Failed'; Block = '$x = [int] "no"; "x$x"' }
        @{ Status = 'Failed'; Block = '1/0; "x"' }
        @{ Status = 'Failed'; Block = '$null.Method(); "x"' }
        @{ Status = 'Failed'; Block = '"$(No-SuchCommand)"' }
        @{ Status = 'Failed'; Block = 'if (No-SuchCommand) { 1 }; "x"' }
        @{ Status = 'Failed'; Block = 'foreach ($i in 1..3) { No-SuchCommand; $i }' }
        @{ Status = 'Failed'; Block = 'No-SuchCommand || "otherwise"' }
        @{ Status = 'Failed'; Block = 'No-SuchCommand | Out-Null; "x"' }
        @{ Status = 'Failed'; Block = 'No-SuchCommand 2>$null; "x"' }
        @{ Status = 'Failed'; Block = 'Get-ChildItem -NoSuchParameter; "x"' }
        @{ Status = 'Failed'; Block = 'Get-Date -Year no; "x"' }
        @{ Status = 'Failed'; Block = 'Invoke-RestMethod http://127.0.0.1:1/; "x"' }
        @{ Status = 'Failed'; Block = 'Invoke-RestMethod http://127.0.0.1:1/ -ErrorAction SilentlyContinue; "x"' }
        @{ Status = 'Failed'; Block = '1 | ForEach-Object { No-SuchCommand; "x" }' }
        @{ Status = 'Failed'; Block = 'Invoke-Command { No-SuchCommand; "x" }' }
        @{ Status = 'Failed'; Block = 'Invoke-Expression "No-SuchCommand; 1"' }
        @{ Status = 'Failed'; Block = '. { No-SuchCommand; "x" }' }
        @{ Status = 'Failed'; Block = '{ No-SuchCommand }.Invoke(); "x"' }
        @{ Status = 'Failed'; Block = 'function f { No-SuchCommand; "after" }; f; "x"' }
        @{ Status = 'Failed'; Block = 'function f { [CmdletBinding()] param() No-SuchCommand; "after" }; f; "x"' }
        @{ Status = 'Failed'; Block = 'function f { [CmdletBinding()] param() try { No-SuchCommand } catch { $PSCmdlet.ThrowTerminatingError($_) } }; f; "x"' }
        @{ Status = 'Failed'; Block = 'function f { [CmdletBinding()] param() process { Write-Error a } }; f 2>&1 | ForEach-Object { No-SuchCommand }' }
        @{ Status = 'Failed'; Block = '1..300 | ForEach-Object { Write-Error $_ }; No-SuchCommand' }
        @{ Status = 'Failed'; Block = 'trap { "trapped" } No-SuchCommand; "x"' }
        @{ Status = 'Failed'; Block = 'trap { $Error.Clear() } No-SuchCommand; "x"' }
        @{ Status = 'Succeeded'; Block = 'trap { continue } No-SuchCommand; "x"' }
        @{ Status = 'Succeeded'; Block = 'try { No-SuchCommand } catch { "caught" }; "x"' }
        @{ Status = 'Succeeded'; Block = 'try { No-SuchCommand } catch { Write-Error -ErrorRecord $_ }; "x"' }
        @{ Status = 'Succeeded'; Block = 'function f { [CmdletBinding()] param() try { No-SuchCommand } catch { $PSCmdlet.WriteError($_) } }; f; "x"' }
        @{ Status = 'Succeeded'; Block = 'function f { [CmdletBinding()] param() try { [int]::Parse("x") } catch { $Error.Clear(); $PSCmdlet.WriteError($_) } }; f; "x"' }
        @{ Status = 'Succeeded'; Block = 'function f { [CmdletBinding()] param() try { throw "x" } catch { $PSCmdlet.CommandRuntime.WriteError($_) } }; f; "x"' }
        @{ Status = 'Succeeded'; Block = 'function g { [CmdletBinding()] param() try { No-SuchCommand } catch { $PSCmdlet.WriteError($_) } }; function f { [CmdletBinding()] param() process { Write-Error a } }; f 2>&1 | ForEach-Object { g }' }
        @{ Status = 'Succeeded'; Block = 'function f { [CmdletBinding()] param() No-SuchCommand; "after" }; f -ErrorAction SilentlyContinue; "x"' }
        @{ Status = 'Succeeded'; Block = '$ErrorActionPreference = "SilentlyContinue"; No-SuchCommand; "x"' }
        @{ Status = 'Succeeded'; Block = '& { No-SuchCommand; "y" } 2>$null; "x"' }
        @{ Status = 'Succeeded'; Block = 'Write-Error e; "x"' }
        @{ Status = 'Succeeded'; Block = 'Write-Error e; $Error.Clear(); "x"' }
        @{ Status = 'Succeeded'; Block = '1..300 | ForEach-Object { Write-Error $_ }; "x"' }
        @{ Status = 'Succeeded'; Block = 'Get-Item /no/such; "x"' }
        @{ Status = 'Succeeded'; Block = 'Get-Item /no/such -ErrorAction SilentlyContinue; "x"' }
        @{ Status = 'Succeeded'; Block = 'Import-Module NoSuchModule; "x"' }
        @{ Status = 'Succeeded'; Block = '1 | ForEach-Object -Parallel { No-SuchCommand }; "x"' }
    ) {
        # In a shell of its own: the try around a test would end statements differently.
        $shell = [powershell]::Create()
        $expected = @($shell.AddScript('& ([scriptblock]::Create($args[0]))').AddArgument($Block).Invoke())
        $shell.Dispose()
        foreach ($way in @{ Prefix = '' }, @{ Prefix = 'param() ' }, @{ Prefix = ''; Isolation = 'Runspace' }) {
            $rest = $way.Clone()
            $rest.Remove('Prefix')
            $result = 4 | Start-OperationBatch @rest ([scriptblock]::Create($way.Prefix + $Block)) -WarningAction Ignore
            $result.Status | Should -Be $Status
            $result.Output | Should -Be $expected
            $result.HadErrors | Should -Be ($result.Error.Count -gt 0)
        }
    }

    It 'makes an attempt fail: it is repeated, logged as failed, and runs again on -Resume' {
        $log = Join-Path $TestDrive 'statement.log'
        $result = 1 | Start-OperationBatch -Retry 1 -JobLog $log -WarningAction Ignore { No-SuchCommand }
        $result.Attempts | Should -Be 2
        $line = Get-Content -Path $log | ConvertFrom-Json
        $line.status | Should -Be 'failed'
        $line.hadErrors | Should -BeTrue
        $line.error | Should -BeLike "*'No-SuchCommand'*"
        1 | Start-OperationBatch -JobLog $log -Resume { 'again' } | Select-Object -ExpandProperty Output | Should -Be 'again'
    }

    It 'is not kept in the cache' {
        $results = 1, 1 | Start-OperationBatch -MaxConcurrent 1 -BatchSize 1 -Ordered -Id { 'same' } -WarningAction Ignore { No-SuchCommand; "$([guid]::NewGuid())" }
        $results.Status | Should -Be 'Failed', 'Failed'
    }

    It 'counts for a hand-off as a whole' {
        $result = 1..3 | Start-OperationBatch -AsBatch -BatchSize 3 -BatchFlushMs 60000 -WarningAction Ignore { $_ | ForEach-Object { if ($_ -eq 2) { No-SuchCommand } $_ } }
        $result.Status | Should -Be 'Failed'
        $result.Output | Should -Be 1, 2, 3
    }
}

Describe 'Another error' {
    It 'leaves the operation succeeded, but marked: in the view, in the log, and by one warning' {
        $log = Join-Path $TestDrive 'marked.log'
        $results = 1..3 | Start-OperationBatch -Ordered -JobLog $log -WarningVariable warnings -WarningAction SilentlyContinue { if ($_ -lt 3) { Write-Error "small $_"; Write-Error 'more' } "out $_" }
        $results.Status | Should -Be 'Succeeded', 'Succeeded', 'Succeeded'
        $results.HadErrors | Should -Be $true, $true, $false
        $results.ErrorCount | Should -Be 2, 2, 0
        $results.ErrorMessage | Should -Be 'small 1', 'small 2', $null
        $text = $results | Out-String -Width 200
        $text | Should -BeLike '*`[2 errors: small 1`]*out 1*'
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike '2 of 3 operations succeeded with errors*small 1*'
        (Get-Content -Path $log | ConvertFrom-Json).hadErrors | Should -Be $true, $true, $false
    }

    It 'is what a program writes to its standard error not' {
        $result = 1 | Start-OperationBatch ([scriptblock]::Create((Get-TestExit -Code 0))) -WarningVariable warnings
        "$($result.Error)" | Should -BeLike 'words*'
        $result.HadErrors | Should -BeFalse
        $result.ErrorMessage | Should -BeNullOrEmpty
        $warnings | Should -BeNullOrEmpty
        (1 | Start-OperationBatch -FailOn Error ([scriptblock]::Create((Get-TestExit -Code 0)))).Status | Should -Be 'Succeeded'
    }

    It 'is written with -Raw, and no warning' {
        $errors = $(1 | Start-OperationBatch -Raw -WarningVariable warnings -ErrorAction Continue { Write-Error 'small'; No-SuchCommand }) 2>&1
        $errors | Should -HaveCount 2
        $warnings | Should -BeNullOrEmpty
    }

    It 'is told of in a job, too' {
        $job = 1..2 | Start-OperationBatch -AsJob { Write-Error 'small' }
        $null = $job | Wait-Job
        "$($job.Warning)" | Should -BeLike '2 of 2 operations succeeded with errors*small*'
        $job | Remove-Job
    }

    It 'and failures are told of in one warning' {
        $null = 1..4 | Start-OperationBatch -Ordered -TimeoutSeconds 2 -WarningVariable warnings -WarningAction SilentlyContinue {
            switch ($_) { 1 { throw 'first' } 2 { Start-Sleep -Seconds 60 } 3 { Write-Error 'small' } }
        }
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike '1 of 4 operations failed, 1 timed out. The first: first*1 of 4 operations succeeded with errors*small*'
    }

    It 'is none where nothing went wrong' {
        $null = 1..2 | Start-OperationBatch -WarningVariable warnings { 'fine' }
        $warnings | Should -BeNullOrEmpty
    }
}

Describe '-FailOn' {
    It '<Level> makes <Block> end as <Status>' -ForEach @(
        @{ Level = 'Terminating'; Block = 'throw "x"'; Status = 'Failed' }
        @{ Level = 'Terminating'; Block = 'No-SuchCommand; 1'; Status = 'Succeeded' }
        @{ Level = 'Terminating'; Block = 'Write-Error x; 1'; Status = 'Succeeded' }
        @{ Level = 'Statement'; Block = 'throw "x"'; Status = 'Failed' }
        @{ Level = 'Statement'; Block = 'No-SuchCommand; 1'; Status = 'Failed' }
        @{ Level = 'Statement'; Block = 'Write-Error x; 1'; Status = 'Succeeded' }
        @{ Level = 'Error'; Block = 'throw "x"'; Status = 'Failed' }
        @{ Level = 'Error'; Block = 'No-SuchCommand; 1'; Status = 'Failed' }
        @{ Level = 'Error'; Block = 'Write-Error x; 1'; Status = 'Failed' }
        @{ Level = 'Error'; Block = 'Write-Error x -ErrorAction SilentlyContinue; 1'; Status = 'Succeeded' }
    ) {
        $block = [scriptblock]::Create($Block)
        $result = 1 | Start-OperationBatch -FailOn $Level $block -WarningAction Ignore
        $result.Status | Should -Be $Status
        $result.HadErrors | Should -Be ($result.Error.Count -gt 0)
        $daemon = New-Daemon -Name failures -FailOn $Level
        try {
            $daemon.FailOn | Should -Be $Level
            (1 | Start-OperationBatch -Daemon failures $block -WarningAction Ignore).Status | Should -Be $Status
            $null = Set-Daemon -Name failures -FailOn Terminating
            (1 | Start-OperationBatch -Daemon failures -FailOn $Level $block -WarningAction Ignore).Status | Should -Be $Status
        }
        finally {
            Remove-Daemon -Name failures
        }
    }
}

Describe 'The exit code' {
    It 'is that of the last program: <Block>' -ForEach @(
        @{ Block = '{3}; "x"'; Code = 3 }
        @{ Block = '{3}; {0}'; Code = 0 }
        @{ Block = '{0}; {4}'; Code = 4 }
        @{ Block = 'function f { {5} }; f'; Code = 5 }
        @{ Block = '"x"'; Code = $null }
        @{ Block = 'exit 6'; Code = 6 }
    ) {
        $text = [regex]::Replace($Block, '\{(\d)\}', { param($Match) "$(Get-TestExit -Code $Match.Groups[1].Value) 2>`$null" })
        $results = 1..2 | Start-OperationBatch -MaxConcurrent 1 ([scriptblock]::Create($text)) -WarningAction Ignore
        $results | ForEach-Object -Process { $_.ExitCode | Should -Be $Code }
        $results[0].Status | Should -Be ($Block -like 'exit*' ? 'Failed' : 'Succeeded')
        $failing = 1 | Start-OperationBatch -FailOnExitCode ([scriptblock]::Create($text)) -WarningAction Ignore
        $failing.Status | Should -Be ($Code ? 'Failed' : 'Succeeded')
    }

    It 'of the operation before is not taken for its own' {
        $text = 'if ($_ -eq 1) { ' + (Get-TestExit -Code 3) + ' }'
        $results = 1..2 | Start-OperationBatch -MaxConcurrent 1 -Ordered ([scriptblock]::Create($text))
        $results.ExitCode | Should -Be 3, $null
    }

    It 'is marked in the view, and in the job log' {
        $log = Join-Path $TestDrive 'exit.log'
        $result = 1 | Start-OperationBatch -JobLog $log ([scriptblock]::Create("$(Get-TestExit -Code 3); 'out'"))
        $result | Out-String -Width 200 | Should -BeLike '*`[exit 3`] out*'
        (Get-Content -Path $log | ConvertFrom-Json).exitCode | Should -Be 3
    }

    It 'is a failure where $PSNativeCommandUseErrorActionPreference says so, whatever -FailOn' {
        $text = '$PSNativeCommandUseErrorActionPreference = $true; ' + (Get-TestExit -Code 3) + '; "x"'
        $result = 1 | Start-OperationBatch -FailOn Terminating ([scriptblock]::Create($text)) -WarningAction Ignore
        $result.Status | Should -Be 'Failed'
        $result.Output | Should -Be 'x'
        $result.ErrorMessage | Should -BeLike '*non-zero exit code: 3*'
    }
}

Describe 'A result' {
    It 'has what went wrong as values that outlive a file' {
        $result = 1 | Start-OperationBatch -WarningAction Ignore { No-SuchCommand }
        $xml = Join-Path $TestDrive 'result.xml'
        $result | Export-Clixml -Path $xml
        $read = Import-Clixml -Path $xml
        $read.Status | Should -BeExactly 'Failed'
        $read.HadErrors | Should -BeTrue
        $read.ErrorMessage | Should -Be $result.ErrorMessage
        $read.DurationMs | Should -Be $result.DurationMs
        $read.QueueMs | Should -Be $result.QueueMs
        $read | Out-String -Width 200 | Should -BeLike "*Failed*'No-SuchCommand'*"
        $csv = $result | ConvertTo-Csv | ConvertFrom-Csv
        $csv.Status | Should -Be 'Failed'
        $csv.HadErrors | Should -Be 'True'
        $csv.ErrorMessage | Should -BeLike "*'No-SuchCommand'*"
    }

    It 'names the error itself, where -ErrorAction Stop made it end the block' {
        $result = 1 | Start-OperationBatch -WarningAction Ignore { Get-Item -Path /no/such -ErrorAction Stop }
        $result.ErrorMessage | Should -BeLike "Cannot find path*"
        $result.Error[0].FullyQualifiedErrorId | Should -Be 'PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand'
        $result.Error[0].InvocationInfo.MyCommand.Name | Should -Be 'Get-Item'
    }
}

Describe '-ErrorAction Stop' {
    It 'ends the batch at the first failure<Case>, with what is finished, in the pipeline and in the log' -ForEach @(
        @{ Case = ''; Rest = @{} }
        @{ Case = ', in order'; Rest = @{ Ordered = $true } }
        @{ Case = ' of one whose time is up'; Rest = @{ TimeoutSeconds = 3; MaxConcurrent = 1 }; Slow = $true }
    ) {
        $log = Join-Path $TestDrive "$([guid]::NewGuid())"
        $got = [System.Collections.Generic.List[object]]::new()
        $started = [System.Collections.Concurrent.ConcurrentBag[int]]::new()
        $Rest.MaxConcurrent ??= 2
        $isSlow = [bool] $Slow
        $failure = {
            1..100 | Start-OperationBatch @Rest -BatchSize 1 -JobLog $log -ErrorAction Stop -WarningVariable warnings {
                ($using:started).Add($_)
                # The one beside it has ended by then.
                if ($_ -eq 5) { Start-Sleep -Milliseconds 500; if ($using:isSlow) { Start-Sleep -Seconds 300 } throw 'five' }
                if ($_ -gt 5) { Start-Sleep -Seconds 300 }
                $_
            } | ForEach-Object -Process { $got.Add($_) }
        } | Should -Throw -PassThru
        $code = $isSlow ? 'OperationTimedOut' : 'OperationFailed'
        $failure.FullyQualifiedErrorId | Should -Be "$code,PortMgmt.PowerShell.Commands.StartOperationBatchCommand"
        $failure.TargetObject.Input | Should -Be 5
        $failure.TargetObject.Status | Should -Be ($isSlow ? 'TimedOut' : 'Failed')
        $got.Input | Sort-Object | Should -Be (1..5)
        @($got).Where({ $_.Input -ne 5 }).Status | Select-Object -Unique | Should -Be 'Succeeded'
        Get-Content -Path $log | Should -HaveCount 5
        # The other worker may have begun one more.
        $started.Count | Should -BeLessOrEqual 6
        $warnings | Should -BeNullOrEmpty
    }

    It 'stops a batch whose input has not ended' {
        $fed = [System.Collections.Generic.List[int]]::new()
        {
            & { foreach ($i in 1..1000) { $fed.Add($i); $i; Start-Sleep -Milliseconds 20 } } |
                Start-OperationBatch -BatchFlushMs 0 -ErrorAction Stop { if ($_ -eq 2) { throw 'two' } } | Out-Null
        } | Should -Throw
        $fed.Count | Should -BeLessThan 1000
    }

    It 'is for -Raw as well: what was put out comes first, and errors that fail nothing are errors' {
        $got = [System.Collections.Generic.List[object]]::new()
        $failure = { 1..5 | Start-OperationBatch -Raw -Ordered -MaxConcurrent 1 -ErrorAction Stop { "o$_"; if ($_ -eq 3) { throw 'three' } } | ForEach-Object -Process { $got.Add($_) } } |
            Should -Throw -PassThru
        "$failure" | Should -BeLike '*three'
        $failure.TargetObject.Input | Should -Be 3
        $got | Should -Be 'o1', 'o2', 'o3'
    }

    It 'counts a failure after its retries' {
        $failure = { 1 | Start-OperationBatch -Retry 2 -ErrorAction Stop { throw 'always' } } | Should -Throw -PassThru
        $failure.TargetObject.Attempts | Should -Be 3
    }

    It 'is not meant by the preference variable' {
        $ErrorActionPreference | Should -Be 'Stop'
        1..3 | Start-OperationBatch -WarningAction Ignore { throw 'any' } | Should -HaveCount 3
    }

    It 'makes a job fail' {
        $job = 1..100 | Start-OperationBatch -AsJob -MaxConcurrent 1 -BatchSize 1 -ErrorAction Stop { if ($_ -eq 2) { throw 'two' } $_ }
        $null = $job | Wait-Job
        $job.State | Should -Be 'Failed'
        $job.JobStateInfo.Reason.Message | Should -BeLike "*input '2'*two"
        $job.Output | Should -HaveCount 2
        $job | Remove-Job
    }
}

Describe 'Errors with -Raw' {
    It 'are what they were: command, id and position' {
        $line = 1 + [int] (& { $MyInvocation.ScriptLineNumber })
        $errors = $(1 | Start-OperationBatch -Raw -ErrorAction Continue { Get-Item -Path /no/such; [int]::Parse('x') }) 2>&1
        $errors.FullyQualifiedErrorId | Should -Be 'PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand', 'FormatException'
        $errors[0].InvocationInfo.MyCommand.Name | Should -Be 'Get-Item'
        $errors.InvocationInfo.ScriptLineNumber | Should -Be $line, $line
        $errors.InvocationInfo.ScriptName | Should -Be $PSCommandPath, $PSCommandPath
        [object]::ReferenceEquals($Error[0], $errors[1]) | Should -BeTrue
    }

    It 'can be silenced' {
        $(1 | Start-OperationBatch -Raw -ErrorAction SilentlyContinue { Write-Error 'small' }) 2>&1 | Should -BeNullOrEmpty
    }
}
