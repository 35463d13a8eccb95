[System.Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidUsingWriteHost', '', Justification = 'What it writes belongs to its operation.')]
[System.Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidGlobalVars', '', Justification = 'What is left behind must not come back.')]
param()

BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'What an operation finds' {
    It 'is fresh, however the one before left it' {
        $results = 1..6 | Start-OperationBatch -MaxConcurrent 1 -Ordered {
            "$? [$LASTEXITCODE] $($Error.Count) [$local] $PWD"
            $local = $_
            Set-Location -Path ([System.IO.Path]::GetTempPath())
            Get-Item -Path /no/such -ErrorAction SilentlyContinue
            $dll = @(if ([System.Environment]::ProcessPath -match 'dotnet(\.exe)?$') { "$PSHOME/pwsh.dll" })
            & ([System.Environment]::ProcessPath) @dll -NoProfile -NonInteractive -Command 'exit 3'
            if ($_ % 2) { throw 'odd' }
        }
        $results.Output | Select-Object -Unique | Should -Be "True [] 0 [] $PWD"
    }

    It 'has no $? of the one before when a statement failed' {
        $results = 1, 0 | Start-OperationBatch -MaxConcurrent 1 -Ordered { $x = 1 / (1 - $_); $? }
        $results[1].Output | Should -BeTrue
    }

    It 'is the location of the caller' {
        Push-Location -Path $TestDrive
        try {
            1..3 | Start-OperationBatch -Raw { $PWD.ProviderPath } | Select-Object -Unique | Should -Be (Get-Item -Path $TestDrive).FullName
        }
        finally {
            Pop-Location
        }
    }

    It 'is all new with -Isolation Runspace' {
        1..3 | Start-OperationBatch -MaxConcurrent 1 -Isolation Runspace -Raw { $global:count++; $global:count } | Should -Be 1, 1, 1
    }

    It 'has no variables and functions of the batch before' {
        # A function that no other test brings: the runspaces are new.
        function Get-Own { 'own' }
        $null = 1..4 | Start-OperationBatch -MaxConcurrent 2 -Functions Get-Own { $global:left = 1; function global:Get-Left { 1 }; Set-Alias -Name left -Value Get-Left -Scope Global }
        1..4 | Start-OperationBatch -MaxConcurrent 2 -Functions Get-Own -Raw { "$(Get-Own)$left$(Get-Command -Name Get-Left, left -ErrorAction Ignore)" } |
            Select-Object -Unique | Should -Be 'own'
    }
}

Describe '$using:' {
    BeforeAll {
        $table = @{ a = @{ b = 'deep' }; list = [System.Collections.Generic.List[int]]::new([int[]] (1, 2)) }
        $index = 1
    }

    It 'has variables, whatever their case' {
        1 | Start-OperationBatch -Raw { $using:index; $using:INDEX } | Should -Be 1, 1
    }

    It 'has expressions' {
        1 | Start-OperationBatch -Raw { $using:table.a.b; $using:table['a'].b; ($using:table.list).Count; $using:table.list[1] } | Should -Be 'deep', 'deep', 2, 2
    }

    It 'keeps the type of a collection' {
        1 | Start-OperationBatch -Raw { ($using:table.list).GetType().Name } | Should -Be 'List`1'
    }

    It 'works in nested blocks and functions' {
        1 | Start-OperationBatch -Raw { & { & { $using:index } }; 1 | ForEach-Object -Process { $using:index + 1 }; function f { $using:index }; f } | Should -Be 1, 2, 1
    }

    It 'works in a call without a pipeline' {
        3 | Start-OperationBatch -Raw { $_ + $using:index } | Should -Be 4
    }

    It 'sees the variables of a function and of a module' {
        function Invoke-Local { $local = 'fn'; 1 | Start-OperationBatch -Raw { $using:local } }
        Invoke-Local | Should -Be 'fn'
        $module = New-Module -ScriptBlock { $secret = 'kept'; function Invoke-Own { 1 | Start-OperationBatch -Raw { "$using:secret$($using:PSHOME.Length -gt 0)" } } }
        try {
            Invoke-Own | Should -Be 'keptTrue'
        }
        finally {
            Remove-Module -ModuleInfo $module
        }
    }

    It 'keeps the members that were added to a text or number' {
        $path = Join-Path $TestDrive 'lines.txt'
        Set-Content -Path $path -Value 'one', 'two', 'three'
        $lines = Get-Content -Path $path
        1 | Start-OperationBatch -Raw { $using:lines[1].ReadCount; $using:lines[1]; ($using:lines[1]).GetType().Name } | Should -Be 2, 'two', 'String'
        $table = @{ number = 5 | Add-Member -NotePropertyName Unit -NotePropertyValue 'ms' -PassThru }
        1 | Start-OperationBatch -Raw { $using:table.number.Unit; $using:table.number + 1 } | Should -Be 'ms', 6
    }

    It 'of a nested <Name> is that of the operation alone' -ForEach @(
        @{ Name = 'batch'; Nested = { $rows = 1..3; 1 | Start-OperationBatch -Raw { $using:rows[1] } } }
        @{ Name = 'batch with a named block'; Nested = { $rows = 1..3; Start-OperationBatch -Raw -ScriptBlock { $using:rows[1] } } }
        @{ Name = 'ForEach-Object -Parallel'; Nested = { $rows = 1..3; 1 | ForEach-Object -Parallel { $using:rows[1] } } }
        @{ Name = 'Start-Job by its alias'; Nested = { $rows = 1..3; sajb { $using:rows[1] } | Receive-Job -Wait -AutoRemoveJob } }
        @{ Name = 'Start-ThreadJob'; Nested = { $rows = 1..3; Start-ThreadJob { $r = $using:rows; $r[1] } | Receive-Job -Wait -AutoRemoveJob } }
    ) {
        Set-StrictMode -Version Latest
        foreach ($rows in $null, { 1 }, ([pscustomobject]@{ a = 1 })) {
            1 | Start-OperationBatch -Raw $Nested | Should -Be 2
        }
    }

    It 'of what a nested command is given is that of the caller' {
        $id = 'mine'
        $result = 1 | Start-OperationBatch -Raw { 1 | Start-OperationBatch -Id { $using:id } { 1 } -Metadata @{ id = $using:id } }
        $result.Id, $result.Metadata.id | Should -Be 'mine', 'mine'
        1 | Start-OperationBatch -Raw { 1 | ForEach-Object -Process { $using:id } } | Should -Be 'mine'
        1 | Start-OperationBatch -Raw { Invoke-Command -ScriptBlock { $using:id } } | Should -Be 'mine'
    }

    It 'reads drives' {
        $env:PORTMGMT_TEST = 'e'
        try {
            1 | Start-OperationBatch -Raw { $using:env:PORTMGMT_TEST } | Should -Be 'e'
        }
        finally {
            $env:PORTMGMT_TEST = $null
        }
    }
}

Describe 'What the caller brings' {
    It 'is variables, by name, pattern and table' {
        $bringA = 'a'
        $bringB = 'b'
        1 | Start-OperationBatch -Variables bring*, @{ given = 'c' } -Raw { "$bringA$bringB$given" } | Should -Be 'abc'
    }

    It 'is variables, as objects' {
        $bringC = 'c'
        1 | Start-OperationBatch -Variables (Get-Variable -Name bringC) -Raw { $bringC } | Should -Be 'c'
        (1 | Start-OperationBatch -Variables (Get-Variable -Name bringC, PID, Host) { $bringC }).Status | Should -Be 'Succeeded'
    }

    It 'is variables by a pattern that meets automatic ones: <_>' -ForEach 'b*', '?', 'bring?', '[bhp]*', '*' {
        # In a session of its own: what Pester has of its own are script blocks.
        $session = [powershell]::Create()
        try {
            $result = $session.AddScript({
                    param($module, $pattern)
                    Import-Module -Name $module
                    $bringD = 'd'
                    Set-Variable -Name bringE -Value 'e' -Option Constant
                    1 | Start-OperationBatch -Variables $pattern, bringD, bringE { "$bringD$bringE$([bool] $PID)" }
                }).AddArgument((Get-Module -Name PortMgmt).Path).AddArgument($_ -eq '?' ? '[?]' : $_).Invoke()
            "$($session.Streams.Error)" | Should -Be ''
            "$($result.Error)" | Should -Be ''
            $result.Output | Should -Be 'deTrue'
        }
        finally {
            $session.Dispose()
        }
    }

    It 'is functions' {
        function Get-Brought { "brought $args" }
        1..3 | Start-OperationBatch -Functions Get-Brought -Raw { Get-Brought $_ } | Sort-Object | Should -Be 'brought 1', 'brought 2', 'brought 3'
    }

    It 'is functions as they are: <Name>' -ForEach @(
        @{ Name = 'a filter'; Define = { filter Get-Kept { $_ * 2 } }; Use = { 1, 2, 3 | Get-Kept }; Is = 2, 4, 6 }
        @{ Name = 'parameters'; Define = { function Get-Kept([int] $x, $y = 5) { "$x $y" } }; Use = { Get-Kept -x 3; Get-Kept 4 6 }; Is = '3 5', '4 6' }
        @{ Name = 'an advanced function'; Define = { function Get-Kept { [CmdletBinding()] param([Parameter(ValueFromPipeline)] $x) begin { 'b' } process { $x } end { 'e' } } }; Use = { 1, 2 | Get-Kept }; Is = 'b', 1, 2, 'e' }
        @{ Name = 'a block that was assigned'; Define = { ${function:Get-Kept} = { param($x) "a$x" } }; Use = { Get-Kept 1 }; Is = 'a1' }
        @{ Name = 'a name with a scope'; Define = { function script:Get-Kept { 's' } }; Use = { Get-Kept }; Is = 's' }
    ) {
        . $Define
        1 | Start-OperationBatch -Functions Get-Kept -Raw $Use | Should -Be $Is
        1 | Start-OperationBatch -Functions Get-Kept -Isolation Runspace -Raw $Use | Should -Be $Is
    }

    It 'is functions with their file and line' {
        $path = Join-Path $TestDrive 'placed.ps1'
        Set-Content -Path $path -Value '# a line', 'function Get-Place { "$PSScriptRoot|$($MyInvocation.ScriptName)"; Write-Error -Message "e" }'
        . $path
        $result = 1 | Start-OperationBatch -Functions Get-Place { Get-Place; throw 'x' }
        $result.Output | Should -Match ([regex]::Escape("$TestDrive|"))
        1 | Start-OperationBatch -Functions Get-Place { (Get-Command Get-Place).ScriptBlock.File; (Get-Command Get-Place).ScriptBlock.StartPosition.StartLine } -Raw |
            Should -Be $path, 2
    }

    It 'is a block that is a function: <Name>' -ForEach @(
        @{ Name = 'as it is'; Define = { function Get-Block { "f$_" } }; Is = 'f1', 'f2' }
        @{ Name = 'a filter'; Define = { filter Get-Block { "f$_" } }; Is = 'f1', 'f2' }
        @{ Name = 'with parameters'; Define = { function Get-Block($x = 7) { "$x$_" } }; Is = '71', '72' }
        @{ Name = 'with a param block'; Define = { function Get-Block { param($x = 8) "$x$_" } }; Is = '81', '82' }
        @{ Name = 'a filter with parameters'; Define = { filter Get-Block($x = 9) { "$x$_" } }; Is = '91', '92' }
        @{ Name = 'with process'; Define = { function Get-Block { process { "p$_" } } }; Is = 'p1', 'p2' }
    ) {
        . $Define
        1, 2 | Start-OperationBatch ${function:Get-Block} -Raw -Ordered | Should -Be $Is
        1, 2 | Start-OperationBatch (Get-Command -Name Get-Block).ScriptBlock -Raw -Ordered | Should -Be $Is
        1, 2 | Start-OperationBatch ${function:Get-Block} -Raw -Ordered -Isolation Runspace | Should -Be $Is
    }

    It 'is modules by specification' {
        $folder = New-Item -ItemType Directory -Path (Join-Path $TestDrive 'Specified')
        Set-Content -Path (Join-Path $folder 'Specified.psm1') -Value 'function Get-Specified { "1.2" }'
        New-ModuleManifest -Path (Join-Path $folder 'Specified.psd1') -RootModule Specified.psm1 -ModuleVersion 1.2 -FunctionsToExport Get-Specified
        $before = $env:PSModulePath
        $env:PSModulePath = "$TestDrive$([System.IO.Path]::PathSeparator)$before"
        try {
            1 | Start-OperationBatch -Modules @{ ModuleName = 'Specified'; ModuleVersion = '1.0' } -Raw { Get-Specified } | Should -Be '1.2'
            1 | Start-OperationBatch -Modules ([Microsoft.PowerShell.Commands.ModuleSpecification]::new(@{ ModuleName = 'Specified'; RequiredVersion = '1.2' })) -Raw { Get-Specified } | Should -Be '1.2'
            { 1 | Start-OperationBatch -Modules @{ ModuleName = 'Specified'; RequiredVersion = '9.9' } { 1 } } | Should -Throw -ErrorId 'WorkerUnavailable*'
        }
        finally {
            $env:PSModulePath = $before
        }
    }

    It 'is modules, by name, path and object' {
        $path = Join-Path $TestDrive 'Brought.psm1'
        Set-Content -Path $path -Value 'function Get-FromModule { "module" }'
        1 | Start-OperationBatch -Modules $path -Raw { Get-FromModule } | Should -Be 'module'
        $module = Import-Module -Name $path -PassThru
        try {
            1 | Start-OperationBatch -Modules $module -Raw { Get-FromModule } | Should -Be 'module'
            1 | Start-OperationBatch -Modules Brought -Raw { Get-FromModule } | Should -Be 'module'
        }
        finally {
            Remove-Module -ModuleInfo $module
        }
    }
}

Describe 'Streams' {
    It 'belong to their operation' {
        $results = 1..20 | Start-OperationBatch -MaxConcurrent 4 -Ordered {
            Write-Warning -Message "w$_"; Write-Verbose -Message "v$_" -Verbose; Write-Debug -Message "d$_" -Debug
            Write-Information -MessageData "i$_"; Write-Host -Object "h$_"; Write-Progress -Activity "p$_"; Write-Error -Message "e$_"
            "o$_"
        }
        $results | ForEach-Object -Process {
            $_.Warning.Message | Should -Be "w$($_.Input)"
            $_.Verbose.Message | Should -Be "v$($_.Input)"
            $_.Debug.Message | Should -Be "d$($_.Input)"
            "$($_.Information)" | Should -Be "i$($_.Input) h$($_.Input)"
            "$($_.Error)" | Should -Be "e$($_.Input)"
            $_.Output | Should -Be "o$($_.Input)"
        }
    }

    It 'are replayed with -Raw' {
        $all = 1 | Start-OperationBatch -Raw {
            Write-Warning -Message 'w'; Write-Verbose -Message 'v' -Verbose; Write-Information -MessageData 'i'; Write-Error -Message 'e'; 'o'
        } -Verbose -InformationAction SilentlyContinue -ErrorAction Continue *>&1
        # What the batch itself explains is none of the operation's.
        $all | ForEach-Object -Process { "$($_.GetType().Name) $_" } | Where-Object -FilterScript { $_ -notmatch '^VerboseRecord [\w-]+( of the block)?: ' } | Sort-Object |
            Should -Be 'ErrorRecord e', 'InformationRecord i', 'String o', 'VerboseRecord v', 'WarningRecord w'
    }

    It 'leave what -WhatIf spares' {
        $file = New-Item -ItemType File -Path (Join-Path $TestDrive 'spared')
        (1 | Start-OperationBatch { Remove-Item -Path $using:file.FullName -WhatIf; 'done' }).Output | Should -Be 'done'
        Test-Path -Path $file | Should -BeTrue
    }
}

Describe 'A block that several batches run' {
    It 'has the values of its own batch' {
        function Invoke-Same { param($Value) 1..2 | Start-OperationBatch -MaxConcurrent 1 -Raw { $x = $using:Value; "$x" } }
        1..3 | ForEach-Object -Process { Invoke-Same $_ } | Should -Be 1, 1, 2, 2, 3, 3
    }

    It 'has the values of its own batch where they run at one time' {
        function Start-Same { param($Value) 1..50 | Start-OperationBatch -MaxConcurrent 2 -AsJob { $x = $using:Value; function f { $x }; f } }
        $jobs = 1..4 | ForEach-Object -Process { Start-Same $_ }
        try {
            $jobs | ForEach-Object -Process { ($_ | Receive-Job -Wait).Output | Select-Object -Unique } | Should -Be 1, 2, 3, 4
        }
        finally {
            $jobs | Remove-Job -Force
        }
    }

    It 'calls the functions of its own batch' {
        $block = { Get-Brought }
        function Get-Brought { 'one' }
        1..2 | Start-OperationBatch -MaxConcurrent 1 -Isolation Runspace -Functions Get-Brought -Raw $block | Should -Be 'one', 'one'
        function Get-Brought { 'other' }
        1 | Start-OperationBatch -Functions Get-Brought -Raw $block | Should -Be 'other'
        (1 | Start-OperationBatch $block).Error.FullyQualifiedErrorId | Should -Be 'CommandNotFoundException'
    }

    It 'means what its commands mean there' {
        $block = { Get-Date -Format 'yyyy' }
        function Get-Date { 'brought' }
        $own = 1 | Start-OperationBatch -Raw $block
        1 | Start-OperationBatch -Functions Get-Date -Raw $block | Should -Be 'brought'
        1 | Start-OperationBatch -Raw $block | Should -Be $own
    }
}
