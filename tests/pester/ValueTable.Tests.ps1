# Each value of tests/tables/values.psd1 on every way into an operation and out of it, beside ForEach-Object -Parallel.
[System.Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseDeclaredVarsMoreThanAssignments', '', Justification = 'By $using: and -Variables.')]
param()

BeforeDiscovery {
    $rows = (Import-PowerShellDataFile -Path (Join-Path $PSScriptRoot '../tables/values.psd1')).Rows | ForEach-Object -Process { @{ Text = $_ } }
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')

    # What a value is: its type, members of its own, elements and text.
    function Get-Told {
        param([object] $Value)
        if ($null -eq $Value) {
            return 'null'
        }
        $plain = $Value.psobject.BaseObject
        $own = ($Value.psobject.Properties | Where-Object -Property MemberType -EQ -Value NoteProperty).Name -join ','
        $told = $plain -is [System.Collections.IEnumerable] -and $plain -isnot [string] ?
            (($plain | ForEach-Object -Process { $null -eq $_ ? 'null' : "$($_.GetType().Name) $_" }) -join ',') : "$plain"
        "$($plain.GetType().FullName)|$($Value.pstypenames[0])|$own|$told"
    }

    $told = "function Get-Told {$(${function:Get-Told})}`n"
}

Describe 'The table of values' {
    It '<Text>' -ForEach $rows {
        $make = [scriptblock]::Create($Text)
        $describe = [scriptblock]::Create("$told Get-Told `$_")
        $value = . $make
        $parallel = @(. $make | ForEach-Object -ThrottleLimit 1 -Parallel ([scriptblock]::Create("$told 'in ' + (Get-Told `$_); 'using ' + (Get-Told `$using:value)")))
        $in = @($parallel -like 'in *' -replace '^in ')
        $using = @($parallel -like 'using *' -replace '^using ' | Select-Object -First 1)
        . $make | Start-OperationBatch $describe -Ordered -Raw | Should -Be $in -Because 'it is the same as an input'
        $asBatch = [scriptblock]::Create("$told foreach (`$one in `$_) { Get-Told `$one }")
        . $make | Start-OperationBatch $asBatch -AsBatch -MaxConcurrent 1 -Raw | Should -Be $in -Because 'it is the same among the inputs of a hand-off'
        if ($using.Count -gt 0) {
            1 | Start-OperationBatch ([scriptblock]::Create("$told Get-Told `$using:value; Get-Told `$value")) -Variables value -Raw |
                Should -Be @($using + $using) -Because 'it is the same by $using: and by -Variables'
        }
        if ($null -ne $value -and $value.psobject.BaseObject -isnot [valuetype] -and $value -isnot [pscustomobject]) {
            $holder = @{ value = $value.psobject.BaseObject }
            1 | Start-OperationBatch { [object]::ReferenceEquals(($using:holder).value, ($using:value).psobject.BaseObject) } -Raw |
                Should -BeTrue -Because 'it is the caller''s own object'
        }
        $out = @(. $make | ForEach-Object -Process { Get-Told $_ })
        1 | Start-OperationBatch $make -Raw | ForEach-Object -Process { Get-Told $_ } | Should -Be $out -Because 'it is the same as output with -Raw'
        $result = 1 | Start-OperationBatch $make
        $output = switch ($out.Count) {
            0 { @() }
            1 { , (Get-Told $result.Output) }
            default { @(foreach ($one in $result.Output) { Get-Told $one }) }
        }
        $output | Should -Be $out -Because 'it is the same in a result'
    }

    It 'has rows for what administrators have' {
        (Import-PowerShellDataFile -Path (Join-Path $PSScriptRoot '../tables/values.psd1')).Rows.Count | Should -BeGreaterThan 70
    }
}
