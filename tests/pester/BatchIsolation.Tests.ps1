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

    It 'has no $? of the one before when called directly' {
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

    It 'is functions' {
        function Get-Brought { "brought $args" }
        1..3 | Start-OperationBatch -Functions Get-Brought -Raw { Get-Brought $_ } | Sort-Object | Should -Be 'brought 1', 'brought 2', 'brought 3'
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
        $all | ForEach-Object -Process { "$($_.GetType().Name) $_" } | Sort-Object |
            Should -Be 'ErrorRecord e', 'InformationRecord i', 'String o', 'VerboseRecord v', 'WarningRecord w'
    }

    It 'leave what -WhatIf spares' {
        $file = New-Item -ItemType File -Path (Join-Path $TestDrive 'spared')
        (1 | Start-OperationBatch { Remove-Item -Path $using:file.FullName -WhatIf; 'done' }).Output | Should -Be 'done'
        Test-Path -Path $file | Should -BeTrue
    }
}
