BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Errors of operations' {
    It 'keep what was put out before, and go on with the next operation: <Case>' -ForEach @(
        @{ Case = 'throw'; Block = { 'before'; throw 'boom' }; Id = 'boom' }
        @{ Case = '-ErrorAction Stop'; Block = { 'before'; Get-Item -Path /no/such -ErrorAction Stop; 'after' }; Id = 'PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand' }
        @{ Case = 'an exception of .NET under Stop'; Block = { $ErrorActionPreference = 'Stop'; 'before'; [int]::Parse('x'); 'after' }; Id = 'FormatException' }
        @{ Case = 'exit with a code'; Block = { 'before'; exit 3 }; Id = 'OperationFailed' }
        @{ Case = 'a native program that fails, under Stop'; Block = { $ErrorActionPreference = 'Stop'; $PSNativeCommandUseErrorActionPreference = $true; 'before'; $dll = @(if ([System.Environment]::ProcessPath -match 'dotnet(\.exe)?$') { "$PSHOME/pwsh.dll" }); & ([System.Environment]::ProcessPath) @dll -NoProfile -Command 'exit 4'; 'after' }; Id = 'ProgramExitedWithNonZeroCode' }
    ) {
        $results = 1..2 | Start-OperationBatch -MaxConcurrent 1 -Ordered $Block
        $results.Status | Should -Be 'Failed', 'Failed'
        $results.Output | Should -Be 'before', 'before'
        $results[0].Error | Should -HaveCount 1
        $results[0].Error[0].FullyQualifiedErrorId | Should -Be $Id
    }

    It 'that do not end an operation are collected: <Case>' -ForEach @(
        @{ Case = 'Write-Error'; Block = { Write-Error -Message 'small'; 'after' } }
        @{ Case = 'a cmdlet'; Block = { Get-Item -Path /no/such; 'after' } }
    ) {
        $result = 7 | Start-OperationBatch $Block
        $result.Status | Should -Be 'Succeeded'
        $result.HadErrors | Should -BeTrue
        $result.Output | Should -Be 'after'
        $result.Error | Should -HaveCount 1
    }

    It 'have the target that the block gave them: <Case>' -ForEach @(
        @{ Case = 'a cmdlet'; Block = { Get-Item -Path no-such: }; Target = 'no-such' }
        @{ Case = 'Write-Error'; Block = { Write-Error -Message 'e' -TargetObject 'mine' }; Target = 'mine' }
        @{ Case = 'Write-Error without one'; Block = { Write-Error -Message 'e' }; Target = $null }
        @{ Case = 'a value that is thrown'; Block = { throw 'thrown' }; Target = 'thrown' }
        @{ Case = '-ErrorAction Stop'; Block = { Get-Item -Path no-such: -ErrorAction Stop }; Target = 'no-such' }
        @{ Case = 'a method that throws'; Block = { [int]::Parse('x') }; Target = $null }
    ) {
        (7 | Start-OperationBatch $Block).Error[0].TargetObject | Should -Be $Target
    }

    It 'have the input as target where they are none of the block' {
        (7 | Start-OperationBatch { exit 3 }).Error[0].TargetObject | Should -Be 7
    }

    It 'have the line of the script' {
        $line = 1 + [int] (& { $MyInvocation.ScriptLineNumber })
        $result = 'the input' | Start-OperationBatch { throw 'here' }
        $result.Error[0].InvocationInfo.ScriptLineNumber | Should -Be $line
        $result.Error[0].InvocationInfo.ScriptName | Should -Be $PSCommandPath
    }

    It 'come out as errors with -Raw, and -ErrorAction Stop ends the batch' {
        $failures = $($output = 1..3 | Start-OperationBatch -Raw { if ($_ -eq 2) { throw 'two' } $_ } -ErrorAction Continue) 2>&1
        $failures | Should -HaveCount 1
        $failures.TargetObject | Should -Be 'two'
        $output | Sort-Object | Should -Be 1, 3
        { 1..3 | Start-OperationBatch -Raw -ErrorAction Stop { throw 'any' } } | Should -Throw '*any'
    }
}

