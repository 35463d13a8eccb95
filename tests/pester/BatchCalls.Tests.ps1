# A block runs in the pump's loop, is called in a scope, or by &, whichever is cheapest: nobody may be able to tell which.
BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')

    # What can be told of a result; times apart.
    function ConvertTo-Told {
        param([object] $Result)
        [pscustomobject]@{
            Status  = $Result.Status
            Output  = $Result.Output
            Errors  = @($Result.Error | ForEach-Object -Process { "$($_.FullyQualifiedErrorId) at $($_.InvocationInfo.ScriptLineNumber): $_" })
            Target  = @($Result.Error | ForEach-Object -Process { "$($_.TargetObject)" })
            Warning = "$($Result.Warning)"
            Verbose = "$($Result.Verbose)"
            Host    = "$($Result.Information)"
        } | ConvertTo-Json -Depth 3
    }
}

Describe 'The call of a block' {
    It 'is as with &: <_>' -ForEach @(
        '$_', '$_, $_', '"$_"', '$null', '@($_)', ', @(1, 2)', '$x = $_ + 1; $x', '[math]::Sqrt($_)', '$_ * 2; $_ * 3'
        'if ($_ -gt 3) { "big" } else { "small" }', 'while ($false) { 1 }', '(1..3).ForEach({ $_ + 1 })', '1..3 | ForEach-Object { $_ * 2 }'
        '"out"; throw "late"', '"out"; exit 3', 'exit', '1/0; "after"', 'try { throw "x" } catch { "caught $_" } finally { "always" }'
        'Get-Item /no/such/place; $_', 'Get-Item /no/such/place -ErrorAction Stop; $_', '[int]"no"; "after"', '"$?"', '$nothing', '"$PSItem"'
        'Write-Output $_ | Select-Object -First 1', 'Write-Error "e"; $_', 'Write-Warning "w"; Write-Verbose -Verbose "v"; Write-Host "h"; $_'
        '"a" -match "(a)"; "$($Matches[1])"', 'return $_', 'break', 'continue', '$args.Count', '"$foreach"', '"$($MyInvocation.ExpectingInput)"', '@($input).Count'
        'switch ($_) { 4 { "four" } default { "other" } }', 'foreach ($i in 1..2) { $i }', 'function f { "f$_" }; f', '$global:gone', '$_ | Out-Null'
        '$x = "out"; $x; throw "late"', '$x = 3; $x; exit $x', '$x = 1; $x; return; "no"', '$x = 1; $x; break', '$x = 1; $x; continue', '$x = 1; 1/0; "after $x"'
        'trap { "trapped"; continue } $x = 1; throw "x"; "after $x"', '$x = 1; . { $x = 2 }; $x', '$x = 1; & { $x = 2 }; $x', '$x = 1; Get-Item /no/such/place; $x'
        'function f { $MyInvocation.InvocationName }; f', 'function f { Write-Error "e" }; f', 'function f($y) { process { "$y$_" } }; 1, $_ | f 2', 'filter f { $_ * 2 }; 1, $_ | f'
        'function f { [CmdletBinding()] param([Parameter(ValueFromPipeline)] $y) process { $PSCmdlet.WriteObject($y) } }; 1, $_ | f', '$x = , @(1, 2); $x', '$x = @(); $x.Count'
        '$ErrorActionPreference = "Stop"; Get-Item /no/such/place; "after"', '$x = 1; Write-Warning "w"; Write-Host "h"; $x', '$x = 1; $x > $null; "$x"', '"$args|$($args.Count)"; $x = 1'
        '$p = @{ Path = "a"; ChildPath = "$_" }; Join-Path @p', '$x = Get-Date; $x.GetType().Name', '$_ = 5; $_', '$x = try { [int]"no" } catch { $_.Exception.GetType().Name }; $x'
        '$s = { "$x$_" }; $x = 1; $s.Invoke()', 'Set-StrictMode -Version Latest; $x = 1; $nothing; "after"', '$x = { $_ }; $x | ForEach-Object { "block" }', '$x = 1; Write-Progress "p"; $x'
    ) {
        $cheapest = 4 | Start-OperationBatch ([scriptblock]::Create($_))
        $called = 4 | Start-OperationBatch ([scriptblock]::Create("param() $_"))
        ConvertTo-Told $cheapest | Should -Be (ConvertTo-Told $called)
    }

    It 'takes a block with named parts: <_>' -ForEach 'end { $_ }', 'end { $_ } clean { $null = 1 }' {
        1 | Start-OperationBatch -Raw ([scriptblock]::Create($_)) | Should -Be 1
    }

    It 'leaves nothing to the next operation: <_>' -ForEach @(
        '"$x"; $x = 1', '"$x"; $x++', '"$x"; Set-Variable x 1', '"$x"; $null = Get-Date -OutVariable x', '"$x"; $null = Get-Date -ov x', '"$i"; foreach ($i in 1..2) { }'
        '"$x"; 1..2 | ForEach-Object { $x = $_ }', '"$($Matches)"; $null = "a" -match "a"', '"$(Get-Alias fresh -ErrorAction Ignore)"; Set-Alias fresh Get-Item'
        '"$(Get-Command fresh -ErrorAction Ignore)"; function fresh { }', '"$x"; . { $x = 1 }', '"$x"; $p = @{ OutVariable = "x" }; $null = Get-Date @p'
        '"$x$(Get-Command f -ErrorAction Ignore)"; function f { }; $x = 1', '"$x"; foreach ($x in 1..2) { }; $null = Join-Path a $x'
    ) {
        $results = 1..3 | Start-OperationBatch -MaxConcurrent 1 -Ordered ([scriptblock]::Create($_))
        $results.Status | Should -Be @('Succeeded', 'Succeeded', 'Succeeded')
        $results | ForEach-Object -Process { $_.Output | Should -Be '' }
    }

    It 'leaves nothing to the next batch: <_>' -ForEach @(
        '"$global:x"; $global:x = 1', '"$($PSDefaultParameterValues.Count)"; $PSDefaultParameterValues.Add("Get-Date:Day", 1)'
        '"$(Get-Location)" -eq $using:here; Set-Location /', '"$($ExecutionContext.SessionState.PSVariable.GetValue("global:y"))"; $ExecutionContext.SessionState.PSVariable.Set("global:y", 1)'
        '"$($Error.Count)"; 1/0', '$x = $nothing -eq $null; "$x"; Set-PSDebug -Strict'
        '"$($null -ne $ExecutionContext.InvokeCommand.CommandNotFoundAction)"; $ExecutionContext.InvokeCommand.CommandNotFoundAction = { }'
        '"$($null -ne $ExecutionContext.InvokeCommand.PreCommandLookupAction)"; $ExecutionContext.InvokeCommand.PreCommandLookupAction = { }'
    ) {
        $here = "$(Get-Location)"
        $block = [scriptblock]::Create($_)
        $first = 1 | Start-OperationBatch -MaxConcurrent 1 $block
        (1 | Start-OperationBatch -MaxConcurrent 1 $block).Output | Should -Be $first.Output
    }

    It 'leaves nothing to the next batch when its time is up: <_>' -ForEach '', 'param() ' {
        $block = [scriptblock]::Create("$_ function global:Get-LeftBehind { }; while (`$true) { }")
        (1 | Start-OperationBatch -MaxConcurrent 1 -TimeoutSeconds 1 $block -WarningAction SilentlyContinue).Status | Should -Be 'TimedOut'
        (1 | Start-OperationBatch -MaxConcurrent 1 { Test-Path function:Get-LeftBehind }).Output | Should -BeFalse
    }

    It 'is to functions that look who calls them as with &' {
        function Get-Caller {
            $caller = (Get-Variable -Name MyInvocation -Scope 1 -ValueOnly).MyCommand
            "$((Get-PSCallStack)[1].Command) $($caller.CommandType) $($caller.Definition)"
        }
        $block = { $x = 1; Get-Caller }
        (1 | Start-OperationBatch -Functions Get-Caller $block).Output | Should -Be (& $block)
    }

    It 'has $? true for each operation, for functions too' {
        function Get-Success { $? }
        $results = 1..3 | Start-OperationBatch -MaxConcurrent 1 -Functions Get-Success { Get-Success; Get-Item /no/such/place -ErrorAction SilentlyContinue }
        $results.Output | Should -Be @($true, $true, $true)
    }

    It 'takes what was put out before a stop, in a scope as by &: <_>' -ForEach '', 'param() ' {
        $result = 1 | Start-OperationBatch -TimeoutSeconds 3 ([scriptblock]::Create("$_`$x = 'early'; `$x; while (`$true) { }"))
        $result.Status | Should -Be 'TimedOut'
        $result.Output | Should -Be 'early'
    }

    It 'knows the types and the file of the script that the block stands in' {
        $script = Join-Path $TestDrive 'work.ps1'
        Set-Content -Path $script -Value @'
using namespace System.Globalization
1 | Start-OperationBatch {
    [CultureInfo]::InvariantCulture.EnglishName
    $PSScriptRoot
    Get-Item /no/such/place
}
'@
        $result = & $script
        $result.Output | Should -Be 'Invariant Language (Invariant Country)', "$TestDrive"
        $result.Error.InvocationInfo.ScriptName | Should -Be $script
        $result.Error.InvocationInfo.ScriptLineNumber | Should -Be 5
        $result.Error.ScriptStackTrace | Should -Match 'work.ps1: line 5'
    }

    It 'takes a function of the caller for a cmdlet of the same name' {
        $null = New-Item -Path function:Join-Path -Value { "joined $args" }
        (1 | Start-OperationBatch -Functions Join-Path { Join-Path a b }).Output | Should -Be 'joined a b'
    }

    It 'does not find the loop that calls it, whose operations it would take: <_>' -ForEach '"$_[$foreach]"; if ($foreach) { $foreach.MoveNext() }', 'Get-Loop; "$_[]"' {
        function Get-Loop { foreach ($next in $foreach) { "taken $next" } }
        1..4 | Start-OperationBatch ([scriptblock]::Create($_)) -Functions Get-Loop -MaxConcurrent 1 -Raw -Ordered | Should -Be '1[]', '2[]', '3[]', '4[]'
    }

    It 'does not find the arguments of the loop that calls it: <_>' -ForEach @(
        '[CmdletBinding()] param() "$args"', 'param([Parameter()] $a) "$args"', '[CmdletBinding()] param([Parameter(ValueFromPipeline)] $a) begin { "$args" }'
        '"$((Get-Item variable:args).Value)"', 'Get-Variable args -Scope 1 -ValueOnly'
    ) {
        (1 | Start-OperationBatch ([scriptblock]::Create($_))).Output | Should -BeNullOrEmpty
    }

    It 'finds $foreach as little as & does in strict mode' {
        (1 | Start-OperationBatch { Set-StrictMode -Version Latest; $foreach }).Error.FullyQualifiedErrorId | Should -Be 'VariableIsUndefined'
    }

    It 'has $_ behind what sets it for a while, as under ForEach-Object: <_>' -ForEach @(
        'try { throw "x" } catch { Write-Error "$_" }; "$_"', 'try { throw "x" } catch { }; if (-not $?) { "$_" }', '$null = switch (7) { 7 { $MyInvocation } }; "$_"'
        'trap { Write-Error "$_"; continue } throw "x"; "$_"', 'param() try { throw "x" } catch { } finally { $null = "$_" }; "$_"'
        '[CmdletBinding()] param([int] $a = 7) switch ($a) { 7 { } }; "$_"', '$null = Get-Variable x; foreach ($a in 1) { switch ($a) { 1 { break } } }; "$_"'
    ) {
        $block = [scriptblock]::Create($_)
        $ErrorActionPreference = 'SilentlyContinue'
        1..2 | ForEach-Object -Process $block | Should -Be '1', '2'
        (1..2 | Start-OperationBatch $block -MaxConcurrent 1 -Ordered -WarningAction SilentlyContinue).Output | Should -Be '1', '2'
    }

    It 'gets its input by the pipeline where it takes it from there, and else without: <_>' -ForEach @(
        'process { "<$_>" }', 'param($a = 1) process { "<$_>" }', 'param([Parameter(ValueFromPipeline)] $a) process { "<$a>" }', 'param([Parameter(ValueFromPipeline = $true)] $a) "<$a>"'
        'param([Parameter(Mandatory, ValueFromPipeline)] $a) "<$a>"', 'param([Parameter(ValueFromPipelineByPropertyName)] $Length) process { "<$("." * $Length)>" }'
        '[CmdletBinding()] param() "<$_>"', '[CmdletBinding()] param() process { "<..>" }', 'param([Parameter()] $a = "..") process { "<$a>" }'
        '[CmdletBinding()] param() dynamicparam { } process { "<..>" }', 'param([Parameter(ValueFromPipeline = $false)] $a = "..") process { "<$a>" }'
    ) {
        $result = '..' | Start-OperationBatch ([scriptblock]::Create($_))
        $result.Error | Should -BeNullOrEmpty
        $result.Output | Should -Be '<..>'
    }

    It 'has what was put out before a timeout' {
        $result = 1 | Start-OperationBatch -TimeoutSeconds 3 { 'early'; Start-Sleep -Seconds 60 }
        $result.Status | Should -Be 'TimedOut'
        $result.Output | Should -Be 'early'
    }
}

