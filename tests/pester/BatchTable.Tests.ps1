# Each block of tests/tables/blocks.psd1 by &, by ForEach-Object -Parallel and as an operation in every way in which one is called.
BeforeDiscovery {
    $rows = (Import-PowerShellDataFile -Path (Join-Path $PSScriptRoot '../tables/blocks.psd1')).Rows |
        ForEach-Object -Process { @{ Block = $_.Block; State = $_.State ?? 'Succeeded'; Parallel = $_.Parallel ?? $true } }
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')

    # Values with their types, errors by their ids and texts.
    function ConvertTo-Told {
        param([object[]] $Output, [object[]] $Failure)
        @(
            $Output | ForEach-Object -Process { $null -eq $_ ? 'null' : "$($_.GetType().Name) $($_ -is [array] ? ($_ -join ',') : $_)" }
            $Failure | ForEach-Object -Process { "error $(($_.FullyQualifiedErrorId -split ',')[0]): $_" }
        ) -join "`n"
    }

    # By &, in a new runspace, which no other block has changed.
    function Invoke-ByCall {
        param([string] $Block)
        $shell = [powershell]::Create()
        try {
            $output = [System.Collections.Generic.List[object]]::new()
            $failures = @()
            try {
                $shell.AddScript('param($b) foreach ($_ in 4) { & ([scriptblock]::Create($b)) }').AddArgument($Block).Invoke($null, $output)
            }
            catch {
                $failures = @($_.Exception.InnerException.ErrorRecord)
            }
            ConvertTo-Told @($output | ForEach-Object -Process { $null -eq $_ ? $null : $_.psobject.BaseObject }) (@($shell.Streams.Error) + $failures)
        }
        finally {
            $shell.Dispose()
        }
    }

    function Invoke-Parallel {
        param([string] $Block)
        $ErrorActionPreference = 'Continue'
        $all = @(4 | ForEach-Object -Parallel ([scriptblock]::Create($Block)) 2>&1)
        ConvertTo-Told @($all | Where-Object -FilterScript { $_ -isnot [System.Management.Automation.ErrorRecord] }) @(
            $all | Where-Object -FilterScript { $_ -is [System.Management.Automation.ErrorRecord] })
    }

    function ConvertFrom-Result {
        param([object] $Result)
        $output = @(if ($null -ne $Result.Output) { , $Result.Output })
        if ($output.Count -eq 1 -and $output[0] -is [array]) {
            $output = $output[0]
        }
        "$($Result.Status)`n$(ConvertTo-Told $output $Result.Error)"
    }

    function Close-WarmRunspace {
        Get-Runspace | Where-Object -Property Name -Like 'PortMgmt worker*' | ForEach-Object -Process { $_.Dispose() }
    }

    function Get-TableOwn { 'own' }
    $quiet = @{ WarningAction = 'SilentlyContinue' }
}

Describe 'The table of blocks' {
    It '<Block>' -ForEach $rows {
        $called = Invoke-ByCall $Block
        $expected = "$State`n$called"
        $script = [scriptblock]::Create($Block)
        $pumped = $Block -match '^(param|end)\b' ? $script : [scriptblock]::Create("param() $Block")
        Close-WarmRunspace
        ConvertFrom-Result (4 | Start-OperationBatch $script @quiet) | Should -Be $expected -Because 'it is the same by & and in a cold runspace'
        ConvertFrom-Result (4 | Start-OperationBatch $script @quiet) | Should -Be $expected -Because 'it is the same in a warm runspace'
        ConvertFrom-Result (4 | Start-OperationBatch $pumped @quiet) | Should -Be $expected -Because 'it is the same when it is called by &'
        ConvertFrom-Result (4 | Start-OperationBatch $script -Functions Get-TableOwn @quiet) | Should -Be $expected -Because 'it is the same where commands are not known'
        ConvertFrom-Result (4 | Start-OperationBatch $script -Isolation Runspace @quiet) | Should -Be $expected -Because 'it is the same in a runspace of its own'
        [System.AppContext]::SetSwitch('PortMgmt.PublicEngineCallsOnly', $true)
        try {
            $public = 4 | Start-OperationBatch $script @quiet
        }
        finally {
            [System.AppContext]::SetSwitch('PortMgmt.PublicEngineCallsOnly', $false)
        }
        ConvertFrom-Result $public | Should -Be $expected -Because 'it is the same in an engine without the calls that are not public'
        # The block gets its inputs as an array, and calls for each what the others call.
        $ofHandOff = [scriptblock]::Create("foreach (`$_ in @(`$_)) { & { $Block } }")
        ConvertFrom-Result (4 | Start-OperationBatch $ofHandOff -AsBatch @quiet) | Should -Be $expected -Because 'it is the same for each input of a hand-off'
        $job = 4 | Start-OperationBatch $script -AsJob
        ConvertFrom-Result ($job | Receive-Job -Wait -ErrorAction SilentlyContinue @quiet) | Should -Be $expected -Because 'it is the same in a job'
        Remove-Job -Job $job
        1..3 | ForEach-Object -Process { 4 } | Start-OperationBatch $script -MaxConcurrent 1 @quiet |
            ForEach-Object -Process { ConvertFrom-Result $_ } | Select-Object -Unique | Should -Be $expected -Because 'it is the same for the next operation'
        $raw = @(4 | Start-OperationBatch $script -Raw -ErrorAction Continue @quiet 2>&1)
        ConvertTo-Told @($raw | Where-Object -FilterScript { $_ -isnot [System.Management.Automation.ErrorRecord] }) @(
            $raw | Where-Object -FilterScript { $_ -is [System.Management.Automation.ErrorRecord] }) | Should -Be $called -Because 'it is the same with -Raw'
        if ($Parallel) {
            Invoke-Parallel $Block | Should -Be $called -Because 'it is the same by ForEach-Object -Parallel'
        }
    }

    It 'has some sixty rows' {
        (Import-PowerShellDataFile -Path (Join-Path $PSScriptRoot '../tables/blocks.psd1')).Rows.Count | Should -BeGreaterThan 59
    }
}
