BeforeAll {
    . $PSScriptRoot/TestTools.ps1
    $title = "`e]0;owned`a"

    # What a terminal would be sent, by a shell of its own: the formatting of this one belongs to Pester.
    function Show-Plain {
        param([object[]] $InputObject)
        $InputObject | Out-String -Width 200
    }
}

Describe 'Control characters' {
    It 'of an <Case> are written out in the view' -ForEach @(
        @{ Case = 'input'; Block = { "a$title" | Start-OperationBatch { 1 } } }
        @{ Case = 'id'; Block = { 1 | Start-OperationBatch -Id { "a$title" } { 1 } } }
        @{ Case = 'output'; Block = { 1 | Start-OperationBatch { "a$using:title" } } }
        @{ Case = 'output that is a list'; Block = { 1 | Start-OperationBatch { "a$using:title", 2 } } }
        @{ Case = 'output that is a table'; Block = { 1 | Start-OperationBatch { @{ a = "a$using:title" } } } }
        @{ Case = 'output that is an object'; Block = { 1 | Start-OperationBatch { [pscustomobject]@{ a = "a$using:title" } } } }
        @{ Case = 'error'; Block = { 1 | Start-OperationBatch { throw "a$using:title" } } }
    ) {
        $result = & $Block
        $PSStyle.OutputRendering = 'PlainText'
        foreach ($shown in (Show-Plain $result), ($result | Format-List | Out-String -Width 200)) {
            $shown | Should -Match 'a\\u001b\]0'
            $shown | Should -Not -Match "[\e\a]"
        }
    }

    It 'stay what they are in the objects' {
        $result = "a$title" | Start-OperationBatch { $_ }
        $result.Input, $result.Output | Should -BeExactly "a$title", "a$title"
    }

    It 'leaves line feeds, numbers, dates and lists as they are' {
        $show = { [PortMgmt.PowerShell.Terminal.ViewStyle]::Show($args[0]) }
        & $show "a`nb`tc`r`nd" | Should -BeExactly "a`nb`tc`r`nd"
        & $show "a`rb" | Should -BeExactly 'a\u000db'
        & $show 1.5 | Should -BeOfType double
        & $show ([datetime]::Now) | Should -BeOfType datetime
        (& $show (1, 'a'))[0] | Should -BeOfType int
        & $show $null | Should -BeNullOrEmpty
    }

    It 'of a program are written out by Get-PortListener, Test-Port and the error of New-PortLease' -Skip:(-not $IsLinux) {
        # The program is known by its file's name.
        Use-TestRegistry
        $program = Join-Path $TestDrive "p$title"
        $code = "import socket,sys,time; s=socket.socket(); s.bind(('127.0.0.1',0)); s.listen(); print(s.getsockname()[1],flush=True); time.sleep(300)"
        $python = Get-Command -Name python3 -CommandType Application -ErrorAction Ignore
        if (-not $python) {
            Set-ItResult -Skipped -Because 'there is no python3 to listen under another name'
            return
        }
        $null = [System.IO.File]::CreateSymbolicLink($program, (& $python[0] -c 'import os, sys; print(os.path.realpath(sys.executable))'))
        $start = [System.Diagnostics.ProcessStartInfo]::new($program, [string[]] ('-c', $code))
        $start.RedirectStandardOutput = $true
        $process = [System.Diagnostics.Process]::Start($start)
        try {
            $port = [int] $process.StandardOutput.ReadLine()
            $PSStyle.OutputRendering = 'PlainText'
            $listener = Get-PortListener -Port $port
            $listener.Program | Should -Match "\e"
            $failure = { New-PortLease -Port $port -ErrorAction Stop } | Should -Throw -ErrorId 'PortUnavailable,*' -PassThru
            foreach ($shown in (Show-Plain $listener), (Show-Plain (Test-Port -Port $port)), ($listener | Format-List | Out-String), "$failure", ($failure | Out-String)) {
                $shown | Should -Match 'u001b'
                $shown | Should -Not -Match "[\e\a]"
            }
        }
        finally {
            Stop-TestProcess $process
            Clear-TestRegistry
        }
    }

    It 'of a question and of what a job says are written out' {
        $log = Join-Path $TestDrive 'whatif'
        $null = Start-Transcript -Path $log
        New-Daemon -Name "d$title" -WhatIf
        Use-PortLease -Name 'whatif' -ScriptBlock { 1 } -Registry "$TestDrive/r$title" -WhatIf
        # No directory of Windows has such a name.
        Remove-StalePort -Registry ($IsWindows ? $TestDrive : "$TestDrive/r$title") -WhatIf
        $null = Stop-Transcript
        $said = Get-Content -Path $log -Raw
        $said | Should -Match 'What if: .*u001b'
        $said | Should -Not -Match "\e\]|\a"

        $job = 1 | Start-OperationBatch -AsJob { throw "a$using:title" }
        $null = $job | Wait-Job
        foreach ($shown in "$($job.Warning)", $job.StatusMessage, $job.JobStateInfo.Reason.Message) {
            $shown | Should -Match 'u001b'
            $shown | Should -Not -Match "[\e\a]"
        }
        $job | Remove-Job
    }

    It 'of a warning are written out' {
        $warnings = $null
        $null = [pscustomobject]@{ a = $title; b = { 1 }.GetType() } | Start-OperationBatch -JobLog (Join-Path $TestDrive log) { 1 } -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Match 'u001b'
        "$warnings" | Should -Not -Match "[\e\a]"
    }
}