Describe 'What a block takes along' {
    It 'is what $using: means to its caller, also in an expression: <Using>' -ForEach @(
        @{ Using = '$using:args[1]'; Expected = 'two' }
        @{ Using = '$using:MyInvocation.MyCommand.Name'; Expected = 'Invoke-Own' }
        @{ Using = '$using:PSScriptRoot.Length'; Expected = $PSScriptRoot.Length }
        @{ Using = '$using:own.a'; Expected = 'mine' }
        @{ Using = '$using:local:own.a'; Expected = 'mine' }
        @{ Using = '$using:variable:own["a"]'; Expected = 'mine' }
    ) {
        function Invoke-Own {
            $private:own = @{ a = 'mine' }
            1 | Start-OperationBatch ([scriptblock]::Create($Using)) -Raw
        }
        Invoke-Own one two | Should -Be $Expected
    }

    It 'is what a closure has captured: <_>' -ForEach '$k * $_', 'process { $k * $_ }', '$k++; ($k - 1) * $_', 'param($x = $k) $x * $_' {
        function New-Closure {
            param([string] $Text, [int] $k)
            [scriptblock]::Create($Text).GetNewClosure()
        }
        $k = 0
        $two, $three = (New-Closure $_ 2), (New-Closure $_ 3)
        1..2 | Start-OperationBatch $two -Raw -Ordered | Should -Be 2, 4
        1..2 | Start-OperationBatch $three -Raw -Ordered | Should -Be 3, 6
        1 | Start-OperationBatch $two -Variables @{ k = 5 } -Raw | Should -Be 5
        1 | Start-OperationBatch { "[$k]" } -Raw | Should -Be '[]'
    }

    It 'is -WhatIf of its caller' {
        $file = New-Item -Path (Join-Path $TestDrive 'kept') -ItemType File
        function Remove-Kept {
            [CmdletBinding(SupportsShouldProcess)]
            param()
            1 | Start-OperationBatch { $WhatIfPreference; Remove-Item -LiteralPath $using:file } -Raw
        }
        Remove-Kept -WhatIf | Should -BeTrue
        $file.FullName | Should -Exist
        Remove-Kept | Should -BeFalse
        $file.FullName | Should -Not -Exist
    }
}

