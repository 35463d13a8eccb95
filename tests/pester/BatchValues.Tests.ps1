# Values that belong to the runspace of the caller: script members, instances of classes, script blocks within something.
[System.Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseDeclaredVarsMoreThanAssignments', '', Justification = 'By $using:.')]
[System.Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidGlobalVars', '', Justification = 'What methods use of the session.')]
param()

BeforeDiscovery {
    $ways = @(
        @{ Way = 'one after another'; Options = @{ MaxConcurrent = 1 } }
        @{ Way = 'many at once'; Options = @{ MaxConcurrent = 10 } }
        @{ Way = 'in runspaces of their own'; Options = @{ Isolation = 'Runspace' } }
    )
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')

    class BatchValueBase {
        [int] FromBase() { return 7 }
    }

    class BatchValueOther {
        [int] Three() { return 3 }
        static [int] Four() { return 4 }
    }

    class BatchValue : BatchValueBase {
        [int] $n = 1
        [object] $inner
        [int] Get() { return $this.n }
        [int] Twice() { return $this.Get() + $this.Get() }
        [void] Add([int] $x) { $this.n += $x }
        [string] Piped() { return (1..3 | ForEach-Object -Process { $_ * $this.n }) -join ',' }
        [string] Command() { return (Get-Date -Date '2020-01-01' -Format yyyy) }
        [int] Others() { return [BatchValueOther]::new().Three() + [BatchValueOther]::Four() }
        [BatchValue] Another() { return [BatchValue]::new() }
        [int] Throw() { throw 'from the method' }
        [string] Function() { return (Get-BatchValueName $this.n) }
        [int] Variable() { return $script:batchValueFactor * $this.n }
        [string] ToString() { return "value $($this.n)" }
        static [int] Five() { return 5 }
        [int] CallsStatic() { return [BatchValue]::Five() }
    }

    class BatchValueCounted {
        static [int] $made = 0
        static [int] $sum = 0
        BatchValueCounted([int] $x) { [BatchValueCounted]::made += $x }
        static [void] AddTo([int] $x) { [BatchValueCounted]::sum += $x }
    }

    class BatchValueWriter : BatchValueCounted {
        [int] $n = 0
        [object] $list = [System.Collections.Generic.List[object]]::new()
        BatchValueWriter() : base(1) { $script:batchValueMade++ }
        [void] Count() { $global:batchValueCount++ }
        [void] CountOfScript() { $script:batchValueScript += 1 }
        [int] Next() { $this.n++; return $this.n }
        [void] Push([object] $x) { $this.list.Add($x) }
        [void] Fill([hashtable] $table) { $table['n']++ }
        [void] ByCommand() { Set-Variable -Name batchValueSet -Value 'set' -Scope Global }
        [void] ByFunction() { Add-BatchValue }
        [void] Make() { $script:batchValueNew = 'made' }
        hidden [void] CountHidden() { $this.n++ }
        [int] Early() { foreach ($i in 1..3) { $this.n++; if ($i -eq 2) { return $this.n } }; return 0 }
        [void] Throw() { $this.n++; throw 'from the method' }
        [object] Nested() { $this.n++; return (1..2 | Start-OperationBatch { ($using:this).Next() } -Raw) }
    }

    class BatchValueUnknown {
        [object] $kept
        BatchValueUnknown() { }
        BatchValueUnknown([string] $name) { Set-Variable -Name $name -Value 1 -Scope Global }
        [void] Set([string] $name) { Set-Variable -Name $name -Value 1 -Scope Global }
        static [void] SetStatic([string] $name) { Set-Variable -Name $name -Value 1 -Scope Global }
        [void] Prefer() { $global:InformationPreference = 'Ignore'; $global:batchValueAt1++ }
        [void] Define() { function global:Get-BatchValueMade { 'made' } }
        [string] Give([int] $x) { return "$(Get-Variable -Name ofCaller -ValueOnly) $x" }
        [void] Fail() { $null = Invoke-Expression -Command '1'; throw [System.InvalidOperationException]::new('from the method') }
        [object] Make() { $null = Invoke-Expression -Command '1'; return [BatchValue]::new() }
        [void] Keep() { $null = Invoke-Expression -Command '1'; $this.kept = [BatchValue]::new() }
        [void] Sleep() { $null = Invoke-Expression -Command '1'; Start-Sleep -Seconds 600 }
        [string] Write() { $null = Invoke-Expression -Command '1'; Write-Error 'error' -ErrorAction Continue; Write-Warning 'warning'; Write-Information 'information'; return 'out' }
    }

    class BatchValueState {
        [string] $state = 'new'
        [System.Threading.Barrier] $all
        [void] Run() { $this.state = 'running'; if ($this.all.SignalAndWait(60000)) { $this.state = 'done' } }
    }

    function Add-BatchValue { $script:batchValueScript++ }

    class BatchValuePlain {
        [int] $n = 2
        [string] $text = 'plain'
    }

    function Get-BatchValueName {
        param($Number)
        "name$(Get-BatchValueSuffix)$Number"
    }

    function Get-BatchValueSuffix { '-' }
    $script:batchValueFactor = 9
    $object = [BatchValue]::new()

    function New-Scripted {
        param([int[]] $Numbers = 1..3)
        $Numbers | ForEach-Object -Process {
            [pscustomobject]@{ a = $_ } |
                Add-Member -MemberType ScriptMethod -Name m -Value { Get-Date | Out-Null; $this.a + 1 } -PassThru |
                Add-Member -MemberType ScriptMethod -Name mm -Value { $this.m() + $this.m() } -PassThru |
                Add-Member -MemberType ScriptMethod -Name named -Value { Get-BatchValueName $this.a } -PassThru |
                Add-Member -MemberType ScriptMethod -Name factor -Value { $script:batchValueFactor * $this.a } -PassThru |
                Add-Member -MemberType ScriptProperty -Name p -Value { ($this.a, 10 | Measure-Object -Sum).Sum } -SecondValue { $this.a = $args[0] } -PassThru
        }
    }
}

Describe 'An instance of a class' {
    Context '<Way>' -ForEach $ways {
        It 'does what it does: <Block>' -ForEach @(
            @{ Block = { ($using:object).Get() }; Is = 1 }
            @{ Block = { ($using:object).Twice() }; Is = 2 }
            @{ Block = { ($using:object).FromBase() }; Is = 7 }
            @{ Block = { ($using:object).Piped() }; Is = '1,2,3' }
            @{ Block = { ($using:object).Command() }; Is = '2020' }
            @{ Block = { ($using:object).Others() }; Is = 7 }
            @{ Block = { ($using:object).Another().Get() }; Is = 1 }
            @{ Block = { ($using:object).Function() }; Is = 'name-1' }
            @{ Block = { ($using:object).Variable() }; Is = 9 }
            @{ Block = { "$($using:object)" }; Is = 'value 1' }
            @{ Block = { ($using:object).GetType()::Five() }; Is = 5 }
            @{ Block = { ($using:object).CallsStatic() }; Is = 5 }
            @{ Block = { try { ($using:object).Throw() } catch { "$_" } }; Is = 'from the method' }
        ) {
            $results = 1..12 | Start-OperationBatch $Block @Options -TimeoutSeconds 20
            "$($results.Error)" | Should -Be ''
            $results.Output | Select-Object -Unique | Should -Be $Is
            $results | Should -HaveCount 12
        }
    }

    It 'comes as an input, a variable, and within something: <Name>' -ForEach @(
        @{ Name = 'input'; Run = { 1..4 | ForEach-Object -Process { [BatchValue] @{ n = $_ } } | Start-OperationBatch { $_.Twice() } -Raw -Ordered }; Is = 2, 4, 6, 8 }
        @{ Name = 'array of inputs'; Run = { 1..4 | ForEach-Object -Process { [BatchValue] @{ n = $_ } } | Start-OperationBatch { $_.Twice() } -Raw -AsBatch | Sort-Object }; Is = 2, 4, 6, 8 }
        @{ Name = '-Variables'; Run = { 1, 2 | Start-OperationBatch { $object.Twice() } -Variables object -Raw }; Is = 2, 2 }
        @{ Name = 'table in a table'; Run = { $t = @{ a = @{ b = $object } }; 1, 2 | Start-OperationBatch { ($using:t).a.b.Twice() } -Raw }; Is = 2, 2 }
        @{ Name = 'list in an object'; Run = { $t = [pscustomobject]@{ l = [System.Collections.Generic.List[object]] @(, $object) }; 1, 2 | Start-OperationBatch { ($using:t).l[0].Twice() } -Raw }; Is = 2, 2 }
        @{ Name = 'property of another'; Run = { $t = [BatchValue] @{ inner = [BatchValue] @{ n = 4 } }; 1, 2 | Start-OperationBatch { ($using:t).inner.Twice() } -Raw }; Is = 8, 8 }
        @{ Name = 'entry of a table'; Run = { @{ k = $object }.GetEnumerator() | Start-OperationBatch { $_.Value.Twice() } -Raw }; Is = 2 }
        @{ Name = 'class itself'; Run = { $t = [BatchValue]; 1, 2 | Start-OperationBatch { ($using:t)::Five() + ($using:t)::new().Twice() } -Raw }; Is = 7, 7 }
        @{ Name = 'properties alone'; Run = { $t = [BatchValuePlain]::new(); 1, 2 | Start-OperationBatch { "$(($using:t).n)$(($using:t).text)" } -Raw }; Is = '2plain', '2plain' }
        @{ Name = 'a job'; Run = { 1..4 | Start-OperationBatch { ($using:object).Twice() } -AsJob | Receive-Job -Wait -AutoRemoveJob | ForEach-Object -MemberName Output }; Is = 2, 2, 2, 2 }
        @{ Name = 'with a busy pipeline'; Run = { 1..60 | Start-OperationBatch { ($using:object).Twice() } -MaxConcurrent 8 -Raw | ForEach-Object -Process { $x = & { Get-Date; $_ }; Start-Sleep -Milliseconds 2; $x[1] } | Select-Object -Unique }; Is = 2 }
    ) {
        & $Run | Should -Be $Is
    }

    It 'is the caller''s own object, which is as before afterwards' {
        $own = [BatchValue]::new()
        $null = 1..20 | Start-OperationBatch { $null = ($using:own).Add(1) } -MaxConcurrent 1
        $own.n | Should -Be 21
        $own.Function() | Should -Be 'name-21'
        $field = [BatchValue].GetField('__sessionState', [System.Reflection.BindingFlags] 'NonPublic, Instance')
        $field.GetValue($own) | Should -Not -BeNullOrEmpty
        $null = $own, $own | Start-OperationBatch { $_.Get() }
        $field.GetValue($own) | Should -Not -BeNullOrEmpty
        { 1 | Start-OperationBatch { $using:own; $using:noSuchVariable } } | Should -Throw
        $field.GetValue($own) | Should -Not -BeNullOrEmpty
    }

    It 'that changes something loses nothing, many at once: <Name>' -ForEach @(
        @{ Name = 'variable of the session'; Block = { foreach ($i in 1..200) { ($using:writer).Count() } }; Look = { $global:batchValueCount }; Is = 1600 }
        @{ Name = 'variable of the script'; Block = { foreach ($i in 1..200) { ($using:writer).CountOfScript() } }; Look = { $script:batchValueScript }; Is = 1600 }
        @{ Name = 'property, and its value'; Block = { foreach ($i in 1..200) { ($using:writer).Next() } }; Look = { $writer.n; ($output | Sort-Object -Unique).Count }; Is = 1600, 1600 }
        @{ Name = 'list'; Block = { foreach ($i in 1..200) { ($using:writer).Push($i) } }; Look = { $writer.list.Count }; Is = 1600 }
        @{ Name = 'table that it is given'; Block = { foreach ($i in 1..200) { ($using:writer).Fill($using:table) } }; Look = { $table.n }; Is = 1600 }
        @{ Name = 'static property'; Block = { foreach ($i in 1..200) { ($using:writer).GetType()::AddTo(1) } }; Look = { [BatchValueCounted]::sum }; Is = 1600 }
        @{ Name = 'constructor'; Block = { foreach ($i in 1..50) { $null = ($using:writer).GetType()::new() } }; Look = { $script:batchValueMade; [BatchValueCounted]::made }; Is = 400, 400 }
        @{ Name = 'function of the caller'; Block = { foreach ($i in 1..200) { ($using:writer).ByFunction() } }; Look = { $script:batchValueScript }; Is = 1600 }
        @{ Name = 'hidden method'; Block = { foreach ($i in 1..200) { ($using:writer).CountHidden() } }; Look = { $writer.n }; Is = 1600 }
        @{ Name = 'method that returns within a loop'; Block = { foreach ($i in 1..100) { $null = ($using:writer).Early() } }; Look = { $writer.n }; Is = 1600 }
        @{ Name = 'method that throws'; Block = { foreach ($i in 1..20) { try { ($using:writer).Throw() } catch { "$_" } } }; Look = { $writer.n; $output | Select-Object -Unique }; Is = 160, 'from the method' }
        @{ Name = 'Set-Variable'; Block = { ($using:writer).ByCommand() }; Look = { $global:batchValueSet }; Is = 'set' }
        @{ Name = 'variable that was not there'; Block = { ($using:writer).Make() }; Look = { $script:batchValueNew }; Is = 'made' }
        @{ Name = 'script method'; Block = { foreach ($i in 1..200) { ($using:scripted).add(1) } }; Look = { $scripted.n }; Is = 1600 }
        @{ Name = 'script property'; Block = { foreach ($i in 1..200) { ($using:scripted).next } }; Look = { $scripted.n; ($output | Sort-Object -Unique).Count }; Is = 1600, 1600 }
        @{ Name = 'script method that runs a text'; Block = { foreach ($i in 1..300) { ($using:scripted).text(); ($using:scripted).made() } }; Look = { $scripted.n }; Is = 4800 }
        @{ Name = 'script method that sets a variable'; Block = { foreach ($i in 1..200) { ($using:scripted).count() } }; Look = { $global:batchValueCount }; Is = 1600 }
        @{ Name = 'delegate'; Block = { foreach ($i in 1..200) { ($using:delegate).Invoke() } }; Look = { $global:batchValueCount }; Is = 1600 }
    ) {
        $global:batchValueCount = $script:batchValueScript = $script:batchValueMade = 0
        $writer = [BatchValueWriter]::new()
        [BatchValueCounted]::sum = [BatchValueCounted]::made = $script:batchValueMade = 0
        $table = @{ n = 0 }
        $delegate = [Action] { $global:batchValueCount++ }
        $scripted = [pscustomobject]@{ n = 0 } |
            Add-Member -MemberType ScriptMethod -Name add -Value { param($x) $this.n += $x } -PassThru |
            Add-Member -MemberType ScriptMethod -Name text -Value { Invoke-Expression -Command '$this.n++' } -PassThru |
            Add-Member -MemberType ScriptMethod -Name made -Value { & ([scriptblock]::Create('param($one) $one.n++')) $this } -PassThru |
            Add-Member -MemberType ScriptMethod -Name count -Value { $global:batchValueCount++ } -PassThru |
            Add-Member -MemberType ScriptProperty -Name next -Value { $this.n++; $this.n } -PassThru
        $output = 1..8 | Start-OperationBatch $Block -MaxConcurrent 4 -TimeoutSeconds 120 -Raw
        & $Look | Should -Be $Is
        Remove-Variable -Name batchValueCount, batchValueSet -Scope Global -ErrorAction Ignore
    }

    It 'that sets a variable does as ForEach-Object -Parallel does' {
        $writer = [BatchValueWriter]::new()
        $global:batchValueCount = 0
        $null = 1..2 | ForEach-Object -Parallel { ($using:writer).Count(); $global:batchValueCount }
        $parallel = $global:batchValueCount
        $null = 1..2 | Start-OperationBatch { ($using:writer).Count() }
        $global:batchValueCount | Should -Be (2 * $parallel)
        Remove-Variable -Name batchValueCount -Scope Global
    }

    It 'loses nothing where the caller calls it too, and where it comes by the inputs' {
        $writer = [BatchValueWriter]::new()
        1..100 | ForEach-Object -Process { $writer } | Start-OperationBatch { foreach ($i in 1..10) { $_.CountHidden() }; 1 } -MaxConcurrent 4 -Raw |
            ForEach-Object -Process { $writer.CountHidden() }
        $writer.n | Should -Be 1100
    }

    It 'that only its own operation has need not wait for others' {
        $all = [System.Threading.Barrier]::new(4)
        $states = 1..4 | ForEach-Object -Process { [BatchValueState] @{ all = $all } }
        $null = $states | Start-OperationBatch { $_.Run() } -MaxConcurrent 4
        $states.state | Select-Object -Unique | Should -Be 'done'
    }

    It 'that starts a batch which would wait for it fails, and does not hang' {
        $writer = [BatchValueWriter]::new()
        $result = 1 | Start-OperationBatch { ($using:writer).Nested() } -TimeoutSeconds 120 -WarningAction SilentlyContinue
        $result.Status | Should -Be 'Failed'
        "$($result.Error)" | Should -Match 'take turns'
        ($writer | Start-OperationBatch { $_.Nested() } -TimeoutSeconds 120 -WarningAction SilentlyContinue).Status | Should -Be 'Failed'
    }

    It 'that does what its own session alone can do does it there, many at once and <Way>: <Name>' -ForEach @(
        foreach ($way in @{ Way = 'by &'; Parameters = 'param()'; Options = @{} }, @{ Way = 'in runspaces of their own'; Parameters = ''; Options = @{ Isolation = 'Runspace' } }) {
            foreach ($row in @(
                    @{ Name = 'a name that is not known'; Make = { [BatchValueUnknown]::new() }; Block = '($using:value).Set("batchValueAt$_")'; Look = { (Get-Variable batchValueAt? -Scope Global).Count }; Is = 8 }
                    @{ Name = 'a static method'; Make = { [BatchValueUnknown] }; Block = '($using:value)::SetStatic("batchValueAt$_")'; Look = { (Get-Variable batchValueAt? -Scope Global).Count }; Is = 8 }
                    @{ Name = 'a constructor'; Make = { [BatchValueUnknown] }; Block = '$null = ($using:value)::new("batchValueAt$_")'; Look = { (Get-Variable batchValueAt? -Scope Global).Count }; Is = 8 }
                    @{ Name = 'a preference'; Make = { [BatchValueUnknown]::new() }; Block = '($using:value).Prefer()'; Look = { $global:InformationPreference; $global:batchValueAt1 }; Is = 'Ignore', 8 }
                    @{ Name = 'a function'; Make = { [BatchValueUnknown]::new() }; Block = '($using:value).Define()'; Look = { Get-BatchValueMade }; Is = 'made' }
                    @{ Name = 'PSVariable'; Make = { [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { param($n) $ExecutionContext.SessionState.PSVariable.Set("global:batchValueAt$n", 1) } -PassThru }; Block = '($using:value).m($_)'; Look = { (Get-Variable batchValueAt? -Scope Global).Count }; Is = 8 }
                    @{ Name = 'a text'; Make = { [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { param($n) Invoke-Expression -Command "`$global:batchValueAt$n = 1" } -PassThru }; Block = '($using:value).m($_)'; Look = { (Get-Variable batchValueAt? -Scope Global).Count }; Is = 8 }
                    @{ Name = 'a reference to a variable'; Make = { [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { $global:batchValueAt1 = 0; $null = [int]::TryParse('8', [ref] $global:batchValueAt1) } -PassThru }; Block = '($using:value).m()'; Look = { $global:batchValueAt1 }; Is = 8 }
                    @{ Name = 'a property'; Make = { [pscustomobject]@{} | Add-Member -MemberType ScriptProperty -Name p -Value { 1 } -SecondValue { Set-Variable -Name "batchValueAt$($args[0])" -Value 1 -Scope Global } -PassThru }; Block = '$value = $using:value; $value.p = $_'; Look = { (Get-Variable batchValueAt? -Scope Global).Count }; Is = 8 }
                    @{ Name = 'a delegate'; Make = { [Action[int]] { param($n) Set-Variable -Name "batchValueAt$n" -Value 1 -Scope Global } }; Block = '($using:value).Invoke($_)'; Look = { (Get-Variable batchValueAt? -Scope Global).Count }; Is = 8 }
                    @{ Name = 'two variables of one name'; Make = { $script:batchValueTwo = 1; $global:batchValueTwo = 2; [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { $script:batchValueTwo++; $global:batchValueTwo++ } -PassThru }; Block = '($using:value).m()'; Look = { $script:batchValueTwo; $global:batchValueTwo }; Is = 9, 10 }
                    @{ Name = 'modules with variables and functions of one name'; Make = { @(1..2 | ForEach-Object -Process { New-Module -ArgumentList (100 * $_) -ScriptBlock { param($n) $script:n = $n; function Add-One { $script:n++ }; [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { Add-One; $script:n } -PassThru } -ReturnResult }) }; Block = '($using:value)[0].m(); ($using:value)[1].m()'; Look = { $value[0].m(); $value[1].m() }; Is = 109, 209 }
                )) {
                $way + $row
            }
        }
    ) {
        $InformationPreference = 'SilentlyContinue'
        $value = & $Make
        $block = [scriptblock]::Create("$Parameters $Block")
        try {
            "$((1..8 | Start-OperationBatch $block -MaxConcurrent 4 -TimeoutSeconds 120 @Options).Error)" | Should -Be ''
            & $Look | Should -Be $Is
        }
        finally {
            Remove-Variable -Name batchValueAt?, batchValueTwo -Scope Global -ErrorAction Ignore
            Remove-Item -Path function:Get-BatchValueMade -ErrorAction Ignore
            $global:InformationPreference = 'SilentlyContinue'
        }
    }

    It 'that runs in its own session gives the operation <Name>' -ForEach @(
        @{ Name = 'its value'; Block = { ($using:value).Give($_) }; Is = 'caller 1' }
        @{ Name = 'what it throws'; Block = { try { ($using:value).Fail() } catch [System.InvalidOperationException] { "$_" } }; Is = 'from the method' }
        @{ Name = 'objects that it makes'; Block = { ($using:value).Make().Twice() }; Is = 2 }
        @{ Name = 'what it puts into its object'; Block = { ($using:value).Keep(); ($using:value).kept.Twice() }; Is = 2 }
        @{ Name = 'no more than its time'; Block = { ($using:value).Sleep() }; Is = 'TimedOut' }
    ) {
        $ofCaller = 'caller'
        $value = [BatchValueUnknown]::new()
        $result = 1 | Start-OperationBatch $Block -TimeoutSeconds ($Is -eq 'TimedOut' ? 1 : 120) -WarningAction SilentlyContinue
        $result.Output ?? $result.Status | Should -Be $Is
    }

    It 'that runs in its own session writes to the streams of the operation' {
        $value = [BatchValueUnknown]::new()
        $result = 1 | Start-OperationBatch { ($using:value).Write() } -WarningAction SilentlyContinue
        "$($result.Output) $($result.Error) $($result.Warning) $($result.Information)" | Should -Be 'out error warning information'
    }

    It 'that runs in its own session does so for a nested batch, and where the caller calls it too' {
        $value = [BatchValueUnknown]::new()
        $null = 1..3 | Start-OperationBatch {
            $outer = $_
            $inner = $using:value
            1..3 | Start-OperationBatch { ($using:inner).Set("batchValueAt$using:outer$_") } -TimeoutSeconds 120
        } -Raw -TimeoutSeconds 120 | ForEach-Object -Process { $value.Set("batchValueAt$($_.Input)") }
        (Get-Variable batchValueAt?? -Scope Global).Count | Should -Be 9
        (Get-Variable batchValueAt? -Scope Global).Count | Should -Be 3
        Remove-Variable -Name batchValueAt?, batchValueAt?? -Scope Global
    }

    It 'of a module is the module''s where the caller calls it while operations do: <Name>' -ForEach @(
        @{ Name = 'a member that sets'; Make = { Add-Member -InputObject $it -MemberType ScriptMethod -Name hit -Value { $script:batchValueN++; $script:batchValueN } } }
        @{ Name = 'a member with parameters'; Make = { Add-Member -InputObject $it -MemberType ScriptMethod -Name hit -Value { param([int] $by = $script:batchValueOne) $script:batchValueN += $by + $args.Count; $script:batchValueN } } }
        @{ Name = 'an advanced member'; Make = { Add-Member -InputObject $it -MemberType ScriptMethod -Name hit -Value { [CmdletBinding()] param($By = $script:batchValueOne) $script:batchValueN += $By; $script:batchValueN } } }
        @{ Name = 'a member that calls'; Make = { Add-Member -InputObject $it -MemberType ScriptMethod -Name hit -Value { Add-BatchValue } } }
        @{ Name = 'a property'; Make = { Add-Member -InputObject $it -MemberType ScriptProperty -Name p -Value { Add-BatchValue } }; Call = { $value.p }; Block = { ($using:value).p } }
        @{ Name = 'a delegate'; Make = { $script:it = [Func[int]] { Add-BatchValue } }; Call = { $value.Invoke() }; Block = { ($using:value).Invoke() } }
        @{ Name = 'a closure'; Make = { $batchValueN = 0; Add-Member -InputObject $it -MemberType ScriptMethod -Name hit -Value { $script:batchValueN++; $script:batchValueN }.GetNewClosure() } }
        @{ Name = 'a class that sets'; Make = { class BatchValueOfModule { [int] hit() { $script:batchValueN++; return $script:batchValueN } }; $script:it = [BatchValueOfModule]::new() } }
        @{ Name = 'a class that calls'; Make = { class BatchValueOfModule { [int] hit() { return Add-BatchValue } }; $script:it = [BatchValueOfModule]::new() } }
        @{ Name = 'a static method'; Make = { class BatchValueOfModule { static [int] hit() { return Add-BatchValue } }; $script:it = [BatchValueOfModule] }; Call = { $value::hit() }; Block = { ($using:value)::hit() } }
    ) {
        $value = New-Module -ArgumentList $Make -ReturnResult -ScriptBlock {
            param($Make)
            $script:batchValueN = 0
            $script:batchValueOne = 1
            function Add-BatchValue { $script:batchValueN++; $script:batchValueN }
            $script:it = [pscustomobject]@{}
            . ([scriptblock]::Create("$Make"))
            $script:it
        }
        $Call ??= { $value.hit() }
        $Block ??= { ($using:value).hit() }
        $called = [System.Threading.ManualResetEventSlim]::new()
        $last = [scriptblock]::Create("if (`$_ -eq 8) { `$null = (`$using:called).Wait(120000) }; $Block")
        $found = @(1..8 | Start-OperationBatch $last -Raw -MaxConcurrent 2 -TimeoutSeconds 120 | ForEach-Object -Process {
                $_
                & $Call
                $called.Set()
            })
        $found | Sort-Object | Should -Be (1..16)
        & $Call | Should -Be 17
    }

    It 'finds in its own session what operations have another of: <Name>' -ForEach @(
        @{ Name = 'a private function'; Make = { Add-Member -InputObject $it -MemberType ScriptMethod -Name m -Value { Get-BatchValueWhere } } }
        @{ Name = 'a private function, by a property'; Make = { Add-Member -InputObject $it -MemberType ScriptProperty -Name p -Value { Get-BatchValueWhere } }; Call = '.p' }
        @{ Name = 'a private function, by a delegate'; Make = { $script:it = [Func[string]] { Get-BatchValueWhere } }; Call = '.Invoke()' }
        @{ Name = 'a private function, by a class'; Make = { class BatchValueWhere { [string] m() { return Get-BatchValueWhere } }; $script:it = [BatchValueWhere]::new() } }
        @{ Name = 'a private function, by another'; Make = { function Get-BatchValueOver { Get-BatchValueWhere }; Add-Member -InputObject $it -MemberType ScriptMethod -Name m -Value { Get-BatchValueOver } } }
        @{ Name = 'a private function that only the module has'; Make = { Rename-Item function:Get-BatchValueWhere Get-BatchValueHere; Add-Member -InputObject $it -MemberType ScriptMethod -Name m -Value { Get-BatchValueHere } } }
        @{ Name = 'an alias'; Make = { Set-Alias batchValueAlias Get-BatchValueWhere; Add-Member -InputObject $it -MemberType ScriptMethod -Name m -Value { batchValueAlias } } }
        @{ Name = 'a private variable'; Make = { Add-Member -InputObject $it -MemberType ScriptMethod -Name m -Value { $batchValueWhere } } }
        @{ Name = 'a private variable that the block sets'; Make = { Add-Member -InputObject $it -MemberType ScriptMethod -Name m -Value { $batchValueWhere } }; First = '$batchValueWhere = "block";' }
        @{ Name = 'a private variable of which the block has a parameter'; Make = { Add-Member -InputObject $it -MemberType ScriptMethod -Name m -Value { $batchValueWhere } }; First = 'param($batchValueWhere)' }
        @{ Name = 'a private variable that a function of the caller sets'; Make = { Add-Member -InputObject $it -MemberType ScriptMethod -Name m -Value { $batchValueWhere } }; Outer = 'Invoke-BatchValueWhere { BLOCK }'; Options = @{ Functions = 'Invoke-BatchValueWhere' } }
        @{ Name = 'a private variable of which another is given'; Make = { Add-Member -InputObject $it -MemberType ScriptMethod -Name m -Value { $script:batchValueWhere } }; Options = @{ Variables = @{ batchValueWhere = 'given' } } }
        @{ Name = 'a private variable of which another is given, by a class'; Make = { class BatchValueWhere { [string] m() { return $script:batchValueWhere } }; $script:it = [BatchValueWhere]::new() }; Options = @{ Variables = @{ batchValueWhere = 'given' } } }
    ) {
        function global:Get-BatchValueWhere { 'session' }
        function global:Invoke-BatchValueWhere { param($Block) $batchValueWhere = 'function'; & $Block $batchValueWhere }
        $global:batchValueWhere = 'session'
        try {
            $file = Join-Path $TestDrive "BatchValue$([guid]::NewGuid()).psm1"
            Set-Content -Path $file -Value ('$script:batchValueWhere = "module"; function Get-BatchValueWhere { "module" }; $script:it = [pscustomobject]@{}' + "`n$Make`nExport-ModuleMember")
            $module = Import-Module $file -PassThru
            $value = & $module { $it }
            $Call ??= '.m()'
            $block = [scriptblock]::Create(($Outer ?? 'BLOCK').Replace('BLOCK', "$First (`$using:value)$Call"))
            $Options ??= @{}
            $warnings = @()
            $found = 1..4 | Start-OperationBatch $block -Raw -MaxConcurrent 2 -TimeoutSeconds 120 @Options -WarningVariable warnings
            $found | Should -Be @('module', 'module', 'module', 'module') -Because "$warnings"
        }
        finally {
            Remove-Item function:Get-BatchValueWhere, function:Invoke-BatchValueWhere
            Remove-Variable batchValueWhere -Scope Global
            Remove-Module -ModuleInfo $module
        }
    }

    It 'of the session is the session''s where a function of a module starts the batch, or calls it meanwhile: <Name>' -ForEach @(
        @{ Name = 'a variable that it reads'; Make = { [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { $script:batchValueWhere } -PassThru } }
        @{ Name = 'a variable that it reads, by a class'; Make = { class BatchValueWhere { [string] m() { return $script:batchValueWhere } }; [BatchValueWhere]::new() } }
        @{ Name = 'a function that it calls'; Make = { [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { Get-BatchValueWhere } -PassThru } }
        @{ Name = 'a function that it calls, by a delegate'; Make = { [pscustomobject]@{ It = [Func[string]] { Get-BatchValueWhere } } | Add-Member -MemberType ScriptMethod -Name m -Value { $this.It.Invoke() } -PassThru } }
        @{ Name = 'a function that it calls, by a class'; Make = { class BatchValueWhere { [string] m() { return Get-BatchValueWhere } }; [BatchValueWhere]::new() } }
    ) {
        $file = Join-Path $TestDrive 'where.ps1'
        Set-Content -Path $file -Value ('$script:batchValueWhere = "session"; function script:Get-BatchValueWhere { "session" }' + "`n$Make")
        $value = . $file
        $module = New-Module -ScriptBlock {
            $script:batchValueWhere = 'module'
            function Get-BatchValueWhere { 'module' }
            function Start-BatchValueWhere { param($Value) 1..4 | Start-OperationBatch { ($using:Value).m() } -Raw -MaxConcurrent 2 -TimeoutSeconds 120 }
            function Read-BatchValueWhere { param([Parameter(ValueFromPipeline)] $InputObject, $Value) process { $InputObject; $Value.m() } }
            Export-ModuleMember -Function Start-BatchValueWhere, Read-BatchValueWhere
        }
        $value.m() | Should -Be 'session'
        Start-BatchValueWhere $value | Should -Be @('session', 'session', 'session', 'session')
        1..4 | Start-OperationBatch { ($using:value).m() } -Raw -MaxConcurrent 2 -TimeoutSeconds 120 | Read-BatchValueWhere -Value $value | Should -Be (@('session') * 8)
        $module | Remove-Module
    }

    It 'that sets variables does so in a nested batch too' {
        $script:batchValueScript = 0
        $member = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name count -Value { $script:batchValueScript++ } -PassThru
        $delegate = [Action] { $script:batchValueScript++ }
        $null = 1..2 | Start-OperationBatch {
            $member, $delegate = $using:member, $using:delegate
            1..2 | Start-OperationBatch { ($using:member).count(); ($using:delegate).Invoke() } -Raw -TimeoutSeconds 120
        } -Raw -TimeoutSeconds 120
        $script:batchValueScript | Should -Be 8
    }

    It 'that runs in its own session is refused in a job, before anything runs or as an input: <Name>' -ForEach @(
        @{ Name = 'a module with preferences of its own'; Make = { New-Module { $ErrorActionPreference = 'Stop'; [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { Get-Item none } -PassThru } -ReturnResult }; Says = 'm.*module with preferences.*-AsJob' }
        @{ Name = 'a script block that it may keep'; Make = { [pscustomobject]@{ kept = $null } | Add-Member -MemberType ScriptMethod -Name m -Value { $this.kept = { 'kept' } } -PassThru }; Says = 'm.*may keep.*-AsJob' }
        @{ Name = 'a name that is not known'; Make = { [BatchValueUnknown]::new() }; Says = 'BatchValueUnknown.*Set-Variable.*-AsJob' }
        @{ Name = 'a variable that each session has'; Make = { [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { $global:ProgressPreference = 'Ignore' } -PassThru }; Says = 'm.*ProgressPreference.*-AsJob' }
        @{ Name = 'two variables of one name'; Make = { $script:batchValueTwo = 1; $global:batchValueTwo = 2; [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { $script:batchValueTwo++; $global:batchValueTwo++ } -PassThru }; Says = 'm.*batchValueTwo.*-AsJob' }
    ) {
        $value = & $Make
        $ran = [System.Collections.Concurrent.ConcurrentBag[int]]::new()
        $failure = { 1 | Start-OperationBatch { ($using:ran).Add(1); $using:value } -AsJob } | Should -Throw -ErrorId 'InvalidScriptBlockValue*' -PassThru
        "$failure" | Should -Match $Says
        $ran | Should -HaveCount 0
        $job = $value, $value, 1 | Start-OperationBatch { 'ran' } -Raw -AsJob -ErrorAction SilentlyContinue -ErrorVariable failures
        $job | Receive-Job -Wait -AutoRemoveJob | Should -Be 'ran'
        $failures | Should -HaveCount 2
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'InvalidScriptBlockValue*'
        Remove-Variable -Name batchValueTwo -Scope Global -ErrorAction Ignore
    }

    It 'that sets variables is refused in an engine without the calls that are not public' {
        $writer = [BatchValueWriter]::new()
        [System.AppContext]::SetSwitch('PortMgmt.PublicEngineCallsOnly', $true)
        try {
            { 1 | Start-OperationBatch { ($using:writer).Count() } } | Should -Throw -ErrorId 'InvalidScriptBlockValue*' -ExpectedMessage '*batchValue*'
        }
        finally {
            [System.AppContext]::SetSwitch('PortMgmt.PublicEngineCallsOnly', $false)
        }
    }
}

Describe 'A script member' {
    Context '<Way>' -ForEach $ways {
        It 'does what it does: <Block>' -ForEach @(
            @{ Block = { $_.m() }; Is = { $_ + 1 } }
            @{ Block = { $_.mm() }; Is = { 2 * $_ + 2 } }
            @{ Block = { $_.p }; Is = { $_ + 10 } }
            @{ Block = { $_.p = 100; $_.a }; Is = { 100 } }
            @{ Block = { $_.named() }; Is = { "name-$_" } }
            @{ Block = { $_.factor() }; Is = { 9 * $_ } }
        ) {
            $results = New-Scripted (1..12) | Start-OperationBatch $Block @Options -Ordered -TimeoutSeconds 20
            "$($results.Error)" | Should -Be ''
            $results.Output | Should -Be @(1..12 | ForEach-Object -Process $Is)
        }
    }

    It 'is that of its object: <Name>' -ForEach @(
        @{ Name = 'number'; Run = { 1..3 | ForEach-Object -Process { $_ | Add-Member -MemberType ScriptMethod -Name m -Value { $this * 2 } -PassThru } | Start-OperationBatch { $_.m() } -Raw -Ordered }; Is = 2, 4, 6 }
        @{ Name = 'file'; Run = { Get-Item -Path $PSCommandPath | Add-Member -MemberType ScriptMethod -Name m -Value { $this.Name } -PassThru | Start-OperationBatch { $_.m() } -Raw }; Is = 'BatchValues.Tests.ps1' }
        @{ Name = 'closure'; Run = { 1..3 | ForEach-Object -Process { $q = $_; [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { $q }.GetNewClosure() -PassThru } | Start-OperationBatch { $_.m() } -Raw -Ordered }; Is = 1, 2, 3 }
        @{ Name = 'closure with parameters'; Run = { $q = 5; $o = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { param($x) $x * $q }.GetNewClosure() -PassThru; $q = 0; 1..3 | Start-OperationBatch { ($using:o).m($_) } -Raw -Ordered }; Is = 5, 10, 15 }
        @{ Name = 'closure that sets its variable'; Run = { $q = 5; $o = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { $q++; $q }.GetNewClosure() -PassThru; $q = 0; 1..2 | Start-OperationBatch { ($using:o).m(); ($using:o).m() } -Raw }; Is = 6, 6, 6, 6 }
        @{ Name = 'closure that adds to its variable'; Run = { $q = 'a'; $o = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { param($x) foreach ($i in 1, 2) { $q += $x }; $q }.GetNewClosure() -PassThru; 1 | Start-OperationBatch { ($using:o).m('b') } -Raw }; Is = 'bb' }
        @{ Name = 'local variable'; Run = { & { $local = 7; New-Scripted 1 | Add-Member -MemberType ScriptMethod -Name l -Value { $local } -PassThru | Start-OperationBatch { $_.l() } -Raw } }; Is = 7 }
        @{ Name = 'variable of the block'; Run = { New-Scripted 1 | Add-Member -MemberType ScriptMethod -Name l -Value { $ofBlock } -PassThru | Start-OperationBatch { $ofBlock = 8; $_.l() } -Raw }; Is = 8 }
        @{ Name = 'within a table'; Run = { @{ k = (New-Scripted 4) } | Start-OperationBatch { $_.k.m() } -Raw }; Is = 5 }
        @{ Name = 'by $using:'; Run = { $o = New-Scripted 4; 1..3 | Start-OperationBatch { ($using:o).mm() } -Raw }; Is = 10, 10, 10 }
    ) {
        & $Run | Should -Be $Is
    }

    It 'has the variables of its closure: <Name>' -ForEach @(
        @{ Name = 'one that counts'; Block = { ($using:one).next() }; Is = 1, 2, 3; Next = 4, 1 }
        @{ Name = 'two that count'; Block = { ($using:one).next(); ($using:two).next(); ($using:two).next() }; Is = 1, 1, 2, 2, 3, 4, 3, 5, 6; Next = 4, 7 }
    ) {
        $one, $two = 1..2 | ForEach-Object -Process {
            $batchValueOfClosure = 0
            [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name next -Value { $script:batchValueOfClosure++; $script:batchValueOfClosure }.GetNewClosure() -PassThru
        }
        1..3 | Start-OperationBatch $Block -MaxConcurrent 1 -Raw -Ordered | Should -Be $Is
        $one.next(), $two.next() | Should -Be $Next
    }

    It 'is the caller''s own, and as before afterwards' {
        $object = New-Scripted 4
        $script = $object.PSObject.Methods['m'].Script
        $object | Start-OperationBatch { $_.a = 6; $_.m() } -Raw | Should -Be 7
        $object.a | Should -Be 6
        [object]::ReferenceEquals($object.PSObject.Methods['m'].Script, $script) | Should -BeTrue
        $object.named() | Should -Be 'name-6'
    }

    It 'never gives its output to another operation' {
        $results = New-Scripted (1..400) | Start-OperationBatch { "$($_.a)"; $_.m(); $_.p } -MaxConcurrent 10
        $results | Should -HaveCount 400
        $results | Where-Object -FilterScript { "$($_.Output)" -ne "$($_.Input.a) $($_.Input.a + 1) $($_.Input.a + 10)" } | Should -BeNullOrEmpty
    }
}

Describe 'An object whose script runs at home' {
    It 'is refused with a script block that the operation put into it, before the script runs: <Name>' -ForEach @(
        @{ Name = 'alone'; Put = '$o.Given = { 1 }' }, @{ Name = 'in a table'; Put = '$o.Given = @{ x = { 1 } }' }, @{ Name = 'in a list of its own'; Put = '$null = $o.List.Add({ 1 })' }
    ) {
        $global:batchValueCount = 0
        $object = [pscustomobject]@{ Given = $null; List = [System.Collections.ArrayList]::new() } |
            Add-Member -MemberType ScriptMethod -Name Count -Value { Set-Variable -Name "batchValue$('Count')" -Value 1 -Scope Global } -PassThru
        $result = 1 | Start-OperationBatch ([scriptblock]::Create("`$o = `$using:object; $Put; `$o.Count()")) -TimeoutSeconds 120 -WarningAction SilentlyContinue
        $result.Status | Should -Be 'Failed'
        "$($result.Error)" | Should -BeLike '*$this.* is a script block*'
        $global:batchValueCount | Should -Be 0
    }

    It 'has members of the operation there, too' {
        $object = [pscustomobject]@{ Value = 5 } | Add-Member -MemberType ScriptMethod -Name Home -Value { Set-Variable -Name "batchValue$('Count')" -Value 1 -Scope Global; $this.Added() } -PassThru
        $block = { $o = $using:object; $o | Add-Member -MemberType ScriptMethod -Name Added -Value { "added $($this.Value)" } -Force; $o.Home() }
        1 | Start-OperationBatch $block -Raw -TimeoutSeconds 120 | Should -Be 'added 5'
    }
}

Describe 'A delegate of a script block' {
    It 'does what it does, many at once: <Name>' -ForEach @(
        @{ Name = '$using:'; Run = { $f = [Func[int, int]] { param($x) $x + 1 }; 1..12 | Start-OperationBatch { ($using:f).Invoke($_) } -MaxConcurrent 4 -Raw -Ordered }; Is = 2..13 }
        @{ Name = 'input'; Run = { [Func[int]] { 1 }, [Func[int]] { 2 } | Start-OperationBatch { $_.Invoke() } -Raw -Ordered }; Is = 1, 2 }
        @{ Name = '-Variables'; Run = { $f = [Func[int]] { 3 }; 1, 2 | Start-OperationBatch { $f.Invoke() } -Variables f -Raw }; Is = 3, 3 }
        @{ Name = 'within a table'; Run = { $t = @{ f = [Func[int]] { 4 } }; 1, 2 | Start-OperationBatch { ($using:t).f.Invoke() } -Raw }; Is = 4, 4 }
        @{ Name = 'job'; Run = { $f = [Func[int]] { 5 }; 1, 2 | Start-OperationBatch { ($using:f).Invoke() } -Raw -AsJob | Receive-Job -Wait -AutoRemoveJob }; Is = 5, 5 }
        @{ Name = 'runspace of its own'; Run = { $f = [Func[int]] { 6 }; 1, 2 | Start-OperationBatch { ($using:f).Invoke() } -Isolation Runspace -Raw }; Is = 6, 6 }
        @{ Name = 'functions and variables'; Run = { $f = [Func[string]] { (Get-BatchValueName $script:batchValueFactor) }; 1, 2 | Start-OperationBatch { ($using:f).Invoke() } -Raw }; Is = 'name-9', 'name-9' }
        @{ Name = 'closure'; Run = { $q = 7; $f = [Func[int, int]] { param($x) $x * $q }.GetNewClosure(); $q = 0; 1, 2 | Start-OperationBatch { ($using:f).Invoke($_) } -Raw -Ordered }; Is = 7, 14 }
        @{ Name = 'pipeline in it'; Run = { $f = [Func[int, string]] { param($x) (1..3 | ForEach-Object -Process { $_ * $x }) -join ',' }; 1, 2 | Start-OperationBatch { ($using:f).Invoke($_) } -Raw -Ordered }; Is = '1,2,3', '2,4,6' }
        @{ Name = 'called by .NET'; Run = { $f = [Func[int, bool]] { param($x) $x -gt 1 }; 1, 2 | Start-OperationBatch { [System.Linq.Enumerable]::Where([int[]] (1..3), $using:f) -join ',' } -Raw }; Is = '2,3', '2,3' }
        @{ Name = 'several in one'; Run = { $l = [System.Collections.Concurrent.ConcurrentQueue[int]]::new(); $f = [Delegate]::Combine([Action] { $l.Enqueue(1) }, [Action] { $l.Enqueue(2) }); $null = 1 | Start-OperationBatch { ($using:f).Invoke() }; $l.ToArray() }; Is = 1, 2 }
        @{ Name = 'error in it'; Run = { $f = [Action] { throw 'from the delegate' }; 1 | Start-OperationBatch { try { ($using:f).Invoke() } catch { "$($_.Exception.InnerException.Message)" } } -Raw }; Is = 'from the delegate' }
    ) {
        & $Run | Should -Be $Is
    }

    It 'goes on after an error that ends a statement: <Name>' -ForEach @(
        @{ Name = 'alone'; Make = { [Func[object]] { 'a'; 1 / 0; 'b' } } }
        @{ Name = 'in turns'; Make = { [Func[object]] { $global:batchValueCount++; 'a'; 1 / 0; $global:batchValueCount++; 'b' } } }
        @{ Name = 'in turns, in a function that it has'; Make = { [Func[object]] { function get { $global:batchValueCount++; 1 / 0; $global:batchValueCount++; 'b' }; 'a'; get } } }
        @{ Name = 'a method of .NET'; Make = { [Func[object]] { $global:batchValueCount += 2; 'a'; [int]::Parse('x'); 'b' } } }
    ) {
        $global:batchValueCount = 0
        $delegate = & $Make
        $result = 1 | Start-OperationBatch { 'before'; ($using:delegate).Invoke(); 'after' } -WarningAction SilentlyContinue
        $result.Output | Should -Be 'before', 'a', 'b', 'after'
        $result.Status | Should -Be 'Failed'
        $result.Error | Should -HaveCount 1
        $global:batchValueCount | Should -Be ($Name -eq 'alone' ? 0 : 2)
        1 | Start-OperationBatch { try { ($using:delegate).Invoke() } catch { 'caught' } } -Raw | Should -Be 'caught'
    }

    It 'is the caller''s own, and as before afterwards' {
        $own = [Func[int]] { 1 }
        $constants = $own.Target.Constants
        $bound = $constants[0]
        $null = 1..4 | Start-OperationBatch { ($using:own).Invoke() }
        [object]::ReferenceEquals($constants[0], $bound) | Should -BeTrue
        $own.Invoke() | Should -Be 1
    }

    It 'that comes out is called after its runspace is gone' {
        $made = (1 | Start-OperationBatch { [Func[int, int]] { param($x) $x * 3 } }).Output
        Get-Runspace | Where-Object -Property Name -Like 'PortMgmt worker*' | ForEach-Object -Process { $_.Dispose() }
        $made.Invoke(2) | Should -Be 6
    }
}

Describe 'A script of a value' {
    It 'does as in a loop of its own session: <Name>' -ForEach @(
        @{ Name = 'initial values, and a constructor that changes something'; Make = { class BatchValueInit { [int] $n = 5; [object] $list = [System.Collections.ArrayList]::new(); BatchValueInit() { $script:batchValueZ++; $this.n++ } [string] Get() { return "$($this.n) $($this.list.GetType().Name)" } }; $value = [BatchValueInit] }; Block = '($using:value)::new().Get()' }
        @{ Name = 'initial values, and a constructor that runs at home'; Make = { class BatchValueInitBase { [int] $b = 3; BatchValueInitBase([int] $x) { $this.b += $x } }; class BatchValueInitHome : BatchValueInitBase { [int] $n = 5; BatchValueInitHome([int] $x) : base(2 * $x) { $null = Invoke-Expression -Command '1'; $this.n += $x } [string] Get() { return "$($this.n) $($this.b)" } }; $value = [BatchValueInitHome] }; Block = '($using:value)::new($_).Get()' }
        @{ Name = 'initial values that use the session'; Make = { $script:batchValueZ = 'script'; class BatchValueInitUses { [string] $f = (Get-BatchValueName 1); [string] $v = $script:batchValueZ; [object] Make() { return [BatchValueInitUses]::new() } }; $value = [BatchValueInitUses]::new() }; Block = '$made = ($using:value).Make(); "$($made.f) $($made.v)"' }
        @{ Name = 'initial values that change the session'; Make = { $script:batchValueZ = 0; class BatchValueInitCounts { [int] $n = (++$script:batchValueZ); [int] Get() { return $this.n } }; $value = [BatchValueInitCounts] }; Block = '$null = ($using:value)::new().Get()'; Look = { $script:batchValueZ } }
        @{ Name = 'a class of another script'; Make = { $script:batchValueZ = 0; . ([scriptblock]::Create('class BatchValueFar { [string] Say() { return (Get-BatchValueName 2) } [void] Count() { $script:batchValueZ++ } }')); $value = . ([scriptblock]::Create('class BatchValueNear { [string] Say() { $far = [BatchValueFar]::new(); $far.Count(); return $far.Say() } }; [BatchValueNear]::new()')) }; Block = '($using:value).Say()'; Look = { $script:batchValueZ } }
        @{ Name = 'a function with the name of a cmdlet'; Make = { . ([scriptblock]::Create("function Get-Date { 'function' }")); $value = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { Get-Date } -PassThru }; Block = '($using:value).m()' }
        @{ Name = 'an alias with the name of a cmdlet'; Make = { Set-Alias Write-Output Get-BatchValueSuffix; $value = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { Write-Output } -PassThru }; Block = '($using:value).m()' }
        @{ Name = 'a function with the name of one that each session has'; Make = { function mkdir { 'function' }; $value = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { mkdir } -PassThru }; Block = '($using:value).m()' }
        @{ Name = 'a variable that it reads before it sets it'; Make = { $script:batchValueZ = 10; $value = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { $batchValueZ = $batchValueZ + 1; $batchValueZ } -PassThru }; Block = '($using:value).m()'; Look = { $script:batchValueZ } }
        @{ Name = 'a variable that it counts'; Make = { $script:batchValueZ = 10; $value = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { $batchValueZ++; $batchValueZ } -PassThru }; Block = '($using:value).m()'; Look = { $script:batchValueZ } }
        @{ Name = 'a variable that it sets if there is none'; Make = { $script:batchValueZ = 'session'; $value = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { if (-not $batchValueZ) { $batchValueZ = 'made' }; $batchValueZ } -PassThru }; Block = '($using:value).m()' }
        @{ Name = 'a variable of a loop, before it'; Make = { $script:batchValueZ = 'session'; $value = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { "$batchValueZ"; foreach ($batchValueZ in 1..2) { "$batchValueZ" } } -PassThru }; Block = '($using:value).m() -join " "' }
        @{ Name = 'Get-Command'; Make = { $value = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { [bool] (Get-Command Get-BatchValueSuffix -ErrorAction Ignore) } -PassThru }; Block = '($using:value).m()' }
        @{ Name = 'Get-Module'; Make = { $value = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { (Get-Module Pester).Name } -PassThru }; Block = '($using:value).m()' }
        @{ Name = 'Set-Variable, splatted'; Make = { $script:batchValueZ = 0; $value = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { $table = @{ Scope = 'Script' }; Set-Variable batchValueZ 5 @table } -PassThru }; Block = '($using:value).m()'; Look = { $script:batchValueZ } }
        @{ Name = '-OutVariable, splatted'; Make = { $script:batchValueZ = 0; $value = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { $table = @{ OutVariable = 'script:batchValueZ' }; $null = Write-Output 5 @table } -PassThru }; Block = '($using:value).m()'; Look = { "$script:batchValueZ" } }
        @{ Name = '-OutVariable with a name that is computed'; Make = { $script:batchValueZ = 0; $value = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { $name = 'script:batchValueZ'; $null = Write-Output 5 -OutVariable $name } -PassThru }; Block = '($using:value).m()'; Look = { "$script:batchValueZ" } }
        @{ Name = 'a command whose name is computed, with -Scope'; Make = { $script:batchValueZ = 0; $value = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { $command = 'Set-Variable'; & $command batchValueZ 5 -Scope Script } -PassThru }; Block = '($using:value).m()'; Look = { "$script:batchValueZ" } }
        @{ Name = 'Tee-Object'; Make = { $script:batchValueZ = 0; $value = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { 5 | Tee-Object -Variable script:batchValueZ } -PassThru }; Block = '($using:value).m()'; Look = { "$script:batchValueZ" } }
        @{ Name = '$PSCmdlet'; Make = { $script:batchValueZ = 'session'; function Read-BatchValueZ { [CmdletBinding()] param() $PSCmdlet.GetVariableValue('batchValueZ') }; $value = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { Read-BatchValueZ } -PassThru }; Block = '($using:value).m()' }
        @{ Name = 'a pipeline in the present runspace'; Make = { $global:batchValueZ = 'session'; $value = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { [powershell]::Create('CurrentRunspace').AddScript('$global:batchValueZ').Invoke() } -PassThru }; Block = '"$(($using:value).m())"' }
        @{ Name = 'preferences of its module'; Make = { $value = New-Module { $ErrorActionPreference = 'Stop'; [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { Get-Item -Path (Join-Path $PSHOME none); 'after' } -PassThru } -ReturnResult }; Block = 'try { ($using:value).m() } catch { $_.FullyQualifiedErrorId }' }
        @{ Name = 'strict mode of its module'; Make = { $value = New-Module { Set-StrictMode -Version Latest; [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { "$($this.none)" } -PassThru } -ReturnResult }; Block = 'try { ($using:value).m() } catch { $_.FullyQualifiedErrorId }' }
        @{ Name = 'default parameters of its module'; Make = { $value = New-Module { $PSDefaultParameterValues = @{ 'Join-String:Separator' = '-' }; [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { 1, 2 | Join-String } -PassThru } -ReturnResult }; Block = '($using:value).m()' }
        @{ Name = 'the name of its module'; Make = { $value = New-Module -Name BatchValueNamed { [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { Get-BatchValueNamed } -PassThru; function Get-BatchValueNamed { $MyInvocation.MyCommand.ModuleName } } -ReturnResult }; Block = '($using:value).m()' }
        @{ Name = 'a table of script blocks in its module'; Make = { $value = New-Module { $script:handlers = @{ a = { 'handler' } }; [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { & $script:handlers.a } -PassThru } -ReturnResult }; Block = '($using:value).m()' }
        @{ Name = 'a variable that is validated by a function'; Make = { [ValidateScript({ Get-BatchValueSuffix })] $script:batchValueV = 1; $value = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { $script:batchValueV = 5 } -PassThru }; Block = '($using:value).m()'; Look = { $script:batchValueV; Remove-Variable batchValueV -Scope Script } }
        @{ Name = 'a closure with parts'; Make = { $value = & { $q = 6; [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { process { $q } }.GetNewClosure() -PassThru } }; Block = '($using:value).m()' }
        @{ Name = 'a closure with a default of its own'; Make = { $value = & { $q = 6; [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { param($x = $q) $x }.GetNewClosure() -PassThru } }; Block = '($using:value).m()' }
        @{ Name = 'a closure that adds to its variable'; Make = { $value = & { $q = 'a'; [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { $q += 'b'; $q }.GetNewClosure() -PassThru } }; Block = '($using:value).m()' }
        @{ Name = 'the first of several objects'; Make = { $value = [pscustomobject]@{ all = @([BatchValueWriter]::new(), 2) } | Add-Member -MemberType ScriptMethod -Name m -Value { foreach ($i in 1..300) { $first = $this.all | Select-Object -First 1; $first.n++ } } -PassThru }; Block = '($using:value).m()'; Look = { $value.all[0].n } }
        @{ Name = 'an object in an array that it made'; Make = { $value = [pscustomobject]@{ all = @([BatchValueWriter]::new(), 2) } | Add-Member -MemberType ScriptMethod -Name m -Value { foreach ($i in 1..3000) { $array = @($this.all); $array[0].n++ } } -PassThru }; Block = '($using:value).m()'; Look = { $value.all[0].n } }
        @{ Name = 'a writer'; Make = { $value = [pscustomobject]@{ to = [System.IO.StringWriter]::new() } | Add-Member -MemberType ScriptMethod -Name m -Value { foreach ($i in 1..3000) { $this.to.Write('x') } } -PassThru }; Block = '($using:value).m()'; Look = { "$($value.to)".Length } }
        @{ Name = 'a list, by a name that is computed'; Make = { $value = [pscustomobject]@{ list = [System.Collections.Generic.List[int]]::new() } | Add-Member -MemberType ScriptMethod -Name m -Value { $name = 'Add'; foreach ($i in 1..3000) { $this.list.$name(1) } } -PassThru }; Block = '($using:value).m()'; Look = { $value.list.Count } }
        @{ Name = 'a script that it makes and keeps'; Make = { $value = [pscustomobject]@{ kept = @{} } | Add-Member -MemberType ScriptMethod -Name get -Value { $this.kept.a ??= [pscustomobject]@{ a = 'a' } | Add-Member -MemberType ScriptMethod -Name name -Value { (1..2 | ForEach-Object -Process { "$_$($this.a)" }) -join ' ' } -PassThru; $this.kept.a } -PassThru }; Block = '($using:value).get().name()'; Look = { $value.kept.a.name() } }
    ) {
        $inLoop, $inBatch = foreach ($way in 'loop', 'batch') {
            & {
                $script:batchValueZ = 0
                . $Make
                if ($way -eq 'loop') {
                    $run = [scriptblock]::Create($Block.Replace('$using:', '$'))
                    1..4 | ForEach-Object -Process { & $run }
                }
                else {
                    1..4 | Start-OperationBatch ([scriptblock]::Create($Block)) -MaxConcurrent 4 -Ordered -Raw -TimeoutSeconds 120
                }

                if ($Look) {
                    . $Look
                }
            } | Join-String -Separator ';'
        }
        Remove-Variable -Name batchValueZ -Scope Global -ErrorAction Ignore
        $inLoop | Should -Not -BeNullOrEmpty
        $inBatch | Should -Be $inLoop
    }

    It 'is found in what holds it: <Name>' -ForEach @(
        @{ Name = 'a method of an instance'; Make = { $object.Piped }; Block = { ($using:value).Invoke() } }
        @{ Name = 'a script method'; Make = { (New-Scripted 4).named }; Block = { ($using:value).Invoke() } }
        @{ Name = 'a delegate of a method'; Make = { [Func[string]] $object.Piped }; Block = { ($using:value).Invoke() } }
        @{ Name = 'a delegate of a static method'; Make = { . ([scriptblock]::Create('class BatchValueStatic1 { static [string] Piped() { return (1..3 | ForEach-Object -Process { $_ }) -join "," } }; [Func[string]] [BatchValueStatic1]::Piped')) }; Block = { ($using:value).Invoke() } }
        @{ Name = 'a static method'; Make = { . ([scriptblock]::Create('class BatchValueStatic2 { static [string] Piped() { return (1..3 | ForEach-Object -Process { $_ }) -join "," } }; [BatchValueStatic2].GetMethod("Piped")')) }; Block = { ($using:value).Invoke($null, @()) } }
        @{ Name = 'a code method'; Make = { $made = [pscustomobject]@{}; $made.PSObject.Members.Add([System.Management.Automation.PSCodeMethod]::new('m', (. ([scriptblock]::Create('class BatchValueCode1 { static [string] Piped([psobject] $self) { return (1..3 | ForEach-Object -Process { $_ }) -join "," } }; [BatchValueCode1].GetMethod("Piped")'))))); $made }; Block = { ($using:value).m() } }
        @{ Name = 'a code property'; Make = { $made = [pscustomobject]@{}; $made.PSObject.Members.Add([System.Management.Automation.PSCodeProperty]::new('p', (. ([scriptblock]::Create('class BatchValueCode2 { static [string] Piped([psobject] $self) { return (1..3 | ForEach-Object -Process { $_ }) -join "," } }; [BatchValueCode2].GetMethod("Piped")'))))); $made }; Block = { ($using:value).p } }
        @{ Name = 'a set of members'; Make = { $made = [pscustomobject]@{}; $made.PSObject.Members.Add([System.Management.Automation.PSMemberSet]::new('set', [System.Management.Automation.PSMemberInfo[]] @([System.Management.Automation.PSScriptProperty]::new('p', { (1..3 | ForEach-Object -Process { $_ }) -join ',' })))); $made }; Block = { ($using:value).set.p } }
        @{ Name = 'a reference'; Make = { [ref] $object }; Block = { ($using:value).Value.Piped() } }
        @{ Name = 'a variable'; Make = { Get-Variable object }; Block = { ($using:value).Value.Piped() } }
        @{ Name = 'an error'; Make = { [System.Management.Automation.ErrorRecord]::new([Exception]::new(), 'id', 'NotSpecified', $object) }; Block = { ($using:value).TargetObject.Piped() } }
        @{ Name = 'an exception'; Make = { $made = [Exception]::new(); $made.Data['a'] = $object; $made }; Block = { ($using:value).Data['a'].Piped() } }
        @{ Name = 'a comparer'; Make = { class BatchValueComparer : System.Collections.Generic.IEqualityComparer[string] { [bool] Equals([string] $a, [string] $b) { return (1 | ForEach-Object -Process { $a }) -eq $b } [int] GetHashCode([string] $a) { return 1 } }; $made = [System.Collections.Generic.Dictionary[string, string]]::new([BatchValueComparer]::new()); $made['a'] = '1,2,3'; $made }; Block = { ($using:value)['A'] } }
    ) {
        $value = & $Make
        $expected = $Name -eq 'a script method' ? 'name-4' : '1,2,3'
        1..4 | Start-OperationBatch $Block -MaxConcurrent 4 -Raw -TimeoutSeconds 120 | Should -Be (@($expected) * 4)
    }

    It 'gives what it makes at home to each batch that has it' {
        $value = [BatchValueUnknown]::new()
        $isOver = [System.Threading.ManualResetEventSlim]::new()
        1..4 | Start-OperationBatch { ($using:value).Make().Piped() } -Raw -TimeoutSeconds 120 |
            ForEach-Object -Process { $_ } -End { $null = $isOver.Set() } |
            Start-OperationBatch { $null = ($using:isOver).Wait(120000); ($using:value).Make().Piped() } -Raw -MaxConcurrent 4 -TimeoutSeconds 120 | Should -Be (@('1,2,3') * 4)
    }

    It 'that runs at home ends at an error that ends a statement, as members do' {
        $value = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { $null = Invoke-Expression -Command '1'; [int]::Parse('x'); 'after' } -PassThru
        $result = 1 | Start-OperationBatch { ($using:value).m(); 'end' } -TimeoutSeconds 120 -WarningAction SilentlyContinue
        $result.Output | Should -Be 'end'
        $result.Error[0].FullyQualifiedErrorId | Should -Be 'ScriptMethodRuntimeException'
    }

    It 'runs in each of the sessions that have its class' {
        $manifest = (Get-Module -Name PortMgmt).Path
        $all = [System.Threading.Barrier]::new(2)
        $found = 1..2 | ForEach-Object -Parallel {
            Import-Module $using:manifest
            $global:batchValueZ = $_
            $all = $using:all
            $value = Invoke-Expression -Command 'class BatchValueSame { [string] Who() { $null = Invoke-Expression -Command "1"; return "$global:batchValueZ" } }; [BatchValueSame]::new()'
            $block = [scriptblock]::Create('if ($_ -eq 1) { $null = ($using:all).SignalAndWait(120000) }; ($using:value).Who()')
            $inBatch = 1..20 | Start-OperationBatch $block -Raw -TimeoutSeconds 120 | ForEach-Object -Process { $_; $value.Who() } | Select-Object -Unique
            $null = $all.SignalAndWait(120000)
            "$inBatch"
        }
        $found | Sort-Object | Should -Be '1', '2'
    }

    It 'is refused where another that has the turn starts its batch' {
        $value = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name start -Value {
            $null = Invoke-Expression -Command '1'
            $counted = [BatchValueWriter]::new()
            1..3 | Start-OperationBatch { ($using:counted).Next() } -Raw -TimeoutSeconds 120
        } -PassThru
        1 | Start-OperationBatch { try { ($using:value).start() } catch { "$($_.Exception.InnerException.Message)" } } -Raw -TimeoutSeconds 120 | Should -BeLike '*started by a method*'
    }
}

Describe 'A script block within something' {
    It 'is refused, with its place: <Name>' -ForEach @(
        @{ Name = 'a table in a table'; Value = { @{ a = @{ f = { 1 } } } }; Place = '.a.f' }
        @{ Name = 'an object'; Value = { [pscustomobject]@{ f = { 1 } } }; Place = '.f' }
        @{ Name = 'an object in a list'; Value = { , [System.Collections.Generic.List[object]] @([pscustomobject]@{ f = { 1 } }) }; Place = '.f' }
        @{ Name = 'a member of a number'; Value = { 5 | Add-Member -NotePropertyName f -NotePropertyValue { 1 } -PassThru }; Place = '.f' }
        @{ Name = 'a property of a class'; Value = { [BatchValue] @{ inner = { 1 } } }; Place = '.inner' }
    ) {
        $value = & $Value
        $failure = { 1 | Start-OperationBatch { $using:value } } | Should -Throw -ErrorId 'InvalidScriptBlockValue*' -PassThru
        "$failure" | Should -Match ([regex]::Escape("`$using:value$Place"))
        { 1 | Start-OperationBatch { 1 } -Variables @{ value = $value } } | Should -Throw -ErrorId 'InvalidScriptBlockValue*'
        Start-OperationBatch { 1 } -InputObject $value -ErrorAction SilentlyContinue -ErrorVariable failures | Should -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'InvalidScriptBlockValue*'
    }

    It 'is not looked for forever in what has itself' {
        $loop = @{ a = 1 }
        $loop.self = $loop
        $list = [System.Collections.ArrayList]::new()
        $null = $list.Add($list)
        1 | Start-OperationBatch { ($using:loop).self.self.a; ($using:list).Count } -Raw | Should -Be 1, 1
    }
}

Describe 'What comes out' {
    AfterEach {
        Get-Runspace | Where-Object -Property Name -Like 'PortMgmt worker*' | ForEach-Object -Process { $_.Dispose() }
    }

    It 'has its script members after the runspace is gone' {
        $results = 1..3 | Start-OperationBatch -Ordered {
            $object = [pscustomobject]@{ a = $_ } | Add-Member -MemberType ScriptMethod -Name m -Value { $this.a + 1 } -PassThru |
                Add-Member -MemberType ScriptProperty -Name p -Value { $this.m() * 2 } -PassThru
            $object
            @{ inner = $object }
        }
        Get-Runspace | Where-Object -Property Name -Like 'PortMgmt worker*' | ForEach-Object -Process { $_.Dispose() }
        $results.ForEach({ $_.Output[0].m() }) | Should -Be 2, 3, 4
        $results.ForEach({ $_.Output[0].p }) | Should -Be 4, 6, 8
        $results.ForEach({ $_.Output[1].inner.p }) | Should -Be 4, 6, 8
    }

    It 'has its methods, with one warning a class' {
        $results = 1..6 | Start-OperationBatch -Ordered -WarningVariable warnings -WarningAction SilentlyContinue {
            class BatchValueInside { [int] $n = 4; [int] Get() { return $this.n } [int] Twice() { return $this.Get() * 2 } }
            [BatchValueInside]::new()
        }
        Get-Runspace | Where-Object -Property Name -Like 'PortMgmt worker*' | ForEach-Object -Process { $_.Dispose() }
        $results.ForEach({ $_.Output.Twice() }) | Should -Be 8, 8, 8, 8, 8, 8
        $warnings | Should -HaveCount 1
        "$warnings" | Should -Match 'BatchValueInside'
    }

    It 'has no warning for <Name>' -ForEach @(
        @{ Name = 'a class with properties alone'; Block = { class BatchValueBare { [int] $n = 4 }; [BatchValueBare]::new() } }
        @{ Name = 'a class of the caller'; Block = { $using:object } }
        @{ Name = 'another of a class of the caller'; Block = { ($using:object).Another() } }
    ) {
        (1 | Start-OperationBatch $Block -WarningVariable warnings).Output.n | Should -BeGreaterThan 0
        $warnings | Should -HaveCount 0
    }
}

Describe 'A warm runspace' {
    It 'is as new: <Name>' -ForEach @(
        @{ Name = 'type data'; Change = { Update-TypeData -TypeName System.Int32 -MemberType NoteProperty -MemberName left -Value 1 -Force }; Look = { (1).left } }
        @{ Name = 'a drive'; Change = { $null = New-PSDrive -Name left -PSProvider FileSystem -Root / -Scope Global }; Look = { "$(Get-PSDrive -Name left -ErrorAction Ignore)" } }
        @{ Name = 'an alias in the place of another'; Change = { Set-Alias -Name cls -Value Get-Date -Force -Scope Global }; Look = { (Get-Alias -Name cls).Definition } }
        @{ Name = 'a function in the place of another'; Change = { function global:mkdir { 'mine' } }; Look = { (Get-Command -Name mkdir).Definition.Length } }
        @{ Name = 'a job'; Change = { $null = Start-ThreadJob { 1 } }; Look = { @(Get-Job).Count } }
        @{ Name = 'a place on a stack of locations with a name'; Change = { Push-Location -Path / -StackName left }; Look = { @(Get-Location -StackName left -ErrorAction Ignore).Count } }
        @{ Name = 'the stack of locations that is the default'; Change = { Push-Location -Path / -StackName left; Set-Location -StackName left }; Look = { (Get-Location -Stack).Name } }
        @{ Name = 'what is done when the location changes'; Change = { $ExecutionContext.SessionState.InvokeCommand.LocationChangedAction = { $global:left = 1 } }; Look = { "$($ExecutionContext.SessionState.InvokeCommand.LocationChangedAction)" } }
        @{ Name = 'what is done for a command that is not found'; Change = { $ExecutionContext.SessionState.InvokeCommand.CommandNotFoundAction = { $global:left = 1 } }; Look = { "$($ExecutionContext.SessionState.InvokeCommand.CommandNotFoundAction)" } }
        @{ Name = 'what is done before a command is looked up'; Change = { $ExecutionContext.SessionState.InvokeCommand.PreCommandLookupAction = { $global:left = 1 } }; Look = { "$($ExecutionContext.SessionState.InvokeCommand.PreCommandLookupAction)" } }
        @{ Name = 'what is done after a command was looked up'; Change = { $ExecutionContext.SessionState.InvokeCommand.PostCommandLookupAction = { $global:left = 1 } }; Look = { "$($ExecutionContext.SessionState.InvokeCommand.PostCommandLookupAction)" } }
        @{ Name = 'a completer'; Change = { Register-ArgumentCompleter -CommandName Get-Date -ParameterName Format -ScriptBlock { 'leftword' } }; Look = { @((TabExpansion2 'Get-Date -Format x' 18).CompletionMatches.CompletionText -eq 'leftword').Count } }
        @{ Name = 'a completer of a program'; Change = { Register-ArgumentCompleter -Native -CommandName leftprogram -ScriptBlock { 'leftword' } }; Look = { @((TabExpansion2 'leftprogram x' 13).CompletionMatches.CompletionText -eq 'leftword').Count } }
        @{ Name = 'formats'; Change = { Update-FormatData -AppendPath $using:formats }; Look = { @(Get-FormatData -TypeName Left.Type).Count } }
        @{ Name = 'a transcript'; Change = { $null = Start-Transcript -Path $using:transcript }; Look = { try { Stop-Transcript } catch { 'none' } } }
        @{ Name = 'an encoding'; Change = { $global:OutputEncoding = [System.Text.Encoding]::Unicode }; Look = { $OutputEncoding.WebName } }
        @{ Name = 'values of parameters'; Change = { $PSDefaultParameterValues['Get-Date:Format'] = 'yyyy' }; Look = { $PSDefaultParameterValues.Count } }
        @{ Name = 'a preference'; Change = { $global:ErrorActionPreference = 'Stop'; $global:VerbosePreference = 'Continue' }; Look = { "$ErrorActionPreference $VerbosePreference" } }
        @{ Name = 'a separator'; Change = { $global:OFS = '-' }; Look = { "$(1, 2)" } }
        @{ Name = 'a constant'; Change = { Set-Variable -Name leftConstant -Value 1 -Option Constant -Scope Global }; Look = { "$global:leftConstant" } }
        @{ Name = 'a way of debugging'; Change = { Set-PSDebug -Strict }; Look = { try { "$noSuchVariable" } catch { 'strict' } } }
        @{ Name = 'an error'; Change = { Write-Error 'left' -ErrorAction SilentlyContinue }; Look = { $Error.Count } }
        @{ Name = 'a subscriber to events'; Change = { $null = Register-EngineEvent -SourceIdentifier left.event -Action { } }; Look = { @(Get-EventSubscriber).Count } }
        @{ Name = 'an event'; Change = { $null = New-Event -SourceIdentifier left.event }; Look = { @(Get-Event).Count } }
        @{ Name = 'a breakpoint'; Change = { $null = Set-PSBreakpoint -Command Get-Left -Action { } }; Look = { @(Get-PSBreakpoint).Count } }
        @{ Name = 'an alias that is gone'; Change = { Remove-Item -Path alias:gci -Force }; Look = { "$(Get-Alias -Name gci -ErrorAction Ignore)" } }
        @{ Name = 'programs that may be run'; Change = { $ExecutionContext.SessionState.Applications.Clear() }; Look = { "$($ExecutionContext.SessionState.Applications)" } }
        @{ Name = 'scripts that may be run'; Change = { $ExecutionContext.SessionState.Scripts.Clear() }; Look = { "$($ExecutionContext.SessionState.Scripts)" } }
        @{ Name = 'the description of a drive'; Change = { (Get-PSDrive -Name Env).Description = 'left' }; Look = { (Get-PSDrive -Name Env).Description } }
        @{ Name = 'the name of the runspace'; Change = { [runspace]::DefaultRunspace.Name = 'left' }; Look = { [runspace]::DefaultRunspace.Name -replace '\d+' } }
        @{ Name = 'a mode of the language'; Change = { $ExecutionContext.SessionState.LanguageMode = 'RestrictedLanguage' }; Look = { "$($ExecutionContext.SessionState.LanguageMode)" } }
        @{ Name = 'a namespace'; Change = { . ([scriptblock]::Create("using namespace System.Text`n[StringBuilder]")) }; Look = { "$('StringBuilder' -as [type])" } }
        @{ Name = 'a place on the stack of locations'; Change = { Push-Location -Path / }; Look = { @(Get-Location -Stack).Count } }
        @{ Name = 'a module'; Change = { $null = New-Module -Name BatchValueLeft { function Get-Left { 1 } } | Import-Module -Global }; Look = { "$(Get-Module -Name BatchValueLeft)" } }
        @{ Name = 'a strict mode'; Change = { Set-StrictMode -Version Latest }; Look = { $null.nothing; 'fine' } }
        @{ Name = 'what a script member does'; Change = { $using:changer | ForEach-Object -MemberName m }; Look = { "$(Get-Alias -Name leftAlias -ErrorAction Ignore)" } }
    ) {
        $formats = Join-Path $TestDrive 'left.format.ps1xml'
        Set-Content -Path $formats -Value ('<Configuration><ViewDefinitions><View><Name>left</Name><ViewSelectedBy><TypeName>Left.Type</TypeName></ViewSelectedBy>' +
            '<ListControl><ListEntries><ListEntry><ListItems><ListItem><PropertyName>a</PropertyName></ListItem></ListItems></ListEntry></ListEntries></ListControl>' +
            '</View></ViewDefinitions></Configuration>')
        $transcript = Join-Path $TestDrive 'left.txt'
        $changer = [pscustomobject]@{} | Add-Member -MemberType ScriptMethod -Name m -Value { Set-Alias -Name leftAlias -Value Get-Date -Scope Global } -PassThru
        # A function that no other test brings: the runspaces are new.
        function Get-ValueOwn { 'own' }
        $new = 1 | Start-OperationBatch -MaxConcurrent 1 -Functions Get-ValueOwn $Look
        $changed = 1 | Start-OperationBatch -MaxConcurrent 1 -Functions Get-ValueOwn $Change
        "$($new.Error)$($changed.Error)" | Should -Be ''
        $next = 1 | Start-OperationBatch -MaxConcurrent 1 -Functions Get-ValueOwn $Look
        "$($next.Output)" | Should -Be "$($new.Output)"
    }

    It 'is used again where nothing was left behind' {
        function Get-ValueOwn { 'own' }
        $id = { [runspace]::DefaultRunspace.Id }
        $first = 1 | Start-OperationBatch -MaxConcurrent 1 -Functions Get-ValueOwn -Raw $id
        $null = 1 | Start-OperationBatch -MaxConcurrent 1 -Functions Get-ValueOwn { $x = Get-Date; $global:y = 1; function f { $x }; f; 1 / 0 }
        1 | Start-OperationBatch -MaxConcurrent 1 -Functions Get-ValueOwn -Raw $id | Should -Be $first
    }
}