Describe 'The end of a block' {
    It 'comes by <Case>' -ForEach @(
        @{ Case = 'return'; Block = { "a$_"; return 'r'; 'no' }; Output = 'a1', 'r', 'a2', 'r' }
        @{ Case = 'exit'; Block = { "a$_"; exit; 'no' }; Output = 'a1', 'a2' }
        @{ Case = 'exit 0'; Block = { "a$_"; exit 0; 'no' }; Output = 'a1', 'a2' }
        @{ Case = 'break'; Block = { "a$_"; break; 'no' }; Output = 'a1', 'a2' }
        @{ Case = 'break out of a loop that is not there'; Block = { "a$_"; break nowhere; 'no' }; Output = 'a1', 'a2' }
        @{ Case = 'continue'; Block = { "a$_"; continue; 'no' }; Output = 'a1', 'a2' }
        @{ Case = 'break in a loop of its own'; Block = { foreach ($i in 1..3) { "l$i"; break } "a$_" }; Output = 'l1', 'a1', 'l1', 'a2' }
    ) {
        $results = 1..2 | Start-OperationBatch -MaxConcurrent 1 -Ordered $Block
        $results.Status | Should -Be 'Succeeded', 'Succeeded'
        $results.Output | Should -Be $Output
    }
}

Describe 'Bad input' {
    It 'is refused: <Case>' -ForEach @(
        @{ Case = 'no script block'; Run = { 1 | Start-OperationBatch -ScriptBlock $null }; Id = 'ParameterArgumentValidationErrorNullNotAllowed' }
        @{ Case = 'a limit of zero'; Run = { 1 | Start-OperationBatch { 1 } -MaxConcurrent 0 }; Id = 'InvalidOption' }
        @{ Case = 'a negative limit'; Run = { 1 | Start-OperationBatch { 1 } -ThrottleLimit -1 }; Id = 'InvalidOption' }
        @{ Case = 'a hand-off of nothing'; Run = { 1 | Start-OperationBatch { 1 } -BatchSize 0 }; Id = 'InvalidOption' }
        @{ Case = 'a negative flush time'; Run = { 1 | Start-OperationBatch { 1 } -BatchFlushMs -1 }; Id = 'InvalidOption' }
        @{ Case = 'a negative cache'; Run = { 1 | Start-OperationBatch { 1 } -CacheSize -1 }; Id = 'InvalidOption' }
        @{ Case = 'a timeout of zero'; Run = { 1 | Start-OperationBatch { 1 } -TimeoutSeconds 0 }; Id = 'InvalidOption' }
        @{ Case = 'an endless timeout'; Run = { 1 | Start-OperationBatch { 1 } -TimeoutSeconds ([double]::PositiveInfinity) }; Id = 'InvalidOption' }
        @{ Case = 'negative retries'; Run = { 1 | Start-OperationBatch { 1 } -Retry -1 }; Id = 'InvalidOption' }
        @{ Case = 'a type limit that is none'; Run = { 1 | Start-OperationBatch { 1 } -TypeLimit @{ a = 'x' } }; Id = 'InvalidOption' }
        @{ Case = 'a number of partitions beside a block'; Run = { 1 | Start-OperationBatch { 1 } -Partitions 3 }; Id = 'InvalidOption'; Text = '-Partitions is for a batch that other nodes run' }
        @{ Case = 'the id of a batch of other nodes beside a block'; Run = { 1 | Start-OperationBatch -BatchId x { 1 } }; Id = 'InvalidOption'; Text = '-BatchId is for a batch that other nodes run' }
        @{ Case = '-Resume without a log'; Run = { 1 | Start-OperationBatch { 1 } -Resume }; Id = 'InvalidOption' }
        @{ Case = '-OnEvent in a job'; Run = { 1 | Start-OperationBatch { 1 } -AsJob -OnEvent { 1 } }; Id = 'InvalidOption' }
        @{ Case = 'an id property that does not exist'; Run = { 1 | Start-OperationBatch { 1 } -Id nope }; Id = 'IdNotFound' }
        @{ Case = 'an id that is empty'; Run = { 1 | Start-OperationBatch { 1 } -Id { } }; Id = 'IdNotFound' }
        @{ Case = 'a priority that is none'; Run = { 1 | Start-OperationBatch { 1 } -Priority urgent }; Id = 'InvalidOption' }
        @{ Case = 'metadata that is no table'; Run = { 1 | Start-OperationBatch { 1 } -Metadata 5 }; Id = 'InvalidOption' }
        @{ Case = 'metadata that is too large'; Run = { 1 | Start-OperationBatch { 1 } -Metadata @{ a = 'x' * 5000 } }; Id = 'MetadataTooLarge' }
        @{ Case = 'a script block as input'; Run = { { 1 } | Start-OperationBatch { 1 } }; Id = 'InvalidScriptBlockValue' }
        @{ Case = 'a script block by $using:'; Run = { $block = { 1 }; 1 | Start-OperationBatch { $using:block } }; Id = 'InvalidScriptBlockValue' }
        @{ Case = 'a table with a script block by $using:'; Run = { $table = @{ a = { 1 } }; 1 | Start-OperationBatch { $using:table } }; Id = 'InvalidScriptBlockValue' }
        @{ Case = 'a script block by -Variables'; Run = { 1 | Start-OperationBatch { 1 } -Variables @{ a = { 1 } } }; Id = 'InvalidScriptBlockValue' }
        @{ Case = 'a variable that does not exist'; Run = { 1 | Start-OperationBatch { $using:noSuchVariable } }; Id = 'NameNotFound' }
        @{ Case = 'a variable of a nested batch that its operation does not have'; Run = { $ErrorActionPreference = 'Stop'; $test = 1; 1 | Start-OperationBatch -Raw { 1 | Start-OperationBatch { $using:test } } }; Id = 'NameNotFound' }
        @{ Case = 'an automatic variable by name'; Run = { 1 | Start-OperationBatch { 1 } -Variables PID }; Id = 'InvalidOption' }
        @{ Case = 'the variable $?'; Run = { 1 | Start-OperationBatch { 1 } -Variables '?' }; Id = 'InvalidOption' }
        @{ Case = 'an automatic variable in a table'; Run = { 1 | Start-OperationBatch { 1 } -Variables @{ Host = 1 } }; Id = 'InvalidOption' }
        @{ Case = 'a module specification without a version'; Run = { 1 | Start-OperationBatch { 1 } -Modules @{ ModuleName = 'x' } }; Id = 'InvalidOption' }
        @{ Case = 'a variable to bring that does not exist'; Run = { 1 | Start-OperationBatch { 1 } -Variables noSuchVariable }; Id = 'NameNotFound' }
        @{ Case = 'a function that does not exist'; Run = { 1 | Start-OperationBatch { 1 } -Functions No-SuchFunction }; Id = 'NameNotFound' }
        @{ Case = 'a pattern of functions that is none'; Run = { 1 | Start-OperationBatch { 1 } -Functions 'Get-[' }; Id = 'InvalidOption'; Text = '-Functions has*Get-*, which is no pattern' }
        @{ Case = 'a pattern of variables that is none'; Run = { 1 | Start-OperationBatch { 1 } -Variables '*[' }; Id = 'InvalidOption'; Text = '-Variables has*, which is no pattern' }
        @{ Case = 'a module that does not exist'; Run = { 1 | Start-OperationBatch { 1 } -Modules NoSuchModule }; Id = 'WorkerUnavailable' }
        @{ Case = 'a daemon that does not exist'; Run = { 1 | Start-OperationBatch { 1 } -Daemon nobody }; Id = 'DaemonNotFound' }
        @{ Case = 'a job log that is no file'; Run = { 1 | Start-OperationBatch { 1 } -JobLog Env:/log }; Id = 'InvalidOption'; Text = "-JobLog is 'Env:/log', which is no file" }
        @{ Case = 'an id of two values'; Run = { 1 | Start-OperationBatch { 1 } -Id { $_, 2 } }; Id = 'InputNotIdentifiable' }
        @{ Case = 'a job log in a directory that is not there'; Run = { 1 | Start-OperationBatch { 1 } -JobLog /no/such/dir/log }; Id = 'JobLogUnusable' }
    ) {
        $failure = { & $Run } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -Be "$Id,PortMgmt.PowerShell.Commands.StartOperationBatchCommand"
        $failure.CategoryInfo.Category | Should -Not -Be 'NotSpecified'
        $failure.Exception.Message | Should -BeLike "*$Text*"
    }

    It 'concerns its own input alone, where it can' {
        $results = @{ k = 'a' }, @{ x = 'b' }, @{ k = 'c' } | Start-OperationBatch -Id k -Ordered -ErrorAction SilentlyContinue -ErrorVariable failures { $_.k }
        $results.Id | Should -Be 'a', 'c'
        $failures | Should -HaveCount 1
        $failures[0].TargetObject.x | Should -Be 'b'
    }

    It 'that fails to bind leaves nothing behind' {
        # Those of batches before come and go meanwhile; what left one each time would have left fifty more.
        $before = (Get-Runspace).Id
        1..50 | ForEach-Object -Process { { 1 | Start-OperationBatch { $using:noSuchVariable } } | Should -Throw }
        @(Get-Runspace | Where-Object -Property Id -NotIn -Value $before).Count | Should -BeLessThan 25
    }
}