Describe '-Verbose of a batch' {
    BeforeAll {
        function Get-Explanation {
            param([scriptblock] $Batch)
            @(& $Batch 4>&1 | Where-Object -FilterScript { $_ -is [System.Management.Automation.VerboseRecord] } | ForEach-Object -MemberName Message)
        }
    }

    It 'tells how the block is called, and why: <Block>' -ForEach @(
        @{ Block = { $_ }; Says = 'Calls of the block: inline, *' }
        @{ Block = { $x = $_; $x + 1 }; Says = "Calls of the block: in a scope of its own, without a pipeline. Not inline: '`$x = `$_' (line *)." }
        @{ Block = { $x = 1; "$?" }; Says = "Calls of the block: by & in the worker's pipeline, *Not inline: '`$x = 1' (line *). Not in a scope alone: '`$?' (line *)." }
        @{ Block = { param($a) $_ }; Says = "Calls of the block: by &*Not inline: 'param(`$a)' (line *). Not in a scope alone: 'param(`$a)' (line *)." }
    ) {
        (Get-Explanation { 1 | Start-OperationBatch $Block -Verbose })[0] | Should -BeLike $Says
    }

    It 'tells of runspaces, workers, hand-offs, the cache, and what was measured' {
        function Get-One { 1 }
        $lines = Get-Explanation { 'a', 'a', 'b' | Start-OperationBatch { Get-One } -Functions Get-One -Id { $_ } -MaxConcurrent 2 -Isolation Runspace -Verbose }
        $lines | Should -HaveCount 6
        $lines[1] | Should -BeLike 'Runspaces: a new one for each operation (-Isolation Runspace), with function Get-One;*'
        $lines[2] | Should -BeLike 'Workers:*2 at most (-MaxConcurrent).'
        $lines[3] | Should -BeLike 'Hand-offs:*100 at most*20ms*'
        $lines[4] | Should -BeLike 'Cache: 5000 results by -Id, for this batch alone.'
        $lines[5] | Should -Match '^Ended: 3 operations in [12] hand-offs of [12] on average, by [12] workers; 1 without running\. An attempt took [\d.]+ ms and waited [\d.]+ ms on average\.$'
    }

    It 'tells of a hand-off as one piece' {
        $lines = Get-Explanation { 1..6 | Start-OperationBatch { $_.Count } -AsBatch -BatchSize 3 -BatchFlushMs 5000 -Verbose }
        $lines[0] | Should -BeLike '*One call is for a whole hand-off (-AsBatch).'
        $lines[3] | Should -BeLike 'Hand-offs: 3 operations, or what has come after 5s.'
        $lines[4] | Should -BeLike 'Cache: none*'
        $lines[5] | Should -BeLike 'Ended: 6 operations in 2 hand-offs of 3 on average*'
    }

    It 'tells nothing unasked, and by $VerbosePreference too' {
        Get-Explanation { 1 | Start-OperationBatch { $_ } } | Should -BeNullOrEmpty
        Get-Explanation { $VerbosePreference = 'Continue'; 1 | Start-OperationBatch { $_ } } | Should -HaveCount 6
        Get-Explanation { $VerbosePreference = 'Continue'; 1 | Start-OperationBatch { $_ } -Verbose:$false } | Should -BeNullOrEmpty
    }
}
